import { canonical } from "@trato/base";
import type { BatchResult, FieldError, Item, ItemInput, RowResult } from "@trato/contract";
import type { CheckedRow } from "../platform/index.ts";

/** An item with what was left out filled in: one title for both languages, a product, in stock, for sale. */
export function completeItem(input: ItemInput): Item {
  const {
    sku,
    title,
    category,
    priceMinor,
    marginMinor,
    currency,
    kind,
    inStock,
    sellable,
    lifeDays,
    taxClass,
    parts,
  } = input;
  return {
    sku,
    title: typeof title === "string" ? { es: title, en: title } : { es: title.es, en: title.en },
    category,
    priceMinor,
    ...(marginMinor === undefined ? {} : { marginMinor }),
    currency,
    kind: kind ?? "product",
    inStock: inStock ?? true,
    sellable: sellable ?? true,
    ...(lifeDays === undefined ? {} : { lifeDays }),
    ...(taxClass === undefined ? {} : { taxClass }),
    ...(parts === undefined ? {} : { parts }),
  };
}

/** What a schema cannot say of an item: a bundle names each part once, and not itself. */
export function itemErrors({ sku, parts = [] }: ItemInput): FieldError[] {
  return parts.flatMap((part, i): FieldError[] => {
    const pointer = `/parts/${i}/sku`;
    if (part.sku === sku)
      return [
        {
          pointer,
          detail: {
            en: "a bundle is no part of itself; name its parts",
            es: "un paquete no es parte de sí mismo; nombre sus partes",
          },
        },
      ];
    if (parts.findIndex((other) => other.sku === part.sku) < i)
      return [
        {
          pointer,
          detail: {
            en: `"${part.sku}" stands there already; add up its quantity`,
            es: `"${part.sku}" ya está; sume su cantidad`,
          },
        },
      ];
    return [];
  });
}

export type Fate = "created" | "changed" | "unchanged";

/** What writing a row over what is there comes to: the same row again is no change. */
export function fateOf(row: unknown, there: unknown): Fate {
  if (there === undefined) return "created";
  return canonical(row) === canonical(there) ? "unchanged" : "changed";
}

/** The answer to a batch, row by row in the order sent. */
export function summarise(
  version: string,
  rows: readonly CheckedRow<unknown>[],
  fates: ReadonlyMap<string, Fate>,
): BatchResult {
  const results = rows.map((one): RowResult => {
    if ("errors" in one) return { id: one.id, result: "refused", errors: [...one.errors] };
    return { id: one.id, result: fates.get(one.id)! };
  });
  const count = (result: RowResult["result"]) => results.filter((one) => one.result === result).length;
  return {
    version,
    created: count("created"),
    changed: count("changed"),
    unchanged: count("unchanged"),
    refused: count("refused"),
    results,
  };
}
