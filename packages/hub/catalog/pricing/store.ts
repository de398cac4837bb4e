import type { Item, Price, Promotion, Tax } from "@trato/contract";
import type { Queries } from "../../platform/index.ts";
import { type Fate, fateOf } from "../rules.ts";

/** What pricing is made of: rows of three kinds, kept alike. */
export type RuleKind = "price" | "promotion" | "tax";
export type Rule = Price | Promotion | Tax;
export type RuleRow = {
  readonly kind: RuleKind;
  readonly id: string;
  readonly sku: string | null;
  readonly rule: Rule;
};

export type RulesWritten = {
  readonly version: string;
  readonly fates: ReadonlyMap<string, Fate>;
  /** New ones for which there was no room. */
  readonly tooMany: ReadonlySet<string>;
  readonly written: readonly RuleRow[];
};

/**
 * Writes rules of one kind in the caller's transaction, and their history; `room` is how many new ones there may be.
 * What did not change is left alone; if nothing did, so is the version. The version's row is held, so that versions
 * are committed in the order they count.
 */
export async function writeRules(
  tx: Queries,
  rows: readonly RuleRow[],
  { nowMs, room }: { readonly nowMs: number; readonly room: number },
): Promise<RulesWritten> {
  const held = await tx.query<{ version: string }>({
    name: "catalog/hold_pricing_version",
    text: "select version from catalog_pricing_version for update",
    values: [],
  });
  const there = await tx.query<{ id: string; rule: Rule }>({
    name: "catalog/read_rules",
    text: "select id, rule from catalog_pricing_rule where kind = $1 and id = any($2::text[])",
    values: [rows[0]?.kind ?? "price", rows.map(({ id }) => id)],
  });
  const ruleOf = new Map(there.map(({ id, rule }) => [id, rule]));
  const fates = new Map(rows.map(({ id, rule }) => [id, fateOf(rule, ruleOf.get(id))]));
  const created = rows.filter(({ id }) => fates.get(id) === "created");
  const tooMany = new Set(created.slice(Math.max(0, room)).map(({ id }) => id));
  const written = rows.filter(({ id }) => fates.get(id) !== "unchanged" && !tooMany.has(id));
  if (written.length === 0) return { version: held[0]!.version, fates, tooMany, written };
  const now = await tx.query<{ version: string }>({
    name: "catalog/write_rules",
    text: `with now as (update catalog_pricing_version set version = version + 1 returning version),
                given as (select r.kind, r.id, r.sku, r.rule, now.version
                            from now, json_to_recordset($1::json) as r (kind text, id text, sku text, rule json)),
                history as (insert into catalog_pricing_rule_version (kind, id, version, recorded_ms, sku, rule)
                            select kind, id, version, $2::bigint, sku, rule from given),
                current as (insert into catalog_pricing_rule (kind, id, version, sku, rule)
                            select kind, id, version, sku, rule from given
                            on conflict (kind, id) do update set version = excluded.version, rule = excluded.rule)
           select version from now`,
    values: [JSON.stringify(written), nowMs],
  });
  return { version: now[0]!.version, fates, tooMany, written };
}

/** The version of this instant, and what changed since another: all of it since "-1". */
export async function readChangedRules(
  queries: Queries,
  since: string,
): Promise<{ readonly version: string; readonly rows: RuleRow[] }> {
  const rows = await queries.query<{ version: string } & { [Name in keyof RuleRow]: RuleRow[Name] | null }>({
    name: "catalog/read_changed_rules",
    text: `select v.version, r.kind, r.id, r.sku, r.rule
             from catalog_pricing_version v left join catalog_pricing_rule r on r.version > $1::bigint`,
    values: [since],
  });
  return {
    version: rows[0]!.version,
    rows: rows.flatMap(({ kind, id, sku, rule }) =>
      kind === null || id === null || rule === null ? [] : [{ kind, id, sku, rule }],
    ),
  };
}

export type RulePage = { readonly after: string; readonly limit: number; readonly sku: string | null };

/** A page of rules of one kind by id; of one sku's when it is named. */
export async function listRules(
  queries: Queries,
  kind: RuleKind,
  { after, limit, sku }: RulePage,
): Promise<{ readonly id: string; readonly rule: Rule }[]> {
  const all = "select id, rule from catalog_pricing_rule where kind = $1 and id > $2 order by id limit $3";
  const ofSku = `select id, rule from catalog_pricing_rule
                  where kind = $1 and sku = $4 and id > $2 order by id limit $3`;
  return queries.query({
    name: sku === null ? "catalog/list_rules" : "catalog/list_rules_of_sku",
    text: sku === null ? all : ofSku,
    values: sku === null ? [kind, after, limit] : [kind, after, limit, sku],
  });
}

/** Something as it was told at a moment. */
export type Told<T> = { readonly id: string; readonly recordedMs: number; readonly value: T };

/** What was ever told that could have made an item's price, each kind by version; the last `most` of each. */
export type PriceHistory = {
  readonly items: readonly Told<Item>[];
  readonly prices: readonly Told<Price>[];
  readonly promotions: readonly Told<Promotion>[];
};

export async function readPriceHistory(queries: Queries, sku: string, most: number): Promise<PriceHistory> {
  type Row<T> = { id: string; recorded_ms: string; value: T };
  const told = <T>(rows: readonly Row<T>[]): Told<T>[] =>
    rows.map(({ id, recorded_ms, value }) => ({ id, recordedMs: Number(recorded_ms), value })).reverse();
  const items = await queries.query<Row<Item>>({
    name: "catalog/read_item_history",
    text: `select sku as id, recorded_ms, item as value from catalog_item_version
            where sku = $1 order by version desc limit $2`,
    values: [sku, most],
  });
  const prices = await queries.query<Row<Price>>({
    name: "catalog/read_price_history",
    text: `select id, recorded_ms, rule as value from catalog_pricing_rule_version
            where sku = $1 order by version desc limit $2`,
    values: [sku, most],
  });
  const promotions = await queries.query<Row<Promotion>>({
    name: "catalog/read_promotion_history",
    text: `select id, recorded_ms, rule as value from catalog_pricing_rule_version
            where kind = 'promotion' order by version desc limit $1`,
    values: [most],
  });
  return { items: told(items), prices: told(prices), promotions: told(promotions) };
}
