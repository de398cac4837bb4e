import type { PersonId } from "@trato/base";
import type { AttemptSaid, Topic } from "@trato/contract";
import { type Position, type Queries, textArray, uuidArray } from "../platform/index.ts";
import type { Next, Outcome } from "./rules.ts";

/** Holds how far the outbox was read until the transaction ends; undefined when another hub holds it. */
export async function holdCursor(tx: Queries): Promise<Position | undefined> {
  const rows = await tx.query<{ tx: string; position: string }>({
    name: "send/hold_cursor",
    text: "select tx, position from send_cursor for update skip locked",
    values: [],
  });
  const row = rows[0];
  return row === undefined ? undefined : { tx: BigInt(row.tx), row: BigInt(row.position) };
}

export async function moveCursor(tx: Queries, { tx: at, row }: Position): Promise<void> {
  await tx.query({
    name: "send/move_cursor",
    text: "update send_cursor set tx = $1, position = $2",
    values: [at, row],
  });
}

export type NewDelivery = {
  readonly webhookId: string;
  readonly deliveryId: string;
  readonly personId: PersonId | null;
  readonly topic: string;
  readonly body: string;
};

export async function insertDeliveries(
  tx: Queries,
  rows: readonly NewDelivery[],
  nowMs: number,
): Promise<void> {
  await tx.query({
    name: "send/insert_deliveries",
    text: `insert into send_delivery (webhook_id, delivery_id, person_id, topic, body, state, due_ms, made_ms)
           select w, d, p, t, b, 'waiting', $6, $6
             from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[]) as n (w, d, p, t, b)`,
    values: [
      uuidArray(rows.map((row) => row.webhookId)),
      uuidArray(rows.map((row) => row.deliveryId)),
      uuidArray(rows.map((row) => row.personId)),
      textArray(rows.map((row) => row.topic)),
      textArray(rows.map((row) => row.body)),
      nowMs,
    ],
  });
}

/** Of these webhooks, those for which something is due and held by no hub. */
export async function webhooksWithDue(
  queries: Queries,
  webhookIds: readonly string[],
  nowMs: number,
): Promise<string[]> {
  const rows = await queries.query<{ webhookId: string }>({
    name: "send/webhooks_with_due",
    text: `select w as "webhookId" from unnest($1::uuid[]) as n (w)
            where exists (select from send_delivery where webhook_id = w and state = 'waiting' and due_ms <= $2
                             and leased_until_ms <= $2)`,
    values: [uuidArray(webhookIds), nowMs],
  });
  return rows.map(({ webhookId }) => webhookId);
}

export type Leased = { readonly deliveryId: string; readonly body: string; readonly tries: number };

/** Takes the next due deliveries of a webhook for this hub; one that dies meanwhile loses them when the lease ends. */
export async function leaseDue(
  queries: Queries,
  webhookId: string,
  lease: { readonly nowMs: number; readonly untilMs: number; readonly limit: number },
): Promise<Leased[]> {
  return queries.query<Leased>({
    name: "send/lease_due",
    text: `update send_delivery d set leased_until_ms = $3
             from (select delivery_id from send_delivery
                    where webhook_id = $1 and state = 'waiting' and due_ms <= $2 and leased_until_ms <= $2
                    order by due_ms, delivery_id limit $4 for update skip locked) as due
            where d.webhook_id = $1 and d.delivery_id = due.delivery_id
           returning d.delivery_id as "deliveryId", d.body, d.tries`,
    values: [webhookId, lease.nowMs, lease.untilMs, lease.limit],
  });
}

/** Keeps an attempt and what becomes of its delivery. A delivery that was deleted meanwhile stays away. */
export async function settleAttempt(
  tx: Queries,
  of: { readonly webhookId: string; readonly deliveryId: string },
  attempt: { readonly outcome: Outcome; readonly next: Next; readonly nowMs: number },
): Promise<void> {
  const { outcome, next, nowMs } = attempt;
  await tx.query({
    name: "send/settle_attempt",
    text: `with settled as (
             update send_delivery set attempts = attempts + 1, tries = tries + 1, leased_until_ms = 0, state = $3,
                    due_ms = coalesce($4, due_ms)
              where webhook_id = $1 and delivery_id = $2 returning attempts)
           insert into send_attempt (webhook_id, delivery_id, nth, at_ms, took_ms, status, outcome, answer)
           select $1, $2, attempts, $5, $6, $7, $8, $9 from settled`,
    values: [
      ...[of.webhookId, of.deliveryId, next.state, next.state === "waiting" ? next.dueMs : null],
      ...[nowMs, outcome.tookMs, outcome.status, outcome.outcome, outcome.answer],
    ],
  });
}

