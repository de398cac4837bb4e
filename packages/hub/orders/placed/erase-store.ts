import type { PersonId } from "@trato/base";
import { type Queries, uuidArray } from "../../platform/index.ts";

/**
 * Forgets people's orders: what other systems told of goes, the hub's own stay as books must be kept, without whose
 * they are and without what was said in words. Returns how many rows were deleted or changed.
 */
export async function eraseOrdersOf(tx: Queries, members: readonly PersonId[]): Promise<number> {
  const rows = await tx.query<{ n: string }>({
    name: "orders/erase",
    text: `with lines as (delete from orders_line l using orders_order o
                           where l.order_id = o.order_id and o.origin = 'event' and o.person_id = any($1::uuid[])
                           returning 1),
                kept as (update orders_order set person_id = null
                          where origin = 'hub' and person_id = any($1::uuid[]) returning 1),
                words as (update orders_act
                             set person_id = null, told = (told::jsonb - 'reason' - 'tracking')::json
                           where source = 'trato' and person_id = any($1::uuid[]) returning 1),
                acts as (delete from orders_act where source <> 'trato' and person_id = any($1::uuid[]) returning 1),
                gone as (delete from orders_order where origin = 'event' and person_id = any($1::uuid[]) returning 1)
           select (select count(*) from lines) + (select count(*) from kept) + (select count(*) from words)
                + (select count(*) from acts) + (select count(*) from gone) as n`,
    values: [uuidArray(members)],
  });
  return Number(rows[0]!.n);
}
