import { assert, nobody, type PersonId } from "@trato/base";
import type { Identity, JsonObject } from "@trato/contract";
import {
  bigintArray,
  type CopyRows,
  copyRows,
  jsonArray,
  type Queries,
  type Transaction,
  textArray,
  uuidArray,
} from "../platform/index.ts";
import type { KeptEvent } from "./event.ts";
import type { LoggedEvent } from "./needs.ts";

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

/** An event to keep, whose it is, and its key. */
export type Wanted = { readonly event: KeptEvent; readonly home: PersonId; readonly key: string };

/** Events of a batch were kept before: the transaction is over; begin it again with `appendNew`. */
export class RepeatAmongThem extends Error {
  readonly code = "40001";
}

const isRepeat = (cause: unknown): boolean =>
  cause instanceof Error && (cause as Error & { constraint?: string }).constraint === "events_log_once";

const repeatOr = (cause: unknown): unknown =>
  isRepeat(cause) ? new RepeatAmongThem("an event was kept before", { cause }) : cause;

/** The sequence moves a block at a time: no transaction appends more events than a block has positions. */
const blockPositions = 10_000;

/** The first position of a block of the log that is the caller's alone; it may be asked for ahead of an append. */
export async function nextBlock(tx: Queries): Promise<number> {
  const rows = await tx.query<{ block: string }>({
    name: "events/next_block",
    text: "select nextval('events_log_position_seq') as block",
    values: [],
  });
  return Number(rows[0]!.block);
}

/** Sorted by key, so that two transactions never wait for each other in a circle; each with its place in the log. */
function inOrder(wanted: readonly Wanted[], first: number): { sorted: Wanted[]; positions: number[] } {
  assert(wanted.length <= blockPositions, "the events of one append fit in a block");
  const sorted = [...wanted].sort((a, b) => (a.key < b.key ? -1 : 1));
  return { sorted, positions: sorted.map((_, i) => first + i) };
}

/**
 * Appends events that are taken to be new; one that was kept before throws RepeatAmongThem. Costs the database half of
 * what `appendNew` does.
 */
export async function appendEvents(tx: Transaction, wanted: readonly Wanted[]): Promise<LoggedEvent[]> {
  const { sorted, positions } = inOrder(wanted, await nextBlock(tx));
  const rows = copyRows(sorted.length * 512);
  for (const [i, { event, home }] of sorted.entries()) writeEvent(rows, event, home, positions[i]!);
  await tx
    .copyIn(
      `copy events_log (position, person_id, source, id, type, time_ms, received_ms, channel, store, session,
                        identities, data) from stdin (format binary)`,
      rows,
    )
    .catch((cause: unknown) => {
      throw repeatOr(cause);
    });
  return sorted.map(({ event, home }, i) => ({ event, home, position: positions[i]! }));
}

function writeEvent(rows: CopyRows, event: KeptEvent, home: PersonId, position: number): void {
  rows.row(12);
  rows.bigint(position);
  rows.uuid(home);
  rows.text(event.source);
  rows.text(event.id);
  rows.text(event.type);
  rows.bigint(event.timeMs);
  rows.bigint(event.receivedAtMs);
  rows.text(event.channel);
  rows.text(event.store);
  rows.text(event.session);
  rows.json(event.identities);
  rows.json(event.data);
}

const appended = `insert into events_log
             (position, person_id, source, id, type, time_ms, received_ms, channel, store, session, identities, data)
           overriding system value
           select * from unnest($1::bigint[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::bigint[],
                                $7::bigint[], $8::text[], $9::text[], $10::text[], $11::json[], $12::json[])`;

/** The values of `appended`. */
function columnsOf({ sorted, positions }: ReturnType<typeof inOrder>): unknown[] {
  const events = sorted.map((one) => one.event);
  return [
    bigintArray(positions),
    uuidArray(sorted.map((one) => one.home)),
    textArray(events.map((event) => event.source)),
    textArray(events.map((event) => event.id)),
    textArray(events.map((event) => event.type)),
    bigintArray(events.map((event) => event.timeMs)),
    bigintArray(events.map((event) => event.receivedAtMs)),
    textArray(events.map((event) => event.channel)),
    textArray(events.map((event) => event.store)),
    textArray(events.map((event) => event.session)),
    jsonArray(events.map((event) => event.identities)),
    jsonArray(events.map((event) => event.data)),
  ];
}

/**
 * Appends events that are taken to be new, without waiting for it: when one was kept before, the transaction ends with
 * RepeatAmongThem.
 */
export async function appendAhead(
  tx: Queries,
  wanted: readonly Wanted[],
  block: Promise<number>,
): Promise<LoggedEvent[]> {
  const { sorted, positions } = inOrder(wanted, await block);
  const append = { name: "events/append_ahead", text: appended, values: columnsOf({ sorted, positions }) };
  await tx.write(append, { meaning: repeatOr });
  return sorted.map(({ event, home }, i) => ({ event, home, position: positions[i]! }));
}

/** Appends the events that are new; one whose (source, id) is there already is left as it is and not in the answer. */
export async function appendNew(
  tx: Queries,
  wanted: readonly Wanted[],
  block: Promise<number> = nextBlock(tx),
): Promise<LoggedEvent[]> {
  const { sorted, positions } = inOrder(wanted, await block);
  const rows = await tx.query<{ position: string }>({
    name: "events/append_new",
    text: `${appended} on conflict (source, id) do nothing returning position`,
    values: columnsOf({ sorted, positions }),
  });
  const isNew = new Set(rows.map((row) => Number(row.position)));
  return sorted.flatMap(({ event, home }, i) =>
    isNew.has(positions[i]!) ? [{ event, home, position: positions[i]! }] : [],
  );
}

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
