import assert from "node:assert/strict";
import { type Clock, fakeClock } from "@trato/base";
import type { CartAnswer, OrderAnswer } from "@trato/contract";
import { type Answer, ask, type HubAt, type More } from "../../testing/ask.ts";
import type { TestDatabase } from "../../testing/database.ts";
import { testHub } from "../../testing/hub.ts";
import type { OrdersState } from "../state.ts";

export const today = Date.UTC(2026, 10, 22, 15);

export type OrdersShop = Awaited<ReturnType<typeof openOrdersShop>>;
type Problem = { readonly code: string; readonly detail?: string };

const place = (placeId: string, priority: number) => {
  const where = { country: "EC", timezone: "America/Guayaquil" };
  return { placeId, kind: "store", name: placeId, ...where, channels: ["pos", "web", "app"], priority };
};
const item = (sku: string, priceMinor: number, more: object = {}) => {
  return { sku, title: sku, category: "goods", priceMinor, currency: "USD", ...more };
};

/** What the shop sells: two ordinary items, a bundle of both, and a service that needs no stock. */
export const skus = ["coffee", "filter", "breakfast", "repair"] as const;
const items = [
  item("coffee", 599),
  item("filter", 210),
  item("breakfast", 750, {
    parts: [
      { sku: "coffee", quantity: 1 },
      { sku: "filter", quantity: 2 },
    ],
  }),
  item("repair", 2_000, { kind: "service" }),
];

/** Two stores with stock, over the whole hub: tests ask it as a channel would. */
export async function openOrdersShop(
  options: {
    clock?: Clock;
    database?: TestDatabase;
    onHand?: number;
    stripe?: NonNullable<Parameters<typeof testHub>[0]>["stripe"];
  } = {},
) {
  const clock = options.clock === undefined ? fakeClock(today) : options.clock;
  const hub = await testHub({
    clock,
    ...(options.database === undefined ? {} : { database: options.database }),
    ...(options.stripe === undefined ? {} : { stripe: options.stripe }),
  });
  const calls = shopAt(hub);
  await calls.done("PUT", "/v1/places", { places: [place("A", 10), place("B", 20)] });
  await calls.done("PUT", "/v1/items", { items });
  /** Says how many of each item are at a place, a second later. */
  const count = async (placeId: string, counts: Readonly<Record<string, number>>): Promise<void> => {
    if ("advance" in clock) (clock as ReturnType<typeof fakeClock>).advance(1_000);
    const countedAt = new Date(clock.nowMs()).toISOString();
    const rows = Object.entries(counts).map(([sku, onHand]) => ({ sku, placeId, onHand, countedAt }));
    await calls.done("PUT", "/v1/stock", { levels: rows });
  };
  const onHand = options.onHand ?? 1_000;
  for (const placeId of ["A", "B"]) await count(placeId, { coffee: onHand, filter: onHand });
  const parts = { count, clock: clock as ReturnType<typeof fakeClock>, hub, stop: () => hub.stop() };
  return Object.assign(calls, parts);
}

/** The calls of a channel, at any hub. */
export function shopAt(at: HubAt) {
  const done = async <Body>(method: "GET" | "POST" | "PUT", path: string, body?: unknown): Promise<Body> => {
    const answer = await ask<Body>(at, method, path, body);
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.text}`);
    return answer.body;
  };
  return {
    at,
    done,
    ask: <Body = Problem>(
      method: "GET" | "POST" | "PUT",
      path: string,
      body?: unknown,
      more?: More,
    ): Promise<Answer<Body>> => ask<Body>(at, method, path, body, more),
    open: (body: object = {}): Promise<CartAnswer> =>
      done("POST", "/v1/carts", { channel: "web", placeId: "A", currency: "USD", ...body }),
    change: (
      cartId: string,
      changes: readonly object[],
      more: object = {},
    ): Promise<Answer<CartAnswer & Problem>> =>
      ask(at, "POST", `/v1/carts/${cartId}/changes`, { changes, ...more }),
    cart: (cartId: string): Promise<CartAnswer> => done("GET", `/v1/carts/${cartId}`),
    order: (orderId: string): Promise<OrderAnswer> =>
      done("GET", `/v1/orders/${encodeURIComponent(orderId)}`),
    /** Buys a cart with cash for what it costs. */
    async buy(cartId: string, more: object = {}): Promise<Answer<OrderAnswer & Problem>> {
      const { totalMinor } = await done<CartAnswer>("GET", `/v1/carts/${cartId}`);
      const tenders = [{ kind: "cash", amountMinor: totalMinor, givenMinor: totalMinor }];
      return ask(at, "POST", `/v1/carts/${cartId}/order`, { tenders, ...more });
    },
  };
}

export const add = (sku: string, quantity = 1) => ({ do: "add", sku, quantity });
export const take = (sku: string, quantity = 1) => ({ do: "take", sku, quantity });
export const quantities = (cart: {
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
}): Record<string, number> => Object.fromEntries(cart.lines.map(({ sku, quantity }) => [sku, quantity]));

type Level = {
  readonly sku: string;
  readonly placeId: string;
  readonly onHand: number;
  readonly held: number;
  readonly allocated: number;
};

/** "coffee A 8/2/1": on hand, held and allocated, for each item and place that moved from `onHand`. */
export async function levels(shop: Pick<OrdersShop, "done">, sku: string): Promise<Record<string, string>> {
  const page = await shop.done<{ levels: readonly Level[] }>("GET", `/v1/stock?sku=${sku}`);
  return Object.fromEntries(
    page.levels.map(({ placeId, onHand, held, allocated }) => [placeId, `${onHand}/${held}/${allocated}`]),
  );
}

type Bought = { readonly [sku: string]: { readonly quantity: number } };
type Known = {
  readonly spentMinor: Readonly<Record<string, number>>;
  readonly orders: number;
  readonly bought: Bought;
  readonly cart: { readonly lines: Readonly<Record<string, number>> } | null;
};

/** What the profile of somebody says of their cart and orders. */
export async function profileOf(shop: Pick<OrdersShop, "done">, email: string): Promise<Known> {
  const path = `/v1/people?kind=email&value=${encodeURIComponent(email)}`;
  const { orders } = (await shop.done<{ slices: { orders: OrdersState } }>("GET", path)).slices;
  const bought = Object.fromEntries(orders.bought.map((one) => [one.sku, one]));
  const cart = orders.cart === null ? null : { lines: quantities(orders.cart) };
  return { spentMinor: orders.spentMinor, orders: orders.orders, bought, cart };
}
