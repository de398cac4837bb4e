import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { chance, normal } from "@trato/base";
import fc from "fast-check";
import { contextual, contextualFromBytes } from "./contextual.ts";
import { extremes, extremesFromBytes } from "./extremes.ts";
import { knnConformal, knnConformalFromBytes } from "./knn-conformal.ts";
import { seasonalFromBytes, seasonalResidual } from "./seasonal.ts";
import { usualCount, usualCountFromBytes } from "./usual-count.ts";
import { fitWatch, watch, watchFromBytes } from "./watch.ts";

const makings = {
  extremes: [() => extremes({ warmupRows: 5 }), extremesFromBytes],
  seasonal: [() => seasonalResidual({ seasonRows: 4, meanRows: 2, warmupRows: 8 }), seasonalFromBytes],
  contextual: [() => contextual({ warmupRows: 5, levels: 3, length: 2 }), contextualFromBytes],
  "kNN conformal": [() => knnConformal({ warmupRows: 12, length: 3, neighbours: 2 }), knnConformalFromBytes],
  "usual count": [() => usualCount({ seasonRows: 3, seasons: 2, warmupRows: 4 }), usualCountFromBytes],
  watch: [() => watch({ warmupRows: 5, seasonRows: 4 }), watchFromBytes],
} as const;

const anyStream = fc.array(fc.oneof(fc.integer({ min: -9, max: 9 }), fc.constant(Number.NaN)), {
  maxLength: 60,
});

for (const [name, [make, read]] of Object.entries(makings)) {
  describe(name, () => {
    test("scores are between 0 and 1, and 0 where a value is missing", () => {
      fc.assert(
        fc.property(anyStream, (stream) => {
          const detector = make();
          for (const value of stream) {
            const score = detector.next(value);
            assert.ok(score >= 0 && score <= 1);
            if (Number.isNaN(value)) assert.equal(score, 0);
          }
        }),
      );
    });

    test("bytes taken in the middle go on as if nothing had happened", () => {
      fc.assert(
        fc.property(anyStream, anyStream, (before, after) => {
          const one = make();
          for (const value of before) one.next(value);
          const other = read(one.toBytes());
          for (const value of after) assert.equal(other.next(value), one.next(value));
        }),
      );
    });

    test("bytes of another kind are refused", () => {
      assert.throws(() => read(new Uint8Array(64)), /Expected a Tr/);
    });
  });
}

test("an extreme is told once, the more the further out", () => {
  const detector = extremes({ warmupRows: 3, tolerance: 0.1 });
  assert.deepEqual([0, 10, 5].map(detector.next), [0, 0, 0]);
  assert.equal(detector.next(11), 0.5);
  assert.equal(detector.next(11), 0);
  assert.ok(detector.next(-100) > 0.98);
});

test("a Sunday that looks like a Monday is strange, though its values are not", () => {
  const draw = chance(1);
  const week = Array.from(
    { length: 168 },
    (_, hour) => (hour < 24 ? 5 : 20) + 10 * Math.sin((hour / 12) * Math.PI),
  );
  const noisy = (value: number) => value + normal(draw);
  const history = Array.from({ length: 8 }, () => week)
    .flat()
    .map(noisy);
  const detector = seasonalResidual({ seasonRows: 168, meanRows: 12 });
  for (const value of history) detector.next(value);
  const monday = week.slice(24, 48).map((value) => detector.next(noisy(value)));
  assert.ok(Math.max(...monday) > 0.9);
});

/** The share of contexts that were met, each weighing as often as it was, at most 50, but never with this level. */
function slowContextual(levels: readonly number[], length: number): number {
  const at = levels.length - 1;
  let [missing, total] = [0, 0];
  for (let reach = 1; reach <= length && reach <= at; reach++) {
    const context = levels.slice(at - reach, at).join();
    let [met, same] = [0, 0];
    for (let i = length === 0 ? 0 : reach; i < at; i++) {
      if (levels.slice(i - reach, i).join() !== context) continue;
      met++;
      if (levels[i] === levels[at]) same++;
    }
    total += Math.min(met, 50);
    if (same === 0) missing += Math.min(met, 50);
  }
  return total === 0 ? 0 : missing / total;
}

test("contexts are counted as a walk through all that came before counts them", () => {
  const levels = fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 80 });
  fc.assert(
    fc.property(levels, (rest) => {
      // 0 and 3 first, so that the range is known and each number is a level of its own.
      const stream = [0, 3, ...rest];
      const detector = contextual({ levels: 3, length: 3, warmupRows: 2 });
      for (const [i, value] of stream.entries()) {
        const score = detector.next(value);
        const seen = stream.slice(0, i + 1).map((one) => Math.min(2, one));
        if (i >= 2) assert.ok(Math.abs(score - slowContextual(seen, 3)) < 1e-12);
      }
    }),
  );
});

