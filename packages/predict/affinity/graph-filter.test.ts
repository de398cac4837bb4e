import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { interactionsFrom, interactionsOf } from "../arrays/interactions.ts";
import { everyItemModel } from "../testing/every-affinity.ts";
import { fitGraphFilter } from "./graph-filter.ts";
import { itemModelFromBytes } from "./item-model.ts";

everyItemModel("graph filter", (baskets) => fitGraphFilter(interactionsOf(baskets)), itemModelFromBytes);

const itemCount = 5;
const anyLists = fc.array(fc.uniqueArray(fc.nat(itemCount - 1), { maxLength: itemCount }), { maxLength: 5 });
const items = Array.from({ length: itemCount }, (_, item) => item);

/** The normalised matrix, one row a person. */
function normalised(lists: readonly number[][]): number[][] {
  const heldBy = items.map((item) => lists.filter((list) => list.includes(item)).length);
  return lists.map((list) =>
    items.map((item) => (list.includes(item) ? 1 / Math.sqrt(list.length * heldBy[item]!) : 0)),
  );
}

/** What all rows together can say: the projection onto their space, by Gram and Schmidt. */
function projection(rows: readonly number[][]): number[][] {
  const basis: number[][] = [];
  for (const row of rows) {
    const own = [...row];
    for (const other of [...basis, ...basis]) {
      const part = own.reduce((sum, value, i) => sum + value * other[i]!, 0);
      for (const i of items) own[i]! -= part * other[i]!;
    }
    const length = Math.hypot(...own);
    if (length > 1e-9) basis.push(own.map((value) => value / length));
  }
  return items.map((i) => items.map((j) => basis.reduce((sum, row) => sum + row[i]! * row[j]!, 0)));
}

const times = (a: readonly number[][], b: readonly number[][]): number[][] =>
  a.map((row) => items.map((j) => row.reduce((sum, value, k) => sum + value * b[k]![j]!, 0)));
const sum = (a: readonly number[][], share: number, b: readonly number[][]): number[][] =>
  a.map((row, i) => row.map((value, j) => value + share * b[i]![j]!));

/** What every item says of every other, itself included: the walk and the projection, written out, then sharpened. */
function slowFilter(lists: readonly number[][], lowPass: number, sharpen: number): number[][] {
  const rows = normalised(lists);
  const broad = projection(rows);
  const heldBy = items.map((item) => lists.filter((list) => list.includes(item)).length);
  const walk = items.map((i) => items.map((j) => rows.reduce((total, row) => total + row[i]! * row[j]!, 0)));
  const low = items.map((i) =>
    items.map((j) => broad[i]![j]! * Math.sqrt(heldBy[j]! / Math.max(1, heldBy[i]!))),
  );
  const blurred = sum(walk, lowPass, low);
  let [sharp, power] = [blurred, blurred];
  for (const [k, factorial] of [1, 2, 6, 24].entries()) {
    power = times(power, walk);
    sharp = sum(sharp, (-sharpen) ** (k + 1) / factorial, power);
  }
  return sharp;
}

test("graph filter: with all directions, every edge is the walk and the projection, written out and sharpened", () => {
  fc.assert(
    fc.property(anyLists, fc.constantFrom(0, 0.5, 2.5), (lists, sharpen) => {
      const model = fitGraphFilter(interactionsFrom(lists, itemCount), { lowPass: 0.3, sharpen });
      const slow = slowFilter(lists, 0.3, sharpen);
      for (const from of items) {
        for (const to of items) {
          const expected = from === to ? 0 : slow[from]![to]!;
          assert.ok(Math.abs(model.edge(from, to) - expected) < 2e-3, `${from} → ${to}`);
        }
      }
    }),
  );
});

test("graph filter: few directions let broad tastes through, and say so across what is shared", () => {
  const lists = Array.from({ length: 40 }, (_, p) => (p % 2 === 0 ? [0, 1, 2] : [3, 4]));
  lists.push([0, 3]);
  const interactions = interactionsFrom(lists, itemCount);
  const narrow = fitGraphFilter(interactions, { rank: 2, lowPass: 5 });
  assert.ok(narrow.edge(0, 1) > 20 * Math.abs(narrow.edge(0, 3)));
  assert.throws(() => fitGraphFilter(interactions, { lowPass: -1 }), /not negative/);
});
