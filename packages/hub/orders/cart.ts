import { isObject, limits } from "@trato/base";
import { linesOf, quantityOf, type ReadLine, skuOf } from "@trato/contract";
import type { KeptEvent } from "../events/index.ts";
import type { OrdersState } from "./state.ts";

/** Kilograms and pieces added and taken away again leave no crumbs of binary fractions. */
export function roundQuantity(quantity: number): number {
  return Math.round(quantity * 1e6) / 1e6;
}

/** The whole cart as the shop sees it; what it says replaces what was known. No lines empty the cart. */
export function replaceCart(state: OrdersState, event: KeptEvent): void {
  const lines: { [sku: string]: number } = {};
  let count = 0;
  for (const { sku, quantity } of linesOf(event.data)) {
    const before = Object.hasOwn(lines, sku) ? lines[sku]! : 0;
    if (before === 0 && ++count > limits.cartLinesMax) break;
    lines[sku] = roundQuantity(before + quantity);
  }
  state.cart = count === 0 ? null : { lines, changedMs: event.timeMs, told: false };
}

export function addToCart(state: OrdersState, event: KeptEvent): void {
  const sku = skuOf(event.data);
  if (sku === null) return;
  const lines = state.cart?.lines ?? {};
  const inCart = Object.hasOwn(lines, sku);
  if (!inCart && Object.keys(lines).length >= limits.cartLinesMax) return;
  lines[sku] = roundQuantity((inCart ? lines[sku]! : 0) + quantityOf(event.data, 1));
  state.cart = { lines, changedMs: event.timeMs, told: false };
}

/** Takes pieces out; all of them when no quantity is said. */
export function takeFromCart(state: OrdersState, event: KeptEvent): void {
  const sku = skuOf(event.data);
  if (state.cart === null || sku === null || !Object.hasOwn(state.cart.lines, sku)) return;
  const { lines } = state.cart;
  const left = roundQuantity(lines[sku]! - quantityOf(event.data, Number.POSITIVE_INFINITY));
  if (left > 0) lines[sku] = left;
  else delete lines[sku];
  touchCart(state, event.timeMs);
}

/** What was bought is no longer in the cart, whichever channel it was bought in. */
export function takeBought(state: OrdersState, lines: readonly ReadLine[], timeMs: number): void {
  if (state.cart === null) return;
  const before = Object.keys(state.cart.lines).length;
  for (const { sku } of lines) {
    if (Object.hasOwn(state.cart.lines, sku)) delete state.cart.lines[sku];
  }
  if (Object.keys(state.cart.lines).length < before) touchCart(state, timeMs);
}

/** The person is busy with the cart; an empty one is none. */
export function touchCart(state: OrdersState, timeMs: number): void {
  if (state.cart === null) return;
  const { lines } = state.cart;
  state.cart = Object.keys(lines).length === 0 ? null : { lines, changedMs: timeMs, told: false };
}

/** A moment was found for the cart as it was at `changedMs`; a cart changed since then is another one. */
export function markTold(state: OrdersState, event: KeptEvent): void {
  const { kind, evidence } = event.data;
  if (state.cart === null || kind !== "cart_left" || !isObject(evidence)) return;
  if (evidence["changedMs"] === state.cart.changedMs) state.cart.told = true;
}
