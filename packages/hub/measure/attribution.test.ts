import assert from "node:assert/strict";
import { test } from "node:test";
import { dayMs, hourMs } from "@trato/base";
import fc from "fast-check";
import { attributionMs, type Came, whatCame } from "./attribution.ts";
import type { Exposure, Facts, Heard, OrderEvent, Outcome } from "./facts.ts";

const day0 = Date.UTC(2026, 0, 1);
const january = { fromMs: day0, untilMs: day0 + 31 * dayMs };

let count = 0;
const heard = (day: number): Heard => ({
  personId: "ana",
  timeMs: day0 + day * dayMs,
  source: "shop",
  eventId: `e${++count}`,
});
const seen = (day: number, decisionId: string, key: string, sku: string | null = null): Exposure => ({
  ...heard(day),
  decisionId,
  key,
  sku,
});
const said = (day: number, decisionId: string, outcome: string, key: string | null = null): Outcome => ({
  ...heard(day),
  decisionId,
  key,
  outcome,
});
type About = Partial<OrderEvent> & { readonly kind: OrderEvent["kind"] };
const order = (day: number, orderId: string | null, totalMinor: number, about: About): OrderEvent => ({
  ...heard(day),
  orderId,
  returnId: null,
  currency: "USD",
  totalMinor,
  skus: [],
  ...about,
});
const placed = (day: number, orderId: string, totalMinor: number, ...skus: string[]) =>
  order(day, orderId, totalMinor, { kind: "placed", skus });
const returned = (day: number, orderId: string | null, totalMinor: number, returnId: string) =>
  order(day, orderId, totalMinor, { kind: "returned", returnId });
const cancelled = (day: number, orderId: string) => order(day, orderId, 0, { kind: "cancelled" });

const facts = (given: Partial<Facts>): Facts => ({ exposures: [], outcomes: [], orders: [], ...given });
const usd = (came: Came) => came.money.get("USD") ?? { orders: 0, revenueMinor: 0 };

test("an item converts when it is bought within seven days of being seen, and each line once", () => {
  const coffee = (day: number) => seen(day, `d${day}`, "item:COF", "COF");
  const cases: [what: string, exposures: Exposure[], orders: OrderEvent[], conversions: number][] = [
    ["seen, then bought", [coffee(1)], [placed(2, "1", 599, "COF")], 1],
    ["seen at the very moment", [coffee(1)], [placed(1, "1", 599, "COF")], 1],
    ["seen exactly seven days before", [coffee(1)], [placed(8, "1", 599, "COF")], 1],
    ["seen a little longer ago", [coffee(1)], [placed(8.01, "1", 599, "COF")], 0],
    ["seen after it was bought", [coffee(3)], [placed(2, "1", 599, "COF")], 0],
    ["another item was bought", [coffee(1)], [placed(2, "1", 599, "TEA")], 0],
    ["seen twice, bought once", [coffee(1), coffee(2)], [placed(3, "1", 599, "COF")], 1],
    ["seen once, bought in two orders", [coffee(1)], [placed(2, "1", 5, "COF"), placed(3, "2", 5, "COF")], 2],
    [
      "two items seen, both bought",
      [coffee(1), seen(1, "d", "item:TEA", "TEA")],
      [placed(2, "1", 9, "COF", "TEA")],
      2,
    ],
    ["an offer that shows the item", [seen(1, "d", "offer:b", "COF")], [placed(2, "1", 599, "COF")], 1],
    ["an offer about no item", [seen(1, "d", "offer:b")], [placed(2, "1", 599, "COF")], 0],
    ["bought and cancelled", [coffee(1)], [placed(2, "1", 599, "COF"), cancelled(3, "1")], 0],
    ["bought and brought back", [coffee(1)], [placed(2, "1", 599, "COF"), returned(3, "1", 599, "r")], 1],
    [
      "told by the till and by the shop",
      [coffee(1)],
      [placed(2, "1", 599, "COF"), placed(2.1, "1", 599, "COF")],
      1,
    ],
  ];
  for (const [what, exposures, orders, conversions] of cases) {
    assert.equal(whatCame(facts({ exposures, orders }), january).conversions, conversions, what);
  }
});

