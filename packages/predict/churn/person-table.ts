import { dayMs } from "@trato/base";
import { type Baskets, personStarts } from "../arrays/baskets.ts";
import type { Table } from "../trees/table.ts";

/** Persons who had bought by a moment, a row each, and what their orders by then say of them. */
export type PersonTable = { readonly persons: Int32Array; readonly table: Table };

/** What is looked at, in days and counts; a gap is the time between two orders, missing after the first. */
export const personColumns = [
  "recencyDays",
  "orders",
  "tenureDays",
  "meanGapDays",
  "gapDeviationDays",
  "lastGapDays",
  "recencyInGaps",
  "ordersIn30Days",
  "ordersIn90Days",
  "ordersIn365Days",
  "itemsPerOrder",
  "itemsInLastOrder",
  "distinctItems",
] as const;

/** One pass over the baskets before `nowMs`; later ones are not looked at. */
export function personTable(baskets: Baskets, nowMs: number): PersonTable {
  const starts = personStarts(baskets);
  const persons: number[] = [];
  const rows: number[][] = [];
  for (let person = 0; person < baskets.personCount; person++) {
    const from = starts[person]!;
    let to = from;
    while (to < starts[person + 1]! && baskets.timeOfBasket[to]! < nowMs) to++;
    if (to === from) continue;
    persons.push(person);
    rows.push(rowOf(baskets, from, to, nowMs));
  }
  const columns = personColumns.map((name, at) => {
    return { name, kind: "number", values: Float64Array.from(rows, (row) => row[at]!) } as const;
  });
  return { persons: Int32Array.from(persons), table: { rowCount: rows.length, columns } };
}

/** The baskets [from, to) are one person's, oldest first. */
function rowOf(
  { timeOfBasket, basketStart, itemOf }: Baskets,
  from: number,
  to: number,
  nowMs: number,
): number[] {
  const orders = to - from;
  const [first, last] = [timeOfBasket[from]!, timeOfBasket[to - 1]!];
  const recency = (nowMs - last) / dayMs;
  const meanGap = orders > 1 ? (last - first) / dayMs / (orders - 1) : Number.NaN;
  let squares = 0;
  for (let b = from + 1; b < to; b++)
    squares += ((timeOfBasket[b]! - timeOfBasket[b - 1]!) / dayMs - meanGap) ** 2;
  const within = (days: number) => {
    let count = 0;
    for (let b = to - 1; b >= from && timeOfBasket[b]! >= nowMs - days * dayMs; b--) count++;
    return count;
  };
  const items = itemOf.subarray(basketStart[from]!, basketStart[to]!);
  return [
    recency,
    orders,
    (nowMs - first) / dayMs,
    meanGap,
    orders > 2 ? Math.sqrt(squares / (orders - 2)) : Number.NaN,
    orders > 1 ? (last - timeOfBasket[to - 2]!) / dayMs : Number.NaN,
    recency / meanGap,
    within(30),
    within(90),
    within(365),
    items.length / orders,
    basketStart[to]! - basketStart[to - 1]!,
    new Set(items).size,
  ];
}
