import assert from "node:assert/strict";
import { test } from "node:test";
import { type Currency, dayMs } from "@trato/base";
import fc from "fast-check";
import type { Act, Order, OrderLine, OrderPart } from "./order.ts";
import { actOf, foldOutside, type HeardEvent } from "./outside.ts";
import { count, leavingFrom, meant, openOf, refundFor, refundOf, takeGoods } from "./rules.ts";

const line = (no: number, quantity: number, totalMinor: number): OrderLine => ({
  ...{ line: no, sku: `s${no}`, quantity, totalMinor, shipped: 0, cancelled: 0, returned: 0 },
});
const orderOf = (lines: readonly OrderLine[], parts: readonly OrderPart[]): Order => ({
  ...{
    orderId: "o",
    origin: "hub",
    state: "placed",
    personId: null,
    cartId: null,
    channel: "web",
    placeId: null,
  },
  ...{ currency: "USD" as Currency, refundedMinor: 0, version: 1, placedMs: 0, priced: [] },
  ...{ lines, parts, totalMinor: lines.reduce((sum, one) => sum + one.totalMinor, 0) },
});
const part = (placeId: string, sku: string, quantity: number, forSku = sku): OrderPart => {
  return { placeId, forSku, sku, quantity, left: quantity };
};

test("whatever is called off and comes back, in whatever steps, all of it together is exactly what was paid", () => {
  const steps = fc.array(
    fc.tuple(fc.constantFrom("cancelled", "shipped", "returned"), fc.integer({ min: 1, max: 5 })),
  );
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 0, max: 100_000 }),
      steps,
      (quantity, paid, todo) => {
        let order = orderOf([line(1, quantity, paid)], []);
        let back = 0;
        const act = (what: "cancelled" | "shipped" | "returned", most: number) => {
          const by = [{ line: 1, quantity: Math.min(most, openOf(order.lines[0]!, what)) }];
          if (by[0]!.quantity === 0) return;
          if (what !== "shipped") back += refundOf(order, by);
          order = count(order, what, by);
          assert.ok(back <= paid);
        };
        for (const [what, most] of todo) act(what, most);
        act("cancelled", quantity);
        act("returned", quantity);
        assert.equal(back, paid);
        assert.ok(["cancelled", "returned"].includes(order.state));
      },
    ),
  );
});

test("three pieces for 10.00 go back as 3.33, 3.33 and 3.34", () => {
  const paid = line(1, 3, 1_000);
  const shares = [0, 1, 2].map((returned) => refundFor({ ...paid, shipped: 3, returned }, 1));
  assert.deepEqual(shares, [333, 333, 334]);
});

test("goods are taken where they are; a bundle takes all its parts in proportion, or nothing", () => {
  const parts = [
    part("A", "s1", 2),
    part("B", "s1", 1),
    part("A", "cup", 4, "s2"),
    part("A", "plate", 2, "s2"),
  ];
  const order = orderOf([line(1, 3, 300), line(2, 2, 500)], parts);
  const taken = takeGoods(order, [{ line: 1, quantity: 3 }, { line: 2, quantity: 1 }], undefined); // biome-ignore format: one idea
  assert.ok(taken.ok);
  assert.deepEqual(
    taken.value.taken.map(({ placeId, sku, quantity }) => `${quantity} ${sku} ${placeId}`),
    ["2 s1 A", "1 s1 B", "2 cup A", "1 plate A"],
  );
  assert.deepEqual(
    taken.value.parts.map(({ left }) => left),
    [0, 0, 2, 1],
  );
  assert.equal(takeGoods(order, [{ line: 1, quantity: 3 }], "A").ok, false, "only two of them are at A");
  assert.deepEqual(leavingFrom(order, "A"), [
    { line: 1, quantity: 2 },
    { line: 2, quantity: 2 },
  ]);
  assert.deepEqual(leavingFrom(order, "B"), [{ line: 1, quantity: 1 }]);
  const twice = orderOf([line(1, 2, 200), { ...line(2, 3, 300), sku: "s1" }], [part("A", "s1", 4), part("B", "s1", 1)]); // biome-ignore format: one idea
  assert.deepEqual(
    leavingFrom(twice, "A").map(({ quantity }) => quantity),
    [2, 2],
    "all lines of an item leave at once",
  );
});

