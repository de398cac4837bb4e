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

test("graph filter: with all directions, every edge is the walk and the projection, written out", () => {
  fc.assert(
    fc.property(anyLists, (lists) => {
      const model = fitGraphFilter(interactionsFrom(lists, itemCount), { lowPass: 0.3 });
      const rows = normalised(lists);
      const broad = projection(rows);
      const heldBy = items.map((item) => lists.filter((list) => list.includes(item)).length);
      for (const from of items) {
        for (const to of items) {
          const walk = rows.reduce((sum, row) => sum + row[from]! * row[to]!, 0);
          const ratio = Math.sqrt(heldBy[to]! / Math.max(1, heldBy[from]!));
          const slow = from === to || walk === 0 ? 0 : walk + 0.3 * broad[from]![to]! * ratio;
          assert.ok(Math.abs(model.edge(from, to) - slow) < 2e-3, `${from} → ${to}`);
        }
      }
    }),
  );
});

test("graph filter: sharpening takes away what the answer's own neighbours say", () => {
  fc.assert(
    fc.property(anyLists, fc.double({ min: 0.1, max: 1, noNaN: true }), (lists, sharpen) => {
      const interactions = interactionsFrom(lists, itemCount);
      const blurred = fitGraphFilter(interactions, { lowPass: 0.3 });
      const plain = fitGraphFilter(interactions, { lowPass: 0 });
      const sharp = fitGraphFilter(interactions, { lowPass: 0.3, sharpen });
      for (const from of items) {
        for (const to of items) {
          const through = items.reduce((sum, via) => sum + blurred.edge(from, via) * plain.edge(via, to), 0);
          const slow = blurred.edge(from, to) === 0 ? 0 : blurred.edge(from, to) - sharpen * through;
          assert.ok(Math.abs(sharp.edge(from, to) - slow) < 1e-5);
        }
      }
    }),
    { numRuns: 50 },
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
