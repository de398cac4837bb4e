import { limits } from "@trato/base";
import { type CartChange, cartStates, mayBecome, ok, type Result, refuse } from "@trato/contract";
import type { Cart, CartContext, CartLine } from "./cart.ts";

/** By how much each item of a cart became more or less. */
export type Deltas = ReadonlyMap<string, number>;
export type Changed = { readonly cart: Cart; readonly deltas: Deltas };
export type ChangeAsked = {
  readonly changes: readonly CartChange[];
  readonly ifVersion: number | undefined;
  readonly context: CartContext;
  /** The most a line may grow to; `limits.cartQuantityMax` when left out. */
  readonly lineMax?: number;
  /** The decision that promised what is added: its unit goes into this cart. */
  readonly decisionId?: string | undefined;
};

/** True when the cart can be used at this instant. */
export const isOpen = (cart: Cart, nowMs: number): boolean => cart.state === "open" && cart.expiresMs > nowMs;

/**
 * Carries out the changes of one command, all of them or none. What counts from what is there commutes: whichever of
 * two channels comes first, the cart is the same.
 */
export function changeCart(
  cart: Cart,
  asked: ChangeAsked,
  nowMs: number,
): Result<Changed, "cart_closed" | "cart_changed" | "cart_full" | "cart_unknown"> {
  if (cart.state === "ordered") return refuse("cart_closed");
  if (!isOpen(cart, nowMs)) return refuse("cart_unknown");
  if (asked.ifVersion !== undefined && asked.ifVersion !== cart.version) {
    return refuse("cart_changed", {
      detail: {
        en: `It is at version ${cart.version} now.`,
        es: `Ahora está en la versión ${cart.version}.`,
      },
    });
  }
  const quantities = new Map(cart.lines.map(({ sku, quantity }) => [sku, quantity]));
  for (const change of asked.changes) {
    const full = carryOut(quantities, change, asked.lineMax ?? limits.cartQuantityMax);
    if (full !== undefined) return refuse("cart_full", { detail: full });
  }
  const lines = [...quantities].map(([sku, quantity]) => ({ sku, quantity }));
  if (lines.length > limits.cartLinesMax) {
    return refuse("cart_full", {
      detail: {
        en: `A cart has at most ${limits.cartLinesMax} different items.`,
        es: `Un carrito tiene a lo más ${limits.cartLinesMax} artículos distintos.`,
      },
    });
  }
  const changed = touch({ ...cart, ...contextOf(asked.context), lines }, nowMs);
  return ok({ cart: changed, deltas: deltasOf(cart.lines, lines) });
}

/** Carries out one change; says what is wrong when more is asked for than a line can hold. */
function carryOut(quantities: Map<string, number>, change: CartChange, lineMax: number): string | undefined {
  if (change.do === "empty") {
    quantities.clear();
    return undefined;
  }
  const before = quantities.get(change.sku) ?? 0;
  const by = change.do === "set" ? change.quantity - before : change.quantity;
  const after = change.do === "take" ? Math.max(0, before - by) : before + by;
  if (after > Math.max(before, lineMax)) return `A line holds at most ${lineMax}: ${change.sku}.`;
  if (after === 0) quantities.delete(change.sku);
  else quantities.set(change.sku, after);
  return undefined;
}

export function deltasOf(before: readonly CartLine[], after: readonly CartLine[]): Deltas {
  const deltas = new Map(after.map(({ sku, quantity }) => [sku, quantity]));
  for (const { sku, quantity } of before) {
    const by = (deltas.get(sku) ?? 0) - quantity;
    if (by === 0) deltas.delete(sku);
    else deltas.set(sku, by);
  }
  return deltas;
}

export const grows = (deltas: Deltas): boolean => [...deltas.values()].some((by) => by > 0);

/** What a command says of where the shopper is; what it leaves out stays. */
export function contextOf(context: CartContext): Partial<Cart> {
  return {
    ...(context.channel === undefined ? {} : { channel: context.channel }),
    ...(context.placeId === undefined ? {} : { placeId: context.placeId }),
    ...(context.currency === undefined ? {} : { currency: context.currency }),
    ...(context.groups === undefined ? {} : { groups: context.groups }),
  };
}

/**
 * One version on. Times of a cart only grow, whatever the clocks of two hubs say, so that its events fold in the order
 * in which they happened. When it expires is told in whole days: the row's index is seldom touched.
 */
export function touch(cart: Cart, nowMs: number): Cart {
  const dayMs = 86_400_000;
  const expiresMs = Math.ceil((nowMs + limits.cartKeptMs) / dayMs) * dayMs;
  return {
    ...cart,
    version: cart.version + 1,
    changedMs: Math.max(nowMs, cart.changedMs + 1),
    expiresMs: Math.max(cart.expiresMs, expiresMs),
  };
}

/**
 * Puts the lines of one cart into another. An item in both keeps the larger quantity: the join of a semilattice, so it
 * does not matter which cart comes first, or whether one is merged twice. Lines that no longer fit would be lost:
 * refused.
 */
export function mergeCarts(
  into: Cart,
  from: Cart,
  nowMs: number,
): Result<{ readonly into: Cart; readonly from: Cart }, "cart_full"> {
  const quantities = new Map(into.lines.map(({ sku, quantity }) => [sku, quantity]));
  for (const { sku, quantity } of from.lines) {
    quantities.set(sku, Math.max(quantity, quantities.get(sku) ?? 0));
  }
  if (quantities.size > limits.cartLinesMax) {
    return refuse("cart_full", {
      detail: {
        en: `Together they have more than ${limits.cartLinesMax} items.`,
        es: `Juntos tienen más de ${limits.cartLinesMax} artículos.`,
      },
    });
  }
  const lines = [...quantities].map(([sku, quantity]) => ({ sku, quantity }));
  return ok({
    into: touch({ ...into, lines }, nowMs),
    from: { ...become(touch(from, nowMs), "merged"), mergedInto: into.cartId, held: [], heldUntilMs: 0 },
  });
}

/** The cart in another state; a step that the table does not know is a bug. */
export function become(cart: Cart, to: Cart["state"]): Cart {
  if (!mayBecome(cartStates, { from: cart.state, to })) {
    throw new Error(`Invariant broken: a cart that is ${cart.state} does not become ${to}`);
  }
  return { ...cart, state: to };
}

/** The cart as bought: it takes no more changes. */
export function asOrdered(cart: Cart, orderId: string, nowMs: number): Cart {
  const ordered = { ...become(cart, "ordered"), orderId, held: [], heldUntilMs: 0 };
  return { ...ordered, version: cart.version + 1, changedMs: Math.max(nowMs, cart.changedMs + 1) };
}