test("a watch tells of an incident once, then rests", () => {
  const draw = chance(2);
  const history = Float64Array.from({ length: 600 }, (_, i) => 10 + Math.sin(i / 4) + normal(draw) / 10);
  const detector = fitWatch(history, { warmupRows: 300, seasonRows: 168, restRows: 10 });
  assert.ok(detector.next(40) >= 0.5);
  for (let i = 0; i < 10; i++) assert.equal(detector.next(50 + 10 * i), 0);
  assert.ok(detector.next(900) >= 0.5);
});

test("options out of range are refused", () => {
  assert.throws(() => extremes({ warmupRows: 0 }), /warmupRows/);
  assert.throws(() => seasonalResidual({ seasonRows: 0 }), /seasonRows/);
  assert.throws(() => contextual({ levels: 1 }), /levels/);
  assert.throws(() => watch({ restRows: -1 }), /restRows/);
});

/** Stretches and their distances written out, all anew for each value. */
function slowConformal(
  stream: readonly number[],
  warmupRows: number,
  length: number,
  neighbours: number,
): number[] {
  const stretchAt = (end: number) => stream.slice(end - length, end);
  const shares: number[] = [];
  let inverse: number[][] = Array.from({ length }, (_, i) =>
    Array.from({ length }, (__, j) => (i === j ? 1 : 0)),
  );
  let distances: number[] = [];
  for (let seen = 1; seen <= stream.length; seen++) {
    if (seen < warmupRows) {
      shares.push(0);
      continue;
    }
    const last = Math.max(warmupRows - 1, seen - warmupRows - 1);
    const former = Array.from({ length: warmupRows - length }, (_, n) => stretchAt(last - n));
    if (seen % warmupRows === 0 || seen % warmupRows === warmupRows >> 1) inverse = inverseOf(former, length);
    const between = (a: readonly number[], b: readonly number[]) => {
      const apart = a.map((value, i) => value - b[i]!);
      return apart.reduce(
        (sum, x, i) => sum + x * apart.reduce((own, y, j) => own + inverse[i]![j]! * y, 0),
        0,
      );
    };
    const nearest = (one: readonly number[], count: number) => {
      const sorted = former.map((other) => between(one, other)).sort((a, b) => a - b);
      return sorted.slice(0, count).reduce((a, b) => a + b, 0);
    };
    if (seen === warmupRows) distances = former.map((one) => nearest(one, neighbours + 1)).reverse();
    const own = nearest(stretchAt(seen), neighbours);
    const above = distances.filter((one) => one >= own).length / distances.length;
    shares.push(0.0035 / (0.0035 + above));
    distances = [...distances.slice(1), own];
  }
  return shares;
}

/** The inverse of the stretches' second moments, by Gauss and Jordan. */
function inverseOf(stretches: readonly number[][], length: number): number[][] {
  const rows = Array.from({ length }, (_, i) => [
    ...Array.from({ length }, (__, j) => stretches.reduce((sum, one) => sum + one[i]! * one[j]!, 0)),
    ...Array.from({ length }, (__, j) => (i === j ? 1 : 0)),
  ]);
  for (let i = 0; i < length; i++) {
    rows[i] = rows[i]!.map((value) => value / rows[i]![i]!);
    for (let k = 0; k < length; k++) {
      if (k === i) continue;
      const factor = rows[k]![i]!;
      rows[k] = rows[k]!.map((value, j) => value - factor * rows[i]![j]!);
    }
  }
  return rows.map((row) => row.slice(length));
}

test("kNN conformal: the score is that of stretches and distances written out", () => {
  const draw = chance(8);
  const stream = Array.from(
    { length: 140 },
    (_, t) => 5 + Math.sin(t / 3) + 0.3 * normal(draw) + (t === 90 ? 9 : 0),
  );
  const detector = knnConformal({ warmupRows: 30, length: 4, neighbours: 3 });
  const slow = slowConformal(stream, 30, 4, 3);
  for (const [t, value] of stream.entries()) {
    const score = detector.next(value);
    assert.ok(Math.abs(score - slow[t]!) < 1e-9, `${t}: ${score} for ${slow[t]}`);
  }
  assert.ok(slow[90]! > 0.5, "what was never seen is told");
});
