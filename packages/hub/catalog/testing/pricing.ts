import type { Currency } from "@trato/base";
import type { Item, Price, Promotion, Tax } from "@trato/contract";
import { type CartToPrice, type PricedCart, type PricingViews, priceCart } from "../index.ts";
import type { RuleRow } from "../pricing/store.ts";
import { nextSnapshot, priceId } from "../pricing/views.ts";

export const item = (sku: string, priceMinor: number, more: Partial<Item> = {}): Item => ({
  ...{ sku, title: { es: sku, en: sku }, category: "pantry", priceMinor, currency: "USD" as Currency },
  ...{ kind: "product" as const, inStock: true, sellable: true },
  ...more,
});

export type Shelf = {
  readonly items?: readonly Item[];
  readonly prices?: readonly Price[];
  readonly promotions?: readonly Promotion[];
  readonly taxes?: readonly Tax[];
};

/** Views made as the hub makes them, of rows as they are sent. */
export function viewsOf({ items = [], prices = [], promotions = [], taxes = [] }: Shelf): PricingViews {
  const rows: RuleRow[] = [
    ...prices.map((rule) => ({ kind: "price" as const, id: priceId(rule), sku: rule.sku, rule })),
    ...promotions.map((rule) => ({ kind: "promotion" as const, id: rule.id, sku: null, rule })),
    ...taxes.map((rule) => ({ kind: "tax" as const, id: rule.id, sku: null, rule })),
  ];
  const snapshot = nextSnapshot(undefined, "1", rows);
  return { ...snapshot, items: new Map(items.map((one) => [one.sku, one])), countryOf: () => "EC" };
}

export const now = Date.parse("2026-11-22T15:00:00Z");

/** Prices `{sku: quantity}`, in the store in dollars unless it is said otherwise; lines are named by their sku. */
export function price(
  views: PricingViews,
  wanted: Readonly<Record<string, number>>,
  more: Partial<CartToPrice> = {},
): PricedCart {
  const lines = Object.entries(wanted).map(([sku, quantity]) => ({ lineId: sku, sku, quantity }));
  return priceCart(views, {
    ...{ placeId: "gye", channel: "pos", currency: "USD", groups: [], atMs: now, lines },
    ...more,
  });
}

export const promo = (id: string, effect: Promotion["effect"], more: Partial<Promotion> = {}): Promotion => ({
  ...{ id, title: { es: id, en: id }, effect },
  ...more,
});
