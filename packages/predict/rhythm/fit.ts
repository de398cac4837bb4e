import { assert, dayMs } from "@trato/base";
import { type Baskets, basketsBetween, checkBaskets, lastTimeMs } from "../arrays/baskets.ts";
import { type Calibration, fitCalibration, noCalibration } from "./calibration.ts";
import { fitIntervalPrior, type IntervalPrior } from "./interval-prior.ts";
import { fitRepeatPrior, type Trials } from "./repeat-prior.ts";
import { chanceBelow, nextInterval, type Rhythm, rhythmFrom } from "./rhythm.ts";
import { readStats, type Series, seriesFrom } from "./series.ts";
import { intervalDays, noPurchases } from "./stats.ts";

export type RhythmOptions = {
  /** The end of what was seen; later baskets are left out. Default: the latest basket. */
  readonly untilMs?: number;
  /**
   * How much of the end is kept aside to calibrate the interval. Default: 30 days, at most a quarter of what
   * was seen; 0 leaves it uncalibrated.
   */
  readonly calibrationMs?: number;
  /** The category of each item, from 0: what is bought seldom is then expected as its like are. Default none. */
  readonly categoryOf?: Int32Array;
};

/**
 * Fits a rhythm: first on what came before the calibration time, to see how its intervals fared there; then
 * on everything. Without a second purchase of anything it answers from stated defaults (a month, give or take
 * a factor of three); without any basket, also that one in two comes back. Cost: some seconds for a million
 * lines.
 */
export function fitRhythm(baskets: Baskets, options: RhythmOptions = {}): Rhythm {
  checkBaskets(baskets);
  const { itemCount } = baskets;
  const { categoryOf } = options;
  const untilMs = options.untilMs ?? (baskets.timeOfBasket.length === 0 ? 0 : lastTimeMs(baskets) + 1);
  const seen = basketsBetween(baskets, Number.NEGATIVE_INFINITY, untilMs);
  const firstMs = seen.timeOfBasket.reduce((a, b) => Math.min(a, b), untilMs);
  const calibrationMs = options.calibrationMs ?? Math.min(30 * dayMs, (untilMs - firstMs) / 4);
  assert(calibrationMs >= 0 && Number.isFinite(untilMs), "calibrationMs is 0 or more, untilMs a time");

  const curve = calibrationMs === 0 ? noCalibration() : calibrate(seen, untilMs - calibrationMs, categoryOf);
  const series = seriesFrom(seen);
  const interval = fitIntervalPrior(series, itemCount, categoryOf);
  const repeat = fitRepeatPrior(trialsOf(series, interval, curve, untilMs), itemCount);
  return rhythmFrom({ interval, repeat, curve });
}

/** Compares what is said by the time before `fromMs` with the intervals that ended after it. */
function calibrate(seen: Baskets, fromMs: number, categoryOf: Int32Array | undefined): Calibration {
  const before = basketsBetween(seen, Number.NEGATIVE_INFINITY, fromMs);
  const interval = fitIntervalPrior(seriesFrom(before), seen.itemCount, categoryOf);
  const asStated = noCalibration();
  const stated: number[] = [];
  seriesFrom(seen, (stats, item, timeMs) => {
    if (timeMs < fromMs) return;
    stated.push(chanceBelow(nextInterval(interval, item, stats), asStated, intervalDays(stats, timeMs)));
  });
  return fitCalibration(Float64Array.from(stated));
}

/** Who came back how often, and how likely an interval is to last as long as the one that is open. */
function trialsOf(series: Series, interval: IntervalPrior, curve: Calibration, untilMs: number): Trials {
  const returns = new Float64Array(series.length);
  const lasting = new Float64Array(series.length);
  const stats = noPurchases();
  for (let s = 0; s < series.length; s++) {
    readStats(series, s, stats);
    const next = nextInterval(interval, series.itemOf[s]!, stats);
    returns[s] = stats.count - 1;
    lasting[s] = 1 - chanceBelow(next, curve, (untilMs - stats.lastMs) / dayMs);
  }
  return { itemOf: series.itemOf, returns, lasting };
}
