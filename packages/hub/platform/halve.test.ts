import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { answerOf, halving } from "./halve.ts";

test("whoever of a batch cannot be run fails alone, and everybody else is answered once, in their order", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }), async (isBad) => {
      const done: number[] = [];
      const outcomes = await halving([...isBad.keys()], async (batch) => {
        if (batch.some((i) => isBad[i])) throw new Error("bad");
        done.push(...batch);
        return batch.map((i) => i * 10);
      });
      for (const [i, outcome] of outcomes.entries()) {
        if (isBad[i]) assert.throws(() => answerOf(outcome), /bad/);
        else assert.equal(answerOf(outcome), i * 10);
      }
      assert.deepEqual(done.sort((a, b) => a - b), [...isBad.keys()].filter((i) => !isBad[i])); // biome-ignore format: one idea
    }),
  );
});

test("when the database is away nothing is halved: all hear the same", async () => {
  let runs = 0;
  const outcomes = await halving([1, 2, 3, 4], async () => {
    runs += 1;
    throw new Error("Connection terminated unexpectedly");
  });
  assert.deepEqual([runs, outcomes.length], [1, 4]);
});