test("a line named twice counts together, and more than is open is refused with what there is", () => {
  const order = orderOf([line(1, 3, 300)], []);
  const asked = [1, 3].map((quantity) => ({ line: 1, quantity }));
  const refused = meant(order, "shipped", asked);
  const told = { en: "line 1: 3", es: "línea 1: 3" };
  assert.deepEqual([refused.ok, !refused.ok && refused.detail], [false, told]);
  assert.equal(meant(order, "returned", [{ line: 1, quantity: 1 }]).ok, false, "nothing has left yet");
  assert.equal(meant(order, "shipped", [{ line: 9, quantity: 1 }]).ok, false);
});

/** What another system may tell of one order: twice, with other ids, and with things that contradict. */
const told: HeardEvent[] = [
  ["till", "1", "order.placed", 0, [2, 1]],
  ["shop", "77", "order.placed", 1, [2, 1]],
  ["till", "2", "order.updated", 2, [3, 1]],
  ["till", "3", "order.returned", 3, [1]],
  ["shop", "78", "order.returned", 4, [2]],
  ["till", "4", "order.returned", 5, [1]],
  ["till", "5", "order.cancelled", 6, []],
].map(([source, id, type, day, quantities], i) => {
  const lines = (quantities as number[]).map((quantity, n) => ({
    sku: `s${n}`,
    quantity,
    amountMinor: 100 * quantity,
  }));
  const totalMinor = lines.reduce((sum, one) => sum + one.amountMinor, 0);
  const returnId = i < 5 ? "r-1" : `r-${i}`;
  const data = { orderId: "o-1", currency: "USD", totalMinor, lines, returnId };
  const who = { personId: null, channel: "pos", store: "A" };
  return { ...who, source, id, type, timeMs: (day as number) * dayMs, data } as HeardEvent;
});

test("10,000 sequences in which an order, its return and its cancellation may arrive end in the same order (B5)", () => {
  const acts = told.map((event) => actOf(event)!);
  const drawn = fc
    .subarray([...acts.keys()], { minLength: 1 })
    .chain((some) => fc.tuple(fc.constant(some), fc.shuffledSubarray(some, { minLength: some.length })))
    .chain(([some, order]) => fc.tuple(fc.constant(some), fc.constant(order), fc.subarray(some)));
  fc.assert(
    fc.property(drawn, ([some, order, repeats]) => {
      const kept = new Map<string, Act>();
      for (const i of [...order, ...repeats]) {
        const act = acts[i]!;
        if (!kept.has(act.actId)) kept.set(act.actId, act);
      }
      const inOrder = new Map<string, Act>();
      for (const i of some) if (!inOrder.has(acts[i]!.actId)) inOrder.set(acts[i]!.actId, acts[i]!);
      const given = foldOutside([...kept.values()]);
      const straight = foldOutside([...inOrder.values()]);
      const shown = (one: Order | null) => one && { ...one, lines: one.lines.map((each) => ({ ...each })) };
      assert.deepEqual(shown(given), shown(straight));
      const isPlaced = some.some((i) => acts[i]!.kind === "placed");
      assert.equal(given === null, !isPlaced, "until it is placed, the rest waits");
    }),
    { numRuns: 10_000 },
  );
});

test("another system's order is what was told of it: returns once by their id, never more than there was", () => {
  const states = told.map((_, i) => {
    const order = foldOutside(told.slice(0, i + 1).map((event) => actOf(event)!));
    return `${order!.state} ${order!.totalMinor} ${order!.refundedMinor}`;
  });
  assert.deepEqual(states, [
    "shipped 300 0",
    "shipped 300 0",
    "shipped 400 0",
    "partly_returned 400 100",
    "partly_returned 400 100",
    "partly_returned 400 200",
    "cancelled 400 400",
  ]);
});
