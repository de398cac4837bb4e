import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { interactionsFrom } from "../arrays/interactions.ts";
import { sequencesFrom } from "../arrays/sequences.ts";
import { examplesOf } from "./examples.ts";
import { fitNextItem, nextItemFromBytes } from "./next-item.ts";

const itemCount = 6;
const anyLists = fc.array(fc.array(fc.nat(itemCount - 1), { maxLength: 7 }), { maxLength: 8 });
const anyPast = fc.array(fc.nat(itemCount - 1), { maxLength: 5 });

test("examples: each step's row holds what came before, each item at its last place, as far as the reach", () => {
  fc.assert(
    fc.property(anyLists, fc.integer({ min: 1, max: 4 }), (lists, reach) => {
      const { rows, x, y } = examplesOf(sequencesFrom(lists, itemCount), 0.5, reach);
      const slow = lists.flatMap((list) =>
        list.slice(1).map((next, index) => {
          const before = list.slice(Math.max(0, index + 1 - reach), index + 1).reverse();
          return { next, weights: [...new Set(before)].map((item) => [item, 0.5 ** before.indexOf(item)]) };
        }),
      );
      const found = slow.map((_, row) => ({
        next: Array.from({ length: itemCount }, (_, item) => item).find((item) =>
          y.rowOf.subarray(y.starts[item], y.starts[item + 1]).includes(row),
        ),
        weights: Array.from(rows.columns.subarray(rows.starts[row], rows.starts[row + 1]), (item, at) => [
          item,
          rows.values[rows.starts[row]! + at]!,
        ]),
      }));
      assert.deepEqual(found, slow);
      assert.equal(x.rowOf.length, rows.columns.length);
    }),
  );
});

/** Each item regressed on those before it, or on all, by setting one weight after the other to its best. */
function slowFollowers(lists: readonly number[][], ridge: number, decay: number, full: boolean): number[][] {
  const rows = lists.flatMap((list) =>
    list.slice(1).map((next, index) => {
      const before = list.slice(0, index + 1).reverse();
      const weights = Array.from({ length: itemCount }, (_, item) =>
        before.includes(item) ? decay ** before.indexOf(item) : 0,
      );
      return { next, weights };
    }),
  );
  const items = Array.from({ length: itemCount }, (_, item) => item);
  const pairs = items.map((i) =>
    items.map((j) => rows.reduce((sum, row) => sum + row.weights[i]! * row.weights[j]!, 0)),
  );
  const edges = items.map(() => items.map(() => 0));
  for (const to of items) {
    const wanted = items.map((i) =>
      rows.reduce((sum, row) => sum + (row.next === to ? row.weights[i]! : 0), 0),
    );
    for (let round = 0; round < 500; round++) {
      for (const from of items) {
        if (wanted[from] === 0 && !full) continue; // what never came before it is not near
        const others = items.reduce(
          (sum, j) => sum + (j === from ? 0 : pairs[from]![j]! * edges[j]![to]!),
          0,
        );
        edges[from]![to] = (wanted[from]! - others) / (pairs[from]![from]! + ridge);
      }
    }
  }
  return edges;
}

test("next item: what follows is what descending weight by weight finds", () => {
  fc.assert(
    fc.property(anyLists, fc.boolean(), (lists, full) => {
      const model = fitNextItem(sequencesFrom(lists, itemCount), { decay: 0.5, ridge: 1, full });
      const slow = slowFollowers(lists, 1, 0.5, full);
      for (let from = 0; from < itemCount; from++) {
        for (let to = 0; to < itemCount; to++) {
          assert.ok(Math.abs(model.next.edge(from, to) - slow[from]![to]!) < 1e-3, `${from} → ${to}`);
        }
      }
    }),
    { numRuns: 40 },
  );
});

test("next item: after a comes b, and after b comes c, whoever asks", () => {
  const round = Array.from({ length: 30 }, (_, p) => [p % 3, (p + 1) % 3, (p + 2) % 3, p % 3, (p + 1) % 3]);
  const model = fitNextItem(sequencesFrom(round, 3), { anyShare: 0.1, ridge: 0.1 });
  for (let item = 0; item < 3; item++) {
    const scores = new Float64Array(3);
    model.scores([item], scores);
    assert.equal(scores.indexOf(Math.max(...scores)), (item + 1) % 3);
  }
});

test("next item: the parts of the past add up to the score, and bytes give the same model", () => {
  fc.assert(
    fc.property(anyLists, anyPast, (lists, past) => {
      const traits = interactionsFrom(
        [
          [0, 1],
          [2, 3, 4],
        ],
        itemCount,
      );
      const model = fitNextItem(sequencesFrom(lists, itemCount), { ridge: 1, anyRidge: 1, traits });
      const scores = new Float64Array(itemCount);
      model.scores(past, scores);
      const parts = new Float64Array(past.length);
      for (let item = 0; item < itemCount; item++) {
        const sum = model.parts(item, past, parts);
        assert.ok(Math.abs(sum - scores[item]!) < 1e-9);
        assert.ok(Math.abs(parts.reduce((total, part) => total + part, 0) - sum) < 1e-9);
      }
      const again = nextItemFromBytes(model.toBytes());
      assert.deepEqual(again.toBytes(), model.toBytes());
      const same = new Float64Array(itemCount);
      again.scores(past, same);
      assert.deepEqual(same, scores);
    }),
    { numRuns: 50 },
  );
});

test("next item: nothing to learn from scores nothing; what is out of range is refused", () => {
  const scores = new Float64Array(2);
  fitNextItem(sequencesFrom([[], [1]], 2)).scores([0, 1], scores);
  assert.deepEqual([...scores], [0, 0]);
  assert.throws(() => sequencesFrom([[2]], 2), /below itemCount/);
  assert.throws(() => fitNextItem(sequencesFrom([], 1), { decay: 2 }), /from 0 to 1/);
  assert.throws(() => nextItemFromBytes(new Uint8Array(64)), /Expected/);
});

test("next item: what nobody took yet is told by its traits, the rarer the trait the more", () => {
  const round = Array.from({ length: 20 }, () => [0, 1, 0, 1]);
  const traits = interactionsFrom(
    [
      [0, 3],
      [0, 3, 4, 5],
      [1, 2],
    ],
    itemCount,
  );
  const model = fitNextItem(sequencesFrom(round, itemCount), { traits, kinShare: 0.1 });
  const scores = new Float64Array(itemCount);
  model.scores([1, 0], scores);
  assert.ok(scores[3]! > scores[4]! && scores[4]! > 0 && scores[2]! > 0);
  const without = new Float64Array(itemCount);
  model.asking({ kinShare: 0 }).scores([1, 0], without);
  assert.equal(without[3], 0);
  const other = interactionsFrom([[0]], itemCount + 1);
  assert.throws(() => fitNextItem(sequencesFrom(round, itemCount), { traits: other }), /the same items/);
});
