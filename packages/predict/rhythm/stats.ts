import { dayMs } from "@trato/base";

/**
 * All that rhythm needs to know about one person and one item, small enough for a profile to keep. An
 * interval runs from one purchase day to the next, in days, and is kept as the sums of its logarithm and of
 * its square.
 */
export type RhythmStats = {
  /** Distinct UTC days of purchase: one more than there are intervals. */
  count: number;
  firstMs: number;
  lastMs: number;
  sumLogDays: number;
  sumLogDays2: number;
};

/** A purchase before midnight and one after it are two days, but no less than this apart. */
const intervalDaysMin = 0.5;

/** Statistics of somebody who has not bought the item; `addPurchase` starts from here. */
export function noPurchases(): RhythmStats {
  return { count: 0, firstMs: 0, lastMs: 0, sumLogDays: 0, sumLogDays2: 0 };
}

/** True when a purchase at `timeMs` falls on a later day than the last one. */
export function isNewDay(stats: RhythmStats, timeMs: number): boolean {
  return Math.floor(timeMs / dayMs) > Math.floor(stats.lastMs / dayMs);
}

/** Days from the last purchase to `timeMs`, at least half a day. */
export function intervalDays(stats: RhythmStats, timeMs: number): number {
  return Math.max(intervalDaysMin, (timeMs - stats.lastMs) / dayMs);
}

/**
 * Adds one purchase, in place. Purchases come sorted by time: a second one on the same day only moves
 * `lastMs`, and one that comes too late to be sorted is left out. Never throws.
 */
export function addPurchase(stats: RhythmStats, timeMs: number): void {
  if (stats.count === 0) {
    stats.count = 1;
    stats.firstMs = timeMs;
    stats.lastMs = timeMs;
    return;
  }
  if (isNewDay(stats, timeMs)) {
    const log = Math.log(intervalDays(stats, timeMs));
    stats.count++;
    stats.sumLogDays += log;
    stats.sumLogDays2 += log * log;
  }
  stats.lastMs = Math.max(stats.lastMs, timeMs);
}
