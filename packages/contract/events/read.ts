import { isObject } from "@trato/base";

/** A line of an order, a return or a cart, as far as it can be read. */
export type ReadLine = { readonly sku: string; readonly quantity: number };

/**
 * Reads the sku of an event's data. Null when there is none a fold could keep: `__proto__` is no name of an item,
 * because a plain object cannot hold it.
 */
export function skuOf(data: unknown): string | null {
  const sku = isObject(data) ? data["sku"] : undefined;
  return typeof sku === "string" && sku.length > 0 && sku.length <= 100 && sku !== "__proto__" ? sku : null;
}

/** Reads a quantity: a positive finite number, or `otherwise`. */
export function quantityOf(data: unknown, otherwise: number): number {
  const quantity = isObject(data) ? data["quantity"] : undefined;
  return typeof quantity === "number" && quantity > 0 && quantity <= 1_000_000 ? quantity : otherwise;
}

/** Reads `lines`; what names no item or has no positive quantity is left out, no quantity at all is one piece. */
export function linesOf(data: unknown): ReadLine[] {
  const given = isObject(data) ? data["lines"] : undefined;
  const lines: ReadLine[] = [];
  if (!Array.isArray(given)) return lines;
  for (const line of given) {
    const sku = skuOf(line);
    const quantity = isObject(line) && line["quantity"] === undefined ? 1 : quantityOf(line, 0);
    if (sku !== null && quantity > 0) lines.push({ sku, quantity });
  }
  return lines;
}

/** Reads a text of at most `charsMax`, or null. */
export function textOf(data: unknown, name: string, charsMax = 200): string | null {
  const text = isObject(data) ? data[name] : undefined;
  return typeof text === "string" && text.length > 0 && text.length <= charsMax && text !== "__proto__"
    ? text
    : null;
}

/** Reads whole minor units, or null. */
export function minorOf(data: unknown, name: string): number | null {
  const minor = isObject(data) ? data[name] : undefined;
  return Number.isSafeInteger(minor) ? (minor as number) + 0 : null; // minus nought becomes nought
}
