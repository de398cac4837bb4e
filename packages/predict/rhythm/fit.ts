import { assert, dayMs } from "@trato/base";
import { type Baskets, basketsBetween, checkBaskets, lastTimeMs } from "../arrays/baskets.ts";
import { type Calibration, fitCalibration, noCalibration, trueChance } from "./calibration.ts";
import { type ErlangParts, type ErlangRhythm, erlangFrom, erlangLaw, fitErlang } from "./erlang.ts";
import { fitIntervalPrior } from "./interval-prior.ts";
import { type Others, othersInTime, othersOf } from "./others.ts";
import type { Law } from "./renewal.ts";
import { fitRepeatPrior, type Trials } from "./repeat-prior.ts";
import { logNormalLaw, type Rhythm, rhythmFrom } from "./rhythm.ts";
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
  const { parts, ...rest } = fitRenewal(baskets, options, {
    fitParts: fitIntervalPrior,
    lawOf: logNormalLaw,
  });
  return rhythmFrom({ interval: parts, ...rest });
}

/**
 * The same with intervals that are Erlang-k instead of log-normal, and with what the household's other items show. On
 * Online Retail it lost less in five months that were looked at, but covers less of the last one, where both were held
 * against the bar: see `docs/reference/predict-results.md`.
 */
export function fitErlangRhythm(baskets: Baskets, options: RhythmOptions = {}): ErlangRhythm {
  const kind = { fitParts: fitErlang, lawOf: erlangLaw, usualOf: (parts: ErlangParts) => parts.usualOf };
  return erlangFrom(fitRenewal(baskets, options, kind));
}

type Kind<Parts> = {
  fitParts(series: Series, itemCount: number, categoryOf?: Int32Array): Parts;
  lawOf(parts: Parts, curve: Calibration): Law;
  /** Where the household's other items count. */
  usualOf?(parts: Parts): Float64Array;
};

function fitRenewal<Parts>(baskets: Baskets, options: RhythmOptions, kind: Kind<Parts>) {
  checkBaskets(baskets);
  const { itemCount } = baskets;
  const untilMs = options.untilMs ?? (baskets.timeOfBasket.length === 0 ? 0 : lastTimeMs(baskets) + 1);
  const seen = basketsBetween(baskets, Number.NEGATIVE_INFINITY, untilMs);
  const firstMs = seen.timeOfBasket.reduce((a, b) => Math.min(a, b), untilMs);
  const calibrationMs = options.calibrationMs ?? Math.min(30 * dayMs, (untilMs - firstMs) / 4);
  assert(calibrationMs >= 0 && Number.isFinite(untilMs), "calibrationMs is 0 or more, untilMs a time");

  const { categoryOf } = options;
  const curve =
    calibrationMs === 0 ? noCalibration() : calibrate(seen, untilMs - calibrationMs, { kind, categoryOf });
  const series = seriesFrom(seen);
  const parts = kind.fitParts(series, itemCount, categoryOf);
  const usualOf = kind.usualOf?.(parts);
  const others = usualOf && othersOf(series, usualOf);
  const trials = trialsOf(series, { law: kind.lawOf(parts, curve), curve, untilMs, others });
  return { parts, repeat: fitRepeatPrior(trials, itemCount), curve };
}

/** Compares what is said by the time before `fromMs` with the intervals that ended after it. */
function calibrate<Parts>(
  seen: Baskets,
  fromMs: number,
  { kind, categoryOf }: { kind: Kind<Parts>; categoryOf: Int32Array | undefined },
): Calibration {
  const before = basketsBetween(seen, Number.NEGATIVE_INFINITY, fromMs);
  const parts = kind.fitParts(seriesFrom(before), seen.itemCount, categoryOf);
  const law = kind.lawOf(parts, noCalibration());
  const usualOf = kind.usualOf?.(parts);
  const others = usualOf && othersInTime(usualOf);
  const stated: number[] = [];
  seriesFrom(seen, (stats, item, timeMs, person) => {
    const shown = others?.(stats, item, timeMs, person);
    if (timeMs >= fromMs) stated.push(law.below(item, stats, intervalDays(stats, timeMs), shown));
  });
  return fitCalibration(Float64Array.from(stated));
}

type Ending = {
  readonly law: Law;
  readonly curve: Calibration;
  readonly untilMs: number;
  readonly others: ((row: number) => Others) | undefined;
};

/** Who came back how often, and how likely an interval is to last as long as the one that is open. */
function trialsOf(series: Series, { law, curve, untilMs, others }: Ending): Trials {
  const returns = new Float64Array(series.length);
  const lasting = new Float64Array(series.length);
  const stats = noPurchases();
  for (let s = 0; s < series.length; s++) {
    readStats(series, s, stats);
    const days = (untilMs - stats.lastMs) / dayMs;
    returns[s] = stats.count - 1;
    const ended = days <= 0 ? 0 : trueChance(curve, law.below(series.itemOf[s]!, stats, days, others?.(s)));
    lasting[s] = 1 - ended;
  }
  return { itemOf: series.itemOf, returns, lasting };
}
