import { assert, dayMs } from "@trato/base";
import { type Baskets, checkBaskets } from "../arrays/baskets.ts";
import { seriesFrom } from "../rhythm/series.ts";
import { intervalDays, type RhythmStats } from "../rhythm/stats.ts";
import { coverage, pinball } from "./intervals.ts";

/** Something that says when a person buys an item again. */
export type Forecaster = {
  readonly name: string;
  due(item: number, stats: RhythmStats, person: number): { lowMs: number; medianMs: number; highMs: number };
};

export type NextPurchaseReport = {
  readonly purchases: number;
  readonly forecasters: readonly ForecasterReport[];
};

export type ForecasterReport = {
  readonly name: string;
  /** The share of purchases inside the 80 % interval. */
  readonly coverage: number;
  /**
   * Pinball loss in days: of the median (half the mean absolute error), and the mean of 10 %, 50 % and 90 %.
   */
  readonly medianLossDays: number;
  readonly lossDays: number;
};

/**
 * Compares forecasters on every interval that ended at or after `fromMs`, each foretold from what was known
 * at the purchase before. `baskets` holds both times; persons and items that were not `known` at `fromMs` are
 * left out.
 *
 * Only purchases that came are measured: whether one comes is the repeat gate's to say, and not measured
 * here.
 */
export function evaluateNextPurchase(given: {
  baskets: Baskets;
  fromMs: number;
  known: { personCount: number; itemCount: number };
  forecasters: readonly Forecaster[];
}): NextPurchaseReport {
  const { baskets, fromMs, known, forecasters } = given;
  checkBaskets(baskets);
  const actuals: number[] = [];
  const said = forecasters.map(() => ({
    lows: [] as number[],
    medians: [] as number[],
    highs: [] as number[],
  }));
  seriesFrom(baskets, (stats, item, timeMs, person) => {
    if (timeMs < fromMs || item >= known.itemCount || person >= known.personCount) return;
    actuals.push(intervalDays(stats, timeMs));
    for (const [f, forecaster] of forecasters.entries()) {
      const due = forecaster.due(item, stats, person);
      said[f]!.lows.push((due.lowMs - stats.lastMs) / dayMs);
      said[f]!.medians.push((due.medianMs - stats.lastMs) / dayMs);
      said[f]!.highs.push((due.highMs - stats.lastMs) / dayMs);
    }
  });
  assert(actuals.length > 0, "some interval ended at or after fromMs");
  const loss = (quantiles: readonly number[], level: number) =>
    quantiles.reduce((sum, quantile, i) => sum + pinball(quantile, actuals[i]!, level), 0) / actuals.length;
  return {
    purchases: actuals.length,
    forecasters: forecasters.map(({ name }, f) => {
      const { lows, medians, highs } = said[f]!;
      const medianLossDays = loss(medians, 0.5);
      const lossDays = (loss(lows, 0.1) + medianLossDays + loss(highs, 0.9)) / 3;
      return { name, coverage: coverage(lows, highs, actuals), medianLossDays, lossDays };
    }),
  };
}
