import { type Currency, isCurrency, type JsonObject, limits } from "@trato/base";
import { lineMinorOf } from "./money.ts";
import { type Reader, reader, some } from "./reader.ts";

/** The currency named in the properties, or the default; undefined when the one named is none we know the scale of. */
export function currencyOf(p: Reader, otherwise: Currency): Currency | undefined {
  if (p.look("currency") === undefined) return otherwise;
  const code = p.text(10, "currency")?.toUpperCase() ?? "";
  return isCurrency(code) ? code : undefined;
}

export const skuIn = (p: Reader) => p.text(100, "sku", "product_id", "variant_id", "id");

/** What Segment says about one product, in our words. */
export function productFields(p: Reader, currency: Currency | undefined): JsonObject {
  const priceMinor = p.minor(currency, "price");
  return some({
    sku: skuIn(p),
    title: p.text(200, "name", "title"),
    category: p.text(200, "category"),
    brand: p.text(200, "brand"),
    variant: p.text(200, "variant"),
    priceMinor,
    currency: priceMinor === undefined ? undefined : currency,
  });
}

/** A quantity, one when none is said; undefined when it is none. */
export function quantityIn(p: Reader): number | undefined {
  if (p.look("quantity", "qty") === undefined) return 1;
  const quantity = p.number("quantity", "qty");
  return quantity !== undefined && quantity > 0 && quantity <= 1_000_000 ? quantity : undefined;
}

/** The lines of a cart: what cannot be read is left out, because a cart is not a debt. */
export function cartLines(p: Reader, currency: Currency | undefined): readonly JsonObject[] {
  const lines: JsonObject[] = [];
  for (const product of p.objects("products", "items").slice(0, limits.linesPerOrderMax)) {
    const q = reader(product);
    const { sku, title, category, priceMinor } = productFields(q, currency);
    const quantity = quantityIn(q);
    if (sku !== undefined && quantity !== undefined)
      lines.push(some({ sku, quantity, priceMinor, title, category }));
  }
  return lines;
}

/** The skus of a list, as far as they can be read. */
export function skusIn(p: Reader): readonly string[] | undefined {
  const skus = p.objects("products", "items").map((product) => skuIn(reader(product)));
  const known = skus.filter((sku) => sku !== undefined).slice(0, 1_000);
  return known.length === 0 ? undefined : known;
}

type PaidLine = {
  readonly sku: string;
  readonly quantity: number;
  readonly amountMinor: number;
} & JsonObject;

/**
 * The lines of a purchase, each with what was paid for it. Undefined when one cannot be read: half an order would be
 * a wrong order. Lines without a price share what the total leaves for them.
 */
export function paidLines(
  p: Reader,
  currency: Currency,
  goodsMinor: number | undefined,
): PaidLine[] | undefined {
  const given = p.look("products", "items");
  const products = p.objects("products", "items");
  if (products.length > limits.linesPerOrderMax) return undefined;
  if (Array.isArray(given) && given.length > products.length) return undefined;
  const lines: Omit<PaidLine, "amountMinor">[] = [];
  const amounts: (number | undefined)[] = [];
  for (const product of products) {
    const q = reader(product);
    const sku = skuIn(q);
    const quantity = quantityIn(q);
    const price = q.look("price");
    const amountMinor = quantity === undefined ? undefined : lineMinorOf(price, quantity, currency);
    if (sku === undefined || quantity === undefined) return undefined;
    if (price !== undefined && amountMinor === undefined) return undefined;
    q.minor(currency, "price");
    const words = { title: q.text(200, "name", "title"), category: q.text(200, "category") };
    lines.push({ ...some({ ...words, more: q.rest() }), sku, quantity });
    amounts.push(amountMinor);
  }
  return shareLeft(amounts, goodsMinor)?.map((amountMinor, i) => ({ ...lines[i]!, amountMinor }) as PaidLine);
}

/** Gives lines without an amount what is left of the total, evenly, the first ones a unit more. */
function shareLeft(
  amounts: readonly (number | undefined)[],
  totalMinor: number | undefined,
): number[] | undefined {
  const open = amounts.filter((amount) => amount === undefined).length;
  if (open === 0) return amounts as number[];
  const left = (totalMinor ?? Number.NaN) - amounts.reduce((sum: number, amount) => sum + (amount ?? 0), 0);
  if (!(left >= 0)) return undefined;
  let unit = left % open;
  return amounts.map((amount) => amount ?? Math.floor(left / open) + (unit-- > 0 ? 1 : 0));
}
