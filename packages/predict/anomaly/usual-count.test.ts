import assert from "node:assert/strict";
import { test } from "node:test";
import { chance } from "@trato/base";
import fc from "fast-check";
import { drawGamma } from "../numbers/draws.ts";
import { usualCount } from "./usual-count.ts";

/** Counts of days that scatter `spread` times as much as a Poisson. */
function days(count: number, meanOf: (day: number) => number, spread: number, seed: number): number[] {
  const draw = chance(seed);
  return Array.from({ length: count }, (_, day) => {
    const mean = meanOf(day);
    let left = spread > 1 ? drawGamma(draw, mean / (spread - 1)) * (spread - 1) : mean;
    let came = 0;
    while (true) {
      left += Math.log(draw());
      if (left <= 0) return came;
      came++;
    }
  });
}

const week = [80, 60, 60, 70, 100, 160, 120];
const weekly = (day: number): number => week[day % 7]!;
const toldOf = (values: readonly number[]): number[] => {
  const detector = usualCount();
  return [...values.keys()].filter((day) => detector.next(values[day]!) >= 0.5);
};

test("every day of a usual week passes, and an outage, a flood and a slump are told", () => {
  const usual = days(140, weekly, 2, 4);
  assert.deepEqual(toldOf(usual), []);
  const strange = usual.map((value, day) =>
    day === 100 ? 0 : day === 110 ? value * 3 : day === 120 ? value / 4 : value,
  );
  assert.deepEqual(toldOf(strange), [100, 110, 120]);
});

test("what is told is about as rare as it was asked to be", () => {
  for (const [spread, mean] of [
    [1, 2],
    [1, 40],
    [3, 40],
    [6, 200],
  ] as const) {
    const values = days(20_000, () => mean, spread, 11);
    const share = toldOf(values).length / values.length;
    // Two ends of 0.001 each; counts are whole, so it is less, and what it knows of the mean is of eight weeks, so more.
    assert.ok(share < 0.006, `${spread} ${mean}: ${share}`);
  }
});

test("a level that stays is told of for some weeks and then is usual", () => {
  const values = days(200, (day) => (day < 100 ? 60 : 150), 1.5, 5);
  const told = toldOf(values);
  assert.ok(told.includes(100));
  assert.ok(
    told.every((day) => day >= 100 && day < 128),
    String(told),
  );
});

test("an outage of two weeks teaches so little that the shop is not strange when it is back", () => {
  const values = days(160, (day) => (day >= 100 && day < 114 ? 0.01 : weekly(day)), 1.5, 9);
  const told = toldOf(values);
  for (let day = 100; day < 107; day++) assert.ok(told.includes(day), `day ${day} of the outage`);
  assert.ok(told.filter((day) => day >= 121).length <= 1, String(told));
});

/** The chance of at most `count`, summed up one by one. */
function slowBelow(count: number, mean: number, spread: number): number {
  const shape = mean / (spread - 1);
  let [chanceOf, sum] = [spread ** -shape, 0];
  for (let k = 0; k <= count; k++) {
    sum += chanceOf;
    chanceOf *= ((k + shape) / (k + 1)) * (1 - 1 / spread);
  }
  return sum;
}

test("scores and bounds are those of the chances summed up one by one", () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat({ max: 30 }), { minLength: 12, maxLength: 60 }),
      fc.nat({ max: 60 }),
      (before, value) => {
        const detector = usualCount({ seasonRows: 2, seasons: 3, warmupRows: 4, chance: 0.01 });
        for (const one of before) detector.next(one);
        const { low, expected, high } = detector.usual()!;
        // The spread is not told, but whatever it is, the bounds are where the score passes a half.
        const at = (count: number) => {
          const again = usualCount({ seasonRows: 2, seasons: 3, warmupRows: 4, chance: 0.01 });
          for (const one of before) again.next(one);
          return again.next(count);
        };
        assert.ok(low <= expected && expected <= high + 1);
        assert.ok(at(low) < 0.5 || at(low) === at(high), "the least usual count is usual");
        if (low > 0) assert.ok(at(low - 1) >= 0.5);
        assert.ok(at(high + 1) >= 0.5 && at(high) < 0.5 + 1e-9);
        assert.equal(at(value) >= 0.5, value < low || value > high, `${value} of ${low} to ${high}`);
      },
    ),
  );
});

test("a Poisson's tail is the sum of its chances", () => {
  const detector = usualCount({ seasonRows: 1, seasons: 10, warmupRows: 10 });
  for (let day = 0; day < 200; day++) detector.next(9);
  const { expected } = detector.usual()!;
  assert.ok(Math.abs(expected - 9) < 1e-9);
  const tail = 1 - slowBelow(19, 9, 1.001);
  assert.ok(Math.abs(detector.next(20) - Math.log(tail) / Math.log(0.001) / 2) < 1e-6);
});

test("a place that sells as much every day is never strange for it", () => {
  fc.assert(
    fc.property(fc.nat({ max: 100_000 }), fc.integer({ min: 1, max: 7 }), (value, seasonRows) => {
      const detector = usualCount({ seasonRows });
      for (let day = 0; day < 200; day++) assert.ok(detector.next(value) < 0.5);
    }),
  );
});

test("a place that sells nothing is not strange for it, and options out of range are refused", () => {
  assert.deepEqual(toldOf(new Array(300).fill(0)), []);
  assert.throws(() => usualCount({ chance: 0 }), /chance/);
  assert.throws(() => usualCount({ warmupRows: 3 }), /warmupRows/);
});
