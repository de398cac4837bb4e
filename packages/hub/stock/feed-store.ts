import { bigintArray, jsonArray, type Queries, textArray } from "../platform/index.ts";
import type { Pair } from "./ledger.ts";
import { byItsKey } from "./store.ts";

/** Units that came or went otherwise than by a count since an instant, itself included; one sum a row, in their order. */
export async function sumsSince(
  tx: Queries,
  rows: readonly (Pair & { readonly sinceMs: number })[],
): Promise<number[]> {
  if (rows.length === 0) return [];
  const found = await tx.query<{ units: string }>({
    name: "stock/sums_since",
    text: `select coalesce((
                    select sum(case when m.to_bucket in ('outside', 'incoming', 'transit') then -m.quantity
                                    else m.quantity end)
                      from stock_movement m
                     where m.sku = g.sku and m.place_id = g.place_id and m.at_ms >= g.since_ms
                       and m.reason <> 'count'
                       and (m.from_bucket in ('outside', 'incoming', 'transit'))
                        <> (m.to_bucket in ('outside', 'incoming', 'transit'))), 0) as units
             from unnest($1::text[], $2::text[], $3::bigint[]) with ordinality as g (sku, place_id, since_ms, nth)
            order by nth`,
    values: [
      textArray(rows.map(({ sku }) => sku)),
      textArray(rows.map(({ placeId }) => placeId)),
      bigintArray(rows.map(({ sinceMs }) => sinceMs)),
    ],
  });
  return found.map(({ units }) => Number(units));
}

export type Terms = Pair & {
  readonly safety: number;
  readonly buffers: Readonly<Record<string, number>> | null;
};

/** Sets what levels keep back. The levels must have been locked. */
export async function setTerms(tx: Queries, terms: readonly Terms[]): Promise<void> {
  if (terms.length === 0) return;
  await tx.write({
    name: "stock/set_terms",
    text: `update stock_level l
              set safety = g.safety, buffers = case when g.buffers::text = 'null' then null else g.buffers end
             from unnest($1::text[], $2::text[], $3::bigint[], $4::json[]) as g (sku, place_id, safety, buffers)
            where ${byItsKey("g")}`,
    values: [
      textArray(terms.map(({ sku }) => sku)),
      textArray(terms.map(({ placeId }) => placeId)),
      bigintArray(terms.map(({ safety }) => safety)),
      jsonArray(terms.map(({ buffers }) => buffers)),
    ],
  });
}
