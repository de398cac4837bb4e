import { type Currency, limits, scale } from "@trato/base";
import type { Item } from "@trato/contract";
import { type Discount, type Discounted, isOwn, type OpenLine } from "./discount.ts";
import { itemPrice, type PricedFor, type PriceRow, type PricesView, priceOf } from "./price.ts";
import { type PromotionsView, promotionsOn } from "./promotion.ts";
import { standardClass, type TaxesView, type TaxPart, taxesOn, taxLines } from "./tax.ts";
import { discountTogether } from "./together.ts";

/** All that a price is made of, as it is at one instant. Nothing in it is ever changed. */
export type PricingViews = {
  readonly items: ReadonlyMap<string, Item>;
  readonly prices: PricesView;
  readonly promotions: PromotionsView;
  readonly taxes: TaxesView;
  /** The country whose taxes are due at a place; null is a sale at no place. */
  readonly countryOf: (placeId: string | null) => string;
};

/** Quantities are whole numbers of the item's unit: pieces, or grams for what is weighed. */
export type CartLine = { readonly lineId: string; readonly sku: string; readonly quantity: number };
export type CartToPrice = PricedFor & { readonly lines: readonly CartLine[] };

export type PricedLine = {
  readonly lineId: string;
  readonly sku: string;
  readonly quantity: number;
  /** The price of `perQuantity` of it, before promotions. */
  readonly unitMinor: number;
  readonly perQuantity: number;
  readonly grossMinor: number;
  readonly discounts: readonly Discount[];
  readonly discountMinor: number;
  readonly taxes: readonly TaxPart[];
  /** What is due for the line: gross less discounts, and the taxes that are added to prices. */
  readonly totalMinor: number;
  /** The row the price comes from; null is the item's own. */
  readonly price: Pick<PriceRow, "id" | "placeId" | "channel" | "group" | "fromMs"> | null;
};

export type Unpriced = {
  readonly lineId: string;
  readonly sku: string;
  readonly problem: "item_unknown" | "price_unknown" | "amount_too_large";
};

/** A cart with its prices. Every sum of parts equals its total to the minor unit. */
export type PricedCart = {
  readonly currency: Currency;
  readonly lines: readonly PricedLine[];
  /** Lines that have no price; a cart with one cannot be bought. */
  readonly unpriced: readonly Unpriced[];
  readonly grossMinor: number;
  readonly discountMinor: number;
  readonly includedTaxMinor: number;
  readonly addedTaxMinor: number;
  /** What the shopper pays: gross − discounts + added taxes. */
  readonly totalMinor: number;
  readonly promotions: readonly Discount[];
  readonly taxes: readonly TaxPart[];
};

type Found = CartLine & OpenLine & { readonly row: PriceRow; readonly taxClass: string };

/**
 * Prices a cart: each line at the row in force, promotions, taxes. Pure; whole minor units throughout; the same
 * input gives the same cart. Cost: the lines, and the price rows and promotions that name them.
 */
export function priceCart(views: PricingViews, cart: CartToPrice): PricedCart {
  const unpriced: Unpriced[] = [];
  const found: Found[] = [];
  let grossMinor = 0;
  for (const line of cart.lines) {
    const one = findLine(views, cart, line);
    if (typeof one !== "string" && grossMinor + one.grossMinor <= limits.cartMinorMax) {
      grossMinor += one.grossMinor;
      found.push(one);
    } else {
      const problem = typeof one === "string" ? one : "amount_too_large";
      unpriced.push({ lineId: line.lineId, sku: line.sku, problem });
    }
  }
  const discounted = discountTogether(found);
  const taxes = taxAll(views, cart, { found, discounted });
  const lines = found.map((line, i) => closeLine(line, discounted[i]!, taxes[i]!));
  return { currency: cart.currency, lines, unpriced, ...totalsOf(lines) };
}

