import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { scale, shareOut } from "./share.ts";

const whole = (max: number) => fc.integer({ min: 0, max });

test("an amount is scaled as exact arithmetic says, rounded half up", () => {
  fc.assert(
    fc.property(whole(1e12), whole(1e6), fc.integer({ min: 1, max: 1e6 }), (amount, times, per) => {
      const exact = (BigInt(amount) * BigInt(times) * 2n + BigInt(per)) / (BigInt(per) * 2n);
      fc.pre(exact <= BigInt(Number.MAX_SAFE_INTEGER));
      assert.equal(BigInt(scale(amount, { times, per })), exact);
    }),
  );
  assert.equal(scale(5, { times: 1, per: 10 }), 1, "half a unit is one");
  assert.equal(scale(4, { times: 1, per: 10 }), 0);
});

test("parts add up to the whole, and none is further than one minor unit from its exact share", () => {
  const weights = fc.array(whole(1e9), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(whole(1e12), weights, (amount, some) => {
      const sum = some.reduce((total, weight) => total + weight, 0);
      fc.pre(sum > 0 || amount === 0);
      const parts = shareOut(amount, some);
      assert.equal(
        parts.reduce((total, part) => total + part, 0),
        amount,
      );
      if (sum === 0) return;
      for (const [i, part] of parts.entries()) {
        const exact = BigInt(amount) * BigInt(some[i]!);
        const floor = Number(exact / BigInt(sum));
        assert.ok(
          part === floor || (part === floor + 1 && exact % BigInt(sum) !== 0n),
          `${part} of ${floor}`,
        );
      }
    }),
  );
});

test("what is left goes to the largest fractions, and between equal ones to the earlier", () => {
  assert.deepEqual(shareOut(100, [1, 1, 1]), [34, 33, 33]);
  assert.deepEqual(shareOut(10, [15, 15, 70]), [2, 1, 7]);
  assert.deepEqual(shareOut(7, [0, 5, 0]), [0, 7, 0]);
});
