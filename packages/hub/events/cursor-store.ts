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

/**
 * The types that consumers hear. An index holds just these (events_log_handed_on): browsing, which is nearly all of the
 * log, costs consumers nothing. To hear another type, add it here and to the index in a new migration.
 */
export const handedOnTypes = [
  "decision.exposed",
  "decision.outcome",
  "order.placed",
  "order.updated",
  "order.returned",
  "order.cancelled",
] as const;
export type HandedOnType = (typeof handedOnTypes)[number];

const inHandedOn = `type in (${handedOnTypes.map((type) => `'${type}'`).join(", ")})`;

/** A cursor is written when it hands something on, or has fallen this many transactions behind while nothing came. */
const behindTxMax = 100n;

/** Reads on from the cursor and moves it; empty when there is nothing more, or another hub holds the cursor. */
export async function readNext(
  tx: Queries,
  name: string,
  types: readonly HandedOnType[],
): Promise<ReadEvent[]> {
  const cursor = await tx.query<LogPlace & { horizon: string }>({
    name: "events/hold_cursor",
    text: `select tx, position, platform_horizon() as horizon
             from events_cursor where consumer = $1 for update skip locked`,
    values: [name],
  });
  const from = cursor[0];
  if (from === undefined) return [];
  const rows = await tx.query<Row>({
    name: "events/read_on",
    text: `select tx, position, person_id, source, id, type, time_ms, received_ms, channel, store, session,
                  identities, data
             from events_log
            where ${inHandedOn} and type = any($3)
              and (tx, position) > ($1::xid8, $2::bigint) and tx < $5::xid8
            order by tx, position limit $4`,
    values: [from.tx, from.position, types, limits.consumerBatchMax, from.horizon],
  });
  // A page that was not full says that all before the horizon was read, whatever the types of what stands there.
  const isAll = rows.length < limits.consumerBatchMax;
  if (rows.length > 0 || BigInt(from.horizon) - BigInt(from.tx) > behindTxMax)
    await moveCursor(tx, name, isAll ? { tx: from.horizon, position: "0" } : rows.at(-1)!);
  return rows.map(readOf);
}

async function moveCursor(tx: Queries, name: string, to: LogPlace): Promise<void> {
  await tx.query({
    name: "events/move_cursor",
    text: "update events_cursor set tx = $2, position = $3 where consumer = $1",
    values: [name, to.tx, to.position],
  });
}

export type LogPlace = { readonly tx: string; readonly position: string };

/** The last event of these types that is committed; undefined when there is none. */
export async function endOfLog(
  queries: Queries,
  types: readonly HandedOnType[],
): Promise<LogPlace | undefined> {
  const rows = await queries.query<LogPlace>({
    name: "events/end_of_log",
    text: `select tx, position from events_log where ${inHandedOn} and type = any($1)
            order by tx desc, position desc limit 1`,
    values: [types],
  });
  return rows[0];
}

export async function hasReached(queries: Queries, name: string, place: LogPlace): Promise<boolean> {
  const rows = await queries.query<{ reached: boolean }>({
    name: "events/has_reached",
    text: `select (tx, position) >= ($2::xid8, $3::bigint) as reached from events_cursor where consumer = $1`,
    values: [name, place.tx, place.position],
  });
  return rows[0]?.reached === true;
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