test("an outcome converts when it says accepted, bought or used, and not on top of the line it speaks of", () => {
  const shown = seen(1, "d1", "item:COF", "COF");
  const bought = placed(2, "1", 599, "COF");
  const cases: [what: string, outcomes: Outcome[], orders: OrderEvent[], conversions: number][] = [
    ["clicked only", [said(1, "d1", "clicked", "item:COF")], [], 0],
    ["dismissed", [said(1, "d1", "dismissed", "item:COF")], [], 0],
    ["accepted", [said(1, "d1", "accepted", "item:COF")], [], 1],
    ["accepted, then used", [said(1, "d1", "accepted", "offer:b"), said(2, "d1", "used", "offer:b")], [], 1],
    ["bought, as the order says too", [said(2, "d1", "bought", "item:COF")], [bought], 1],
    ["bought, no slot named, as the order says too", [said(2, "d1", "bought")], [bought], 1],
    ["one slot bought, another accepted", [said(2, "d1", "accepted", "offer:b")], [bought], 2],
    ["no slot named, and one that is", [said(1, "d1", "used"), said(2, "d1", "used", "offer:b")], [], 1],
    ["two decisions accepted", [said(1, "d1", "accepted"), said(2, "d2", "accepted")], [], 2],
  ];
  for (const [what, outcomes, orders, conversions] of cases) {
    const came = whatCame(facts({ exposures: [shown], outcomes, orders }), january);
    assert.equal(came.conversions, conversions, what);
  }
  const clicks = ["item:COF", "item:COF", "offer:b"].map((key) => said(1, "d1", "clicked", key));
  assert.equal(whatCame(facts({ outcomes: clicks }), january).clicks, 2);
});

test("revenue is what is left of the orders of the span after returns, cancellations and corrections", () => {
  const cases: [what: string, orders: OrderEvent[], orderCount: number, revenueMinor: number][] = [
    ["two orders", [placed(1, "1", 1_000), placed(2, "2", 500)], 2, 1_500],
    ["one of them cancelled", [placed(1, "1", 1_000), placed(2, "2", 500), cancelled(3, "2")], 1, 1_000],
    ["a part brought back", [placed(1, "1", 1_000), returned(2, "1", 300, "r")], 1, 700],
    ["a return with a minus sign is one too", [placed(1, "1", 1_000), returned(2, "1", -300, "r")], 1, 700],
    [
      "one return, told twice",
      [placed(1, "1", 1_000), returned(2, "1", 300, "r"), returned(3, "1", 300, "r")],
      1,
      700,
    ],
    ["brought back after the span", [placed(1, "1", 1_000), returned(40, "1", 300, "r")], 1, 700],
    ["more brought back than bought", [placed(1, "1", 1_000), returned(2, "1", 1_300, "r")], 1, 0],
    [
      "brought back and cancelled",
      [placed(1, "1", 1_000), returned(2, "1", 300, "r"), cancelled(3, "1")],
      0,
      0,
    ],
    ["a return of no order in particular", [placed(1, "1", 1_000), returned(2, null, 300, "r")], 1, 700],
    ["the same after the span", [placed(1, "1", 1_000), returned(40, null, 300, "r")], 1, 1_000],
    ["a return of an order nobody told of", [returned(2, "9", 300, "r")], 0, 0],
    ["an order before the span, returned within", [placed(-1, "1", 1_000), returned(2, "1", 300, "r")], 0, 0],
    ["an order at the end of the span", [placed(31, "1", 1_000)], 0, 0],
    ["told twice", [placed(1, "1", 1_000), placed(2, "1", 1_000)], 1, 1_000],
    ["corrected", [placed(1, "1", 1_000), order(2, "1", 600, { kind: "updated" })], 1, 600],
    [
      "corrected, and then brought back",
      [placed(1, "1", 1_000), order(2, "1", 600, { kind: "updated" }), returned(3, "1", 100, "r")],
      1,
      500,
    ],
    ["a correction of nothing", [order(2, "1", 600, { kind: "updated" })], 0, 0],
  ];
  for (const [what, orders, orderCount, revenueMinor] of cases) {
    assert.deepEqual(usd(whatCame(facts({ orders }), january)), { orders: orderCount, revenueMinor }, what);
  }
});

