import { limits } from "@trato/base";
import { bigintArray, type Queries, textArray } from "../platform/index.ts";
import type { Told } from "./training/family.ts";

/** Replaces what is told of demand by this, some hundred a statement. What is not told again is gone afterwards. */
export async function writeDemand(
  queries: Queries,
  of: { readonly version: string; readonly toldMs: number },
  weeks: readonly Told[],
): Promise<void> {
  for (let at = 0; at < weeks.length; at += limits.scoresPerStatement) {
    const some = weeks.slice(at, at + limits.scoresPerStatement);
    await queries.query({
      name: "scores/write_demand",
      text: `insert into scores_demand (sku, place_id, week_ms, version, told_ms, low, median, high)
             select sku, place_id, week_ms, $7::bigint, $8::bigint, low::float8, median::float8, high::float8
               from unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[])
                    as d (sku, place_id, week_ms, low, median, high)
             on conflict (sku, place_id, week_ms) do update
                set version = excluded.version, told_ms = excluded.told_ms, low = excluded.low,
                    median = excluded.median, high = excluded.high`,
      values: [
        textArray(some.map((one) => one.sku)),
        textArray(some.map((one) => one.place)),
        bigintArray(some.map((one) => Math.round(one.weekMs))),
        textArray(some.map((one) => String(one.low))),
        textArray(some.map((one) => String(one.median))),
        textArray(some.map((one) => String(one.high))),
        of.version,
        of.toldMs,
      ],
    });
  }
  await queries.query({
    name: "scores/forget_demand",
    text: "delete from scores_demand where told_ms < $1",
    values: [of.toldMs],
  });
}

export type DemandRow = Told & { readonly version: string; readonly toldMs: number };

/** A page of what is told of demand, by item, place and week; of one item or place when named. */
export async function readDemandPage(
  queries: Queries,
  page: {
    readonly sku: string | null;
    readonly place: string | null;
    readonly after: readonly [sku: string, place: string, weekMs: number] | null;
    readonly limit: number;
  },
): Promise<DemandRow[]> {
  const { sku, place, after, limit } = page;
  const rows = await queries.query<DemandRow & Record<"weekMs" | "toldMs", string>>({
    name: "scores/read_demand",
    text: `select sku, place_id as place, week_ms as "weekMs", version, told_ms as "toldMs", low, median, high
             from scores_demand
            where ($1::text is null or sku = $1) and ($2::text is null or place_id = $2)
              and ($3::text is null or (sku, place_id, week_ms) > ($3, $4::text, $5::bigint))
            order by sku, place_id, week_ms limit $6`,
    values: [sku, place, after?.[0] ?? null, after?.[1] ?? null, after?.[2] ?? null, limit],
  });
  return rows.map((row) => ({ ...row, weekMs: Number(row.weekMs), toldMs: Number(row.toldMs) }));
}