function findLine(
  views: PricingViews,
  asked: PricedFor,
  { lineId, sku, quantity }: CartLine,
): Found | Unpriced["problem"] {
  const item = views.items.get(sku);
  if (item === undefined) return "item_unknown";
  if (!item.sellable) return "price_unknown";
  const row = priceOf(views.prices.get(sku) ?? [], asked) ?? itemPrice(item, asked.currency);
  if (row === undefined) return "price_unknown";
  const { priceMinor, perQuantity } = row;
  if ((priceMinor * quantity) / perQuantity > limits.cartMinorMax) return "amount_too_large";
  const rules = promotionsOn(views.promotions, item, asked);
  return {
    ...{ lineId, sku, quantity, perQuantity, row },
    taxClass: item.taxClass ?? standardClass,
    grossMinor: scale(priceMinor, { times: quantity, per: perQuantity }),
    own: rules.filter(isOwn),
    shared: rules.filter((rule) => !isOwn(rule)),
  };
}

function taxAll(
  views: PricingViews,
  cart: CartToPrice,
  { found, discounted }: { readonly found: readonly Found[]; readonly discounted: readonly Discounted[] },
): TaxPart[][] {
  const { placeId, atMs } = cart;
  const out: TaxPart[][] = found.map(() => []);
  if (views.taxes.size === 0) return out;
  const at = { country: views.countryOf(placeId), placeId, atMs };
  for (const taxClass of new Set(found.map((line) => line.taxClass))) {
    const places = [...found.keys()].filter((i) => found[i]!.taxClass === taxClass);
    const amounts = places.map((i) => discounted[i]!.amountMinor);
    const taxed = taxLines(amounts, taxesOn(views.taxes, taxClass, at));
    for (const [n, i] of places.entries()) out[i] = taxed[n]!;
  }
  return out;
}

const sum = (parts: readonly { readonly amountMinor: number }[]): number =>
  parts.reduce((total, { amountMinor }) => total + amountMinor, 0);
const ofMode = (parts: readonly TaxPart[], mode: TaxPart["mode"]) =>
  parts.filter((part) => part.mode === mode);

function closeLine(
  line: Found,
  { amountMinor, discounts }: Discounted,
  taxes: readonly TaxPart[],
): PricedLine {
  const { lineId, sku, quantity, grossMinor, row } = line;
  const { id, placeId, channel, group, fromMs } = row;
  return {
    ...{ lineId, sku, quantity, unitMinor: row.priceMinor, perQuantity: row.perQuantity, grossMinor },
    ...{ discounts, discountMinor: grossMinor - amountMinor, taxes },
    totalMinor: amountMinor + sum(ofMode(taxes, "added")),
    price: row.rank < 0 ? null : { id, placeId, channel, group, fromMs },
  };
}

function totalsOf(lines: readonly PricedLine[]) {
  const promotions = new Map<string, Discount>();
  const taxes = new Map<string, TaxPart>();
  for (const line of lines) {
    for (const one of line.discounts) {
      const amountMinor = (promotions.get(one.promotionId)?.amountMinor ?? 0) + one.amountMinor;
      promotions.set(one.promotionId, { ...one, amountMinor });
    }
    for (const one of line.taxes) {
      const amountMinor = (taxes.get(one.taxId)?.amountMinor ?? 0) + one.amountMinor;
      taxes.set(one.taxId, { ...one, amountMinor });
    }
  }
  const all = [...taxes.values()];
  const total = (field: "grossMinor" | "discountMinor" | "totalMinor") =>
    lines.reduce((added, line) => added + line[field], 0);
  return {
    grossMinor: total("grossMinor"),
    discountMinor: total("discountMinor"),
    includedTaxMinor: sum(ofMode(all, "included")),
    addedTaxMinor: sum(ofMode(all, "added")),
    totalMinor: total("totalMinor"),
    promotions: [...promotions.values()],
    taxes: all,
  };
}
