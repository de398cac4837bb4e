const daysBefore = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
const dayMs = 86_400_000;

/** The number the two digits at `at` write, or NaN. */
function two(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

const isLeap = (year: number) => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

/** Days since 1970-01-01 in the calendar we use, also before it was used; NaN when there is no such day. */
function dayNumber(year: number, month: number, day: number): number {
  if (!(month >= 1 && month <= 12 && day >= 1)) return Number.NaN;
  const leap = isLeap(year) ? 1 : 0;
  const isLong =
    month === 2 ? 28 + leap : month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
  if (!(day <= isLong)) return Number.NaN;
  const past = year - 1;
  const leaps = Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400);
  return 365 * year + leaps + daysBefore[month - 1]! + (month > 2 ? leap : 0) + day - 719_528;
}

/**
 * Reads an RFC 3339 time with its offset as milliseconds since 1970; undefined when it is none. Strict: four digits
 * of year, a day that exists, an offset; no "infinity", no words, no local time. Digits below the millisecond are cut
 * off. A leap second (`:60`, at the end of a day in UTC only) is the last millisecond of its day. About 50 ns.
 */
export function parseTime(text: string): number | undefined {
  if (text.length < 20 || text.length > 40) return undefined;
  if (text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45) return undefined;
  const between = text.charCodeAt(10);
  if (between !== 84 && between !== 116 && between !== 32) return undefined;
  if (text.charCodeAt(13) !== 58 || text.charCodeAt(16) !== 58) return undefined;
  const days = dayNumber(two(text, 0) * 100 + two(text, 2), two(text, 5), two(text, 8));
  const hour = two(text, 11);
  const minute = two(text, 14);
  const second = two(text, 17);
  if (!(hour <= 23 && minute <= 59 && second <= 60)) return undefined;
  const fraction = readFraction(text, 19);
  const offset = readOffset(text, fraction.end);
  const isLeapSecond = second === 60;
  const inMinuteMs = isLeapSecond ? 59_999 : second * 1_000 + fraction.ms;
  const atMs = days * dayMs + (hour * 60 + minute - offset) * 60_000 + inMinuteMs;
  if (Number.isNaN(atMs) || Number.isNaN(fraction.ms)) return undefined;
  if (isLeapSecond && ((atMs % dayMs) + dayMs) % dayMs !== dayMs - 1) return undefined;
  return atMs;
}

/** The milliseconds of `.123456` at `at`, if it stands there, and where it ends. A point without digits is no time. */
function readFraction(text: string, at: number): { ms: number; end: number } {
  if (text.charCodeAt(at) !== 46) return { ms: 0, end: at };
  let ms = 0;
  let end = at + 1;
  for (; end < text.length; end++) {
    const digit = text.charCodeAt(end) - 48;
    if (digit < 0 || digit > 9) break;
    if (end - at <= 3) ms = ms * 10 + digit;
  }
  if (end === at + 1) return { ms: Number.NaN, end };
  for (let i = end; i < at + 4; i++) ms *= 10;
  return { ms, end };
}

/** Minutes east of Greenwich of the offset that must fill the rest of the text, or NaN. */
function readOffset(text: string, at: number): number {
  const sign = text.charCodeAt(at);
  if (sign === 90 || sign === 122) return text.length === at + 1 ? 0 : Number.NaN;
  if ((sign !== 43 && sign !== 45) || text.length !== at + 6 || text.charCodeAt(at + 3) !== 58)
    return Number.NaN;
  const hours = two(text, at + 1);
  const minutes = two(text, at + 4);
  if (!(hours <= 23 && minutes <= 59)) return Number.NaN;
  return (sign === 45 ? -1 : 1) * (hours * 60 + minutes);
}
