import assert from "node:assert/strict";
import test from "node:test";
import { dayMs, type JsonObject, limits, minuteMs } from "@trato/base";
import fc from "fast-check";
import type { KeptEvent } from "../events/index.ts";
import { ordersSlice } from "./slice.ts";
import type { OrdersState } from "./state.ts";

const startMs = Date.UTC(2026, 0, 1, 10);

function event(type: string, timeMs: number, data: JsonObject): KeptEvent {
  const about = { channel: null, store: null, session: null, identities: [] };
  return { id: `${type}-${timeMs}`, source: "shop", type, timeMs, receivedAtMs: timeMs, ...about, data };
}

/** Reads "2 coffee, 1 filter" as lines. */
function linesOf(text: string): JsonObject[] {
  if (text === "-") return [];
  return text.split(", ").map((part) => {
    const [quantity, sku = ""] = part.split(" ");
    return { sku, quantity: Number(quantity), amountMinor: 100 * Number(quantity) };
  });
}

function written(pieces: readonly { readonly sku: string; readonly quantity: number }[]): string {
  const parts = pieces.map(({ sku, quantity }) => `${quantity} ${sku}`);
  return parts.length === 0 ? "-" : parts.join(", ");
}

const typeOf: Record<string, string> = {
  fills: "cart.updated",
  adds: "cart.item_added",
  removes: "cart.item_removed",
  buys: "order.placed",
  returns: "order.returned",
  cancels: "order.cancelled",
};

function dataOf(does: string, order: string, what: string): JsonObject {
  const lines = linesOf(what);
  if (does === "adds" || does === "removes") return { ...lines[0] };
  if (does === "fills") return { lines };
  if (does === "cancels") return { orderId: order };
  const totalMinor = lines.reduce((sum, line) => sum + Number(line["amountMinor"]), 0);
  return { orderId: order, currency: "USD", totalMinor, lines };
}

/** Tells a story, one event a day, and compares what the profile says after each. */
function tell(story: string): void {
  const [, ...rows] = story.trim().split("\n");
  const state = ordersSlice.start();
  for (const row of rows) {
    const [day = "", does = "", order = "", what = "", cart, has, spent, orders] = row.trim().split(/\s{2,}/);
    const timeMs = startMs + Number(day) * dayMs;
    ordersSlice.fold(state, event(typeOf[does]!, timeMs, dataOf(does, order, what)));
    const said = [
      written(state.cart?.lines ?? []),
      written(state.bought),
      state.spentMinor["USD"] ?? 0,
      state.orders,
    ];
    assert.deepEqual(said.map(String), [cart, has, spent, orders], `after: ${row.trim()}`);
  }
}

test("a cart is filled, changed and bought, and what was bought leaves it", () => {
  tell(`
    day  does     order  what                cart                has                 spent  orders
    1    adds     .      2 coffee            2 coffee            -                   0      0
    2    adds     .      1 filter            2 coffee, 1 filter  -                   0      0
    3    removes  .      1 coffee            1 coffee, 1 filter  -                   0      0
    4    adds     .      1 coffee            2 coffee, 1 filter  -                   0      0
    5    buys     A      2 coffee            1 filter            2 coffee            200    1
    6    fills    .      3 soap, 1 milk      3 soap, 1 milk      2 coffee            200    1
    7    fills    .      -                   -                   2 coffee            200    1
    8    removes  .      1 soap              -                   2 coffee            200    1`);
});

test("returns take pieces and money back, a cancelled order all of it, an unknown one nothing", () => {
  tell(`
    day  does     order  what                cart  has                 spent  orders
    1    buys     A      2 coffee            -     2 coffee            200    1
    2    buys     B      1 coffee, 1 filter  -     3 coffee, 1 filter  400    2
    3    buys     B      1 coffee, 1 filter  -     3 coffee, 1 filter  400    2
    4    returns  A      1 coffee            -     2 coffee, 1 filter  300    2
    5    cancels  B      -                   -     1 coffee            100    1
    6    cancels  B      -                   -     1 coffee            100    1
    7    cancels  Z      -                   -     1 coffee            100    1`);
});

test("a cancelled order leaves the rhythm as if it had not been placed", () => {
  const withIt = ordersSlice.start();
  const without = ordersSlice.start();
  for (const [day, order] of [
    [0, "A"],
    [30, "B"],
    [55, "C"],
  ] as const) {
    const placed = event("order.placed", startMs + day * dayMs, dataOf("buys", order, "1 coffee"));
    ordersSlice.fold(withIt, placed);
    if (order !== "C") ordersSlice.fold(without, placed);
  }
  ordersSlice.fold(withIt, event("order.cancelled", startMs + 56 * dayMs, { orderId: "C" }));
  const { sumLogDays, sumLogDays2, ...counted } = withIt.bought[0]!;
  const expected = without.bought[0]!;
  assert.ok(Math.abs(sumLogDays - expected.sumLogDays) < 1e-9);
  assert.ok(Math.abs(sumLogDays2 - expected.sumLogDays2) < 1e-9);
  assert.deepEqual({ ...expected, ...counted }, expected);
  assert.deepEqual(withIt.lastOrder, without.lastOrder);
});

