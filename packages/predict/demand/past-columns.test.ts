import assert from "node:assert/strict";
import { test } from "node:test";
import { chance } from "@trato/base";
import fc from "fast-check";
import { type PastRules, panelColumns, sizeAt } from "./panel.ts";

const rules: PastRules = {
  ...{ lags: [], windows: [7], medians: [5], noughts: [10], seasonRows: 7, seasonMedians: [3] },
  peaks: { above: 3, within: 40, counted: [14], usual: 20 },
};

/** Small sales, some days closed, now and then a week of ten times as much. */
function series(seed: number): Float64Array {
  const draw = chance(seed);
  let left = 0;
  return Float64Array.from({ length: 90 }, () => {
    if (left === 0 && draw() < 0.04) left = 5;
    if (left > 0) left--;
    return draw() < 0.1 ? Number.NaN : Math.floor(draw() * 6) * (left > 0 ? 10 : 1);
  });
}

const median = (all: readonly number[]) => {
  const sorted = [...all].sort((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.ceil((sorted.length - 1) / 2)]!) / 2;
};

/** The columns as their names say, each from all that was seen before the origin. */
function slow(own: Float64Array, origin: number, period: number): Record<string, number> {
  const size = sizeAt(own, origin, 52);
  const before = (rows: number) =>
    [...own.slice(Math.max(0, origin - rows), origin)].filter((one) => !Number.isNaN(one));
  const mean = (all: readonly number[]) => all.reduce((a, b) => a + b, 0) / all.length;
  const limit = 3 * (median(before(40)) || 1);
  const back = [...own.slice(0, origin)].map((value, t) => ({ value, ago: origin - t })).reverse();
  const open = back.slice(0, 40).filter(({ value }) => !Number.isNaN(value));
  const calm = open.findIndex(({ value }) => value <= limit);
  const same = [1, 2, 3].map((k) => own[period - 7 * k]!).filter((one) => !Number.isNaN(one));
  return {
    "mean 7": mean(before(7)) / size,
    "median 5": median(before(5)) / size,
    "noughts 10": before(10).filter((one) => one === 0).length / before(10).length,
    "season median 3": median(same) / size,
    "since a peak": back.slice(0, 40).find(({ value }) => value > limit)?.ago ?? 41,
    "peak lasting": calm === -1 ? open.length : calm,
    "peaks 14": before(14).filter((one) => one > limit).length,
    "mean 20 without peaks": mean(before(20).filter((one) => one <= limit)) / size,
  };
}

test("each column of the past is what it is called, whatever comes behind the origin", () => {
  fc.assert(
    fc.property(fc.nat(1_000), fc.integer({ min: 45, max: 80 }), fc.nat(6), (seed, origin, ahead) => {
      const own = series(seed);
      const asked = [{ series: 0, period: origin + ahead, origin }];
      const seen = own.map((value, t) => (t < origin ? value : 1e9));
      const size = sizeAt(own, origin, 52);
      const panel = { values: [seen], known: {}, groups: {} };
      const columns = panelColumns(panel, asked, Float64Array.of(size), rules);
      for (const [name, expected] of Object.entries(slow(own, origin, origin + ahead))) {
        const found = columns.find((column) => column.name === name)!.values[0]!;
        const isSame = Number.isNaN(expected) ? Number.isNaN(found) : Math.abs(found - expected) < 1e-4;
        assert.ok(isSame, `${name}: ${found} for ${expected}`);
      }
    }),
    { numRuns: 60 },
  );
});
