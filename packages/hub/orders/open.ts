import type { Clock, PersonId } from "@trato/base";
import { ok, type Result, refuse } from "@trato/contract";
import type { Consumer } from "../events/index.ts";
import { keepSecret, type Log, type Pass, type Queries, type Route } from "../platform/index.ts";
import { type CartNeeds, cartRoutes, createCarts, ownCartRoutes } from "./carts/index.ts";
import { createOrders, type OrderNeeds, orderRoutes } from "./placed/index.ts";

export type OpenOrdersNeeds = Omit<CartNeeds & OrderNeeds, "tokenSecret"> & {
  readonly clock: Clock;
  readonly log: Log;
};

export type OrdersRoom = {
  readonly routes: readonly Route[];
  /** Begins to hear what other systems tell of their orders. */
  startConsumer(): Promise<Consumer>;
  /** What whoever shows a cart's token may follow: the changes of the cart it leads to. */
  passOf(token: string): Promise<Result<Pass, "cart_unknown">>;
  /** Forgets people in the transaction that erases them; returns how many rows were deleted or changed. */
  erase(tx: Queries, members: readonly PersonId[]): Promise<number>;
  /** Deletes carts whose time is over; returns how many. */
  prune(): Promise<number>;
};

/** The orders room: one cart for a person in every channel, the orders they become, and what becomes of those. */
export async function openOrders(given: OpenOrdersNeeds): Promise<OrdersRoom> {
  const { clock, log, database } = given;
  const tokenSecret = await keepSecret(database, "orders.cart_tokens");
  const needs = { ...given, tokenSecret, nowMs: () => clock.nowMs() };
  const carts = createCarts(needs);
  const orders = createOrders(needs);
  return {
    routes: [
      ...cartRoutes({ ...needs, carts }),
      ...ownCartRoutes({ ...needs, carts }),
      ...orderRoutes({ needs, orders }),
    ],
    startConsumer: () => orders.startConsumer(log),
    async passOf(token) {
      const cartId = await carts.idOf({ token });
      const found = cartId === undefined ? refuse("cart_unknown") : await carts.find(cartId, clock.nowMs());
      return found.ok ? ok({ topic: "cart.changed", key: found.value.cart.cartId }) : found;
    },
    erase: async (tx, members) =>
      (await carts.erase(tx, members, clock.nowMs())) + (await orders.erase(tx, members)),
    prune: () => carts.prune(clock.nowMs()),
  };
}
