import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readerOfTimes } from "./local-time.ts";

test("London's clocks are read in winter, in summer, and on the days they are turned", () => {
  const read = readerOfTimes("Europe/London");
  const cases = [
    ["2010-12-01 08:26", "2010-12-01T08:26:00+00:00"],
    ["2011-07-01 08:26:59", "2011-07-01T08:26:59+01:00"],
    ["2011-03-27 00:59", "2011-03-27T00:59:00+00:00"],
    ["2011-03-27 01:30", "2011-03-27T01:30:00+00:00"], // Never shown: the clocks went from 01:00 to 02:00.
    ["2011-03-27 02:00", "2011-03-27T02:00:00+01:00"],
    ["2011-10-30 00:59", "2011-10-30T00:59:00+01:00"],
    ["2011-10-30 01:30", "2011-10-30T01:30:00+01:00"], // Shown twice: the first is meant.
    ["2011-10-30 02:00", "2011-10-30T02:00:00+00:00"],
  ] as const;
  for (const [shown, meant] of cases) assert.equal(read(shown), meant);
});

test("zones west of Greenwich, with halves of hours, and without summer time are read too", () => {
  assert.equal(readerOfTimes("America/Guayaquil")("2011-07-01 08:26"), "2011-07-01T08:26:00-05:00");
  assert.equal(readerOfTimes("Asia/Kolkata")("2011-07-01T08:26"), "2011-07-01T08:26:00+05:30");
  assert.equal(readerOfTimes("UTC")("2011-07-01 08:26"), "2011-07-01T08:26:00+00:00");
});

test("a time with its offset is taken as it is", () => {
  const read = readerOfTimes("Europe/London");
  assert.equal(read("2011-07-01 08:26:00-05:00"), "2011-07-01T08:26:00-05:00");
  assert.equal(read("2011-07-01T08:26:00.25Z"), "2011-07-01T08:26:00.25Z");
});

test("what is no time is none, and neither is a day that does not exist", () => {
  const read = readerOfTimes("Europe/London");
  for (const text of [
    "",
    "yesterday",
    "2011-02-30 10:00",
    "2011-13-01 10:00",
    "2011-01-01 24:00",
    "01/02/2011 10:00",
  ]) {
    assert.equal(read(text), undefined, text);
  }
  assert.throws(() => readerOfTimes("Europe/Quito"), RangeError);
});

const zones = [
  "Europe/London",
  "America/Santiago",
  "Australia/Lord_Howe",
  "America/Guayaquil",
  "Asia/Kolkata",
];

/** Every clock time of a day, by walking through its instants: slow and obvious. */
test("a time is read as the first instant at which the zone's clocks show it", () => {
  const minuteMs = 60_000;
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.integer({ min: Date.UTC(2005, 0) / minuteMs, max: Date.UTC(2025, 0) / minuteMs }),
      (timeZone, minute) => {
        const format = new Intl.DateTimeFormat("sv", { timeZone, dateStyle: "short", timeStyle: "short" });
        const shown = format.format(minute * minuteMs);
        let first = minute;
        for (let earlier = minute - 1; earlier >= minute - 180; earlier--) {
          if (format.format(earlier * minuteMs) === shown) first = earlier;
        }
        assert.equal(Date.parse(readerOfTimes(timeZone)(shown)!), first * minuteMs);
      },
    ),
    { numRuns: 60 },
  );
});
