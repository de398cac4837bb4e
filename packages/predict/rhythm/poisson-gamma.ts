import { assert, dayMs } from "@trato/base";
import { type Baskets, basketsBetween, checkBaskets, lastTimeMs } from "../arrays/baskets.ts";
import { readArrays, writeArrays } from "../arrays/bytes.ts";
import { maximise } from "../numbers/maximise.ts";
import { lnGamma } from "../numbers/special.ts";
import { type Series, seriesFrom } from "./series.ts";
import type { RhythmStats } from "./stats.ts";

export type PoissonGammaOptions = {
  /** The end of what was seen; later baskets are left out. Default: the latest basket. */
  readonly untilMs?: number;
  /**
   * Whether a purchase is likelier as the person's mean interval comes round (the modified model); default true.
   * False is the plain model, which only counts.
   */
  readonly modified?: boolean;
};

export type PoissonGamma = {
  readonly itemCount: number;
  /** The chance that whoever bought the item once buys it again, and so whether it is one to remind of. */
  readonly repeatOf: Float64Array;
  /** Expected purchases a day at `nowMs`, given that the item is one that is bought again; -1 is an unknown item. */
  readonly rate: (item: number, stats: RhythmStats, nowMs: number) => number;
  /** The chance of a purchase in (now, now + horizon], the repeat gate included. */
  readonly within: (item: number, stats: RhythmStats, nowMs: number, horizonMs: number) => number;
  readonly toBytes: () => Uint8Array;
};

const magic = "TrPoisGa";
const version = 1;
/** So many people of the average item stand behind every item's own. */
const imagined = 5;
/** Used when nothing was ever bought twice: a purchase a month, as likely to be repeated as not. */
const unknown = { alpha: 1, rate: 1 / 30, repeat: 0.5 };
const seriesMax = 50_000;

/**
 * Purchases of an item come by a Poisson process at a rate of the person's own, drawn from a Gamma distribution of
 * the item; a share of the people never repeats. Modified, the time that counts against the rate is not how long
 * ago the last purchase was, but how far that is from the mean interval, until twice of it has passed.
 *
 * Cost: a pass and some hundred of a thinned sample to fit; two powers to ask; 24 bytes an item. Source: Bhagat,
 * Muralidharan, Lobzhanidze, Vishwanath, "Buy it again: modeling repeat purchase recommendations", KDD 2018 (PG and
 * MPG; their repeat customer probability is the gate). Not for a date or an interval: `fitRhythm` knows regularity.
 */
export function fitPoissonGamma(baskets: Baskets, options: PoissonGammaOptions = {}): PoissonGamma {
  checkBaskets(baskets);
  const untilMs = options.untilMs ?? (baskets.timeOfBasket.length === 0 ? 0 : lastTimeMs(baskets) + 1);
  const series = seriesFrom(basketsBetween(baskets, Number.NEGATIVE_INFINITY, untilMs));
  const { itemCount } = baskets;
  const days = Float64Array.from(
    { length: series.length },
    (_, s) => (untilMs - series.rows[5 * s + 1]!) / dayMs,
  );
  const { alpha, rate } = fitRates(series, days);

  const [repeats, exposure, buyers, repeaters] = [0, 0, 0, 0].map(() => new Float64Array(itemCount + 1));
  for (let s = 0; s < series.length; s++) {
    const again = series.rows[5 * s]! - 1;
    const isRepeater = again > 0;
    for (const at of [series.itemOf[s]!, itemCount]) {
      buyers![at]!++;
      if (!isRepeater) continue;
      repeaters![at]!++;
      repeats![at]! += again;
      exposure![at]! += days[s]!;
    }
  }
  const all = series.length === 0 ? unknown.repeat : (repeaters![itemCount]! + 1) / (buyers![itemCount]! + 2);
  const repeatOf = buyers!.map((count, item) => (repeaters![item]! + imagined * all) / (count + imagined));
  const betaOf = exposure!.map((spent, item) => {
    const strength = imagined * alpha;
    return (alpha * (spent + strength / rate)) / (repeats![item]! + strength);
  });
  return poissonGammaFrom({ alpha, betaOf, repeatOf, modified: options.modified ?? true });
}

