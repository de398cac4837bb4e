import { bigintArray, type Queries, textArray } from "../platform/index.ts";
import { changesOnHand, type Level, type Movement, type Pair, pairKey } from "./ledger.ts";

type LevelRow = Record<
  "free" | "held" | "allocated" | "short" | "incoming" | "transit" | "safety" | "movedMs",
  string
> & {
  readonly sku: string;
  readonly placeId: string;
  readonly buffers: Record<string, number> | null;
  readonly countedMs: string | null;
};

const columns = `l.sku, l.place_id as "placeId", l.free, l.held, l.allocated, l.short, l.incoming, l.transit,
  l.safety, l.buffers, l.counted_ms as "countedMs", l.moved_ms as "movedMs"`;

const levelOf = (row: LevelRow): Level => ({
  sku: row.sku,
  placeId: row.placeId,
  free: Number(row.free),
  held: Number(row.held),
  allocated: Number(row.allocated),
  short: Number(row.short),
  incoming: Number(row.incoming),
  transit: Number(row.transit),
  safety: Number(row.safety),
  buffers: row.buffers,
  countedMs: row.countedMs === null ? null : Number(row.countedMs),
  movedMs: Number(row.movedMs),
});

/** The levels of these items at these places, as committed at this moment; nothing is locked. */
export async function readLevels(
  queries: Queries,
  skus: readonly string[],
  placeIds: readonly string[],
): Promise<Level[]> {
  const rows = await queries.query<LevelRow>({
    name: "stock/read_levels",
    text: `select ${columns} from stock_level l where l.sku = any($1::text[]) and l.place_id = any($2::text[])`,
    values: [textArray(skus), textArray(placeIds)],
  });
  return rows.map(levelOf);
}

/** The same of certain items at certain places. */
export async function readLevelsAt(queries: Queries, pairs: readonly Pair[]): Promise<Level[]> {
  if (pairs.length === 0) return [];
  const rows = await queries.query<LevelRow>({
    name: "stock/read_levels_at",
    text: `select ${columns} from unnest($1::text[], $2::text[]) as g (sku, place_id)
             join stock_level l on l.sku = g.sku and l.place_id = g.place_id`,
    values: pairArrays(pairs),
  });
  return rows.map(levelOf);
}

/** The levels of these items wherever they are. */
export async function readLevelsOf(queries: Queries, skus: readonly string[]): Promise<Level[]> {
  const rows = await queries.query<LevelRow>({
    name: "stock/read_levels_of",
    text: `select ${columns} from stock_level l where l.sku = any($1::text[]) order by l.sku, l.place_id`,
    values: [textArray(skus)],
  });
  return rows.map(levelOf);
}

/** A page of levels by item and place, of one item or one place or of all. */
export async function listLevels(
  queries: Queries,
  page: {
    readonly sku: string | undefined;
    readonly placeId: string | undefined;
    readonly after: Pair;
    readonly limit: number;
  },
): Promise<Level[]> {
  const { sku, placeId, after, limit } = page;
  const [name, where] =
    sku !== undefined
      ? [
          "list_of_item",
          "l.sku = $4 and ($5::text is null or l.place_id = $5) and (l.sku, l.place_id) > ($1, $2)",
        ]
      : placeId !== undefined
        ? ["list_of_place", "$4::text is null and l.place_id = $5 and l.sku > $1 and $2::text is not null"]
        : ["list", "$4::text is null and $5::text is null and (l.sku, l.place_id) > ($1, $2)"];
  const rows = await queries.query<LevelRow>({
    name: `stock/${name}`,
    text: `select ${columns} from stock_level l where ${where} order by l.sku, l.place_id limit $3`,
    values: [after.sku, after.placeId, limit, sku ?? null, placeId ?? null],
  });
  return rows.map(levelOf);
}

/**
 * Locks the levels that are there, in sorted order, to the end of the transaction, and reads them. A subquery that
 * locks is never merged into the query around it: each level is looked up by its key, in the order given.
 */
export async function lockLevels(tx: Queries, pairs: readonly Pair[]): Promise<Level[]> {
  if (pairs.length === 0) return [];
  const rows = await tx.query<LevelRow>({
    name: "stock/lock_levels",
    text: `select ${columns}
             from unnest($1::text[], $2::text[]) as g (sku, place_id)
             cross join lateral (select * from stock_level k
                                  where k.sku = g.sku and k.place_id = g.place_id for update) as l`,
    values: pairArrays(pairs.toSorted(bySkuAndPlace)),
  });
  return rows.map(levelOf);
}

const bySkuAndPlace = (a: Pair, b: Pair): number =>
  a.sku < b.sku ? -1 : a.sku > b.sku ? 1 : a.placeId < b.placeId ? -1 : a.placeId > b.placeId ? 1 : 0;

/** Makes levels of nothing where there are none, in sorted order. */
export async function makeLevels(tx: Queries, pairs: readonly Pair[]): Promise<void> {
  await tx.write({
    name: "stock/make_levels",
    text: `insert into stock_level (sku, place_id)
           select sku, place_id from unnest($1::text[], $2::text[]) as g (sku, place_id)
           on conflict do nothing`,
    values: pairArrays(pairs.toSorted(bySkuAndPlace)),
  });
}

