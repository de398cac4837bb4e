import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { interactionsFrom } from "../arrays/interactions.ts";
import { evaluateTopN, holdBack } from "./top-n.ts";

test("recall and NDCG at 2 are what a person counts on paper; own items are not ranked", () => {
  const train = interactionsFrom([[0], [1], [2]], 5);
  const held = [[3, 4, 1], [0], []];
  const scores = (_person: number, _items: Int32Array, out: Float64Array) => out.set([9, 1, 8, 3, 2]);
  // Person 0 sees 2 and 3, of three that were right; person 1 sees 0 and 2; nothing was held back of person 2.
  const report = evaluateTopN({ train, held, k: 2, scores });
  const ideal = 1 + 1 / Math.log2(3);
  assert.equal(report.people, 2);
  assert.ok(Math.abs(report.recall - (1 / 3 + 1) / 2) < 1e-12);
  assert.ok(Math.abs(report.ndcg - (1 / Math.log2(3) / ideal + 1) / 2) < 1e-12);
  assert.equal(report.hitRate, 1);
});

test("holding back loses nothing, keeps something of everybody and is repeated by its seed", () => {
  const anyLists = fc.array(fc.uniqueArray(fc.nat(8), { maxLength: 9 }), { maxLength: 8 });
  fc.assert(
    fc.property(anyLists, fc.nat(99), (lists, seed) => {
      const all = interactionsFrom(lists, 9);
      const { train, held } = holdBack(all, 0.4, seed);
      const joined = held.map((items, p) => [
        ...items,
        ...train.itemOf.subarray(train.starts[p], train.starts[p + 1]),
      ]);
      assert.deepEqual(interactionsFrom(joined, 9), all);
      for (const [p, list] of lists.entries()) {
        assert.equal(train.starts[p + 1]! > train.starts[p]!, list.length > 0);
      }
      assert.deepEqual(holdBack(all, 0.4, seed), { train, held });
    }),
  );
});
