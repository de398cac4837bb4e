import type { Price, Promotion, Tax } from "@trato/contract";
import { byPrecedence, type PriceRow, type PricesView, readPrice } from "./price.ts";
import { indexPromotions, type PromotionsView } from "./promotion.ts";
import type { RuleRow } from "./store.ts";
import { indexTaxes, type TaxesView } from "./tax.ts";

/** Prices, promotions and taxes of one version. Replaced as a whole, never changed. */
export type PricingSnapshot = {
  readonly version: string;
  readonly prices: PricesView;
  readonly promotions: PromotionsView;
  readonly taxes: TaxesView;
  readonly counts: { readonly price: number; readonly promotion: number; readonly tax: number };
  /** What the indexes were made of, so that the next version costs what changed. */
  readonly raw: {
    readonly promotions: ReadonlyMap<string, Promotion>;
    readonly taxes: ReadonlyMap<string, Tax>;
  };
};

/** The instant a row begins, as part of its name: two ways to write one instant name one row. */
const startOf = (instant: string | undefined): string | undefined =>
  instant === undefined || Number.isNaN(Date.parse(instant))
    ? instant
    : new Date(Date.parse(instant)).toISOString();

/** The name of a price row: what it is for and when it begins. The same name again replaces it. */
export function priceId({ sku, currency, placeId, channel, group, validFrom }: Price): string {
  const parts = { currency, placeId, channel, group, validFrom: startOf(validFrom) };
  const named = new URLSearchParams();
  for (const [name, value] of Object.entries(parts)) if (value !== undefined) named.set(name, value);
  return `${encodeURIComponent(sku)}?${named}`;
}

/** The snapshot after some rules changed. Cost: what changed, and one pass over the names. */
export function nextSnapshot(
  before: PricingSnapshot | undefined,
  version: string,
  rows: readonly RuleRow[],
): PricingSnapshot {
  const prices = new Map(before?.prices);
  const promotions = new Map(before?.raw.promotions);
  const taxes = new Map(before?.raw.taxes);
  const changed = { price: false, promotion: false, tax: false };
  let priceCount = before?.counts.price ?? 0;
  const bySku = Map.groupBy(
    rows.filter(({ kind }) => kind === "price"),
    ({ sku }) => sku!,
  );
  for (const [sku, some] of bySku) {
    const there = prices.get(sku) ?? [];
    const next = withRows(there, some);
    priceCount += next.length - there.length;
    prices.set(sku, next);
  }
  for (const { kind, id, rule } of rows) {
    changed[kind] = true;
    if (kind === "promotion") promotions.set(id, rule as Promotion);
    if (kind === "tax") taxes.set(id, rule as Tax);
  }
  return {
    version,
    prices,
    promotions:
      before === undefined || changed.promotion ? indexPromotions(promotions.values()) : before.promotions,
    taxes: before === undefined || changed.tax ? indexTaxes(taxes.values()) : before.taxes,
    counts: { price: priceCount, promotion: promotions.size, tax: taxes.size },
    raw: { promotions, taxes },
  };
}

/** The rows of one sku after some changed, in the order in which they are looked at. */
function withRows(there: readonly PriceRow[], rows: readonly RuleRow[]): PriceRow[] {
  const ids = new Set(rows.map(({ id }) => id));
  const fresh = rows
    .filter(({ rule }) => rule.withdrawn !== true)
    .map(({ id, rule }) => readPrice(id, rule as Price));
  return [...there.filter(({ id }) => !ids.has(id)), ...fresh].sort(byPrecedence);
}
