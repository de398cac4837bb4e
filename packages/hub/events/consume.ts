import { limits } from "@trato/base";
import type { Identity, JsonObject } from "@trato/contract";
import type { Database, Log, Queries } from "../platform/index.ts";
import type { KeptEvent } from "./event.ts";

export type ReadEvent = { readonly event: KeptEvent; readonly personId: string; readonly position: string };

/** Reads the log in commit order and hands it on, at least once; the cursor moves in the handler's transaction. */
export type Consumer = {
  /** Reads until there is nothing more; returns how many events it handed on. For tests and for shutdown. */
  drain(): Promise<number>;
  wake(): void;
  stop(): Promise<void>;
};

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

/**
 * Starts a consumer of some types of events. It never reads past pg_snapshot_xmin, in (tx, position) order: an event
 * whose transaction was slow to commit comes later, and is never skipped. One hub at a time holds the cursor's row.
 */
export async function startConsumer(options: {
  readonly name: string;
  readonly types: readonly string[];
  readonly database: Database;
  readonly log: Log;
  readonly hear: (tx: Queries, events: readonly ReadEvent[]) => Promise<void>;
}): Promise<Consumer> {
  const { name, types, database, log } = options;
  await database.query({
    name: "events/begin_cursor",
    text: `insert into events_cursor (consumer, tx, position) values ($1, '0', 0) on conflict do nothing`,
    values: [name],
  });
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<number> = Promise.resolve(0);

  const readOnce = (): Promise<number> =>
    database.transaction(async (tx) => {
      const { read, rows } = await readNext(tx, name, types);
      if (rows.length > 0) await options.hear(tx, rows.map(readOf));
      return read;
    });
  const drainNow = async (): Promise<number> => {
    let total = 0;
    for (let read = await readOnce(); read > 0 && !stopped; read = await readOnce()) total += read;
    return total;
  };
  const drain = (): Promise<number> => {
    running = running.catch(() => 0).then(drainNow);
    return running;
  };
  const loop = (): void => {
    drain()
      .catch((cause: unknown) => log.warn({ consumer: name, cause: String(cause) }, "a consumer of the log will try again"))
      .finally(() => {
        if (!stopped) timer = setTimeout(loop, limits.consumerPollMs);
      });
  };
  loop();
  return {
    drain,
    wake: () => void drain().catch(() => 0),
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await running.catch(() => 0);
    },
  };
}

type Stretch = { readonly read: number; readonly rows: readonly Row[] };

/** Moves the cursor over the next stretch of the log and returns what is of interest in it. */
async function readNext(tx: Queries, name: string, types: readonly string[]): Promise<Stretch> {
  const cursor = await tx.query<{ tx: string; position: string }>({
    name: "events/hold_cursor",
    text: "select tx, position from events_cursor where consumer = $1 for update skip locked",
    values: [name],
  });
  if (cursor[0] === undefined) return { read: 0, rows: [] };
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
  if (last === undefined) return { read: 0, rows: [] };
  await tx.query({
    name: "events/move_cursor",
    text: "update events_cursor set tx = $2, position = $3 where consumer = $1",
    values: [name, last.last_tx, last.last_position],
  });
  return { read: Number(last.read), rows: rows.filter((row) => row.position !== null) };
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
