import { dayMs } from "@trato/base";
import { type Baskets, personStarts } from "../arrays/baskets.ts";
import { readStats, seriesFrom } from "../rhythm/series.ts";
import { noPurchases, type RhythmStats } from "../rhythm/stats.ts";

/**
 * What one person bought, as a profile keeps it: item `items[i]` with `stats[i]`, and what the last basket
 * held.
 */
export type History = {
  readonly items: ArrayLike<number>;
  readonly stats: ArrayLike<RhythmStats>;
  readonly lastBasket: ArrayLike<number>;
};

/** The history of somebody who has bought nothing. */
export const emptyHistory: History = { items: [], stats: [], lastBasket: [] };

/**
 * Each person's history; persons without baskets have the empty one. Cost: one pass, one object per person
 * and item.
 */
export function historiesFrom(baskets: Baskets): History[] {
  const series = seriesFrom(baskets);
  const starts = personStarts(baskets);
  const histories: History[] = [];
  let row = 0;
  for (let person = 0; person < baskets.personCount; person++) {
    const last = starts[person + 1]! - 1;
    if (last < starts[person]!) {
      histories.push(emptyHistory);
      continue;
    }
    const firstRow = row;
    const stats: RhythmStats[] = [];
    for (; row < series.length && series.personOf[row] === person; row++) {
      stats.push(readStats(series, row, noPurchases()));
    }
    const lastBasket = baskets.itemOf.subarray(baskets.basketStart[last]!, baskets.basketStart[last + 1]!);
    histories.push({ items: series.itemOf.subarray(firstRow, row), stats, lastBasket });
  }
  return histories;
}

/** How much each item of the history says about taste: half after `halfLifeMs`, one in sum. */
export function seedWeights(history: History, nowMs: number, halfLifeMs = 60 * dayMs): Float64Array {
  const weights = Float64Array.from(
    history.stats,
    ({ lastMs }) => 2 ** (Math.min(0, lastMs - nowMs) / halfLifeMs),
  );
  const sum = weights.reduce((a, b) => a + b, 0);
  return sum === 0 ? weights : weights.map((weight) => weight / sum);
}
