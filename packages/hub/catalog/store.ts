import type { Item } from "@trato/contract";
import type { Queries } from "../platform/index.ts";
import { type Fate, fateOf } from "./rules.ts";

/** Every item as it was at a version. Never changed once made. */
export type CatalogueView = { readonly version: string; readonly items: ReadonlyMap<string, Item> };

/**
 * Writes items in the caller's transaction. What did not change is left alone; if nothing did, so is the version.
 * The version's row is held to the end of the transaction: versions are committed in the order they count.
 */
export async function writeItems(
  tx: Queries,
  items: readonly Item[],
  nowMs: number,
): Promise<{
  readonly version: string;
  readonly fates: ReadonlyMap<string, Fate>;
  readonly written: readonly Item[];
}> {
  const before = await tx.query<{ version: string }>({
    name: "catalog/hold_version",
    text: "select version from catalog_version for update",
    values: [],
  });
  const there = await readItems(
    tx,
    items.map((item) => item.sku),
  );
  const fates = new Map(items.map((item) => [item.sku, fateOf(item, there.get(item.sku))]));
  const written = items.filter((item) => fates.get(item.sku) !== "unchanged");
  if (written.length === 0) return { version: before[0]!.version, fates, written };
  const rows = await tx.query<{ version: string }>({
    name: "catalog/write_items",
    text: `with now as (update catalog_version set version = version + 1 returning version),
                given as (select r.sku, r.category, r.item, now.version
                            from now, json_to_recordset($1::json) as r (sku text, category text, item json)),
                history as (insert into catalog_item_version (sku, version, item, recorded_ms)
                            select sku, version, item, $2::bigint from given),
                current as (insert into catalog_item (sku, version, category, item)
                            select sku, version, category, item from given
                            on conflict (sku) do update
                              set version = excluded.version, category = excluded.category, item = excluded.item)
           select version from now`,
    values: [
      JSON.stringify(written.map((item) => ({ sku: item.sku, category: item.category, item }))),
      nowMs,
    ],
  });
  return { version: rows[0]!.version, fates, written };
}

/** The items with these skus, as they are now. */
export async function readItems(queries: Queries, skus: readonly string[]): Promise<Map<string, Item>> {
  const rows = await queries.query<{ item: Item }>({
    name: "catalog/read_items",
    text: "select item from catalog_item where sku = any($1::text[])",
    values: [skus],
  });
  return new Map(rows.map(({ item }) => [item.sku, item]));
}

/** A page of items by sku. */
export async function listItems(
  queries: Queries,
  page: { readonly after: string; readonly limit: number; readonly category: string | null },
): Promise<Item[]> {
  const rows = await queries.query<{ item: Item }>({
    name: page.category === null ? "catalog/list_items" : "catalog/list_items_of_category",
    text:
      page.category === null
        ? "select item from catalog_item where sku > $1 order by sku limit $2"
        : "select item from catalog_item where category = $3 and sku > $1 order by sku limit $2",
    values: page.category === null ? [page.after, page.limit] : [page.after, page.limit, page.category],
  });
  return rows.map(({ item }) => item);
}

/** The snapshot as it is now, made of the one before and what changed since; the same one when nothing did. */
export async function readView(queries: Queries, before: CatalogueView | undefined): Promise<CatalogueView> {
  const rows = await queries.query<{ version: string; item: Item | null }>({
    name: "catalog/read_changes",
    text: `select v.version, i.item from catalog_version v left join catalog_item i on i.version > $1::bigint`,
    values: [before?.version ?? "-1"],
  });
  const version = rows[0]!.version;
  if (version === before?.version) return before;
  const items = new Map(before?.items);
  for (const { item } of rows) if (item !== null) items.set(item.sku, item);
  return { version, items };
}

/** The snapshot as it was at a version. Cost: one pass over the history. */
export async function readPastView(queries: Queries, version: string): Promise<CatalogueView> {
  const rows = await queries.query<{ item: Item }>({
    name: "catalog/read_past",
    text: `select distinct on (sku) item from catalog_item_version
            where version <= $1::bigint order by sku, version desc`,
    values: [version],
  });
  return { version, items: new Map(rows.map(({ item }) => [item.sku, item])) };
}

/** Single items as they were at a version. */
export async function readPastItems(
  queries: Queries,
  skus: readonly string[],
  version: string,
): Promise<Map<string, Item>> {
  const rows = await queries.query<{ item: Item }>({
    name: "catalog/read_past_items",
    text: `select distinct on (sku) item from catalog_item_version
            where sku = any($1::text[]) and version <= $2::bigint order by sku, version desc`,
    values: [skus, version],
  });
  return new Map(rows.map(({ item }) => [item.sku, item]));
}
