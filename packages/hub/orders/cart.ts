import { isObject, limits } from "@trato/base";
import { linesOf, quantityOf, type ReadLine, skuOf } from "@trato/contract";
import type { KeptEvent } from "../events/index.ts";
import type { Cart, OrdersState } from "./state.ts";

/** Kilograms and pieces added and taken away again leave no crumbs of binary fractions. */
export function roundQuantity(quantity: number): number {
  return Math.round(quantity * 1e6) / 1e6;
}

/** The whole cart as the shop sees it; what it says replaces what was known. No lines empty the cart. */
export function replaceCart(state: OrdersState, event: KeptEvent): void {
  const lines: Cart["lines"] = [];
  for (const { sku, quantity } of linesOf(event.data)) {
    const line = lines.find((one) => one.sku === sku);
    if (line !== undefined) line.quantity = roundQuantity(line.quantity + quantity);
    else if (lines.length < limits.cartLinesMax) lines.push({ sku, quantity: roundQuantity(quantity) });
    else break;
  }
  state.cart = lines.length === 0 ? null : { lines, changedMs: event.timeMs, told: false };
}

export function addToCart(state: OrdersState, event: KeptEvent): void {
  const sku = skuOf(event.data);
  if (sku === null) return;
  const lines = state.cart?.lines ?? [];
  const quantity = quantityOf(event.data, 1);
  const line = lines.find((one) => one.sku === sku);
  if (line !== undefined) line.quantity = roundQuantity(line.quantity + quantity);
  else if (lines.length < limits.cartLinesMax) lines.push({ sku, quantity: roundQuantity(quantity) });
  else return;
  state.cart = { lines, changedMs: event.timeMs, told: false };
}

/** Takes pieces out; all of them when no quantity is said. */
export function takeFromCart(state: OrdersState, event: KeptEvent): void {
  const sku = skuOf(event.data);
  const lines = state.cart?.lines ?? [];
  const line = lines.find((one) => one.sku === sku);
  if (line === undefined) return;
  line.quantity = roundQuantity(line.quantity - quantityOf(event.data, Number.POSITIVE_INFINITY));
  if (line.quantity <= 0) lines.splice(lines.indexOf(line), 1);
  touchCart(state, event.timeMs);
}

/** What was bought is no longer in the cart, whichever channel it was bought in. */
export function takeBought(state: OrdersState, lines: readonly ReadLine[], timeMs: number): void {
  if (state.cart === null) return;
  const bought = new Set(lines.map(({ sku }) => sku));
  const left = state.cart.lines.filter(({ sku }) => !bought.has(sku));
  if (left.length === state.cart.lines.length) return;
  state.cart.lines = left;
  touchCart(state, timeMs);
}

/** The person is busy with the cart; an empty one is none. */
export function touchCart(state: OrdersState, timeMs: number): void {
  if (state.cart === null) return;
  const { lines } = state.cart;
  state.cart = lines.length === 0 ? null : { lines, changedMs: timeMs, told: false };
}

/** A moment was found for the cart as it was at `changedMs`; a cart changed since then is another one. */
export function markTold(state: OrdersState, event: KeptEvent): void {
  const { kind, evidence } = event.data;
  if (state.cart === null || kind !== "cart_left" || !isObject(evidence)) return;
  if (evidence["changedMs"] === state.cart.changedMs) state.cart.told = true;
}
