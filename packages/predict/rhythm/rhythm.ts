import { assert } from "@trato/base";
import { readArrays, writeArrays } from "../arrays/bytes.ts";
import { predictive } from "../numbers/normal-gamma.ts";
import { studentBelow, studentQuantile } from "../numbers/student.ts";
import { type Calibration, checkCalibration, statedChance } from "./calibration.ts";
import type { IntervalPrior } from "./interval-prior.ts";
import { type Due, type Law, renewalOf } from "./renewal.ts";
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

/** The model of these parts; `fitRhythm` makes them from baskets. */
export function rhythmFrom({ interval, repeat, curve }: RhythmParts): Rhythm {
  return {
    ...renewalOf(logNormalLaw(interval, curve), repeat, curve),
    toBytes() {
      const { mean, kappa, alpha, beta } = interval.person;
      const person = Float64Array.of(mean, kappa, alpha, beta);
      const { meanOf, deviationOf } = interval;
      return writeArrays(magic, version, [meanOf, deviationOf, person, repeat.stayOf, repeat.leaveOf, curve]);
    },
  };
}

/** The logarithm of the next interval is a Student-t, as wide as the person's history is short. */
export function logNormalLaw(interval: IntervalPrior, curve: Calibration): Law {
  const quantiles = quantileTable(interval.person.alpha, curve);
  return {
    itemCount: interval.meanOf.length - 1,
    below(row, stats, days) {
      const { mean, scale, dof } = nextInterval(interval, row, stats);
      return studentBelow((Math.log(days) - mean) / scale, dof);
    },
    daysAt(row, stats, which) {
      const { mean, scale } = nextInterval(interval, row, stats);
      return Math.exp(mean + scale * quantiles[3 * Math.min(tabledMax, stats.count - 1) + which]!);
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
function nextInterval({ meanOf, deviationOf, person }: IntervalPrior, row: number, stats: RhythmStats): Next {
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
