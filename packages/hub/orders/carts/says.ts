import type { JsonObject } from "@trato/base";
import type { PricedCart } from "../../catalog/index.ts";
import { ownSource } from "../../events/index.ts";
import type { Change } from "../../platform/index.ts";
import type { Cart } from "./cart.ts";
import type { ToldEvent } from "./needs.ts";
import type { Deltas } from "./rules.ts";

/** What a command did, as the log will tell it: by item, or the whole cart as it is now. */
export type Said = { readonly cart: Cart; readonly deltas: Deltas | "whole" };

/** The events of what was said of a cart: of whoever it belongs to, or of nobody. */
export function eventsOf(said: Said, priced: PricedCart, receivedAtMs: number): ToldEvent[] {
  const { cart, deltas } = said;
  const { personId, cartId, currency, version } = cart;
  const event = (nth: number, type: string, data: JsonObject): ToldEvent => ({
    personId,
    event: {
      id: `cart/${cartId}/${version}/${nth}`,
      source: ownSource,
      type,
      timeMs: cart.changedMs,
      receivedAtMs,
      channel: cart.channel,
      store: cart.placeId,
      session: null,
      identities: [],
      data: { cartId, currency, ...data },
    },
  });
  if (deltas === "whole" || cart.lines.length === 0) {
    const lines = cart.lines.map(({ sku, quantity }) => ({ sku, quantity }));
    return [event(0, "cart.updated", { lines, totalMinor: lines.length === 0 ? 0 : priced.totalMinor })];
  }
  return [...deltas].map(([sku, by], nth) =>
    by > 0
      ? event(nth, "cart.item_added", { sku, quantity: by })
      : event(nth, "cart.item_removed", { sku, quantity: -by }),
  );
}

/** What subscribers hear of a cart: enough to show it without asking. */
export function changeOf(cart: Cart, priced: PricedCart): Change {
  const { cartId, state, version, channel, currency, orderId, mergedInto } = cart;
  const lines = cart.lines.map(({ sku, quantity }) => ({ sku, quantity }));
  const { totalMinor } = priced;
  return {
    topic: "cart.changed",
    key: cartId,
    place: cart.placeId,
    personId: cart.personId,
    data: { cartId, state, version, channel, currency, totalMinor, lines, orderId, mergedInto },
  };
}
