import { groupingOf } from "../price/effects.ts";
import type { Sales } from "../price/price-response.ts";
import { numbersOf, readColumns, readGzip } from "./public-data.ts";

export const beerPath = "dominicks-beer/sales.csv.gz";

/** Dominick's beer: 1,600,572 rows of item, store and week; price per twelve ounces. */
export function readBeer(): Sales {
  const { item: items, oz } = readColumns("dominicks-beer/items.csv.gz");
  const ounces = new Map(items!.map((item, i) => [Number(item), numbersOf(oz!)[i]!]));
  const text = readGzip(beerPath);
  const rowCount = text.split("\n").length - 1;
  const [item, store, week, price, units] = [0, 1, 2, 3, 4].map(() => new Float64Array(rowCount)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (let row = 0, at = text.indexOf("\n") + 1; row < rowCount; row++) {
    const end = text.indexOf("\n", at);
    const fields = text.slice(at, end === -1 ? undefined : end).split(",");
    for (const [c, column] of [item, store, week, price, units].entries()) column[row] = Number(fields[c]);
    at = end + 1;
  }
  return {
    units,
    price: price.map((one, row) => (12 * one) / ounces.get(item[row]!)!),
    item: groupingOf(item),
    others: [groupingOf(store), groupingOf(week)],
  };
}
