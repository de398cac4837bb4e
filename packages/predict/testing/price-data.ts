import { groupingOf } from "../price/effects.ts";
import type { Sales } from "../price/price-response.ts";
import { numbersOf, readColumns, readNumbers } from "./public-data.ts";

export const beerPath = "dominicks-beer/sales.csv.gz";

/** Dominick's beer: 1,600,572 rows of item, store and week; price per twelve ounces. */
export function readBeer(): Sales {
  const { item: items, oz } = readColumns("dominicks-beer/items.csv.gz");
  const ounces = new Map(items!.map((item, i) => [Number(item), numbersOf(oz!)[i]!]));
  const { item, store, week, price, units } = readNumbers(beerPath) as Record<string, Float64Array> &
    Record<"item" | "store" | "week" | "price" | "units", Float64Array>;
  return {
    units,
    price: price.map((one, row) => (12 * one) / ounces.get(item[row]!)!),
    item: groupingOf(item),
    others: [groupingOf(store), groupingOf(week)],
  };
}