test("a cart asks to be looked at half an hour after it was touched, until it is spoken of", () => {
  const state = ordersSlice.start();
  assert.equal(ordersSlice.wakeAtMs?.(state), null);
  ordersSlice.fold(state, event("cart.item_added", startMs, { sku: "coffee", quantity: 1 }));
  assert.equal(ordersSlice.wakeAtMs?.(state), startMs + 30 * minuteMs);
  ordersSlice.fold(state, event("checkout.started", startMs + minuteMs, {}));
  assert.equal(ordersSlice.wakeAtMs?.(state), startMs + 31 * minuteMs);

  const about = (changedMs: number) => ({ kind: "cart_left", evidence: { changedMs } });
  ordersSlice.fold(state, event("moment.found", startMs + 40 * minuteMs, about(startMs)));
  assert.notEqual(ordersSlice.wakeAtMs?.(state), null, "the moment was about an earlier state of the cart");
  ordersSlice.fold(state, event("moment.found", startMs + 41 * minuteMs, about(startMs + minuteMs)));
  assert.equal(ordersSlice.wakeAtMs?.(state), null);
  ordersSlice.fold(state, event("cart.item_added", startMs + dayMs, { sku: "filter", quantity: 1 }));
  assert.equal(ordersSlice.wakeAtMs?.(state), startMs + dayMs + 30 * minuteMs);
});

const sku = fc.constantFrom(
  "coffee",
  "7",
  "12",
  "constructor",
  "__proto__",
  "toString",
  "",
  "café",
  "x".repeat(101),
);
const quantity = fc.oneof(fc.constantFrom(0, -1, 0.1, 0.2, 1, 3), fc.double(), fc.string());
const lines = fc.array(fc.record({ sku, quantity }, { requiredKeys: [] }), { maxLength: 6 });
const orderId = fc.constantFrom("A", "B", "C", "__proto__");
const sensible = fc.record(
  {
    sku,
    quantity,
    lines,
    orderId,
    currency: fc.constantFrom("USD", "EUR", "__proto__"),
    totalMinor: fc.integer(),
  },
  { requiredKeys: [] },
);
const found = fc.record({
  kind: fc.constant("cart_left"),
  evidence: fc.record({ changedMs: fc.constant(startMs) }),
});
const anyData = fc.oneof({ weight: 8, arbitrary: sensible }, { weight: 1, arbitrary: found }, fc.object());
const types = [...Object.values(typeOf), "checkout.started", "moment.found", "order.paid"];
const anyEvent = fc
  .tuple(fc.constantFrom(...types), fc.nat({ max: 90 * 24 * 4 }), anyData)
  .map(([type, quarter, data]) =>
    event(type, startMs + quarter * 15 * minuteMs, JSON.parse(JSON.stringify(data))),
  );
const anyHistory = fc
  .array(anyEvent, { maxLength: 60 })
  .map((events) => events.sort((a, b) => a.timeMs - b.timeMs));

test("whatever happens, a profile written to disk and read again goes on the same, bit for bit", () => {
  fc.assert(
    fc.property(anyHistory, (events) => {
      const state = ordersSlice.start();
      let reread = ordersSlice.start();
      for (const one of events) {
        ordersSlice.fold(state, one);
        reread = JSON.parse(JSON.stringify(reread)) as OrdersState;
        ordersSlice.fold(reread, one);
        assert.equal(JSON.stringify(reread), JSON.stringify(state));
        assert.deepEqual(
          JSON.parse(JSON.stringify(state)),
          state,
          "nothing in it gets lost on the way to disk",
        );
        assert.equal(ordersSlice.wakeAtMs?.(reread), ordersSlice.wakeAtMs?.(state));
      }
    }),
    { numRuns: 300 },
  );
});

test("a wholesaler's thousand items stay within bounds, and those bought last are kept", () => {
  const state = ordersSlice.start();
  for (let order = 0; order < 10; order++) {
    const many = Array.from({ length: 500 }, (_, i) => ({ sku: `item-${order * 100 + i}`, quantity: 1 }));
    const data = { orderId: `o${order}`, currency: "USD", totalMinor: 1, lines: many };
    ordersSlice.fold(state, event("cart.updated", startMs + order * dayMs, { lines: many }));
    ordersSlice.fold(state, event("order.placed", startMs + order * dayMs + 1, data));
  }
  assert.equal(state.bought.length, limits.boughtItemsKept);
  assert.ok(state.bought.every((item) => item.lastMs === startMs + 9 * dayMs + 1));
  assert.equal(state.remembered.length, limits.ordersRemembered);
  assert.ok(JSON.stringify(state).length < 80_000);
});
