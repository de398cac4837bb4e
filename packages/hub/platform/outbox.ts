import { limits, type PersonId } from "@trato/base";
import type { JsonObject, Topic } from "@trato/contract";
import { bigintArray, jsonArray, textArray, uuidArray } from "./arrays.ts";
import type { Queries } from "./database.ts";
import { gathered } from "./gather.ts";

/**
 * Something that changed, as subscribers and webhooks hear it. `key` names the one thing it is about (a cart, an order,
 * a place) and `data` holds no personal data beyond ids.
 */
export type Change = {
  readonly topic: Topic;
  readonly key: string;
  readonly place: string | null;
  readonly personId: PersonId | null;
  readonly data: JsonObject;
};

/** The channel that wakes whoever reads the outbox. */
export const outboxChannel = "platform_outbox";

/**
 * Writes changes into the outbox, in the transaction that makes them: they are heard if it commits, and never if it
 * does not. One statement a transaction, however often it announces, none for an empty list; listeners wake after the
 * commit. Changes of one transaction are heard in the order given. Not for facts about people, which belong into the
 * event log as well.
 */
export async function announce(tx: Queries, changes: readonly Change[], nowMs: number): Promise<void> {
  await gather(
    tx,
    changes.map((change) => ({ ...change, atMs: nowMs })),
  );
}

const gather = gathered(write);

async function write(tx: Queries, changes: readonly (Change & { readonly atMs: number })[]): Promise<void> {
  await tx.write({
    name: "platform/announce",
    text: `insert into platform_outbox (topic, key, place, person_id, data, at_ms)
           select topic, key, place, person_id, data, at_ms
             from unnest($1::text[], $2::text[], $3::text[], $4::uuid[], $5::json[], $6::bigint[])
                  with ordinality as c (topic, key, place, person_id, data, at_ms, nth)
            order by nth`,
    values: [
      textArray(changes.map((change) => change.topic)),
      textArray(changes.map((change) => change.key)),
      textArray(changes.map((change) => change.place)),
      uuidArray(changes.map((change) => change.personId)),
      jsonArray(changes.map((change) => change.data)),
      bigintArray(changes.map((change) => change.atMs)),
    ],
  });
  tx.notify(outboxChannel);
}

/** Forgets changes older than `limits.outboxKeptMs`, some thousands a statement; returns how many. */
export async function pruneOutbox(queries: Queries, nowMs: number): Promise<number> {
  for (let total = 0; ; ) {
    const rows = await queries.query<{ count: string }>({
      name: "platform/prune_outbox",
      text: `with oldest as (select tx, position, at_ms from platform_outbox order by tx, position limit $2),
                  gone as (delete from platform_outbox o using oldest
                            where (o.tx, o.position) = (oldest.tx, oldest.position) and oldest.at_ms < $1
                            returning o.tx, o.position),
                  last as (select tx, position from gone order by tx desc, position desc limit 1),
                  said as (insert into platform_setting (name, value)
                           select 'outbox/pruned', to_json(tx::text || '-' || position::text) from last
                           on conflict (name) do update set value = excluded.value)
             select count(*) as count from gone`,
      values: [nowMs - limits.outboxKeptMs, limits.outboxPruneRows],
    });
    const count = Number(rows[0]!.count);
    total += count;
    if (count < limits.outboxPruneRows) return total;
  }
}

/** Removes what was announced of people; subscribers who were away will not hear of it. Returns how many. */
export async function eraseChangesOf(tx: Queries, members: readonly PersonId[]): Promise<number> {
  const rows = await tx.query({
    name: "platform/erase_changes",
    text: "delete from platform_outbox where person_id = any($1::uuid[]) returning 1",
    values: [uuidArray(members)],
  });
  return rows.length;
}
