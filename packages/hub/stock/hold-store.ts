import { bigintArray, type Queries, textArray } from "../platform/index.ts";
import type { Taken } from "./choose.ts";
import type { Hold, Holds } from "./hold-rules.ts";

/**
 * Locks holds by name, in sorted order, and up to `most` that are over: those with one of `skus`, or any when it is
 * null. A hold that is over and locked by somebody else is left to them. Returns the names of those that are there.
 */
export async function lockHolds(
  tx: Queries,
  wanted: {
    readonly holdIds: readonly string[];
    readonly skus: readonly string[] | null;
    readonly nowMs: number;
    readonly most: number;
  },
): Promise<string[]> {
  const rows = await tx.query<{ holdId: string }>({
    name: "stock/lock_holds",
    text: `with own as materialized (
                  select hold_id from stock_hold where hold_id = any($1::text[]) order by hold_id for update),
                gone as materialized (
                  select h.hold_id from stock_hold h
                   where h.expires_ms <= $2 and h.hold_id <> all($1::text[])
                     and ($3::text[] is null or exists (
                           select from stock_hold_line l where l.hold_id = h.hold_id and l.sku = any($3::text[])))
                   order by h.expires_ms limit $4 for update of h skip locked)
           select hold_id as "holdId" from own union all select hold_id from gone`,
    values: [
      textArray(wanted.holdIds),
      wanted.nowMs,
      wanted.skus === null ? null : textArray(wanted.skus),
      wanted.most,
    ],
  });
  return rows.map(({ holdId }) => holdId);
}

type HoldRow = { holdId: string; owner: string; channel: string; expiresMs: string } & {
  [Name in keyof Taken]: string | null;
};

/** The holds with these names and what they hold. After a lock, in a statement of its own: what it waited for counts. */
export async function readHolds(queries: Queries, holdIds: readonly string[]): Promise<Hold[]> {
  if (holdIds.length === 0) return [];
  const rows = await queries.query<HoldRow>({
    name: "stock/read_holds",
    text: `select h.hold_id as "holdId", h.owner, h.channel, h.expires_ms as "expiresMs",
                  l.for_sku as "forSku", l.place_id as "placeId", l.sku, l.quantity
             from stock_hold h left join stock_hold_line l on l.hold_id = h.hold_id
            where h.hold_id = any($1::text[])`,
    values: [textArray(holdIds)],
  });
  const holds = new Map<string, Hold & { readonly lines: Taken[] }>();
  for (const { holdId, owner, channel, expiresMs, forSku, placeId, sku, quantity } of rows) {
    const hold = holds.get(holdId) ?? { holdId, owner, channel, expiresMs: Number(expiresMs), lines: [] };
    holds.set(holdId, hold);
    if (forSku !== null && placeId !== null && sku !== null)
      hold.lines.push({ forSku, placeId, sku, quantity: Number(quantity) });
  }
  return [...holds.values()];
}

/** Makes transactions that open holds for the same owner queue, in sorted order, so that they count each other's. */
export async function lockOwners(tx: Queries, owners: readonly string[]): Promise<void> {
  await tx.write({
    name: "stock/lock_owners",
    text: `select pg_advisory_xact_lock(hashtextextended('stock/owner/' || owner, 0))
             from (select owner from unnest($1::text[]) as o (owner) order by owner) as sorted`,
    values: [textArray(owners)],
  });
}

/** The names of the holds that owners have and that are not over. */
export async function findHoldsOf(
  queries: Queries,
  owners: readonly string[],
  nowMs: number,
): Promise<string[]> {
  const rows = await queries.query<{ holdId: string }>({
    name: "stock/find_holds_of",
    text: `select hold_id as "holdId" from stock_hold where owner = any($1::text[]) and expires_ms > $2`,
    values: [textArray(owners), nowMs],
  });
  return rows.map(({ holdId }) => holdId);
}

/** How many holds each owner has that are not over. */
export async function countHolds(
  queries: Queries,
  owners: readonly string[],
  nowMs: number,
): Promise<Map<string, number>> {
  const rows = await queries.query<{ owner: string; count: string }>({
    name: "stock/count_holds",
    text: `select owner, count(*) as count from stock_hold
            where owner = any($1::text[]) and expires_ms > $2 group by owner`,
    values: [textArray(owners), nowMs],
  });
  return new Map(rows.map(({ owner, count }) => [owner, Number(count)]));
}

const lineKey = ({ forSku, placeId, sku }: Taken): string => `${forSku}\n${placeId}\n${sku}`;
type OwnLine = Taken & { readonly holdId: string };

