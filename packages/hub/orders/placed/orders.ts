import { limits, type PersonId } from "@trato/base";
import { type OrderAnswer, ok, type Refusal, type Result, refuse } from "@trato/contract";
import { type Consumer, startConsumer } from "../../events/index.ts";
import {
  type Acted,
  type Asked,
  actOnce,
  answerOf,
  coalesce,
  halving,
  type Log,
  type Outcome,
  type Queries,
} from "../../platform/index.ts";
import type { CartNeeds } from "../carts/index.ts";
import { orderAnswerOf } from "./answer.ts";
import { eraseOrdersOf } from "./erase-store.ts";
import type { OrderNeeds } from "./needs.ts";
import { heardTypes } from "./outside.ts";
import { BeginWithout, type PlaceCommand, placeOrders } from "./place.ts";
import { hear } from "./reactions.ts";
import { unpaidOf } from "./rules.ts";
import { listOrders, readActs, readOrders } from "./store.ts";

const lanes = 2;

export type Orders = ReturnType<typeof createOrders>;

/** Orders: placed from carts, and what becomes of them. Those placed at the same moment are one transaction. */
export function createOrders(needs: OrderNeeds & CartNeeds & { readonly nowMs: () => number }) {
  const { database } = needs;
  const place = coalesce<Asked<PlaceCommand>, Outcome<Acted<OrderAnswer>>>({
    mostPerRun: limits.ordersPerTransactionMax,
    waitingMax: limits.cartsWaitingMax,
    lanes,
    run: (batch) => halving(batch, (part) => placeTogether(needs, part)),
  });
  return {
    async place(asked: Asked<PlaceCommand>): Promise<Acted<OrderAnswer>> {
      const acted = answerOf(await place(asked));
      if (acted.ok) needs.payments.wake();
      return acted;
    },
    async read(orderId: string): Promise<Result<OrderAnswer, "order_unknown">> {
      const [order] = await readOrders(database, [orderId]);
      if (order === undefined) return refuse("order_unknown");
      const voidedMinor = order.origin === "hub" ? await needs.payments.voidedMinor(database, orderId) : 0;
      const unpaidMinor = unpaidOf(order, voidedMinor);
      return ok({ ...orderAnswerOf(order), ...(unpaidMinor === 0 ? {} : { unpaidMinor }) });
    },
    async why(orderId: string) {
      const [order] = await readOrders(database, [orderId]);
      if (order === undefined) return refuse("order_unknown");
      const acts = (await readActs(database, [orderId])).slice(0, limits.orderActsMax);
      return ok({
        orderId,
        priced: order.priced.length === 0 ? null : order.priced,
        tenders: order.origin === "hub" ? await needs.payments.why(database, orderId) : null,
        acts: acts.map(({ actId, kind, atMs, refundMinor, told }) => {
          return { actId, kind, at: new Date(atMs).toISOString(), refundMinor, told };
        }),
      });
    },
    list: async (page: Parameters<typeof listOrders>[1]): Promise<OrderAnswer[]> =>
      (await listOrders(database, page)).map(orderAnswerOf),
    /** Hears what other systems tell of their orders. Any number of hubs may: one at a time reads on. */
    startConsumer: (log: Log): Promise<Consumer> =>
      startConsumer({
        name: "orders",
        types: heardTypes,
        database,
        log,
        hear,
      }),
    /** The hub's own orders stay, without a person; what other systems told of theirs goes. */
    erase: (tx: Queries, members: readonly PersonId[]): Promise<number> => eraseOrdersOf(tx, members),
  };
}

/** One transaction for all; when some are refused late, it begins again without them. */
async function placeTogether(
  needs: OrderNeeds & CartNeeds & { readonly nowMs: () => number },
  batch: readonly Asked<PlaceCommand>[],
): Promise<readonly Acted<OrderAnswer>[]> {
  const refused = new Map<PlaceCommand, Refusal>();
  for (;;) {
    try {
      return await needs.database.transaction((tx) =>
        actOnce(tx, batch, 201, (commands) =>
          placeOrders(needs, tx, commands, { nowMs: needs.nowMs(), refused }),
        ),
      );
    } catch (cause) {
      if (!(cause instanceof BeginWithout)) throw cause;
      for (const [command, refusal] of cause.refused) refused.set(command, refusal);
    }
  }
}
