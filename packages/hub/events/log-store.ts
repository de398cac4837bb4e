import { nobody, type PersonId } from "@trato/base";
import type { Identity, JsonObject } from "@trato/contract";
import { type Queries, textArray } from "../platform/index.ts";
import type { KeptEvent } from "./event.ts";

type Row = {
  source: string;
  id: string;
  type: string;
  time_ms: string;
  received_ms: string;
  channel: string | null;
  store: string | null;
  session: string | null;
  identities: Identity[];
  data: JsonObject;
};

const eventOf = (row: Row): KeptEvent => ({
  id: row.id,
  source: row.source,
  type: row.type,
  timeMs: Number(row.time_ms),
  receivedAtMs: Number(row.received_ms),
  channel: row.channel,
  store: row.store,
  session: row.session,
  identities: row.identities,
  data: row.data,
});

const keyOf = (event: { source: string; id: string }): string => `${event.source}\n${event.id}`;

/** The kept events that have the keys of these: to tell a repeat from another event under the same id. */
export async function findEvents(tx: Queries, like: readonly KeptEvent[]): Promise<Map<string, KeptEvent>> {
  if (like.length === 0) return new Map();
  const rows = await tx.query<Row>({
    name: "events/find",
    text: `select l.source, l.id, type, time_ms, received_ms, channel, store, session, identities, data
             from unnest($1::text[], $2::text[]) as k (source, id) join events_log l using (source, id)`,
    values: [textArray(like.map((event) => event.source)), textArray(like.map((event) => event.id))],
  });
  return new Map(rows.map((row) => [keyOf(row), eventOf(row)]));
}

export const eventKey = keyOf;

/** Of events with the same key the first. */
export function firstByKey(events: readonly KeptEvent[]): Map<string, KeptEvent> {
  const firstOf = new Map<string, KeptEvent>();
  for (const event of events) {
    const key = keyOf(event);
    if (!firstOf.has(key)) firstOf.set(key, event);
  }
  return firstOf;
}

/** Deletes what the log holds of these ids and counts it; returns how many events went. Only erasure calls this. */
export async function eraseEventsOf(
  tx: Queries,
  members: readonly PersonId[],
  nowMs: number,
): Promise<number> {
  const rows = await tx.query<{ n: string }>({
    name: "events/erase",
    text: `with gone as (delete from events_log where person_id = any($1::uuid[]) returning source),
                counted as (insert into events_erased (source, erased_ms, events)
                            select source, $2, count(*) from gone group by source)
           select count(*) as n from gone`,
    values: [members, nowMs],
  });
  return Number(rows[0]?.n ?? 0);
}

/** How many events the log holds, and how many it held that were erased with their person. */
export async function countLog(queries: Queries): Promise<{ inLog: number; erasedLater: number }> {
  const rows = await queries.query<{ in_log: string; erased: string }>({
    name: "events/count_log",
    text: `select (select count(*) from events_log) as in_log,
                  (select coalesce(sum(events), 0) from events_erased) as erased`,
    values: [],
  });
  return { inLog: Number(rows[0]!.in_log), erasedLater: Number(rows[0]!.erased) };
}

/** A page of one person's events in fold order, after a cursor of time, id and source. */
export async function readEventPage(
  queries: Queries,
  members: readonly PersonId[],
  page: {
    afterMs: number;
    afterId: string;
    afterSource: string;
    limit: number;
    types: readonly string[] | null;
  },
): Promise<KeptEvent[]> {
  const rows = await queries.query<Row>({
    name: "events/read_page",
    text: `select source, id, type, time_ms, received_ms, channel, store, session, identities, data
             from events_log
            where person_id = any($1::uuid[]) and (time_ms, id, source) > ($2::bigint, $3, $6)
              and ($5::text[] is null or type = any($5))
            order by time_ms, id, source limit $4`,
    values: [members, page.afterMs, page.afterId, page.limit, page.types, page.afterSource],
  });
  return rows.map(eventOf);
}

export type PurchaseType = "order.placed" | "order.cancelled";
export type PurchaseRow = {
  readonly personId: PersonId;
  readonly timeMs: number;
  readonly channel: string | null;
  readonly store: string | null;
  readonly data: JsonObject;
};

/** Orders of known people in the order of the log, in pages: what models learn from. */
export async function* readPurchases(
  queries: Queries,
  pageRows: number,
  types: readonly PurchaseType[],
): AsyncGenerator<PurchaseRow[]> {
  let after = "0";
  for (;;) {
    const rows = await queries.query<{
      position: string;
      person_id: PersonId;
      time_ms: string;
      channel: string | null;
      store: string | null;
      data: JsonObject;
    }>({
      name: "events/read_purchases",
      text: `select position, person_id, time_ms, channel, store, data from events_log
              where position > $1 and type in ('order.placed', 'order.cancelled') and type = any($3) and person_id <> $4
              order by position limit $2`,
      values: [after, pageRows, types, nobody],
    });
    if (rows.length > 0) {
      yield rows.map(({ person_id: personId, time_ms, channel, store, data }) => {
        return { personId, timeMs: Number(time_ms), channel, store, data };
      });
    }
    if (rows.length < pageRows) return;
    after = rows.at(-1)!.position;
  }
}

export type AssetType =
  | "asset.registered"
  | "asset.read"
  | "asset.serviced"
  | "asset.repaired"
  | "asset.retired";
export type AssetRow = Omit<PurchaseRow, "channel" | "store"> & { readonly type: AssetType };

/** What was told of things that known people own, in the order of the log, in pages. */
export async function* readAssetEvents(queries: Queries, pageRows: number): AsyncGenerator<AssetRow[]> {
  let after = "0";
  for (;;) {
    const rows = await queries.query<AssetRow & { position: string; timeMs: string }>({
      name: "events/read_asset_events",
      text: `select position, person_id as "personId", type, time_ms as "timeMs", data from events_log
              where position > $1 and person_id <> $3 and type in
                ('asset.registered', 'asset.read', 'asset.serviced', 'asset.repaired', 'asset.retired')
              order by position limit $2`,
      values: [after, pageRows, nobody],
    });
    if (rows.length > 0) yield rows.map((row) => ({ ...row, timeMs: Number(row.timeMs) }));
    if (rows.length < pageRows) return;
    after = rows.at(-1)!.position;
  }
}
