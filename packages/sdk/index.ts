import { callOf } from "./calls.ts";
import { createEvents, type EventsOptions } from "./events.ts";
import type { Connect } from "./request.ts";
import { type Following, followChanges, type Heard, type Wish } from "./stream.ts";

export type { Answer, Refused } from "./answer.ts";
export type { Events, EventsOptions } from "./events.ts";
export type { Connect } from "./request.ts";
export { memoryStore, type Store, webStore } from "./store.ts";
export type { Following, Heard, Wish } from "./stream.ts";
export type * from "./types.ts";

export type Trato = ReturnType<typeof createTrato>;

/**
 * A hub, as shops call it: from a page with a public key, from a server with a secret one. Calls give a value or a
 * refusal and never throw; those that got no answer are made again, and commands happen once all the same.
 */
export function createTrato(connect: Connect & { readonly events?: EventsOptions }) {
  if (typeof connect?.url !== "string" || typeof connect.key !== "string")
    throw new TypeError("createTrato needs the `url` of a hub and a `key`");
  const at: Connect = { ...connect, url: connect.url.replace(/\/+$/, "") };
  return {
    events: createEvents(at, connect.events),
    decisions: { make: callOf(at, "makeDecision"), why: callOf(at, "explainDecision") },
    stock: {
      levels: callOf(at, "listStock"),
      why: callOf(at, "explainStock"),
      places: callOf(at, "findPlaces"),
    },
    cart: {
      open: callOf(at, "openCart"),
      read: callOf(at, "readCart"),
      why: callOf(at, "explainCart"),
      change: callOf(at, "changeCart"),
      signIn: callOf(at, "signInCart"),
    },
    /** The cart of whoever shows its token: what a page may do with a public key. */
    ownCart: { open: callOf(at, "openOwnCart"), change: callOf(at, "changeOwnCart") },
    orders: {
      place: callOf(at, "placeOrder"),
      read: callOf(at, "readOrder"),
      list: callOf(at, "listOrders"),
      why: callOf(at, "explainOrder"),
      ship: callOf(at, "shipOrder"),
      cancel: callOf(at, "cancelOrder"),
      return: callOf(at, "returnOrder"),
    },
    /** Follows changes as they happen; give the last id of another time to go on from there. */
    follow: (wish: Wish, heard: Heard, after?: string): Following => followChanges(at, wish, heard, after),
  };
}
