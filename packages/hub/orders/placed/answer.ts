import type { OrderAnswer } from "@trato/contract";
import type { Order } from "./order.ts";

/** An order as callers see it. */
export function orderAnswerOf(order: Order): OrderAnswer {
  const { orderId, origin, state, personId, cartId, channel, placeId, currency, version } = order;
  const { totalMinor, refundedMinor } = order;
  return {
    ...{ orderId, origin, state, personId, cartId, channel, placeId, currency, version },
    lines: order.lines.map((line) => ({ ...line })),
    parts: order.parts.map((part) => ({ ...part })),
    ...{ totalMinor, refundedMinor },
    placedAt: new Date(order.placedMs).toISOString(),
  };
}
