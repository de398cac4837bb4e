import { assert, dayMs } from "@trato/base";
import { readArrays, writeArrays } from "../arrays/bytes.ts";
import { predictive } from "../numbers/normal-gamma.ts";
import { studentBelow, studentQuantile } from "../numbers/student.ts";
import { type Calibration, checkCalibration, statedChance, trueChance } from "./calibration.ts";
import type { IntervalPrior } from "./interval-prior.ts";
import type { RepeatPrior } from "./repeat-prior.ts";
import type { RhythmStats } from "./stats.ts";

/**
 * When a person is due to buy an item again, and whether at all. The logarithm of the interval is normal with
 * a mean and variance of the person's own, learnt from their intervals and, as long as these are few, from
 * the item's and everybody's; after each purchase a share of the people is lost.
 *
 * Cost: to ask, about two microseconds and at most one small object. Sources: Bhagat et al., "Buy it again",
 * KDD 2018 (renewal behind a repeat gate); Murphy 2007 (pooling). Not for items bought once in a lifetime,
 * nor for what is bought on fixed dates: Christmas is not a rhythm.
 */
export type Rhythm = {
  readonly itemCount: number;
  /** `item` -1 stands for one that the model has not seen. Throws when the person never bought it. */
  due(item: number, stats: RhythmStats): Due;
  /** The chance that the next purchase falls in (now, now + horizon], given that none came since the last. */
  within(item: number, stats: RhythmStats, nowMs: number, horizonMs: number): number;
  toBytes(): Uint8Array;
};

/**
 * When the next purchase falls if there is one: its 10 %, 50 % and 90 % points in ms since 1970; and
 * `repeat`, the chance that there is one, as it was right after the last purchase.
 */
export type Due = { medianMs: number; lowMs: number; highMs: number; repeat: number };

/** What the model is made of, and all that its bytes keep. */
export type RhythmParts = {
  readonly interval: IntervalPrior;
  readonly repeat: RepeatPrior;
  readonly curve: Calibration;
};

const magic = "TrRhythm";
const version = 1;
/** Beyond so many intervals the quantiles of the Student-t move by less than a percent. */
const tabledMax = 64;
/** No forecast beyond a century: a date must stay a date. */
const daysMax = 36_500;

/** The model of these parts; `fitRhythm` makes them from baskets. */
export function rhythmFrom({ interval, repeat, curve }: RhythmParts): Rhythm {
  const itemCount = interval.meanOf.length - 1;
  const quantiles = quantileTable(interval.person.alpha, curve);
  const rowOf = (item: number, stats: RhythmStats) => {
    assert(Number.isInteger(item) && item >= -1 && item < itemCount, `item is -1 or below ${itemCount}`);
    assert(stats.count >= 1, "somebody who never bought the item has no rhythm");
    return item === -1 ? itemCount : item;
  };
  return {
    itemCount,
    due(item, stats) {
      const row = rowOf(item, stats);
      const next = nextInterval(interval, row, stats);
      const at = 3 * Math.min(tabledMax, stats.count - 1);
      const stay = repeat.stayOf[row]! + stats.count - 1;
      return {
        medianMs: stats.lastMs + intervalMs(next, quantiles[at + 1]!),
        lowMs: stats.lastMs + intervalMs(next, quantiles[at]!),
        highMs: stats.lastMs + intervalMs(next, quantiles[at + 2]!),
        repeat: stay / (stay + repeat.leaveOf[row]!),
      };
    },
    within(item, stats, nowMs, horizonMs) {
      const row = rowOf(item, stats);
      assert(horizonMs >= 0, "a horizon is not negative");
      const days = Math.max(0, nowMs - stats.lastMs) / dayMs;
      const next = nextInterval(interval, row, stats);
      const lasts = 1 - chanceBelow(next, curve, days);
      const lastsLonger = 1 - chanceBelow(next, curve, days + horizonMs / dayMs);
      const stay = repeat.stayOf[row]! + stats.count - 1;
      return (stay * (lasts - lastsLonger)) / (repeat.leaveOf[row]! + stay * lasts);
    },
    toBytes() {
      const { mean, kappa, alpha, beta } = interval.person;
      const person = Float64Array.of(mean, kappa, alpha, beta);
      const { meanOf, deviationOf } = interval;
      return writeArrays(magic, version, [meanOf, deviationOf, person, repeat.stayOf, repeat.leaveOf, curve]);
    },
  };
}

/** Reads what `toBytes` wrote; throws a plain sentence on anything else. */
export function rhythmFromBytes(bytes: Uint8Array): Rhythm {
  const arrays = readArrays(magic, version, bytes);
  assert(arrays.length === 6, "a rhythm has six arrays");
  const [meanOf, deviationOf, person, stayOf, leaveOf, curve] = arrays.map((array) => {
    assert(array instanceof Float64Array, "a rhythm's arrays are doubles");
    return array;
  }) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
  assert(
    meanOf.length > 0 && person.length === 4,
    "a rhythm has a row for an unknown item, and four numbers",
  );
  for (const one of [deviationOf, stayOf, leaveOf]) {
    assert(
      one.length === meanOf.length && one.every((value) => value > 0),
      "a rhythm has one prior an item, above 0",
    );
  }
  checkCalibration(curve);
  const [mean = 0, kappa = 1, alpha = 1, beta = 1] = person;
  return rhythmFrom({
    interval: { meanOf, deviationOf, person: { mean, kappa, alpha, beta } },
    repeat: { stayOf, leaveOf },
    curve,
  });
}

type Next = { mean: number; scale: number; dof: number };

/**
 * One for the whole module, so that asking allocates nothing: each answer is used before the next is asked
 * for.
 */
const scratch: Next = { mean: 0, scale: 0, dof: 0 };

/** The next interval's ln(days) as a Student-t; overwritten by the next call. */
export function nextInterval(
  { meanOf, deviationOf, person }: IntervalPrior,
  row: number,
  stats: RhythmStats,
): Next {
  const n = stats.count - 1;
  const mean = meanOf[row]!;
  const deviation = deviationOf[row]!;
  const sum = (stats.sumLogDays - n * mean) / deviation;
  const sum2 = (stats.sumLogDays2 - 2 * mean * stats.sumLogDays + n * mean * mean) / deviation ** 2;
  predictive(person, n, sum, sum2, scratch);
  scratch.mean = mean + deviation * scratch.mean;
  scratch.scale *= deviation;
  return scratch;
}

/** The calibrated chance that the interval ends within so many days. */
export function chanceBelow({ mean, scale, dof }: Next, curve: Calibration, days: number): number {
  if (days <= 0) return 0;
  return trueChance(curve, studentBelow((Math.log(days) - mean) / scale, dof));
}

function intervalMs({ mean, scale }: Next, quantile: number): number {
  return dayMs * Math.min(daysMax, Math.exp(mean + scale * quantile));
}

/** Low, median and high of the calibrated Student-t, for 0 to `tabledMax` intervals. */
function quantileTable(alpha: number, curve: Calibration): Float64Array {
  const table = new Float64Array(3 * (tabledMax + 1));
  for (let n = 0; n <= tabledMax; n++) {
    for (const [i, level] of [0.1, 0.5, 0.9].entries()) {
      table[3 * n + i] = studentQuantile(statedChance(curve, level), 2 * alpha + n);
    }
  }
  return table;
}
