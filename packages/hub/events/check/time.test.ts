import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseTime } from "./time.ts";

/** The slow, obvious version: a pattern, then the calendar of Date, checked by writing the day out again. */
function slowTime(text: string): number | undefined {
  const match =
    /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))$/.exec(text);
  if (match === null || text.length > 40) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const [offsetHour, offsetMinute] = [Number(match[9] ?? 0), Number(match[10] ?? 0)];
  if (hour > 23 || minute > 59 || second > 60 || offsetHour > 23 || offsetMinute > 59) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.toISOString().slice(0, 10) !== text.slice(0, 10)) return undefined;
  const ms = Number((match[7] ?? "").padEnd(3, "0").slice(0, 3));
  date.setUTCHours(hour, minute, Math.min(second, 59), second === 60 ? 999 : ms);
  const atMs = date.getTime() - (match[8] === "-" ? -1 : 1) * (offsetHour * 60 + offsetMinute) * 60_000;
  if (second === 60 && !new Date(atMs).toISOString().endsWith("23:59:59.999Z")) return undefined;
  return atMs;
}

const digits = (length: number) =>
  fc.integer({ min: 0, max: 10 ** length - 1 }).map((n) => String(n).padStart(length, "0"));
const near = (max: number) => fc.integer({ min: 0, max: max + 1 }).map((n) => String(n).padStart(2, "0"));
const offset = fc.oneof(
  fc.constantFrom("Z", "z", "", "+0500", "+05", "Z ", "-00:00", "[UTC]"),
  fc.tuple(fc.constantFrom("+", "-"), near(23), near(59)).map(([sign, h, m]) => `${sign}${h}:${m}`),
);
const fraction = fc.oneof(
  fc.constantFrom("", ".", ".1234567890123456789012"),
  digits(3).map((d) => `.${d}`),
  digits(1).map((d) => `.${d}`),
);
const written = fc
  .tuple(
    digits(4),
    near(12),
    near(31),
    fc.constantFrom("T", "t", " ", "_"),
    near(23),
    near(59),
    near(60),
    fraction,
    offset,
  )
  .map(
    ([year, month, day, between, hour, minute, second, part, zone]) =>
      `${year}-${month}-${day}${between}${hour}:${minute}:${second}${part}${zone}`,
  );

test("a time is read as the slow version reads it", () => {
  fc.assert(
    fc.property(written, (text) => assert.equal(parseTime(text), slowTime(text), text)),
    { numRuns: 20_000 },
  );
});

test("any instant that Date can write in four digits of year comes back", () => {
  fc.assert(
    fc.property(
      fc.date({
        min: new Date("0000-01-01T00:00:00Z"),
        max: new Date("9999-12-31T23:59:59.999Z"),
        noInvalidDate: true,
      }),
      (date) => assert.equal(parseTime(date.toISOString()), date.getTime()),
    ),
    { numRuns: 2_000 },
  );
});

test("a character changed anywhere never gives another answer than the slow version", () => {
  fc.assert(
    fc.property(written, fc.nat(30), fc.string({ minLength: 1, maxLength: 1 }), (text, at, char) => {
      const changed = text.slice(0, at) + char + text.slice(at + 1);
      assert.equal(parseTime(changed), slowTime(changed), changed);
    }),
    { numRuns: 10_000 },
  );
});

test("what is no time of ours is refused", () => {
  for (const text of [
    "",
    "infinity",
    "-infinity",
    "now",
    "2026-11-22",
    "2026-11-22T10:00:00",
    "10000-01-01T00:00:00Z",
    "+010000-01-01T00:00:00Z",
    "2026-02-29T00:00:00Z",
    "2026-06-31T00:00:00Z",
    "2026-11-22T24:00:00Z",
    "2026-11-22T10:00:60Z",
    "2026-11-22T10:00:00.Z",
    "1763800000000",
    "Sun, 22 Nov 2026 10:00:00 GMT",
  ]) {
    assert.equal(parseTime(text), undefined, text);
  }
});

test("a leap second belongs to the day it ends, whatever the offset", () => {
  const last = Date.UTC(2016, 11, 31, 23, 59, 59, 999);
  assert.equal(parseTime("2016-12-31T23:59:60Z"), last);
  assert.equal(parseTime("2016-12-31T18:59:60.5-05:00"), last);
});
