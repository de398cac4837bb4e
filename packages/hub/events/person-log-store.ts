import type { PersonId } from "@trato/base";
import { type Queries, uuidArray } from "../platform/index.ts";
import { byTime, type KeptEvent } from "./event.ts";

type Found = Omit<KeptEvent, "timeMs" | "receivedAtMs"> & { timeMs: string; receivedAtMs: string };

const columns = `source, id, type, time_ms as "timeMs", received_ms as "receivedAtMs", channel, store, session,
  identities, data`;

const eventOf = (row: Found): KeptEvent => ({
  ...row,
  timeMs: Number(row.timeMs),
  receivedAtMs: Number(row.receivedAtMs),
});

/** Everything the log holds of these member ids, in fold order; as a snapshot saw it when one is given. */
export async function readEventsOf(
  queries: Queries,
  members: readonly PersonId[],
  snapshot?: string,
): Promise<KeptEvent[]> {
  const rows = await queries.query<Found>({
    name: "events/read_of_person",
    text: `select ${columns} from events_log
            where person_id = any($1::uuid[])
              and ($2::pg_snapshot is null or pg_visible_in_snapshot(tx, $2::pg_snapshot))`,
    values: [members, snapshot ?? null],
  });
  return rows.map(eventOf).sort(byTime);
}

export type HomedEvent = { readonly home: PersonId; readonly event: KeptEvent };

/** Events, and the snapshot that saw just these of the people asked for. */
export type SeenEvents = { readonly snapshot: string; readonly events: readonly HomedEvent[] };

/** The same for many people at once, each event with its home, unsorted. */
export async function readEventsOfMany(
  queries: Queries,
  members: readonly PersonId[],
  snapshot?: string,
): Promise<SeenEvents> {
  const rows = await queries.query<Found & { home: PersonId | null; snapshot: string }>({
    name: "events/read_of_many",
    text: `select pg_current_snapshot()::text as snapshot, person_id as home, ${columns}
             from (values (1)) as once left join events_log
               on person_id = any($1::uuid[])
              and ($2::pg_snapshot is null or pg_visible_in_snapshot(tx, $2::pg_snapshot))`,
    values: [uuidArray(members), snapshot ?? null],
  });
  const events: HomedEvent[] = [];
  for (const { home, snapshot: _, ...row } of rows)
    if (home !== null) events.push({ home, event: eventOf(row) });
  return { snapshot: snapshot ?? rows[0]!.snapshot, events };
}

/** Which of a person's events somebody has folded: what a snapshot saw, and what one transaction added. */
export type FoldedUpTo = {
  readonly members: readonly PersonId[];
  readonly foldedAt: string;
  readonly foldedTx: string;
};

/**
 * What the log holds of these people beyond what was folded, unsorted. Cost: one look into an index per member, and
 * one row for all.
 */
export async function readTails(queries: Queries, folded: readonly FoldedUpTo[]): Promise<SeenEvents> {
  const rows = await queries.query<{ snapshot: string; tail: (KeptEvent & { home: PersonId })[] | null }>({
    name: "events/read_tails",
    text: `with tail as (
             select l.person_id as home, ${columns}
               from unnest($1::uuid[], $2::pg_snapshot[], $3::xid8[]) as f (member, folded_at, folded_tx)
               join events_log l on l.person_id = f.member and l.tx >= pg_snapshot_xmin(f.folded_at)
              where l.tx <> f.folded_tx and not pg_visible_in_snapshot(l.tx, f.folded_at))
           select pg_current_snapshot()::text as snapshot, (select json_agg(tail) from tail) as tail`,
    values: [
      uuidArray(folded.flatMap(({ members }) => members)),
      folded.flatMap(({ members, foldedAt }) => members.map(() => foldedAt)),
      folded.flatMap(({ members, foldedTx }) => members.map(() => foldedTx)),
    ],
  });
  const { snapshot, tail } = rows[0]!;
  return { snapshot, events: (tail ?? []).map(({ home, ...event }) => ({ home, event })) };
}
