import { limits } from "@trato/base";
import { linesOf, minorOf, textOf } from "@trato/contract";
import { type KeptEvent, ownSource } from "../events/index.ts";
import type { Slice } from "../people/index.ts";
import { addPieces, buy, forgetOldest, giveBack, sumLines, unbuy } from "./bought.ts";
import { addToCart, markTold, replaceCart, takeBought, takeFromCart, touchCart } from "./cart.ts";
import type { OrdersState, RememberedOrder } from "./state.ts";

type Fold = (state: OrdersState, event: KeptEvent) => void;

const folds: ReadonlyMap<string, Fold> = new Map<string, Fold>([
  ["cart.updated", replaceCart],
  ["cart.item_added", addToCart],
  ["cart.item_removed", takeFromCart],
  ["checkout.started", (state, event) => touchCart(state, event.timeMs)],
  ["order.placed", place],
  ["order.updated", update],
  ["order.returned", takeReturn],
  ["order.cancelled", cancel],
  ["moment.found", markTold],
]);

/** An event of these makes a cart one that was touched then, and no cart one that was touched before. */
const cartTypes = new Set(["cart.updated", "cart.item_added", "cart.item_removed", "checkout.started"]);

/** Slice "orders": the cart, what was bought and how often, what was spent; the same in every channel. */
export const ordersSlice: Slice<OrdersState> = {
  name: "orders",
  version: 3,
  hears: (type) => folds.has(type),
  start: () => ({ cart: null, bought: [], lastOrder: null, orders: 0, spentMinor: {}, remembered: [] }),
  fold: (state, event) => folds.get(event.type)?.(state, event),
  wakeAtMs: ({ cart }) => (cart === null || cart.told ? null : cart.changedMs + limits.cartIdleMs),
  wakesNotBeforeMs: ({ type, timeMs }) =>
    cartTypes.has(type) ? timeMs + limits.cartIdleMs : Number.NEGATIVE_INFINITY,
};

/** An order heard of twice, such as from the shop and from the till's system, counts once while it is remembered. */
function place(state: OrdersState, event: KeptEvent): void {
  const orderId = textOf(event.data, "orderId");
  const lines = sumLines(linesOf(event.data).slice(0, limits.linesPerOrderMax));
  if (orderId !== null && state.remembered.some((order) => order.orderId === orderId)) {
    // Another system's clock may run ahead: its echo comes first, and only the hub knows which cart was bought.
    if (event.source === ownSource) takeBought(state, lines, event.timeMs);
    return;
  }
  const currency = textOf(event.data, "currency", 3) ?? "";
  const totalMinor = minorOf(event.data, "totalMinor") ?? 0;
  const order: RememberedOrder = {
    orderId: orderId ?? "",
    timeMs: event.timeMs,
    currency,
    totalMinor,
    lines: [],
  };
  let isNew = false;
  for (const [i, line] of lines.entries()) {
    const beforeMs = buy(state, line, event.timeMs);
    if (beforeMs === null) isNew = true;
    if (i < limits.orderLinesRemembered) order.lines.push({ ...line, beforeMs });
  }
  if (isNew) forgetOldest(state);
  spend(state, currency, totalMinor);
  state.orders += 1;
  if (lines.length > 0) {
    state.lastOrder = {
      timeMs: event.timeMs,
      skus: lines.slice(0, limits.cartLinesMax).map((line) => line.sku),
    };
  }
  takeBought(state, lines, event.timeMs);
  if (orderId === null) return;
  state.remembered.push(order);
  if (state.remembered.length > limits.ordersRemembered) state.remembered.shift();
}

/** A remembered order as it is now: what is less was given back, what is more was bought, and the money follows. */
function update(state: OrdersState, event: KeptEvent): void {
  const orderId = textOf(event.data, "orderId");
  const order = state.remembered.find((one) => one.orderId === orderId);
  if (order === undefined) return;
  const lines = sumLines(linesOf(event.data).slice(0, limits.orderLinesRemembered));
  const now = new Map(lines.map(({ sku, quantity }) => [sku, quantity]));
  for (const line of order.lines) {
    const less = line.quantity - (now.get(line.sku) ?? 0);
    if (less > 0) giveBack(state, { sku: line.sku, quantity: less });
    line.quantity -= Math.max(0, less);
  }
  for (const { sku, quantity } of lines) {
    const known = order.lines.find((line) => line.sku === sku);
    if (known === undefined)
      order.lines.push({ sku, quantity, beforeMs: buy(state, { sku, quantity }, event.timeMs) });
    else if (quantity > known.quantity) {
      addPieces(state, { sku, quantity: quantity - known.quantity });
      known.quantity = quantity;
    }
  }
  forgetOldest(state);
  const totalMinor = minorOf(event.data, "totalMinor") ?? order.totalMinor;
  spend(state, order.currency, totalMinor - order.totalMinor);
  order.totalMinor = totalMinor;
}

/** Fewer pieces and less spent, whatever sign the sender gives its amounts; the purchase stays in the rhythm. */
function takeReturn(state: OrdersState, event: KeptEvent): void {
  for (const line of linesOf(event.data)) giveBack(state, line);
  const totalMinor = minorOf(event.data, "totalMinor") ?? 0;
  spend(state, textOf(event.data, "currency", 3) ?? "", -Math.abs(totalMinor));
}

/** Takes a remembered order back, with all that came of it. An older or unknown one changes nothing. */
function cancel(state: OrdersState, event: KeptEvent): void {
  const orderId = textOf(event.data, "orderId");
  const at = state.remembered.findIndex((order) => order.orderId === orderId);
  const order = state.remembered[at];
  if (order === undefined) return;
  for (const line of order.lines) unbuy(state, line, order);
  spend(state, order.currency, -order.totalMinor);
  state.orders -= 1;
  state.remembered.splice(at, 1);
  if (state.lastOrder?.timeMs !== order.timeMs) return;
  const before = state.remembered[at - 1];
  state.lastOrder =
    before === undefined ? null : { timeMs: before.timeMs, skus: before.lines.map(({ sku }) => sku) };
}

/** Adds to what was spent in a currency; the first `limits.currenciesKept` currencies are kept. */
function spend(state: OrdersState, currency: string, minor: number): void {
  const { spentMinor } = state;
  const known = Object.hasOwn(spentMinor, currency);
  if (currency === "" || minor === 0) return;
  if (!known && Object.keys(spentMinor).length >= limits.currenciesKept) return;
  const sum = (known ? spentMinor[currency]! : 0) + minor;
  spentMinor[currency] = Math.max(Number.MIN_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, sum));
}
