import { bySequence, type OrderEvent } from "./facts.ts";

/** What is left of an order as far as is known today. */
export type SettledOrder = {
  readonly timeMs: number;
  readonly currency: string | null;
  readonly leftMinor: number;
  readonly skus: readonly string[];
};

/** Money that went back for no order in particular. */
export type LooseReturn = {
  readonly timeMs: number;
  readonly currency: string | null;
  readonly minor: number;
};

type Open = { placed: OrderEvent; asItIs: OrderEvent; returnedMinor: number; cancelled: boolean };

/**
 * Settles one person's orders. An order heard of twice under one id is one order, at the time it was first placed; an
 * update replaces what it holds; a cancelled order is none. A return takes from its order, down to nothing, whenever it
 * happens; one that names no order counts by itself, and one whose order nobody told of counts nothing, because what it
 * takes back was never counted. The events may come in any sequence and more than once.
 */
export function settleOrders(events: readonly OrderEvent[]): {
  readonly orders: readonly SettledOrder[];
  readonly looseReturns: readonly LooseReturn[];
} {
  const sorted = [...events].sort(bySequence);
  const orders = new Map<string | null, Open>();
  for (const event of sorted) {
    if (event.kind !== "placed" || orders.has(event.orderId)) continue;
    orders.set(event.orderId, { placed: event, asItIs: event, returnedMinor: 0, cancelled: false });
  }
  for (const event of sorted) {
    const order = orders.get(event.orderId);
    if (order === undefined) continue;
    if (event.kind === "updated") order.asItIs = event;
    if (event.kind === "cancelled") order.cancelled = true;
  }
  const looseReturns: LooseReturn[] = [];
  for (const event of distinctReturns(sorted)) {
    const minor = Math.abs(event.totalMinor);
    const order = orders.get(event.orderId);
    if (event.orderId === null) looseReturns.push({ timeMs: event.timeMs, currency: event.currency, minor });
    else if (order?.asItIs.currency === event.currency) order.returnedMinor += minor;
  }
  return { orders: [...orders.values()].filter((order) => !order.cancelled).map(settled), looseReturns };
}

/** A return told by the till and by the shop's system has one id and happened once. */
function distinctReturns(sorted: readonly OrderEvent[]): OrderEvent[] {
  const seen = new Set<string>();
  return sorted.filter(({ kind, returnId, source, eventId }) => {
    const name = returnId === null ? `event\n${source}\n${eventId}` : `return\n${returnId}`;
    if (kind !== "returned" || seen.has(name)) return false;
    seen.add(name);
    return true;
  });
}

/** The seller's negative total stays as it is; no return makes an order worth less than nothing. */
function settled({ placed, asItIs, returnedMinor }: Open): SettledOrder {
  const { currency, totalMinor, skus } = asItIs;
  const leftMinor = totalMinor <= 0 ? totalMinor : Math.max(0, totalMinor - returnedMinor);
  return { timeMs: placed.timeMs, currency, leftMinor, skus };
}
