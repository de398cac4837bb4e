import { linesOf, minorOf, skuOf, textOf } from "@trato/contract";
import type { HandedOnType, ReadEvent } from "../events/index.ts";

/** Where a row comes from: an event of the log and its home. */
export type Heard = {
  readonly personId: string;
  readonly timeMs: number;
  readonly source: string;
  readonly eventId: string;
};

/** Somebody saw one slot of a decision; `sku` is the item it was about, null when it was about none. */
export type Exposure = Heard & {
  readonly decisionId: string;
  readonly key: string;
  readonly sku: string | null;
};

/** What came of a decision, in the sender's words; `key` names the slot when it is known. */
export type Outcome = Heard & {
  readonly decisionId: string;
  readonly key: string | null;
  readonly outcome: string;
};

/** One event of an order. An order or a return that names no currency is worth nothing here. */
export type OrderEvent = Heard & {
  readonly kind: "placed" | "updated" | "returned" | "cancelled";
  readonly orderId: string | null;
  readonly returnId: string | null;
  readonly currency: string | null;
  readonly totalMinor: number;
  /** Each item once. */
  readonly skus: readonly string[];
};

/** What measuring knows of some people, in any sequence. */
export type Facts = {
  readonly exposures: readonly Exposure[];
  readonly outcomes: readonly Outcome[];
  readonly orders: readonly OrderEvent[];
};

const orderKinds: ReadonlyMap<string, OrderEvent["kind"]> = new Map([
  ["order.placed", "placed"],
  ["order.updated", "updated"],
  ["order.returned", "returned"],
  ["order.cancelled", "cancelled"],
]);

/** The types of events that measuring hears. */
export const heardTypes: readonly HandedOnType[] = [
  "decision.exposed",
  "decision.outcome",
  "order.placed",
  "order.updated",
  "order.returned",
  "order.cancelled",
];

/** Reads events of the log as rows. What names no decision, or no order, is left out. */
export function factsOf(events: readonly ReadEvent[]): Facts {
  return {
    exposures: events.flatMap(exposureOf),
    outcomes: events.flatMap(outcomeOf),
    orders: events.flatMap(orderEventOf),
  };
}

const heard = ({ personId, event }: ReadEvent): Heard => ({
  personId,
  timeMs: event.timeMs,
  source: event.source,
  eventId: event.id,
});

function exposureOf(read: ReadEvent): Exposure[] {
  const { type, data } = read.event;
  const decisionId = textOf(data, "decisionId");
  const key = textOf(data, "key");
  if (type !== "decision.exposed" || decisionId === null || key === null) return [];
  return [{ ...heard(read), decisionId, key, sku: skuOf(data) ?? skuOfKey(key) }];
}

/** Keys are "item:<sku>" and "offer:<id>"; an offer that shows an item names its sku beside the key. */
function skuOfKey(key: string): string | null {
  return key.startsWith("item:") ? skuOf({ sku: key.slice("item:".length) }) : null;
}

function outcomeOf(read: ReadEvent): Outcome[] {
  const { type, data } = read.event;
  const decisionId = textOf(data, "decisionId");
  const outcome = textOf(data, "outcome");
  if (type !== "decision.outcome" || decisionId === null || outcome === null) return [];
  return [{ ...heard(read), decisionId, key: textOf(data, "key"), outcome }];
}

function orderEventOf(read: ReadEvent): OrderEvent[] {
  const { type, data } = read.event;
  const kind = orderKinds.get(type);
  const orderId = textOf(data, "orderId");
  if (kind === undefined || (orderId === null && kind !== "returned")) return [];
  return [
    {
      ...heard(read),
      kind,
      orderId,
      returnId: textOf(data, "returnId"),
      currency: textOf(data, "currency", 3),
      totalMinor: minorOf(data, "totalMinor") ?? 0,
      skus: [...new Set(linesOf(data).map((line) => line.sku))],
    },
  ];
}

/** The sequence in which rows happened, the log's own. */
export function bySequence(a: Heard, b: Heard): number {
  if (a.timeMs !== b.timeMs) return a.timeMs - b.timeMs;
  if (a.eventId !== b.eventId) return a.eventId < b.eventId ? -1 : 1;
  if (a.source !== b.source) return a.source < b.source ? -1 : 1;
  return 0;
}
