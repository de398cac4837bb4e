import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readArrays } from "../arrays/bytes.ts";
import { interactionsFrom } from "../arrays/interactions.ts";
import { fitIals, type Ials, ialsFromBytes } from "./ials.ts";

const itemCount = 6;
const anyLists = fc.array(fc.uniqueArray(fc.nat(itemCount - 1), { maxLength: itemCount }), { maxLength: 9 });
const anySeeds = fc.uniqueArray(fc.nat(itemCount - 1), { maxLength: 4 });
const settings = { dimensions: 3, unobserved: 0.2, regularisation: 0.05, block: 2 } as const;

/** The items' points, as the bytes keep them. */
function pointsOf(model: Ials): number[][] {
  const [items] = readArrays("TrIalsPP", 1, model.toBytes()) as [Float32Array];
  return Array.from({ length: itemCount }, (_, item) => [...items.subarray(3 * item, 3 * item + 3)]);
}

/** Solves three equations by elimination. */
function solve(a: number[][], b: number[]): number[] {
  const rows = a.map((row, i) => [...row, b[i]!]);
  for (let k = 0; k < 3; k++) {
    for (let i = 0; i < 3; i++) {
      if (i === k) continue;
      const factor = rows[i]![k]! / rows[k]![k]!;
      for (let j = k; j < 4; j++) rows[i]![j]! -= factor * rows[k]![j]!;
    }
  }
  return rows.map((row, i) => row[3]! / row[i]!);
}

/** Where somebody with these seeds lies, by the normal equations. */
function placeOf(points: number[][], seeds: readonly number[]): number[] {
  const { unobserved, regularisation } = settings;
  const penalty = regularisation * (seeds.length + unobserved * itemCount);
  const sum = (i: number, j: number, over: readonly number[][]) =>
    over.reduce((all, h) => all + h[i]! * h[j]!, 0);
  const held = seeds.map((item) => points[item]!);
  const a = [0, 1, 2].map((i) =>
    [0, 1, 2].map((j) => unobserved * sum(i, j, points) + sum(i, j, held) + (i === j ? penalty : 0)),
  );
  return solve(
    a,
    [0, 1, 2].map((i) => held.reduce((all, h) => all + h[i]!, 0)),
  );
}

const times = (a: readonly number[], b: readonly number[]) => a.reduce((sum, one, i) => sum + one * b[i]!, 0);

test("ials: a score is where the normal equations put the person, times the item; its parts add up to it", () => {
  fc.assert(
    fc.property(anyLists, anySeeds, (lists, seeds) => {
      const model = fitIals(interactionsFrom(lists, itemCount), settings);
      const points = pointsOf(model);
      const weights = seeds.map(() => 1);
      const scores = new Float64Array(itemCount);
      model.scores(seeds, weights, scores);
      const place = placeOf(points, seeds);
      const parts = new Float64Array(seeds.length);
      for (let item = 0; item < itemCount; item++) {
        assert.ok(Math.abs(scores[item]! - times(place, points[item]!)) < 1e-4);
        const sum = model.parts(item, seeds, weights, parts);
        assert.ok(Math.abs(sum - scores[item]!) < 1e-4);
        assert.ok(Math.abs(parts.reduce((all, part) => all + part, 0) - sum) < 1e-9);
      }
    }),
    { numRuns: 60 },
  );
});

/** What the model makes small, with every person where it is best for them. */
function objective(lists: readonly number[][], points: number[][]): number {
  const { unobserved, regularisation } = settings;
  let total = 0;
  for (const list of lists) {
    const place = placeOf(points, list);
    for (const [item, point] of points.entries()) {
      const score = times(place, point);
      total += unobserved * score ** 2 + (list.includes(item) ? (score - 1) ** 2 : 0);
    }
    total += regularisation * (list.length + unobserved * itemCount) * times(place, place);
  }
  for (const [item, point] of points.entries()) {
    const holders = lists.filter((list) => list.includes(item)).length;
    total += regularisation * (holders + unobserved * lists.length) * times(point, point);
  }
  return total;
}

test("ials: solved whole, every further round makes what it minimises smaller", () => {
  fc.assert(
    fc.property(anyLists, (lists) => {
      const after = (rounds: number) =>
        objective(
          lists,
          pointsOf(fitIals(interactionsFrom(lists, itemCount), { ...settings, block: 3, rounds })),
        );
      const values = [1, 2, 5, 10].map(after);
      for (let i = 1; i < values.length; i++)
        assert.ok(values[i]! <= values[i - 1]! + 1e-4 * (1 + values[i]!));
    }),
    { numRuns: 30 },
  );
});

test("ials: on a checkerboard, a colour goes with itself and not with the other", () => {
  const lists = Array.from({ length: 40 }, (_, p) =>
    [0, 2, 4].filter((_, i) => i !== p % 5).map((i) => i + (p % 2)),
  );
  const model = fitIals(interactionsFrom(lists, itemCount), { ...settings, dimensions: 2, rounds: 20 });
  for (let seed = 0; seed < itemCount; seed++) {
    const scores = new Float64Array(itemCount);
    model.scores([seed], [1], scores);
    for (let item = 0; item < itemCount; item++) {
      if (item % 2 === seed % 2) assert.ok(scores[item]! > 0.1, `${seed} → ${item}: ${scores[item]}`);
      else assert.ok(scores[item]! < 0.1, `${seed} → ${item}: ${scores[item]}`);
    }
  }
});

test("ials: the same seed gives the same bytes, bytes the same model; nothing learnt scores nothing", () => {
  const lists = [[0, 1], [1, 2], [3]];
  const fit = () => fitIals(interactionsFrom(lists, itemCount), settings);
  assert.deepEqual(fit().toBytes(), fit().toBytes());
  assert.deepEqual(ialsFromBytes(fit().toBytes()).toBytes(), fit().toBytes());
  const scores = new Float64Array(itemCount);
  fitIals(interactionsFrom([], itemCount), settings).scores([0, 5], [1, 1], scores);
  assert.ok(scores.every((score) => score === 0));
  assert.throws(() => fit().scores([6], [1], scores), /below 6/);
  assert.throws(() => fitIals(interactionsFrom([], 1), { unobserved: 0 }), /above 0/);
  assert.throws(() => ialsFromBytes(new Uint8Array(64)), /Expected/);
});

test("ials: it tells how far it is, and what that throws ends it", () => {
  const told: number[] = [];
  const interactions = interactionsFrom([[0, 1]], 2);
  fitIals(interactions, { ...settings, rounds: 2, progress: (share) => told.push(share) });
  assert.deepEqual(told, [0.5, 1]);
  const stop = () => {
    throw new Error("stopped");
  };
  assert.throws(() => fitIals(interactions, { progress: stop }), /stopped/);
});
