import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { interactionsFrom, interactionsOf } from "../arrays/interactions.ts";
import { everyAffinity } from "../testing/every-affinity.ts";
import { itemModelFromBytes } from "./item-model.ts";
import { fitRp3Beta } from "./rp3beta.ts";

everyAffinity("rp3beta", (baskets) => fitRp3Beta(interactionsOf(baskets)), itemModelFromBytes);

const anyLists = fc.array(fc.uniqueArray(fc.nat(8), { maxLength: 9 }), { maxLength: 9 });
const anyPower = fc.double({ min: 0, max: 1, noNaN: true });

test("rp3beta: every edge is the sum over all walks of two steps", () => {
  fc.assert(
    fc.property(anyLists, anyPower, anyPower, (lists, alpha, beta) => {
      const model = fitRp3Beta(interactionsFrom(lists, 9), { alpha, beta });
      const holders = (item: number) => lists.filter((list) => list.includes(item));
      for (let from = 0; from < 9; from++) {
        for (let to = 0; to < 9; to++) {
          const walks = holders(from).filter((list) => from !== to && list.includes(to));
          const chances = walks.map(
            (list) => (1 / holders(from).length) ** alpha * (1 / list.length) ** alpha,
          );
          const slow = chances.reduce((sum, one) => sum + one, 0) / Math.max(1, holders(to).length) ** beta;
          assert.ok(Math.abs(model.edge(from, to) - slow) < 1e-6);
        }
      }
    }),
  );
});

test("rp3beta: of two that share as much, the less popular is nearer", () => {
  const model = fitRp3Beta(
    interactionsFrom(
      [
        [0, 1, 2],
        [2, 3],
        [2, 4],
        [2, 5],
      ],
      6,
    ),
  );
  assert.ok(model.edge(0, 1) > model.edge(0, 2));
});
