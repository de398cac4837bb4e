import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { anyBaskets, anyPlainBaskets, flatten, smallWorld, unflatten } from "../testing/arbitraries.ts";
import { basketsBetween, basketsFrom, checkBaskets, lastTimeMs, personStarts } from "./baskets.ts";

test("baskets come sorted by person and time, with each item once", () => {
  fc.assert(
    fc.property(anyPlainBaskets, (plain) => {
      const found = unflatten(flatten(plain, smallWorld.personCount, smallWorld.itemCount));
      const expected = plain
        .map((basket) => ({ ...basket, items: [...new Set(basket.items)].sort((a, b) => a - b) }))
        .sort((a, b) => a.person - b.person || a.timeMs - b.timeMs);
      assert.deepEqual(found, expected);
    }),
  );
});

test("a stretch of time holds its start and not its end, and stays well-formed", () => {
  fc.assert(
    fc.property(anyBaskets, fc.nat(30), fc.nat(30), (baskets, a, b) => {
      const times = baskets.timeOfBasket;
      const [fromMs, untilMs] = [times[a] ?? 0, times[b] ?? Number.POSITIVE_INFINITY];
      const found = basketsBetween(baskets, fromMs, untilMs);
      checkBaskets(found);
      const expected = unflatten(baskets).filter(({ timeMs }) => timeMs >= fromMs && timeMs < untilMs);
      assert.deepEqual(unflatten(found), expected);
    }),
  );
});

test("a person's baskets stand between their start and the next one's", () => {
  fc.assert(
    fc.property(anyBaskets, (baskets) => {
      const starts = personStarts(baskets);
      for (let person = 0; person < baskets.personCount; person++) {
        const own = baskets.personOfBasket.subarray(starts[person]!, starts[person + 1]!);
        assert.ok(own.every((one) => one === person));
      }
      assert.equal(starts[baskets.personCount], baskets.personOfBasket.length);
    }),
  );
});

test("broken baskets are refused by name", () => {
  const good = flatten(
    [
      { person: 0, timeMs: 5, items: [0, 1] },
      { person: 1, timeMs: 3, items: [1] },
    ],
    2,
    2,
  );
  const broken = [
    [{ ...good, itemCount: 1 }, /below itemCount/],
    [{ ...good, personCount: 1 }, /below personCount/],
    [{ ...good, itemOf: Int32Array.of(1, 0, 1) }, /ascend/],
    [{ ...good, personOfBasket: Int32Array.of(1, 0) }, /sorted by person/],
    [{ ...good, timeOfBasket: Float64Array.of(Number.NaN, 3) }, /time is a number/],
    [{ ...good, basketStart: Int32Array.of(0, 2) }, /one entry more/],
  ] as const;
  for (const [baskets, says] of broken) assert.throws(() => checkBaskets(baskets), says);
});

test("a receipt of two persons is refused, and there is no last time of nothing", () => {
  const lines = {
    personOf: Int32Array.of(0, 1),
    basketOf: Int32Array.of(0, 0),
    itemOf: Int32Array.of(0, 1),
    timeOf: Float64Array.of(1, 1),
  };
  assert.throws(() => basketsFrom(lines, { personCount: 2, itemCount: 2 }), /one person/);
  assert.throws(() => lastTimeMs(flatten([], 1, 1)), /at least one basket/);
});