/** Reads what `toBytes` wrote; throws a plain sentence on anything else. */
export function poissonGammaFromBytes(bytes: Uint8Array): PoissonGamma {
  const [head, betaOf, repeatOf, ...rest] = readArrays(magic, version, bytes);
  assert(
    head instanceof Float64Array && head.length === 2 && rest.length === 0,
    "a model of rates has two numbers",
  );
  assert(betaOf instanceof Float64Array && repeatOf instanceof Float64Array, "a model of rates has two rows");
  assert(betaOf.length === repeatOf.length && betaOf.length > 0, "a model of rates has one prior an item");
  assert(head[0]! > 0 && betaOf.every((beta) => beta > 0), "priors are above 0");
  return poissonGammaFrom({ alpha: head[0]!, modified: head[1] === 1, betaOf, repeatOf });
}

type Parts = { alpha: number; betaOf: Float64Array; repeatOf: Float64Array; modified: boolean };

function poissonGammaFrom({ alpha, betaOf, repeatOf, modified }: Parts): PoissonGamma {
  const itemCount = betaOf.length - 1;
  const rowOf = (item: number, stats: RhythmStats) => {
    assert(Number.isInteger(item) && item >= -1 && item < itemCount, `item is -1 or below ${itemCount}`);
    assert(stats.count >= 1, "somebody who never bought the item has no rate");
    return item === -1 ? itemCount : item;
  };
  /** The days that count against the rate. */
  const spent = (row: number, stats: RhythmStats, nowMs: number) => {
    const bought = (stats.lastMs - stats.firstMs) / dayMs;
    const away = Math.max(0, nowMs - stats.lastMs) / dayMs;
    const mean = (bought + betaOf[row]!) / (stats.count - 1 + alpha);
    return bought + (modified && away < 2 * mean ? 2 * Math.abs(mean - away) : away);
  };
  return {
    itemCount,
    repeatOf,
    rate(item, stats, nowMs) {
      const row = rowOf(item, stats);
      return (stats.count - 1 + alpha) / (spent(row, stats, nowMs) + betaOf[row]!);
    },
    within(item, stats, nowMs, horizonMs) {
      const row = rowOf(item, stats);
      assert(horizonMs >= 0, "a horizon is not negative");
      const days = spent(row, stats, nowMs) + betaOf[row]!;
      const none = (days / (days + horizonMs / dayMs)) ** (stats.count - 1 + alpha);
      return repeatOf[row]! * (1 - none);
    },
    toBytes: () => writeArrays(magic, version, [Float64Array.of(alpha, modified ? 1 : 0), betaOf, repeatOf]),
  };
}

/** Shape and mean of the Gamma distribution under which the repeaters' counts are most likely. */
function fitRates(series: Series, days: Float64Array): { alpha: number; rate: number } {
  const counts: number[] = [];
  const spans: number[] = [];
  const stride = Math.ceil(series.length / seriesMax);
  for (let s = 0; s < series.length; s += Math.max(1, stride)) {
    if (series.rows[5 * s]! < 2) continue;
    counts.push(series.rows[5 * s]! - 1);
    spans.push(Math.max(1, days[s]!));
  }
  if (counts.length < 2) return unknown;
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  const value = ([lnAlpha, lnRate]: readonly number[]) => {
    if (Math.abs(lnAlpha!) > 6 || Math.abs(lnRate!) > 12) return Number.NEGATIVE_INFINITY;
    const alpha = Math.exp(lnAlpha!);
    const beta = alpha / Math.exp(lnRate!);
    const gammas: number[] = [];
    let total = 0;
    for (let i = 0; i < counts.length; i++) {
      const count = counts[i]!;
      gammas[count] ??= lnGamma(alpha + count) - lnGamma(alpha);
      total += gammas[count] + alpha * Math.log(beta) - (alpha + count) * Math.log(beta + spans[i]!);
    }
    return total;
  };
  const start = [0, Math.log(sum(counts) / sum(spans))];
  const [lnAlpha, lnRate] = maximise(value, start, { step: 0.5, stepMin: 0.01, roundsMax: 40 }).at;
  return { alpha: Math.exp(lnAlpha!), rate: Math.exp(lnRate!) };
}
