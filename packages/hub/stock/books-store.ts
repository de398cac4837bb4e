import type { Queries } from "../platform/index.ts";
import type { Pair } from "./ledger.ts";

export type Difference = Pair & { readonly what: string; readonly kept: string; readonly made: string };

const sumOf = (bucket: string): string =>
  `coalesce(sum(case '${bucket}' when to_bucket then quantity when from_bucket then -quantity end), 0) as ${bucket}`;
const sums = ["free", "held", "allocated", "incoming", "transit"].map(sumOf).join(", ");
const shortSum =
  "coalesce(sum(case 'short' when from_bucket then quantity when to_bucket then -quantity end), 0)";

/** All levels, and those whose buckets differ from what stands behind them; at one instant. */
export async function findDifferences(
  queries: Queries,
): Promise<{ readonly levels: number; readonly differences: Difference[] }> {
  const rows = await queries.query<{ levels: string; differences: Difference[] | null }>({
    name: "stock/find_differences",
    text: `with made as (
                  select sku, place_id, ${sums}, ${shortSum} as short
                    from stock_movement group by sku, place_id),
                behind as (
                  select sku, place_id, 'movements: free' as what, free as units from made
                  union all select sku, place_id, 'movements: held', held from made
                  union all select sku, place_id, 'movements: allocated', allocated from made
                  union all select sku, place_id, 'movements: incoming', incoming from made
                  union all select sku, place_id, 'movements: transit', transit from made
                  union all select sku, place_id, 'movements: short', short from made
                  union all select sku, place_id, 'holds: held', sum(quantity) from stock_hold_line
                             where exists (select from stock_hold h where h.hold_id = stock_hold_line.hold_id)
                             group by sku, place_id
                  union all select sku, place_id, 'orders: allocated', sum(quantity) from stock_allocation
                             group by sku, place_id
                  union all select l.sku, t.to_place, 'transfers: transit', sum(l.sent - l.received - l.lost)
                              from stock_transfer_line l join stock_transfer t using (transfer_id)
                             group by l.sku, t.to_place),
                kept as (
                  select sku, place_id, unnest(array['movements: free', 'movements: held', 'movements: allocated',
                                                     'movements: incoming', 'movements: transit', 'movements: short',
                                                     'holds: held', 'orders: allocated', 'transfers: transit']) as what,
                         unnest(array[free, held, allocated, incoming, transit, short,
                                      held, allocated, transit]) as units
                    from stock_level),
                sums as (
                  select sku, place_id, what, sum(kept) as kept, sum(made) as made
                    from (select sku, place_id, what, units as kept, 0::numeric as made from kept
                          union all select sku, place_id, what, 0, units from behind) as both_sides
                   group by sku, place_id, what)
           select (select count(*) from stock_level) as levels,
                  (select json_agg(json_build_object('sku', sku, 'placeId', place_id, 'what', what,
                                                     'kept', kept::text, 'made', made::text))
                     from (select * from sums where kept <> made order by sku, place_id, what limit 100) as wrong)
                    as differences`,
    values: [],
  });
  return { levels: Number(rows[0]!.levels), differences: rows[0]!.differences ?? [] };
}
