import assert from "node:assert/strict";
import { test } from "node:test";
import { dayMs } from "@trato/base";
import fc from "fast-check";
import { lastTimeMs } from "../arrays/baskets.ts";
import { anyBaskets, flatten, unflatten } from "../testing/arbitraries.ts";
import { fitPopularity, popularityFromBytes } from "./popularity.ts";

test("popularity is what counting basket by basket gives, over the most", () => {
  fc.assert(
    fc.property(anyBaskets, (baskets) => {
      const counts = new Array<number>(baskets.itemCount).fill(0);
      for (const { timeMs, items } of unflatten(baskets)) {
        for (const item of items) counts[item]! += 2 ** ((timeMs - lastTimeMs(baskets) - 1) / (14 * dayMs));
      }
      const most = Math.max(...counts) || 1;
      const { weights } = fitPopularity(baskets);
      for (const [item, count] of counts.entries()) assert.ok(Math.abs(weights[item]! - count / most) < 1e-9);
    }),
  );
});

test("what sold last week beats what sold more a year ago", () => {
  const old = [1, 2, 3].map((day) => ({ person: 0, timeMs: day * dayMs, items: [0] }));
  const recent = [{ person: 1, timeMs: 365 * dayMs, items: [1] }];
  const baskets = flatten([...old, ...recent], 2, 3);
  assert.deepEqual([...fitPopularity(baskets).top(3)], [1, 0]);
  assert.deepEqual([...fitPopularity(baskets, { halfLifeMs: Number.POSITIVE_INFINITY }).top(3)], [0, 1]);
});

test("equally popular items rank by ascending number", () => {
  const model = fitPopularity(flatten([{ person: 0, timeMs: 0, items: [2, 0, 1] }], 1, 3));
  assert.deepEqual([...model.top(2)], [0, 1]);
});

test("without baskets nothing is popular, and scores stay as they were", () => {
  const model = fitPopularity(flatten([], 1, 2));
  const scores = Float64Array.of(1, 2);
  model.scores(5, scores);
  assert.deepEqual([...scores], [1, 2]);
  assert.equal(model.top(5).length, 0);
});

test("the bytes give the model back, and foreign bytes are refused", () => {
  fc.assert(
    fc.property(anyBaskets, (baskets) => {
      const model = fitPopularity(baskets);
      assert.deepEqual(popularityFromBytes(model.toBytes()).weights, model.weights);
    }),
  );
  assert.throws(() => popularityFromBytes(new Uint8Array(64)), /Expected/);
});
