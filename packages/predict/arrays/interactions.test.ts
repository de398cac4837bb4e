import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { anyBaskets, smallWorld, unflatten } from "../testing/arbitraries.ts";
import { interactionsFrom, interactionsOf, sizes, turned } from "./interactions.ts";

const anyLists = fc.array(fc.array(fc.nat(8), { maxLength: 12 }), { maxLength: 8 });

test("interactions hold each item of a list once, ascending, and turning them over twice changes nothing", () => {
  fc.assert(
    fc.property(anyLists, (lists) => {
      const all = interactionsFrom(lists, 9);
      for (const [p, list] of lists.entries()) {
        const wanted = [...new Set(list)].sort((a, b) => a - b);
        assert.deepEqual([...all.itemOf.subarray(all.starts[p], all.starts[p + 1])], wanted);
        assert.equal(sizes(all)[p], wanted.length);
      }
      assert.deepEqual(turned(turned(all)), all);
    }),
  );
});

test("interactions of baskets are all that a person ever bought", () => {
  fc.assert(
    fc.property(anyBaskets, (baskets) => {
      const lists = Array.from({ length: smallWorld.personCount }, (_, person) =>
        unflatten(baskets)
          .filter((basket) => basket.person === person)
          .flatMap((basket) => basket.items),
      );
      assert.deepEqual(interactionsOf(baskets), interactionsFrom(lists, smallWorld.itemCount));
    }),
  );
});

test("an item beyond the number of items is refused", () => {
  assert.throws(() => interactionsFrom([[3]], 3), /below itemCount/);
});
