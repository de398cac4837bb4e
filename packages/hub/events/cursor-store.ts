import { limits } from "@trato/base";
import type { Identity, JsonObject } from "@trato/contract";
import type { Queries } from "../platform/index.ts";
import type { KeptEvent } from "./event.ts";

export type ReadEvent = { readonly event: KeptEvent; readonly personId: string; readonly position: string };

type Row = {
  tx: string;
  position: string;
  person_id: string;
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

/** Starts a consumer at the beginning of the log, unless it has begun already. */
export async function beginCursor(queries: Queries, name: string): Promise<void> {
  await queries.query({
    name: "events/begin_cursor",
    text: `insert into events_cursor (consumer, tx, position) values ($1, '0', 0) on conflict do nothing`,
    values: [name],
  });
}

/** A stretch of the log: how many events it has, and those of interest. */
export type Stretch = { readonly read: number; readonly events: readonly ReadEvent[] };

/** Moves the cursor over the next stretch of the log and returns what is of interest in it. */
export async function readNext(tx: Queries, name: string, types: readonly string[]): Promise<Stretch> {
  const cursor = await tx.query<{ tx: string; position: string }>({
    name: "events/hold_cursor",
    text: "select tx, position from events_cursor where consumer = $1 for update skip locked",
    values: [name],
  });
  if (cursor[0] === undefined) return { read: 0, events: [] };
  const rows = await tx.query<Row & { read: string; last_tx: string; last_position: string }>({
    name: "events/read_on",
    text: `with stretch as materialized (
             select tx, position, type from events_log
              where (tx, position) > ($1::xid8, $2::bigint) and tx < pg_snapshot_xmin(pg_current_snapshot())
              order by tx, position limit $4),
           last as (select count(*) over () as read, tx as last_tx, position as last_position
                      from stretch order by tx desc, position desc limit 1)
           select last.*, l.* from last
             left join (stretch s join events_log l using (tx, position)) on s.type = any($3)
            order by l.tx, l.position`,
    values: [cursor[0].tx, cursor[0].position, types, limits.consumerBatchMax],
  });
  const last = rows[0];
  if (last === undefined) return { read: 0, events: [] };
  await tx.query({
    name: "events/move_cursor",
    text: "update events_cursor set tx = $2, position = $3 where consumer = $1",
    values: [name, last.last_tx, last.last_position],
  });
  return { read: Number(last.read), events: rows.filter((row) => row.position !== null).map(readOf) };
}

const readOf = (row: Row): ReadEvent => ({
  personId: row.person_id,
  position: row.position,
  event: {
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
  },
});
