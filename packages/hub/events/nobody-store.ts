import { assert, nobody, uuid7 } from "@trato/base";
import type { EventTypeName, JsonObject } from "@trato/contract";
import { bigintArray, gathered, jsonArray, type Queries, textArray } from "../platform/index.ts";
import { blockPositions } from "./append-store.ts";
import { type KeptEvent, ownSource } from "./event.ts";

/** A fact about a thing: what is on a shelf, what it costs. */
export type Thing = {
  readonly type: EventTypeName;
  /** The place it is about, if it is about one. */
  readonly store: string | null;
  readonly data: JsonObject;
};

/** Tells the log of things that changed, in the transaction that changes them; see `recordOfNobody`. */
export const recordThings = (tx: Queries, things: readonly Thing[], nowMs: number): Promise<void> =>
  recordOfNobody(
    tx,
    things.map(({ type, store, data }) => ({
      ...{ id: uuid7(nowMs), source: ownSource, type, timeMs: nowMs, receivedAtMs: nowMs },
      ...{ channel: null, store, session: null, identities: [], data },
    })),
  );

/**
 * Keeps events of the hub itself that are nobody's, in the transaction that makes them, and counts them. One whose id
 * is kept already is a repeat and left as it is. One statement a transaction that nobody waits for, however often it
 * records; no person is looked for and none is folded. What was changed is locked until then, so of two events about
 * one thing that with the higher position tells what was later; by time or by transaction they may stand the other way.
 */
export async function recordOfNobody(tx: Queries, events: readonly KeptEvent[]): Promise<void> {
  for (const { source, session, identities } of events)
    assert(
      source === ownSource && session === null && identities.length === 0,
      "the event is the hub's and nobody's",
    );
  await gather(tx, events);
}

const gather = gathered<KeptEvent>(async (tx, events) => {
  for (let from = 0; from < events.length; from += blockPositions)
    await append(tx, events.slice(from, from + blockPositions));
});

async function append(tx: Queries, events: readonly KeptEvent[]): Promise<void> {
  await tx.write({
    name: "events/append_nobodys",
    text: `with block as materialized (select nextval('events_log_position_seq') as first),
                kept as (
                  insert into events_log
                         (position, person_id, source, id, type, time_ms, received_ms, channel, store, identities, data)
                         overriding system value
                  select first + nth - 1, '${nobody}', '${ownSource}', id, type, time_ms, received_ms, channel, store,
                         '[]', data
                    from block, unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::text[],
                                       $7::json[])
                                with ordinality as e (id, type, time_ms, received_ms, channel, store, data, nth)
                   order by nth
                  on conflict (source, id) do nothing returning 1)
           insert into events_tally (source, day, applied, repeat, quarantined, erased)
           select '${ownSource}', to_timestamp($8 / 1000.0)::date, count(*), $9 - count(*), 0, 0 from kept`,
    values: [
      textArray(events.map(({ id }) => id)),
      textArray(events.map(({ type }) => type)),
      bigintArray(events.map(({ timeMs }) => timeMs)),
      bigintArray(events.map(({ receivedAtMs }) => receivedAtMs)),
      textArray(events.map(({ channel }) => channel)),
      textArray(events.map(({ store }) => store)),
      jsonArray(events.map(({ data }) => data)),
      events[0]!.receivedAtMs,
      events.length,
    ],
  });
}
