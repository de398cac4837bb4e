import { limits, uuid7 } from "@trato/base";
import type { Topic } from "@trato/contract";
import { type Announced, type Database, isAfter, type Position, readOn } from "../platform/index.ts";
import { holdCursor, insertDeliveries, moveCursor, type NewDelivery } from "./delivery-store.ts";
import { readWebhooks, type Webhook } from "./store.ts";

export type Dispatched = {
  /** How many changes were looked at. */
  readonly looked: number;
  /** More is committed and not to be had yet: a transaction is under way, or another hub is at it. */
  readonly heldBack: boolean;
};
const nothing: Dispatched = { looked: 0, heldBack: false };

/**
 * Makes deliveries of what was announced since, for every webhook that wants it; the cursor moves in the same
 * transaction, so that each change becomes one delivery a webhook, whichever hub does it.
 */
export async function dispatch(database: Database, nowMs: number): Promise<Dispatched> {
  const there = await readWebhooks(database);
  if (there.length === 0) return nothing;
  const begin = there
    .map(({ fromTx }): Position => ({ tx: fromTx, row: 0n }))
    .reduce((first, one) => (isAfter(first, one) ? one : first));
  return database.transaction(async (tx) => {
    const cursor = await holdCursor(tx);
    if (cursor === undefined) return { ...nothing, heldBack: true };
    const from = isAfter(begin, cursor) ? begin : cursor;
    const { changes, heldBack } = await readOn(tx, from, limits.sendDispatchRows);
    const last = changes.at(-1);
    if (last === undefined) return { looked: 0, heldBack };
    // Read after the changes: a webhook that was there before a change is seen here.
    const webhooks = await readWebhooks(tx);
    const deliveries = changes.flatMap((change) =>
      webhooks
        .filter((webhook) => wants(webhook, change))
        .map((webhook) => deliveryOf(webhook, change, nowMs)),
    );
    if (deliveries.length > 0) await insertDeliveries(tx, deliveries, nowMs);
    await moveCursor(tx, last.at);
    return { looked: changes.length, heldBack };
  });
}

/** One that is paused gathers what it will get later; one that is disabled does not. */
const wants = (webhook: Webhook, { topic, at }: Announced): boolean =>
  webhook.state !== "disabled" && webhook.topics.includes(topic as Topic) && at.tx >= webhook.fromTx;

/** The body of Standard Webhooks: type, timestamp, data. `sequence` tells which of two changes of a key was later. */
function deliveryOf({ webhookId }: Webhook, change: Announced, nowMs: number): NewDelivery {
  const { at, topic, key, place, personId, atMs, data } = change;
  const about = JSON.stringify({ sequence: Number(at.row), key, place, personId }).slice(0, -1);
  const when = new Date(atMs).toISOString();
  return {
    webhookId,
    deliveryId: uuid7(nowMs),
    personId,
    topic,
    body: `{"type":"${topic}","timestamp":"${when}","data":${about},"data":${data}}}`,
  };
}