/** What became of holds: those that began, go on and ended, and their lines where they differ. */
function differenceOf(before: ReadonlyMap<string, Hold>, after: Holds["now"]) {
  const [begun, renewed]: [Hold[], Hold[]] = [[], []];
  const ended: string[] = [];
  const [dropped, put]: [OwnLine[], OwnLine[]] = [[], []];
  for (const [holdId, hold] of after) {
    const was = before.get(holdId);
    if (hold === was) continue;
    if (hold === undefined) ended.push(holdId);
    else if (was === undefined) begun.push(hold);
    else if (!isSameHead(was, hold)) renewed.push(hold);
    const kept = new Map((hold?.lines ?? []).map((line) => [lineKey(line), line.quantity]));
    const had = new Map((was?.lines ?? []).map((line) => [lineKey(line), line.quantity]));
    for (const line of was?.lines ?? []) if (!kept.has(lineKey(line))) dropped.push({ ...line, holdId });
    for (const line of hold?.lines ?? []) {
      if (had.get(lineKey(line)) !== line.quantity) put.push({ ...line, holdId });
    }
  }
  return { begun, renewed, ended, dropped, put };
}

const isSameHead = (a: Hold, b: Hold): boolean =>
  a.owner === b.owner && a.channel === b.channel && a.expiresMs === b.expiresMs;

const headers = (holds: readonly Hold[]): Buffer[] => [
  textArray(holds.map(({ holdId }) => holdId)),
  textArray(holds.map(({ owner }) => owner)),
  textArray(holds.map(({ channel }) => channel)),
  bigintArray(holds.map(({ expiresMs }) => expiresMs)),
];

const lineKeys = (lines: readonly OwnLine[]): Buffer[] => [
  textArray(lines.map(({ holdId }) => holdId)),
  textArray(lines.map(({ forSku }) => forSku)),
  textArray(lines.map(({ placeId }) => placeId)),
  textArray(lines.map(({ sku }) => sku)),
];

/** Writes what became of holds that were locked; one that another transaction made meanwhile begins this one again. */
export async function writeHolds(
  tx: Queries,
  before: ReadonlyMap<string, Hold>,
  after: Holds["now"],
): Promise<void> {
  const { begun, renewed, ended, dropped, put } = differenceOf(before, after);
  if (begun.length + renewed.length + ended.length + dropped.length + put.length === 0) return;
  const write = {
    name: "stock/write_holds",
    text: `with ended as (delete from stock_hold where hold_id = any($1::text[])),
                begun as (
                  insert into stock_hold (hold_id, owner, channel, expires_ms)
                  select * from unnest($2::text[], $3::text[], $4::text[], $5::bigint[])
                  on conflict do nothing returning 1),
                renewed as (
                  insert into stock_hold (hold_id, owner, channel, expires_ms)
                  select * from unnest($6::text[], $7::text[], $8::text[], $9::bigint[])
                  on conflict (hold_id) do update
                    set owner = excluded.owner, channel = excluded.channel, expires_ms = excluded.expires_ms),
                dropped as (
                  delete from stock_hold_line l
                   using unnest($10::text[], $11::text[], $12::text[], $13::text[])
                           as g (hold_id, for_sku, place_id, sku)
                   where l.hold_id = any($10::text[])
                     and l.hold_id = g.hold_id and l.for_sku = g.for_sku and l.place_id = g.place_id
                     and l.sku = g.sku),
                put as (
                  insert into stock_hold_line (hold_id, for_sku, place_id, sku, quantity)
                  select * from unnest($14::text[], $15::text[], $16::text[], $17::text[], $18::bigint[])
                  on conflict (hold_id, for_sku, place_id, sku) do update set quantity = excluded.quantity)
           select platform_begin_again_unless(count(*) = $19) from begun`,
    values: [
      textArray(ended),
      ...headers(begun),
      ...headers(renewed),
      ...lineKeys(dropped),
      ...lineKeys(put),
      bigintArray(put.map(({ quantity }) => quantity)),
      begun.length,
    ],
  };
  await tx.write(write);
}

/** Units in holds that are over and were not tidied away yet, by item and place. Cost: the holds that are over. */
export async function readExpired(
  queries: Queries,
  skus: readonly string[],
  nowMs: number,
): Promise<{ readonly sku: string; readonly placeId: string; readonly quantity: number }[]> {
  const rows = await queries.query<{ sku: string; placeId: string; quantity: string }>({
    name: "stock/read_expired",
    text: `select l.sku, l.place_id as "placeId", sum(l.quantity) as quantity
             from stock_hold h
             cross join lateral (select * from stock_hold_line k
                                  where k.hold_id = h.hold_id and k.sku = any($2::text[]) offset 0) as l
            where h.expires_ms <= $1 group by l.sku, l.place_id`,
    values: [nowMs, textArray(skus)],
  });
  return rows.map((row) => ({ ...row, quantity: Number(row.quantity) }));
}
