import { assert, dayMs } from "@trato/base";
import { type Calibration, trueChance } from "./calibration.ts";
import type { Others } from "./others.ts";
import type { RepeatPrior } from "./repeat-prior.ts";
import type { RhythmStats } from "./stats.ts";

/**
 * How long an interval lasts, as a kind of renewal tells it. `row` is an item, and last one never seen.
 */
export type Law = {
  readonly itemCount: number;
  /** The chance, as stated, that the next interval ends within so many days, above 0. */
  below(row: number, stats: RhythmStats, days: number, others?: Others): number;
  /** Days within which the interval ends with a true chance of 10 % (0), 50 % (1) or 90 % (2). */
  daysAt(row: number, stats: RhythmStats, which: 0 | 1 | 2, others?: Others): number;
};

/**
 * When the next purchase falls if there is one: its 10 %, 50 % and 90 % points in ms since 1970; and
 * `repeat`, the chance that there is one, as it was right after the last purchase.
 */
export type Due = { medianMs: number; lowMs: number; highMs: number; repeat: number };

/** No forecast beyond a century: a date must stay a date. */
const daysMax = 36_500;

/** Answers from a law of intervals behind a gate: after each purchase a share of the people is lost. */
export function renewalOf(law: Law, repeat: RepeatPrior, curve: Calibration) {
  const { itemCount } = law;
  const rowOf = (item: number, stats: RhythmStats) => {
    assert(Number.isInteger(item) && item >= -1 && item < itemCount, `item is -1 or below ${itemCount}`);
    assert(stats.count >= 1, "somebody who never bought the item has no rhythm");
    return item === -1 ? itemCount : item;
  };
  const lasts = (row: number, stats: RhythmStats, days: number, others?: Others): number =>
    days <= 0 ? 1 : 1 - trueChance(curve, law.below(row, stats, days, others));
  return {
    itemCount,
    due(item: number, stats: RhythmStats, others?: Others): Due {
      const row = rowOf(item, stats);
      const at = (which: 0 | 1 | 2) =>
        stats.lastMs + dayMs * Math.min(daysMax, law.daysAt(row, stats, which, others));
      const stay = repeat.stayOf[row]! + stats.count - 1;
      const left = stay / (stay + repeat.leaveOf[row]!);
      return { medianMs: at(1), lowMs: at(0), highMs: at(2), repeat: left };
    },
    within(item: number, stats: RhythmStats, nowMs: number, horizonMs: number, others?: Others): number {
      const row = rowOf(item, stats);
      assert(horizonMs >= 0, "a horizon is not negative");
      const days = Math.max(0, nowMs - stats.lastMs) / dayMs;
      const now = lasts(row, stats, days, others);
      const then = lasts(row, stats, days + horizonMs / dayMs, others);
      const stay = repeat.stayOf[row]! + stats.count - 1;
      return (stay * (now - then)) / (repeat.leaveOf[row]! + stay * now);
    },
  };
}
