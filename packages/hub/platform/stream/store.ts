import type { PersonId } from "@trato/base";
import type { Queries } from "../database.ts";
import type { Interest } from "./interest.ts";
import { type Position, readId } from "./position.ts";

/** A change as it was announced; `data` is its JSON text. */
export type Announced = {
  readonly at: Position;
  readonly topic: string;
  readonly key: string;
  readonly place: string | null;
  readonly personId: PersonId | null;
  readonly atMs: number;
  readonly data: string;
};

type Row = Omit<Announced, "at" | "atMs"> & {
  readonly tx: string;
  readonly position: string;
  readonly atMs: string;
};

const columns = `tx, position, topic, key, place, person_id as "personId", at_ms as "atMs", data::text as data`;
const announcedOf = ({ tx, position, topic, key, place, personId, atMs, data }: Row): Announced => ({
  at: { tx: BigInt(tx), row: BigInt(position) },
  ...{ topic, key, place, personId, data },
  atMs: Number(atMs),
});

/** Before everything that is not settled yet: who begins here hears all that commits from now on. */
export async function endOfOutbox(queries: Queries): Promise<Position> {
  const rows = await queries.query<{ tx: string }>({
    name: "platform/end_of_outbox",
    text: "select platform_horizon() as tx",
    values: [],
  });
  return { tx: BigInt(rows[0]!.tx), row: 0n };
}

export type ReadOn = {
  readonly changes: Announced[];
  /** There are changes which are not settled yet. */
  readonly heldBack: boolean;
  /** All that is settled lies before it. */
  readonly settledTo: Position;
};

/**
 * The next changes after a position, in order, of settled transactions only: one that is older may still commit, and
 * its changes would be skipped for ever.
 */
export async function readOn(queries: Queries, after: Position, limit: number): Promise<ReadOn> {
  const rows = await queries.query<Row & { readonly horizon: string; readonly settled: boolean | null }>({
    name: "platform/read_outbox",
    text: `select horizon, o.* from (select platform_horizon() as horizon) as s left join lateral (
             select ${columns.replace("data::text", "case when tx < horizon then data::text end")},
                    tx < horizon as settled
               from platform_outbox where (tx, position) > ($1::xid8, $2::bigint)
              order by tx, position limit $3) as o on true
            order by o.tx, o.position`,
    values: [after.tx, after.row, limit],
  });
  return {
    changes: rows.filter((row) => row.settled === true).map(announcedOf),
    heldBack: rows.some((row) => row.settled === false),
    settledTo: { tx: BigInt(rows[0]!.horizon), row: 0n },
  };
}

/**
 * Looks through at most `limit` changes after one position and up to another, both settled, and returns those of
 * interest, and how far it looked.
 */
export async function readPast(
  queries: Queries,
  range: {
    readonly after: Position;
    readonly upTo: Position;
    readonly interest: Interest;
    readonly limit: number;
  },
): Promise<{ readonly changes: Announced[]; readonly lookedTo: Position }> {
  const { after, upTo, interest, limit } = range;
  const rows = await queries.query<Row & { lastTx: string; lastPosition: string; looked: string }>({
    name: "platform/read_outbox_past",
    text: `with page as materialized (
             select * from platform_outbox
              where (tx, position) > ($1::xid8, $2::bigint) and (tx, position) <= ($3::xid8, $4::bigint)
              order by tx, position limit $5),
           last as (select tx, position from page order by tx desc, position desc limit 1)
           select last.tx as "lastTx", last.position as "lastPosition", (select count(*) from page) as looked,
                  wanted.* from last left join
                  (select ${columns} from page
                    where topic = any($6::text[]) and ($7::text[] is null or key = any($7))
                      and ($8::text[] is null or place = any($8)) and ($9::uuid[] is null or person_id = any($9))
                  ) as wanted on true
            order by wanted.tx, wanted.position`,
    values: [
      ...[after.tx, after.row, upTo.tx, upTo.row, limit],
      ...[interest.topics, interest.keys ?? null, interest.places ?? null, interest.people ?? null],
    ],
  });
  const first = rows[0];
  if (first === undefined || Number(first.looked) < limit)
    return { changes: changesOf(rows), lookedTo: upTo };
  return {
    changes: changesOf(rows),
    lookedTo: { tx: BigInt(first.lastTx), row: BigInt(first.lastPosition) },
  };
}

const changesOf = (rows: readonly Row[]): Announced[] =>
  rows.filter(({ topic }) => topic !== null).map(announcedOf);

/**
 * Whether all that came after a position is still there to be read: "lost" when some of it was forgotten, or when the
 * position is of a database that this one is not (it has not counted so far).
 */
export async function isWhole(queries: Queries, position: Position): Promise<boolean> {
  const rows = await queries.query<{ known: boolean; pruned: string | null }>({
    name: "platform/is_outbox_whole",
    text: `select $1::xid8 <= pg_snapshot_xmax(pg_current_snapshot()) as known,
                  (select value #>> '{}' from platform_setting where name = 'outbox/pruned') as pruned`,
    values: [position.tx],
  });
  const { known, pruned } = rows[0]!;
  const forgotten = pruned === null ? undefined : readId(pruned);
  if (forgotten === undefined) return known;
  const isOlder =
    position.tx < forgotten.tx || (position.tx === forgotten.tx && position.row < forgotten.row);
  return known && !isOlder;
}

/** Of these keys, those that may still be used. */
export async function keysInUse(queries: Queries, keyIds: readonly string[]): Promise<Set<string>> {
  const rows = await queries.query<{ keyId: string }>({
    name: "platform/keys_in_use",
    text: `select key_id as "keyId" from platform_key
            where key_id = any($1) and revoked_at is null and (expires_at is null or expires_at > now())`,
    values: [keyIds],
  });
  return new Set(rows.map(({ keyId }) => keyId));
}
