import type { Baskets } from "../arrays/baskets.ts";
import { addPurchase, isNewDay, noPurchases, type RhythmStats } from "./stats.ts";

/**
 * One row of `RhythmStats` per person and item, flat; row `s` is about item `itemOf[s]` and person
 * `personOf[s]`.
 */
export type Series = {
  readonly length: number;
  readonly itemOf: Int32Array;
  readonly personOf: Int32Array;
  /** Five numbers a row, in the sequence of `RhythmStats`. */
  readonly rows: Float64Array;
};

/** Copies row `s` into `stats`, so that a walk over all rows allocates one object. */
export function readStats(series: Series, s: number, stats: RhythmStats): RhythmStats {
  const { rows } = series;
  const at = 5 * s;
  stats.count = rows[at]!;
  stats.firstMs = rows[at + 1]!;
  stats.lastMs = rows[at + 2]!;
  stats.sumLogDays = rows[at + 3]!;
  stats.sumLogDays2 = rows[at + 4]!;
  return stats;
}

/**
 * Told of each purchase on a new day of an item bought before, with the statistics as they stood before it.
 */
export type Repurchase = (before: RhythmStats, item: number, timeMs: number, person: number) => void;

/**
 * Folds baskets into statistics per person and item, telling `onRepurchase` of each interval as it closes.
 * Cost: one pass; memory for 48 bytes per person and item, and 4 per item.
 */
export function seriesFrom(baskets: Baskets, onRepurchase?: Repurchase): Series {
  const { basketStart, itemOf, personOfBasket, timeOfBasket } = baskets;
  const seriesItem = new Int32Array(itemOf.length);
  const seriesPerson = new Int32Array(itemOf.length);
  const series = {
    length: 0,
    itemOf: seriesItem,
    personOf: seriesPerson,
    rows: new Float64Array(5 * itemOf.length),
  };
  const rowOfItem = new Int32Array(baskets.itemCount).fill(-1);
  const stats = noPurchases();
  let firstRow = 0;
  for (let b = 0; b < personOfBasket.length; b++) {
    const person = personOfBasket[b]!;
    const timeMs = timeOfBasket[b]!;
    if (b > 0 && person !== personOfBasket[b - 1]) firstRow = series.length;
    for (let at = basketStart[b]!; at < basketStart[b + 1]!; at++) {
      const item = itemOf[at]!;
      let row = rowOfItem[item]!;
      // A row below firstRow is the person's before: the item is new to this one.
      if (row < firstRow) {
        row = series.length++;
        rowOfItem[item] = row;
        seriesItem[row] = item;
        seriesPerson[row] = person;
      }
      readStats(series, row, stats);
      if (onRepurchase !== undefined && stats.count > 0 && isNewDay(stats, timeMs)) {
        onRepurchase(stats, item, timeMs, person);
      }
      addPurchase(stats, timeMs);
      series.rows.set(
        [stats.count, stats.firstMs, stats.lastMs, stats.sumLogDays, stats.sumLogDays2],
        5 * row,
      );
    }
  }
  return {
    length: series.length,
    itemOf: seriesItem.slice(0, series.length),
    personOf: seriesPerson.slice(0, series.length),
    rows: series.rows.slice(0, 5 * series.length),
  };
}