const pairArrays = (pairs: readonly Pair[]): Buffer[] => [
  textArray(pairs.map(({ sku }) => sku)),
  textArray(pairs.map(({ placeId }) => placeId)),
];

/** One line of what `moveStock` writes: a movement, or a count that found what was there (quantity 0). */
export type Posting = Movement & { readonly countedMs: number | null };

const into = (bucket: string): string =>
  `sum(case '${bucket}' when to_bucket then quantity when from_bucket then -quantity else 0 end)::bigint as ${bucket}`;

/**
 * Says of which level `l` a row speaks, so that it can only be looked up by its key: an equation would let the
 * database, while the table is young, read all levels in the order of an index for each row, and keep that plan.
 */
export const byItsKey = (row: string): string =>
  `l.sku = any(array[${row}.sku]) and l.place_id = any(array[${row}.place_id])`;

/**
 * Writes movements and the balances they make, in one statement: a balance can only change by the movements written
 * beside it, and no bucket goes below nothing (the table's checks). The levels must have been locked in sorted order.
 * The transaction fails when one was not there. Cost: one index look-up a level, one row a movement; no rows come back.
 */
export async function moveStock(tx: Queries, postings: readonly Posting[], nowMs: number): Promise<void> {
  if (postings.length === 0) return;
  const touched = new Set(postings.map(pairKey));
  const move = {
    name: "stock/move",
    text: `with moved as materialized (
                  select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[],
                                       $7::text[], $8::text[], $9::bigint[], $10::bigint[], $11::bigint[])
                    as m (sku, place_id, from_bucket, to_bucket, quantity, reason, ref, command_id, at_ms,
                          counted_ms, moved_ms)),
                kept as (
                  insert into stock_movement (sku, place_id, at_ms, from_bucket, to_bucket, quantity, reason, ref,
                                              command_id, recorded_ms)
                  select sku, place_id, at_ms, from_bucket, to_bucket, quantity, reason, ref, command_id, $12
                    from moved where quantity > 0),
                sums as (
                  select sku, place_id, ${["free", "held", "allocated", "incoming", "transit"].map(into).join(", ")},
                         -${into("short")}, max(counted_ms) as counted_ms, max(moved_ms) as moved_ms
                    from moved group by sku, place_id),
                added as (
                  update stock_level l
                     set free = l.free + s.free, held = l.held + s.held, allocated = l.allocated + s.allocated,
                         short = l.short + s.short, incoming = l.incoming + s.incoming,
                         transit = l.transit + s.transit, counted_ms = greatest(l.counted_ms, s.counted_ms),
                         moved_ms = greatest(l.moved_ms, s.moved_ms)
                    from sums s where ${byItsKey("s")} returning 1)
           select platform_assert(count(*) = $13, 'every level that moves exists and was locked') from added`,
    values: [...postingArrays(postings), nowMs, touched.size],
  };
  await tx.write(move);
}

const postingArrays = (postings: readonly Posting[]): Buffer[] => [
  ...pairArrays(postings),
  textArray(postings.map(({ from }) => from)),
  textArray(postings.map(({ to }) => to)),
  bigintArray(postings.map(({ quantity }) => quantity)),
  textArray(postings.map(({ reason }) => reason)),
  textArray(postings.map(({ ref }) => ref)),
  textArray(postings.map(({ commandId }) => commandId)),
  bigintArray(postings.map(({ atMs }) => atMs)),
  bigintArray(postings.map(({ countedMs }) => countedMs)),
  bigintArray(postings.map((one) => (changesOnHand(one) ? one.atMs : null))),
];

type MovementRow = {
  movementId: string;
  atMs: string;
  recordedMs: string;
  from: Movement["from"];
  to: Movement["to"];
  quantity: string;
  reason: Movement["reason"];
  ref: string | null;
  commandId: string | null;
};
export type KeptMovement = Omit<Movement, "sku" | "placeId"> & {
  readonly movementId: string;
  readonly recordedMs: number;
};
export type MovementCursor = { readonly atMs: number; readonly movementId: string };

/** A page of the movements of one item at one place, the latest first. */
export async function listMovements(
  queries: Queries,
  { sku, placeId }: Pair,
  page: { readonly before: MovementCursor | undefined; readonly limit: number },
): Promise<KeptMovement[]> {
  const rows = await queries.query<MovementRow>({
    name: "stock/list_movements",
    text: `select movement_id as "movementId", at_ms as "atMs", recorded_ms as "recordedMs", from_bucket as "from",
                  to_bucket as "to", quantity, reason, ref, command_id as "commandId"
             from stock_movement
            where sku = $1 and place_id = $2 and (at_ms, movement_id) < ($3::bigint, $4::bigint)
            order by at_ms desc, movement_id desc limit $5`,
    values: [sku, placeId, page.before?.atMs ?? latest, page.before?.movementId ?? "0", page.limit],
  });
  return rows.map((row) => ({
    ...row,
    atMs: Number(row.atMs),
    recordedMs: Number(row.recordedMs),
    quantity: Number(row.quantity),
  }));
}

/** After every instant there is. */
const latest = Number.MAX_SAFE_INTEGER;
