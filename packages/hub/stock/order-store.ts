import { bigintArray, type Queries, textArray } from "../platform/index.ts";
import type { Allocated } from "./order-rules.ts";

const keys = (lines: readonly Allocated[]): Buffer[] => [
  textArray(lines.map(({ orderId }) => orderId)),
  textArray(lines.map(({ forSku }) => forSku)),
  textArray(lines.map(({ placeId }) => placeId)),
  textArray(lines.map(({ sku }) => sku)),
];

/** Locks what is put aside for orders, in sorted order, to the end of the transaction. */
export async function lockAllocations(tx: Queries, orderIds: readonly string[]): Promise<Allocated[]> {
  const rows = await tx.query<Record<"orderId" | "forSku" | "placeId" | "sku" | "quantity", string>>({
    name: "stock/lock_allocations",
    text: `select order_id as "orderId", for_sku as "forSku", place_id as "placeId", sku, quantity
             from stock_allocation where order_id = any($1::text[])
            order by order_id, for_sku, place_id, sku for update`,
    values: [textArray(orderIds)],
  });
  return rows.map((row) => ({ ...row, quantity: Number(row.quantity) }));
}

/** Writes allocations as they are now; where nothing is put aside any more, the row goes. */
export async function writeAllocations(tx: Queries, now: readonly Allocated[]): Promise<void> {
  if (now.length === 0) return;
  await tx.write({
    name: "stock/write_allocations",
    text: `with given as materialized (
                  select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[])
                    as g (order_id, for_sku, place_id, sku, quantity)),
                gone as (
                  delete from stock_allocation a using given g
                   where a.order_id = any($1::text[])
                     and a.order_id = g.order_id and a.for_sku = g.for_sku and a.place_id = g.place_id
                     and a.sku = g.sku and g.quantity = 0)
           insert into stock_allocation (order_id, for_sku, place_id, sku, quantity)
           select * from given where quantity > 0
           on conflict (order_id, for_sku, place_id, sku) do update set quantity = excluded.quantity`,
    values: [...keys(now), bigintArray(now.map(({ quantity }) => quantity))],
  });
}

/** Remembers commands by the callers' ids, in sorted order, and returns those that are new. */
export async function rememberCommands(
  tx: Queries,
  commandIds: readonly string[],
  nowMs: number,
): Promise<ReadonlySet<string>> {
  if (commandIds.length === 0) return new Set();
  const rows = await tx.query<{ commandId: string }>({
    name: "stock/remember_commands",
    text: `insert into stock_command (command_id, recorded_ms)
           select distinct id, $2::bigint from unnest($1::text[]) as c (id) order by id
           on conflict do nothing returning command_id as "commandId"`,
    values: [textArray(commandIds), nowMs],
  });
  return new Set(rows.map(({ commandId }) => commandId));
}

/** Forgets commands that were refused in this transaction, so that they may be tried again. */
export async function forgetCommands(tx: Queries, commandIds: readonly string[]): Promise<void> {
  if (commandIds.length === 0) return;
  await tx.query({
    name: "stock/forget_commands",
    text: "delete from stock_command where command_id = any($1::text[])",
    values: [textArray(commandIds)],
  });
}
