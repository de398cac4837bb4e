import { type Currency, type PersonId, uuid7 } from "@trato/base";
import { ok, type Result, refuse } from "@trato/contract";
import type { Cart, CartContext } from "./cart.ts";
import { makeCode } from "./code.ts";
import { type Desk, type Work, workOf } from "./desk.ts";
import type { Who } from "./needs.ts";
import { become, contextOf, isOpen, mergeCarts, touch } from "./rules.ts";

export type OpenCommand = {
  readonly kind: "open";
  /** The id of the cart, if one has to be made. */
  readonly cartId: string;
  readonly who: Who | null;
  readonly context: CartContext;
};
export type SignInCommand = {
  readonly kind: "sign_in";
  readonly cartId: string;
  readonly who: Who;
  readonly context: CartContext;
};

/** Finds the open cart of a person, or makes one. People who became one may have two: those are merged here. */
export function openOne(desk: Desk, { cartId, who, context }: OpenCommand): Result<Work> {
  const theirs = who === null ? undefined : theirCart(desk, who);
  if (theirs !== undefined) return ok(settleIn(desk, theirs, context));
  const missing = (["channel", "currency"] as const).filter((name) => context[name] === undefined);
  if (missing.length > 0) {
    const errors = missing.map((name) => ({
      pointer: `/body/${name}`,
      detail: { en: `add ${name}: a cart is made`, es: `agregue ${name}: se crea un carrito` },
    }));
    return refuse("request_invalid", { errors });
  }
  const cart = touch(emptyCart(cartId, who?.personId ?? null, context), desk.nowMs);
  const work: Work = { before: undefined, cart, priced: undefined, said: [] };
  desk.works.set(cartId, work);
  return ok(work);
}

function emptyCart(cartId: string, personId: PersonId | null, context: CartContext): Cart {
  return {
    ...{ cartId, code: makeCode(randomBytes), state: "open", personId, version: 0, expiresMs: 0 },
    ...{ mergedInto: null, orderId: null, placeId: context.placeId ?? null, groups: context.groups ?? [] },
    ...{ channel: context.channel!, currency: context.currency as Currency },
    ...{ lines: [], held: [], heldUntilMs: 0, changedMs: 0 },
  };
}

/** The random part of ids, which are pooled. */
const randomBytes = (count: number): Uint8Array => {
  const bytes = new Uint8Array(count);
  return crypto.getRandomValues(bytes);
};

/** The one open cart of a person. Older ones come first; what else there is is merged into it. */
function theirCart(desk: Desk, { members }: Who): Work | undefined {
  const open: Work[] = [];
  for (const work of desk.works.values()) {
    const { cart } = work;
    if (cart.state !== "open" || cart.personId === null || !members.includes(cart.personId)) continue;
    if (isOpen(cart, desk.nowMs)) open.push(work);
    else work.cart = become(cart, "expired");
  }
  open.sort((a, b) => (a.cart.cartId < b.cart.cartId ? -1 : 1));
  const [first, ...others] = open;
  for (const other of others) mergeInto(desk, first!, other);
  return first;
}

function mergeInto(desk: Desk, into: Work, from: Work): boolean {
  const merged = mergeCarts(into.cart, from.cart, desk.nowMs);
  if (!merged.ok) return false;
  into.cart = merged.value.into;
  from.cart = merged.value.from;
  sayWhole(into);
  // What the log knows of a cart of nobody would stay open there for ever.
  if (from.cart.personId === null && from.cart.lines.length > 0) sayWhole(from, { ...from.cart, lines: [] });
  return true;
}

/** Gives a cart to a person, or puts it into the one they have. */
export function signInOne(
  desk: Desk,
  { cartId, who, context }: SignInCommand,
): Result<Work, "cart_unknown" | "cart_closed" | "cart_of_another" | "cart_full"> {
  const work = workOf(desk, cartId);
  if (work === undefined) return refuse("cart_unknown");
  if (work.cart.state === "ordered") return refuse("cart_closed");
  if (!isOpen(work.cart, desk.nowMs)) return refuse("cart_unknown");
  const { personId } = work.cart;
  if (personId !== null && !who.members.includes(personId)) return refuse("cart_of_another");
  const theirs = theirCart(desk, who);
  if (theirs === undefined) {
    work.cart = touch({ ...work.cart, personId: who.personId }, desk.nowMs);
    if (work.cart.lines.length > 0) sayWhole(work);
    return ok(settleIn(desk, work, context));
  }
  const isTheirs = workOf(desk, cartId) === theirs;
  if (!isTheirs && !mergeInto(desk, theirs, work)) return refuse("cart_full");
  return ok(settleIn(desk, theirs, context));
}

/** The cart goes on where the shopper is now. */
function settleIn(desk: Desk, work: Work, context: CartContext): Work {
  const moved = contextOf(context);
  const isSame = Object.entries(moved).every(
    ([name, value]) => JSON.stringify(work.cart[name as keyof Cart]) === JSON.stringify(value),
  );
  if (isSame) return work;
  work.cart = touch({ ...work.cart, ...moved }, desk.nowMs);
  if (work.cart.lines.length > 0) sayWhole(work);
  return work;
}

/** The whole cart as it is now: what the same transaction said of it before need not be said any more. */
function sayWhole(work: Work, cart = work.cart): void {
  work.said.splice(0, work.said.length, { cart, deltas: "whole" });
}

export const newCartId = (nowMs: number): string => uuid7(nowMs);
