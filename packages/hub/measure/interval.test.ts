import assert from "node:assert/strict";
import { test } from "node:test";
import { type Chance, chance } from "@trato/base";
import fc from "fast-check";
import { type Difference, meansDifference, sharesDifference } from "./interval.ts";
import { noSpread, type Spread, varianceOf, withNoughts, withValue } from "./spread.ts";

const spreadOf = (values: readonly number[]): Spread => values.reduce(withValue, noSpread);

function near(actual: Difference | null, expected: Difference, within: number): void {
  assert.ok(actual !== null);
  for (const part of ["difference", "low", "high"] as const) {
    assert.ok(Math.abs(actual[part] - expected[part]) <= within, `${part}: ${actual[part]}`);
  }
}

test("the difference of two means is the one in the books", () => {
  // Six values each, both with variance 14: 10 degrees of freedom, for which tables give t = 2.2281.
  const reach = 2.2281 * Math.sqrt(14 / 6 + 14 / 6);
  const even = [10, 12, 14, 16, 18, 20];
  const odd = even.map((value) => value - 1);
  near(
    meansDifference(spreadOf(even), spreadOf(odd)),
    { difference: 1, low: 1 - reach, high: 1 + reach },
    1e-3,
  );
  // Screws of two machines; Welch's test gives 7.031 degrees of freedom and a standard error of 0.04849.
  const one = [30.02, 29.99, 30.11, 29.97, 30.01, 29.99];
  const other = [29.89, 29.93, 29.72, 29.98, 30.02, 29.98];
  near(
    meansDifference(spreadOf(one), spreadOf(other)),
    { difference: 0.095, low: 0.095 - 2.3631 * 0.04849, high: 0.095 + 2.3631 * 0.04849 },
    1e-4,
  );
});

test("the difference of two shares is the one Newcombe published", () => {
  const table: [number, number, number, number, Difference][] = [
    [56, 70, 48, 80, { difference: 0.2, low: 0.0524, high: 0.3339 }],
    [9, 10, 3, 10, { difference: 0.6, low: 0.1705, high: 0.809 }],
    [5, 56, 0, 29, { difference: 0.0893, low: -0.0381, high: 0.1926 }],
    [0, 10, 0, 20, { difference: 0, low: -0.1611, high: 0.2775 }],
    [10, 10, 0, 10, { difference: 1, low: 0.6075, high: 1 }],
  ];
  for (const [hits, of, otherHits, otherOf, expected] of table) {
    near(sharesDifference({ hits, of }, { hits: otherHits, of: otherOf }), expected, 6e-5);
  }
});

test("one person is no group, and a group in which all are alike has no reach", () => {
  assert.equal(meansDifference(spreadOf([5]), spreadOf([1, 2, 3])), null);
  assert.equal(meansDifference(spreadOf([1, 2, 3]), noSpread), null);
  assert.equal(sharesDifference({ hits: 0, of: 0 }, { hits: 1, of: 9 }), null);
  const alike = { difference: 2, low: 2, high: 2 };
  assert.deepEqual(meansDifference(spreadOf([4, 4, 4]), spreadOf([2, 2])), alike);
});

test("a spread kept value by value is that of all values looked at twice, noughts included", () => {
  const minor = fc.integer({ min: -1_000_000, max: 100_000_000 });
  fc.assert(
    fc.property(
      fc.array(minor, { maxLength: 40 }),
      fc.integer({ min: 0, max: 40 }),
      fc.integer({ min: 0, max: 1e12 }),
      (values, noughts, shift) => {
        const all = [...values.map((value) => value + shift), ...Array.from({ length: noughts }, () => 0)];
        const spread = withNoughts(spreadOf(values.map((value) => value + shift)), noughts);
        assert.equal(spread.count, all.length);
        if (all.length < 2) return;
        const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
        const variance = all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (all.length - 1);
        assert.ok(Math.abs(spread.mean - mean) <= 1e-9 * Math.max(1, Math.abs(mean)));
        // A variance below what a double can tell apart at this size is nought.
        assert.ok(Math.abs(varianceOf(spread) - variance) <= 1e-6 * Math.max(1, variance, shift * 1e-3));
      },
    ),
  );
});

/** How often the interval holds the truth, over so many shops. */
function coverage(runs: number, truth: number, shop: (draw: Chance) => Difference | null): number {
  let inside = 0;
  for (let seed = 1; seed <= runs; seed++) {
    const found = shop(chance(seed));
    if (found !== null && found.low <= truth && truth <= found.high) inside += 1;
  }
  return inside / runs;
}

const people = (count: number, value: () => number): Spread =>
  spreadOf(Array.from({ length: count }, () => value()));

// With 3000 shops the share that is counted is within 0.012 of the true one in 997 of 1000 runs (three deviations).
const runs = 3_000;
const tolerance = 0.012;

test("the interval of revenue per person holds the truth about 95 times in 100, though most people buy nothing", () => {
  // Three in ten buy for 5 to 55 dollars; without help one in four. The truth is 0.05 × 30 dollars a person.
  const spends = (draw: Chance, share: number) => (draw() < share ? 500 + 5_000 * draw() : 0);
  const found = coverage(runs, 0.05 * 3_000, (draw) =>
    meansDifference(
      people(400, () => spends(draw, 0.3)),
      people(100, () => spends(draw, 0.25)),
    ),
  );
  assert.ok(Math.abs(found - 0.95) <= tolerance, `covers ${found}`);
});

test("the interval of a difference in shares holds the truth about 95 times in 100, few buyers or many", () => {
  const hits = (draw: Chance, count: number, share: number) => {
    let sum = 0;
    for (let i = 0; i < count; i++) if (draw() < share) sum += 1;
    return { hits: sum, of: count };
  };
  const cases: [treated: number, share: number, holdout: number, shareWithout: number][] = [
    [500, 0.2, 200, 0.15],
    [950, 0.04, 50, 0.04],
  ];
  for (const [treated, share, holdout, shareWithout] of cases) {
    const found = coverage(runs, share - shareWithout, (draw) =>
      sharesDifference(hits(draw, treated, share), hits(draw, holdout, shareWithout)),
    );
    // For few hits, score intervals err on the careful side by up to two points (Newcombe's table).
    assert.ok(found >= 0.95 - tolerance && found <= 0.97 + tolerance, `covers ${found}`);
  }
});
