import { dayMs } from "@trato/base";
import { type Baskets, checkBaskets } from "../arrays/baskets.ts";
import { seriesFrom } from "./series.ts";
import { intervalDays, type RhythmStats } from "./stats.ts";

/**
 * The person's mean interval, as a forecast: of the item if they bought it twice, else of all they bought
 * twice, else everybody's. It has no interval of its own and no doubt: the yardstick that a rhythm has to
 * beat.
 *
 * Cost: one pass. Source: common sense. Not for use: one long pause spoils it.
 */
export function fitPersonMean(baskets: Baskets): (stats: RhythmStats, person: number) => number {
  checkBaskets(baskets);
  const days = new Float64Array(baskets.personCount);
  const intervals = new Float64Array(baskets.personCount);
  seriesFrom(baskets, (stats, _item, timeMs, person) => {
    days[person]! += intervalDays(stats, timeMs);
    intervals[person]!++;
  });
  const sum = (values: Float64Array) => values.reduce((a, b) => a + b, 0);
  const everybody = sum(intervals) === 0 ? 30 : sum(days) / sum(intervals);
  return (stats, person) => {
    const own = (intervals[person] ?? 0) > 0 ? days[person]! / intervals[person]! : everybody;
    const mean = stats.count > 1 ? (stats.lastMs - stats.firstMs) / dayMs / (stats.count - 1) : own;
    return stats.lastMs + mean * dayMs;
  };
}
