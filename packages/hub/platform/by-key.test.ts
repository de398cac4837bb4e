import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { byKey } from "./by-key.ts";
import { coalesce } from "./coalesce.ts";

/** Lanes whose runs end when told; `running` is what is under way in each, by key. */
function shop(laneCount: number, fullAt: number) {
  const running = Array.from({ length: laneCount }, () => new Set<string>());
  const ends: (() => void)[] = [];
  const lanes = running.map((keys) =>
    coalesce<string, string>({
      ...{ mostPerRun: 4, waitingMax: 10_000, lanes: 1 },
      run: async (batch) => {
        for (const key of batch) keys.add(key);
        await new Promise<void>((resolve) => ends.push(resolve));
        keys.clear();
        return batch;
      },
    }),
  );
  return { running, ends, call: byKey({ lanes, keyOf: (key: string) => key, fullAt }) };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test("one lane does all the work until it is full", async () => {
  const { running, ends, call } = shop(2, 3);
  const answers = ["a", "b", "c"].map(call);
  await turn();
  assert.deepEqual(
    running.map(({ size }) => size),
    [3, 0],
  );
  const later = ["d", "e", "f", "g"].map(call);
  await turn();
  assert.deepEqual(
    running.map((keys) => [...keys]),
    [["a", "b", "c"], ["g"]],
  );
  while (ends.length > 0) {
    ends.shift()!();
    await turn();
  }
  assert.deepEqual(await Promise.all([...answers, ...later]), ["a", "b", "c", "d", "e", "f", "g"]);
});

test("no key is ever under way in two lanes, and every call is answered", async () => {
  const calls = fc.array(fc.record({ key: fc.constantFrom("a", "b", "c", "d"), pause: fc.boolean() }), {
    maxLength: 60,
  });
  await fc.assert(
    fc.asyncProperty(
      calls,
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 4 }),
      async (list, n, fullAt) => {
        const { running, ends, call } = shop(n, fullAt);
        const answers: Promise<string>[] = [];
        for (const { key, pause } of list) {
          answers.push(call(key));
          if (!pause) continue;
          await turn();
          const all = running.flatMap((keys) => [...keys]);
          assert.equal(new Set(all).size, all.length);
          ends.shift()?.();
        }
        for (let rounds = 0; rounds < 300; rounds++) {
          await turn();
          ends.shift()?.();
        }
        assert.deepEqual(
          await Promise.all(answers),
          list.map(({ key }) => key),
        );
      },
    ),
  );
});