export type DeliveryRow = {
  readonly deliveryId: string;
  readonly topic: Topic;
  readonly state: "waiting" | "delivered" | "failed";
  readonly attempts: number;
  readonly madeMs: string;
  readonly dueMs: string;
};
const columns = `delivery_id as "deliveryId", topic, state, attempts, made_ms as "madeMs", due_ms as "dueMs"`;

export async function readDeliveries(
  queries: Queries,
  page: { webhookId: string; state: string | null; after: string | null; limit: number },
): Promise<DeliveryRow[]> {
  return queries.query<DeliveryRow>({
    name: "send/read_deliveries",
    text: `select ${columns} from send_delivery
            where webhook_id = $1 and ($2::text is null or state = $2) and ($3::uuid is null or delivery_id < $3)
            order by delivery_id desc limit $4`,
    values: [page.webhookId, page.state, page.after, page.limit],
  });
}

export type AttemptRow = Omit<AttemptSaid, "at" | "tookMs"> & {
  readonly atMs: string;
  readonly tookMs: string;
};

export async function readOneDelivery(
  queries: Queries,
  of: { readonly webhookId: string; readonly deliveryId: string },
): Promise<(DeliveryRow & { readonly body: string; readonly tries: AttemptRow[] }) | undefined> {
  const rows = await queries.query<DeliveryRow & { readonly body: string }>({
    name: "send/read_delivery",
    text: `select ${columns}, body from send_delivery where webhook_id = $1 and delivery_id = $2`,
    values: [of.webhookId, of.deliveryId],
  });
  if (rows[0] === undefined) return undefined;
  const tries = await queries.query<AttemptRow>({
    name: "send/read_attempts",
    text: `select at_ms as "atMs", took_ms as "tookMs", status, outcome, answer from send_attempt
            where webhook_id = $1 and delivery_id = $2 order by nth`,
    values: [of.webhookId, of.deliveryId],
  });
  return { ...rows[0], tries };
}

/** Begins a new round for past deliveries, oldest first; returns how many. */
export async function replayRows(
  tx: Queries,
  wanted: {
    readonly webhookId: string;
    readonly deliveryIds: readonly string[] | null;
    readonly sinceMs: number;
    readonly untilMs: number;
    readonly states: readonly ("failed" | "waiting" | "delivered")[];
    readonly nowMs: number;
    readonly limit: number;
  },
): Promise<number> {
  const { webhookId, deliveryIds, sinceMs, untilMs, states, nowMs, limit } = wanted;
  const rows = await tx.query({
    name: "send/replay",
    text: `update send_delivery d set state = 'waiting', tries = 0, due_ms = $2, leased_until_ms = 0
             from (select delivery_id from send_delivery
                    where webhook_id = $1 and ($3::uuid[] is null or delivery_id = any($3))
                      and made_ms >= $4 and made_ms < $5 and state = any($6::text[])
                      and (state <> 'waiting' or leased_until_ms <= $2 and due_ms > $2)
                    order by delivery_id limit $7 for update) as past
            where d.webhook_id = $1 and d.delivery_id = past.delivery_id returning 1`,
    values: [webhookId, nowMs, deliveryIds, sinceMs, untilMs, states, limit],
  });
  return rows.length;
}

export async function eraseDeliveriesOf(tx: Queries, members: readonly PersonId[]): Promise<number> {
  const rows = await tx.query({
    name: "send/erase",
    text: "delete from send_delivery where person_id = any($1::uuid[]) returning 1",
    values: [uuidArray(members)],
  });
  return rows.length;
}

/** Forgets deliveries made before a time, some thousands; returns how many. */
export async function pruneDeliveries(
  queries: Queries,
  before: { readonly madeMs: number; readonly limit: number },
): Promise<number> {
  const rows = await queries.query({
    name: "send/prune",
    text: `delete from send_delivery d using
             (select webhook_id, delivery_id from send_delivery where made_ms < $1 order by made_ms limit $2) as old
            where d.webhook_id = old.webhook_id and d.delivery_id = old.delivery_id returning 1`,
    values: [before.madeMs, before.limit],
  });
  return rows.length;
}
