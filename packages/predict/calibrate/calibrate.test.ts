import assert from "node:assert/strict";
import { test } from "node:test";
import { chance, normal } from "@trato/base";
import fc from "fast-check";
import { scoreChances } from "../evaluate/chances.ts";
import { fitIsotonic, isotonicFromBytes } from "./isotonic.ts";
import { fitPlatt, plattFromBytes } from "./platt.ts";

const anyOutcomes = fc
  .array(fc.record({ score: fc.integer({ min: 0, max: 12 }), came: fc.constantFrom(0, 1) }), {
    minLength: 1,
    maxLength: 30,
  })
  .map((rows) => ({ scores: rows.map((row) => row.score), came: rows.map((row) => row.came) }));

/** The isotonic value at a score: the largest mean from below of the least mean to above (Barlow et al. 1972). */
function slowIsotonic({ scores, came }: { scores: number[]; came: number[] }, score: number): number {
  const levels = [...new Set(scores)].sort((a, b) => a - b);
  const mean = (low: number, high: number) => {
    const inside = came.filter((_, i) => scores[i]! >= low && scores[i]! <= high);
    return inside.reduce((a, b) => a + b, 0) / inside.length;
  };
  const [below, above] = [levels.filter((l) => l <= score), levels.filter((l) => l >= score)];
  return Math.max(...below.map((low) => Math.min(...above.map((high) => mean(low, high)))));
}

test("isotonic steps are those of the max-min formula, each at its middle, and never fall", () => {
  fc.assert(
    fc.property(anyOutcomes, (outcomes) => {
      const fitted = fitIsotonic(outcomes);
      const steps = Map.groupBy(outcomes.scores, (score) => slowIsotonic(outcomes, score).toFixed(9));
      for (const [step, scores] of steps) {
        const middle = scores.reduce((a, b) => a + b, 0) / scores.length;
        assert.ok(Math.abs(fitted.chance(middle) - Number(step)) < 1e-8);
      }
      for (let score = -1; score < 13; score += 0.25) {
        assert.ok(fitted.chance(score) <= fitted.chance(score + 0.25) + 1e-12);
      }
    }),
  );
});

test("Platt's curve is where the loss has no slope left", () => {
  const draw = chance(2);
  const scores = Array.from({ length: 800 }, () => 3 * normal(draw));
  const came = scores.map((score) => (draw() < 1 / (1 + Math.exp(-(0.5 * score - 1))) ? 1 : 0));
  const fitted = fitPlatt({ scores, came });
  const positives = came.reduce<number>((a, b) => a + b, 0);
  const targets = came.map((c) => (c === 1 ? (positives + 1) / (positives + 2) : 1 / (800 - positives + 2)));
  const off = scores.map((score, i) => fitted.chance(score) - targets[i]!);
  assert.ok(Math.abs(off.reduce((a, b) => a + b, 0)) < 1e-4);
  assert.ok(Math.abs(off.reduce((sum, o, i) => sum + o * scores[i]!, 0)) < 1e-4);
  const [low, high] = [fitted.chance(0), fitted.chance(2)];
  assert.ok(Math.abs(Math.log(low / (1 - low)) + 1) < 0.3 && high > low);
});

test("both repair chances that are too sure, and their bytes bring them back", () => {
  const draw = chance(4);
  const raw = Float64Array.from({ length: 20_000 }, () => normal(draw));
  const came = raw.map((score) => (draw() < 1 / (1 + Math.exp(-score)) ? 1 : 0));
  const sure = raw.map((score) => 4 * score);
  const said = (of: (score: number) => number) => scoreChances(sure.map(of), came).calibrationError;
  assert.ok(said((score) => 1 / (1 + Math.exp(-score))) > 0.1);
  for (const [fit, read] of [
    [fitIsotonic, isotonicFromBytes],
    [fitPlatt, plattFromBytes],
  ] as const) {
    const fitted = fit({ scores: sure, came });
    assert.ok(said((score) => fitted.chance(score)) < 0.02);
    const again = read(fitted.toBytes());
    for (const score of [-9, -1, 0, 0.3, 9]) assert.equal(again.chance(score), fitted.chance(score));
  }
});

test("outcomes that say nothing give a plain chance, wrong ones an error", () => {
  const alike = { scores: [1, 1, 1, 1], came: [0, 1, 0, 1] };
  assert.equal(fitIsotonic(alike).chance(7), 0.5);
  assert.ok(Math.abs(fitPlatt(alike).chance(7) - 0.5) < 1e-9);
  const opposite = fitPlatt({ scores: [0, 1, 2, 3], came: [1, 1, 0, 0] });
  assert.equal(opposite.chance(0), opposite.chance(3));
  assert.throws(() => fitIsotonic({ scores: [], came: [] }), /one at least/);
  assert.throws(() => fitPlatt({ scores: [1], came: [2] }), /0 or 1/);
});

test("AUC counts the pairs that stand right, ties by half", () => {
  fc.assert(
    fc.property(anyOutcomes, ({ scores, came }) => {
      const positives = scores.filter((_, i) => came[i] === 1);
      const others = scores.filter((_, i) => came[i] === 0);
      fc.pre(positives.length > 0 && others.length > 0);
      let right = 0;
      for (const p of positives) for (const o of others) right += p > o ? 1 : p === o ? 0.5 : 0;
      const { auc } = scoreChances(
        scores.map((s) => s / 12),
        came,
      );
      assert.ok(Math.abs(auc - right / (positives.length * others.length)) < 1e-12);
    }),
  );
});
