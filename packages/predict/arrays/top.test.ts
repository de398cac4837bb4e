import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { topOf } from "./top.ts";

test("the top is what sorting gives, equal scores by ascending index, call after call", () => {
  const scores = fc.array(fc.integer({ min: -3, max: 3 }), { maxLength: 60 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), fc.array(scores, { maxLength: 4 }), (size, calls) => {
      const best = topOf(size);
      const out = new Int32Array(size);
      for (const call of calls) {
        for (const [index, score] of call.entries()) best.offer(index, score);
        const sorted = [...call.keys()].sort((a, b) => call[b]! - call[a]! || a - b).slice(0, size);
        assert.deepEqual([...out.subarray(0, best.take(out))], sorted);
      }
    }),
  );
});
