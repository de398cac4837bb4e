import type { ItemInput } from "@trato/contract";
import type { NeedName } from "./needs.ts";

/** What the shop sells, and what the town knows about it that the shop does not. */
export type Good = {
  readonly sku: string;
  readonly es: string;
  readonly en: string;
  readonly category: string;
  readonly priceMinor: number;
  readonly marginMinor: number;
  readonly isService?: boolean;
  readonly outOfStock?: boolean;
  readonly lifeDays?: number;
  /** The need it meets; goods of one need stand in for each other. */
  readonly need?: NeedName;
  /** What it is bought along with now and then, when it meets no need of its own. */
  readonly goesWith?: NeedName;
};

/** The good as the shop's catalogue holds it. */
export function itemOf(good: Good): ItemInput {
  return {
    sku: good.sku,
    title: { es: good.es, en: good.en },
    category: good.category,
    priceMinor: good.priceMinor,
    marginMinor: good.marginMinor,
    currency: "USD",
    kind: good.isService === true ? "service" : "product",
    inStock: good.outOfStock !== true,
    sellable: true,
    ...(good.lifeDays === undefined ? {} : { lifeDays: good.lifeDays }),
  };
}