test("what was seen twice for one decision was seen once, and only what lies in the span counts", () => {
  const exposures = [
    seen(-1, "d0", "item:COF", "COF"),
    seen(1, "d1", "item:COF", "COF"),
    seen(1.2, "d1", "item:COF", "COF"),
    seen(2, "d1", "item:TEA", "TEA"),
    seen(3, "d2", "item:COF", "COF"),
    seen(31, "d3", "item:COF", "COF"),
  ];
  assert.equal(whatCame(facts({ exposures }), january).exposures, 3);
  const early = whatCame(facts({ exposures, orders: [placed(0.5, "1", 599, "COF")] }), january);
  assert.equal(early.conversions, 0, "what was seen before the first decision of the period has no credit");
});

/** Slow and obvious: for each line, look through all exposures for the newest that fits. */
function slowConversions(exposures: readonly Exposure[], orders: readonly OrderEvent[]): number {
  let conversions = 0;
  for (const one of orders) {
    const first = !orders.some((other) => other.orderId === one.orderId && isBefore(other, one));
    if (!first) continue;
    for (const sku of one.skus) {
      const fits = exposures.filter(
        (exposure) =>
          exposure.sku === sku &&
          exposure.timeMs <= one.timeMs &&
          exposure.timeMs >= one.timeMs - attributionMs,
      );
      if (fits.length > 0) conversions += 1;
    }
  }
  return conversions;
}
const isBefore = (a: Heard, b: Heard) =>
  a.timeMs < b.timeMs || (a.timeMs === b.timeMs && a.eventId < b.eventId);

const at = fc.integer({ min: 0, max: 30 * 24 - 1 }).map((hour) => (hour * hourMs) / dayMs);
const sku = fc.constantFrom("COF", "TEA", "SOAP");
const exposure = fc
  .tuple(at, sku, fc.integer({ min: 0, max: 3 }))
  .map(([day, one, decision]) => seen(day, `d${decision}`, `item:${one}`, one));
const orderEvent = fc
  .tuple(at, fc.integer({ min: 1, max: 6 }), fc.uniqueArray(sku), fc.integer({ min: 0, max: 3 }))
  .map(([day, id, skus, what]) => {
    if (what === 0) return returned(day, String(id), id * 10, `r${id}`);
    return placed(day, String(id), id * 100, ...skus);
  });

test("the same facts come to the same in any sequence and told twice, as the slow way says", () => {
  fc.assert(
    fc.property(
      fc.array(exposure, { maxLength: 30 }),
      fc.array(orderEvent, { maxLength: 20 }),
      fc.integer({ min: 1, max: 2 ** 31 }),
      (exposures, orders, seed) => {
        const came = whatCame(facts({ exposures, orders }), january);
        const mixed = <T>(all: readonly T[]) =>
          [...all, ...all]
            .map((one, i) => ({ one, at: (i * seed) % 101 }))
            .sort((a, b) => a.at - b.at)
            .map(({ one }) => one);
        assert.deepEqual(
          whatCame(facts({ exposures: mixed(exposures), orders: mixed(orders) }), january),
          came,
        );
        const placedOnly = orders.filter((one) => one.kind === "placed");
        assert.equal(came.conversions, slowConversions(exposures, placedOnly));
      },
    ),
    { numRuns: 300 },
  );
});
