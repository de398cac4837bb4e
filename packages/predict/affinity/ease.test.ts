import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { interactionsFrom, interactionsOf } from "../arrays/interactions.ts";
import { everyItemModel } from "../testing/every-affinity.ts";
import { fitEase } from "./ease.ts";
import type { EaseOptions } from "./ease-options.ts";
import { itemModelFromBytes } from "./item-model.ts";
import { fitPrunedEase } from "./pruned-ease.ts";

everyItemModel("ease", (baskets) => fitEase(interactionsOf(baskets), { ridge: 1 }), itemModelFromBytes);
everyItemModel(
  "pruned ease",
  (baskets) => fitPrunedEase(interactionsOf(baskets), { ridge: 1 }),
  itemModelFromBytes,
);

const itemCount = 7;
const anyLists = fc.array(fc.uniqueArray(fc.nat(itemCount - 1), { maxLength: itemCount }), { maxLength: 9 });
const anyOptions: fc.Arbitrary<EaseOptions> = fc.record({
  ridge: fc.double({ min: 0.5, max: 20, noNaN: true }),
  dropout: fc.double({ min: 0, max: 0.8, noNaN: true }),
  personPower: fc.double({ min: 0, max: 1, noNaN: true }),
  toPower: fc.double({ min: 0, max: 1, noNaN: true }),
});

/** Each item regressed on all others, or on those only that share a person with it, one weight after the other. */
function slowEdges(lists: readonly number[][], options: EaseOptions, on: "all" | "near"): number[][] {
  const { ridge = 0, dropout = 0, personPower = 0, toPower = 0 } = options;
  const pair = (i: number, j: number) =>
    lists
      .filter((list) => list.includes(i) && list.includes(j))
      .reduce((sum, list) => sum + list.length ** -personPower, 0);
  const items = Array.from({ length: itemCount }, (_, item) => item);
  const pairs = items.map((i) => items.map((j) => pair(i, j)));
  const penalty = items.map((i) => ridge + (dropout / (1 - dropout)) * pairs[i]![i]!);
  const edges = items.map(() => items.map(() => 0));
  for (const to of items) {
    const weights = items.map(() => 0);
    // Coordinate by coordinate: each weight is set to what is best given the others.
    for (let round = 0; round < 800; round++) {
      for (const i of items) {
        if (i === to || (on === "near" && pairs[i]![to] === 0)) continue;
        const others = items.reduce((sum, j) => sum + (j === i ? 0 : pairs[i]![j]! * weights[j]!), 0);
        weights[i] = (pairs[i]![to]! - others) / (pairs[i]![i]! + penalty[i]!);
      }
    }
    for (const from of items) edges[from]![to] = weights[from]! / Math.max(pairs[to]![to]!, 1e-9) ** toPower;
  }
  return edges;
}

for (const [name, on, fit] of [
  ["ease", "all", fitEase],
  ["pruned ease", "near", fitPrunedEase],
] as const) {
  test(`${name}: every edge is what descending coordinate by coordinate finds`, () => {
    fc.assert(
      fc.property(anyLists, anyOptions, (lists, options) => {
        const model = fit(interactionsFrom(lists, itemCount), { ...options, nearPower: 0.5 });
        const slow = slowEdges(lists, options, on);
        for (let from = 0; from < itemCount; from++) {
          for (let to = 0; to < itemCount; to++) {
            const held = lists.some((list) => list.includes(from)) && lists.some((list) => list.includes(to));
            if (!held) assert.equal(model.edge(from, to), 0);
            else assert.ok(Math.abs(model.edge(from, to) - slow[from]![to]!) < 1e-4, `${from} → ${to}`);
          }
        }
      }),
      { numRuns: 30 },
    );
  });
}

test("pruned ease keeps to the nearest, tells how far it is, and can be ended", () => {
  const lists = [
    [0, 1],
    [0, 1],
    [0, 1, 2],
    [3, 4],
    [3, 4],
  ];
  const told: number[] = [];
  const interactions = interactionsFrom(lists, 5);
  const model = fitPrunedEase(interactions, {
    ridge: 1,
    neighboursMax: 1,
    progress: (share) => told.push(share),
  });
  assert.ok(model.edge(0, 1) > 0);
  assert.equal(model.edge(2, 3), 0);
  assert.deepEqual(told, [0.2, 0.4, 0.6, 0.8, 1]);
  const stop = () => {
    throw new Error("stopped");
  };
  assert.throws(() => fitPrunedEase(interactions, { progress: stop }), /stopped/);
});

test("ease refuses options out of range, and more items than fit in memory", () => {
  const none = interactionsFrom([], 2);
  assert.throws(() => fitEase(none, { ridge: 0 }), /ridge/);
  assert.throws(() => fitEase(none, { dropout: 1 }), /dropout/);
  assert.throws(() => fitPrunedEase(none, { neighboursMax: 0 }), /neighboursMax/);
  assert.throws(() => fitEase(interactionsFrom([], 40_000)), /fitPrunedEase/);
});
