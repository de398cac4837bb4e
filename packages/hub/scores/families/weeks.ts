import { dayMs, limits } from "@trato/base";
import type { Collected } from "../training/collect.ts";

const weekMs = 7 * dayMs;
const weeksMost = 104;
/** A series that began later says too little of itself. */
const weeksMin = 8;

/** One item at one place ("" where no place was said): its pieces in whole weeks before a moment, the oldest first. */
export type Weekly = {
  readonly key: number;
  readonly sku: string;
  readonly place: string;
  readonly values: Float64Array;
};

export type SeriesOf = {
  /** The series with at least eight weeks before a moment, those that sold most lately first, bounded. */
  at(ms: number): readonly Weekly[];
  /** What a series came to in each of so many weeks from a moment on. */
  after(key: number, ms: number, weeks: number): Float64Array;
};

type Sales = {
  readonly item: number;
  readonly place: number;
  readonly times: number[];
  readonly pieces: number[];
};

/** Sales as weekly series by item and place; at most `limits.demandSeriesMax`. Cost: one pass, and one a moment. */
export function weeklySeries(orders: Collected): SeriesOf {
  const { itemOf, basketOf, placeOf, timeOf, quantityOf, places, skus } = orders;
  const rows = new Map<number, Sales>();
  for (let line = 0; line < itemOf.length; line++) {
    const place = placeOf[basketOf[line]!]!;
    const key = itemOf[line]! * (places.length + 1) + place + 1;
    const sales = rows.get(key) ?? { item: itemOf[line]!, place, times: [], pieces: [] };
    rows.set(key, sales);
    sales.times.push(timeOf[line]!);
    sales.pieces.push(quantityOf[line]!);
  }
  return {
    at(ms) {
      const found: (Weekly & { readonly lately: number })[] = [];
      for (const [key, sales] of rows) {
        const values = weeksBefore(sales, ms);
        if (values.length < weeksMin) continue;
        const lately = values.slice(-26).reduce((sum, value) => sum + value, 0);
        const place = places[sales.place] ?? "";
        found.push({ key, sku: skus[sales.item]!, place, values, lately });
      }
      found.sort((a, b) => b.lately - a.lately || a.key - b.key);
      return found.slice(0, limits.demandSeriesMax);
    },
    after(key, ms, weeks) {
      const values = new Float64Array(weeks);
      const { times, pieces } = rows.get(key)!;
      for (const [at, timeMs] of times.entries()) {
        const week = Math.floor((timeMs - ms) / weekMs);
        if (week >= 0 && week < weeks) values[week]! += pieces[at]!;
      }
      return values;
    },
  };
}

/** Pieces by whole weeks back from a moment, from the week of the first sale on. */
function weeksBefore({ times, pieces }: Sales, ms: number): Float64Array {
  let first = -1;
  const back = new Float64Array(weeksMost);
  for (const [at, timeMs] of times.entries()) {
    const week = Math.floor((ms - 1 - timeMs) / weekMs);
    if (week < 0 || week >= weeksMost) continue;
    back[week]! += pieces[at]!;
    first = Math.max(first, week);
  }
  return back.slice(0, first + 1).reverse();
}
