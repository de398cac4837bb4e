import { type Chance, pick } from "@trato/base";
import { happens } from "./draw.ts";
import type { WireEvent } from "./visits/scribe.ts";

const repeatedShare = 0.004;
const brokenShare = 0.000_3;

/** What senders do wrong in real life: an event sent twice, and one no hub can read. Nothing true is lost by it. */
export function withMishaps(draw: Chance, events: readonly WireEvent[]): object[] {
  return events.flatMap((event) => [
    event,
    ...(happens(draw, repeatedShare) ? [event] : []),
    ...(happens(draw, brokenShare) ? [brokenEvent(draw, event)] : []),
  ]);
}

/** An event like the one given that must be put aside: it has no time, a price in words, or no name we can read. */
export function brokenEvent(draw: Chance, like: WireEvent): object {
  const id = `${like.id}-broken`;
  const { time, channel = "web" } = like;
  return pick(draw, [
    { id, type: "item.viewed", channel, data: { sku: "CAF-MOL-400" } },
    { id, type: "order.placed", time, channel, data: { orderId: id, currency: "USD", totalMinor: "12,90" } },
    { id, type: "Pedido Realizado!", time, channel, data: {} },
    { id, type: "cart.item_added", time, channel, data: { sku: "ARR-2K", quantity: -1 } },
  ]);
}
