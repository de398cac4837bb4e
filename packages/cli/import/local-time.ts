const pattern = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(:\d{2})?$/;
const withOffset = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;
const dayMs = 86_400_000;
const daysKept = 10_000;

/** Reads a time of a file as RFC 3339 with its offset; undefined when it is none. */
export type ReadTime = (text: string) => string | undefined;

/**
 * Reads times written without an offset as the clocks of a zone showed them. Where clocks were turned forward over a
 * time, it is read as if they had not been yet; where they showed it twice, the first is meant: what Temporal calls
 * "compatible". A time that has its offset is taken as it is. Throws RangeError when there is no such zone.
 */
export function readerOfTimes(timeZone: string): ReadTime {
  const offsetAt = offsetsOf(timeZone);
  /** What holds a day before and a day after; when they are the same, the clocks were not turned near that day. */
  const around = new Map<string, { readonly before: number; readonly after: number }>();
  const aroundOf = (day: string, startMs: number) => {
    const known = around.get(day);
    if (known !== undefined) return known;
    if (around.size >= daysKept) around.clear();
    const found = { before: offsetAt(startMs - dayMs), after: offsetAt(startMs + 2 * dayMs) };
    around.set(day, found);
    return found;
  };
  return (text) => {
    const match = pattern.exec(text);
    if (match === null) return readWithOffset(text);
    const [, day = "", minute = "", second = ":00"] = match;
    const clock = `${day}T${minute}${second}`;
    const shownMs = instantOf(clock);
    if (shownMs === undefined) return undefined;
    const { before, after } = aroundOf(day, Date.parse(`${day}T00:00:00Z`));
    if (before === after || offsetAt(shownMs - before) === before) return clock + offsetText(before);
    return clock + offsetText(offsetAt(shownMs - after) === after ? after : before);
  };
}

/** A time that exists: 2011-02-30 is read by Date as 2 March. */
function instantOf(clock: string): number | undefined {
  const ms = Date.parse(`${clock}Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(clock) ? ms : undefined;
}

function readWithOffset(text: string): string | undefined {
  return withOffset.test(text) && !Number.isNaN(Date.parse(text)) ? text.replace(" ", "T") : undefined;
}

/** The offset of a zone at an instant, in ms east of UTC. */
function offsetsOf(timeZone: string): (ms: number) => number {
  const format = new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "longOffset" });
  return (ms) => {
    const name = format.formatToParts(ms).find(({ type }) => type === "timeZoneName")?.value ?? "GMT";
    const [, sign, hours, minutes, seconds = "0"] = /GMT([+-])(\d{2}):(\d{2})(?::(\d{2}))?/.exec(name) ?? [];
    if (sign === undefined) return 0;
    const size = (Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds)) * 1_000;
    return sign === "-" ? -size : size;
  };
}

function offsetText(offsetMs: number): string {
  const minutes = Math.abs(Math.round(offsetMs / 60_000));
  const two = (value: number) => String(value).padStart(2, "0");
  return `${offsetMs < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
