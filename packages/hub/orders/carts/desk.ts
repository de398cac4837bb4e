import { assert } from "@trato/base";
import type { PricedCart } from "../../catalog/index.ts";
import { BeginAgain, type Queries } from "../../platform/index.ts";
import type { Cart } from "./cart.ts";
import type { CartNeeds } from "./needs.ts";
import type { Said } from "./says.ts";
import { findOpenOf, insertCarts, lockCarts, updateCarts } from "./store.ts";

/** A cart that a transaction works on: as it was (undefined: it is new) and as it is to be. */
export type Work = {
  readonly before: Cart | undefined;
  cart: Cart;
  priced: PricedCart | undefined;
  readonly said: Said[];
};

/** The carts on the desk of one transaction, all of them locked. */
export type Desk = {
  readonly needs: CartNeeds;
  readonly tx: Queries;
  readonly nowMs: number;
  readonly works: Map<string, Work>;
};

/** Locks the carts of a batch: those it names, those of the people it names, and those they were merged into. */
export async function layOut(
  at: Pick<Desk, "needs" | "tx" | "nowMs">,
  asked: { readonly cartIds: readonly string[]; readonly members: readonly string[] },
): Promise<Desk> {
  const works = new Map<string, Work>();
  const theirs = await findOpenOf(at.tx, asked.members as Parameters<typeof findOpenOf>[1]);
  let wanted = [...new Set([...asked.cartIds, ...theirs])];
  while (wanted.length > 0) {
    const carts = await lockCarts(at.tx, wanted);
    for (const cart of carts) works.set(cart.cartId, { before: cart, cart, priced: undefined, said: [] });
    const next = carts.flatMap(({ mergedInto }) => (mergedInto === null ? [] : [mergedInto]));
    wanted = [...new Set(next)].filter((cartId) => !works.has(cartId));
  }
  return { ...at, works };
}

/** The cart that an id leads to, through those it was merged into. */
export function workOf(desk: Desk, cartId: string): Work | undefined {
  let work = desk.works.get(cartId);
  for (let steps = 0; work?.cart.mergedInto != null; steps++) {
    assert(steps < 1_000, "carts are not merged in a circle");
    work = desk.works.get(work.cart.mergedInto);
  }
  return work;
}

/** Writes what has changed. Begins again when somebody was faster. */
export async function putAway({ tx, works }: Desk): Promise<Work[]> {
  const changed = [...works.values()].filter(({ before, cart }) => before !== cart);
  const fresh = changed.filter(({ before }) => before === undefined).map(({ cart }) => cart);
  const known = changed.filter(({ before }) => before !== undefined).map(({ cart }) => cart);
  await updateCarts(tx, known);
  if ((await insertCarts(tx, fresh)) < fresh.length) {
    throw new BeginAgain("a code was taken, or the person was given a cart");
  }
  return changed;
}

/** What a cart costs at this instant; worked out once for each state of it. */
export function priceOf({ needs, nowMs }: Pick<Desk, "needs" | "nowMs">, cart: Cart): PricedCart {
  const { placeId, channel, currency, groups } = cart;
  const lines = cart.lines.map(({ sku, quantity }) => ({ lineId: sku, sku, quantity }));
  return needs.price({ lines, placeId, channel, currency, groups, atMs: nowMs });
}
