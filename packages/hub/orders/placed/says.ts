import type { JsonObject } from "@trato/base";
import { ownSource } from "../../events/index.ts";
import type { Change } from "../../platform/index.ts";
import type { ToldEvent } from "../carts/index.ts";
import type { LineQuantity, Order } from "./order.ts";
import { refundFor } from "./rules.ts";

/** An event about an order; `nth` names it among those of the order. */
export function orderEvent(
  order: Pick<Order, "orderId" | "personId">,
  about: {
    readonly nth: string;
    readonly type: string;
    readonly timeMs: number;
    readonly receivedAtMs: number;
    readonly channel: string | null;
    readonly placeId: string | null;
    readonly data: JsonObject;
  },
): ToldEvent {
  const { nth, type, timeMs, receivedAtMs, channel, placeId, data } = about;
  const id = `order/${order.orderId}/${nth}`;
  const where = { channel, store: placeId, session: null, identities: [] };
  return {
    personId: order.personId,
    event: {
      id,
      source: ownSource,
      type,
      timeMs,
      receivedAtMs,
      ...where,
      data: { orderId: order.orderId, ...data },
    },
  };
}

/** The order as `order.placed` and `order.updated` tell it; what was called off is no part of it any more. */
export function saleOf(order: Order): JsonObject {
  const left = order.lines
    .map((line) => ({ ...line, kept: line.quantity - line.cancelled }))
    .filter(({ kept }) => kept > 0)
    .map(({ sku, kept, ...line }) => ({
      sku,
      quantity: kept,
      amountMinor: refundFor({ ...line, sku, cancelled: 0, returned: 0 }, kept),
    }));
  return {
    currency: order.currency,
    totalMinor: left.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
    lines: left,
  };
}

/** The lines of a return, with what goes back for each. */
export function returnedLines(before: Order, by: readonly LineQuantity[]): JsonObject[] {
  return by.map(({ line, quantity }) => {
    const one = before.lines.find((each) => each.line === line)!;
    return { sku: one.sku, quantity, amountMinor: refundFor(one, quantity) };
  });
}

/** What subscribers hear of an order. */
export function changeOf(order: Order): Change {
  const { orderId, state, version, currency, totalMinor, refundedMinor, cartId, channel } = order;
  const data = { orderId, state, version, currency, totalMinor, refundedMinor, cartId, channel };
  return { topic: "order.changed", key: orderId, place: order.placeId, personId: order.personId, data };
}
