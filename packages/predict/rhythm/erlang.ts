import { assert, dayMs } from "@trato/base";
import { readArrays, writeArrays } from "../arrays/bytes.ts";
import { maximise } from "../numbers/maximise.ts";
import { betaBelow, lnGamma } from "../numbers/special.ts";
import { type Calibration, checkCalibration, statedChance } from "./calibration.ts";
import { type Others, othersOf } from "./others.ts";
import { type Due, type Law, renewalOf } from "./renewal.ts";
import type { RepeatPrior } from "./repeat-prior.ts";
import type { Series } from "./series.ts";
import type { RhythmStats } from "./stats.ts";

/**
 * A rhythm whose intervals are the sum of k exponential ones (k = 1 is chance, a large k a clock) at a rate of each
 * household's and item's own, learnt from its intervals, from how the household's other items fare against what is
 * usual of them, from the item's and from its category's.
 *
 * Cost: as `Rhythm`. Sources: Chatfield and Goodhardt, "A consumer purchasing model with Erlang inter-purchase times",
 * 1973; Platzer and Reutterer, "Ticking away the moments", 2016 (regularity). Not where the household is not known.
 */
export type ErlangRhythm = {
  readonly itemCount: number;
  readonly parts: ErlangParts;
  due(item: number, stats: RhythmStats, others?: Others): Due;
  within(item: number, stats: RhythmStats, nowMs: number, horizonMs: number, others?: Others): number;
  toBytes(): Uint8Array;
};

export type ErlangParts = {
  readonly k: number;
  /** Shape of the Gamma distribution of rates within an item, above 1. */
  readonly shape: number;
  /** What the mean of the prior is, in units of what is usual. */
  readonly level: number;
  /** So many intervals of the usual length stand behind a household's. */
  readonly pull: number;
  /** Per item, and last for an item never seen: the usual days between two purchases. */
  readonly usualOf: Float64Array;
};

const magic = "TrErlang";
const version = 1;
const kMax = 8;
const tabledMax = 64;
/** So many intervals of the category, or of everything, stand behind an item's own. */
const imagined = 20;
/**
 * So many intervals of the usual length stand behind a household's; chosen on five months of Online Retail. Likelihood
 * would have nearly none: whoever is new has closed only short intervals, with every item.
 */
const pull = 300;
const unknown = { k: 2, shape: 3, level: 1, pull } as const;
const unknownDays = 30;
const seriesMax = 50_000;
const levels = [0.1, 0.5, 0.9] as const;

/** Fits everything but the gate and the calibration; without a closed interval it gives stated defaults. */
export function fitErlang(series: Series, itemCount: number, categoryOf?: Int32Array): ErlangParts {
  const usualOf = usualDays(series, itemCount, categoryOf);
  const rows = rowsOf(series, usualOf);
  if (rows.length < 2) return { ...unknown, usualOf };
  let best = { k: 0, at: [] as readonly number[], value: Number.NEGATIVE_INFINITY };
  for (let k = 1; k <= kMax; k++) {
    const value = (at: readonly number[]) => lnLikelihood(rows, k, at);
    const { at } = maximise(value, [0.5, 0], { step: 0.5, stepMin: 0.01, roundsMax: 40 });
    if (value(at) <= best.value) break;
    best = { k, at, value: value(at) };
  }
  return { k: best.k, ...priorAt(best.at), usualOf };
}

const priorAt = ([lnShape, lnLevel]: readonly number[]) => ({
  shape: 1 + Math.exp(lnShape!),
  level: Math.exp(lnLevel!),
  pull,
});

type Row = { count: number; days: number; sumLogDays: number; usual: number; others: Others };

function rowsOf(series: Series, usualOf: Float64Array): Row[] {
  const others = othersOf(series, usualOf);
  const closed: number[] = [];
  for (let s = 0; s < series.length; s++) if (series.rows[5 * s]! > 1) closed.push(s);
  const stride = Math.ceil(closed.length / seriesMax);
  return closed
    .filter((_, at) => at % stride === 0)
    .map((s) => {
      const [count = 0, firstMs = 0, lastMs = 0, sumLogDays = 0] = series.rows.subarray(5 * s, 5 * s + 4);
      const days = (lastMs - firstMs) / dayMs;
      return { count: count - 1, days, sumLogDays, usual: usualOf[series.itemOf[s]!]!, others: others(s) };
    });
}

/** Of all intervals, their rates integrated out. */
function lnLikelihood(rows: readonly Row[], k: number, at: readonly number[]): number {
  if (Math.abs(at[0]!) > 6 || Math.abs(at[1]!) > 4) return Number.NEGATIVE_INFINITY;
  const prior = priorAt(at);
  const { shape } = prior;
  const [lnShape, lnK] = [lnGamma(shape), lnGamma(k)];
  const gammas: number[] = [];
  let total = 0;
  for (const { count, days, sumLogDays, usual, others } of rows) {
    const grown = shape + count * k;
    const scale = priorScale({ k, ...prior }, usual, others);
    gammas[count] ??= lnGamma(grown) - lnShape - count * lnK;
    total += gammas[count] + shape * Math.log(scale) + (k - 1) * sumLogDays - grown * Math.log(scale + days);
  }
  return total;
}

/** Days that stand behind a household's own with an item: so that, before any, the usual ones are expected. */
function priorScale(
  { k, shape, level, pull }: Omit<ErlangParts, "usualOf">,
  usual: number,
  others?: Others,
): number {
  const pace = others === undefined ? 1 : (others.lasted + pull) / (others.intervals + pull);
  return ((level * (shape - 1)) / k) * usual * pace;
}

function usualDays(series: Series, itemCount: number, categoryOf?: Int32Array): Float64Array {
  const categories = categoryOf ?? new Int32Array(itemCount);
  assert(categories.length === itemCount, "every item has a category");
  const means = (count: number, groupOf: (item: number) => number, above: (group: number) => number) => {
    const [days, intervals] = [new Float64Array(count), new Float64Array(count)];
    for (let s = 0; s < series.length; s++) {
      const group = groupOf(series.itemOf[s]!);
      days[group]! += (series.rows[5 * s + 2]! - series.rows[5 * s + 1]!) / dayMs;
      intervals[group]! += series.rows[5 * s]! - 1;
    }
    return days.map((sum, group) => (sum + imagined * above(group)) / (intervals[group]! + imagined));
  };
  const [all = unknownDays] = means(
    1,
    () => 0,
    () => unknownDays,
  );
  const categoryCount = categories.reduce((most, one) => Math.max(most, one + 1), 0);
  const ofCategory = means(
    categoryCount,
    (item) => categories[item]!,
    () => all,
  );
  return means(
    itemCount + 1,
    (item) => item,
    (item) => ofCategory[categories[item] ?? -1] ?? all,
  );
}

/** With n intervals closed, the next over the days behind it is a beta prime: tabled, as it hangs on n alone. */
export function erlangLaw(parts: ErlangParts, curve: Calibration): Law {
  const { k, shape, usualOf } = parts;
  const scaleAt = (row: number, stats: RhythmStats, others?: Others) =>
    priorScale(parts, usualOf[row]!, others) + (stats.lastMs - stats.firstMs) / dayMs;
  const table = Float64Array.from({ length: 3 * (tabledMax + 1) }, (_, at) => {
    const stated = statedChance(curve, levels[at % 3]!);
    return ratioBelow(stated, k, shape + Math.floor(at / 3) * k);
  });
  return {
    itemCount: usualOf.length - 1,
    below(row, stats, days, others) {
      const scale = scaleAt(row, stats, others);
      return betaBelow(days / (scale + days), k, shape + (stats.count - 1) * k);
    },
    daysAt(row, stats, which, others) {
      const intervals = stats.count - 1;
      // Beyond the table the ratio shrinks as one over what stands behind it.
      const tabled = Math.min(tabledMax, intervals);
      const shrink = (shape + tabled * k) / (shape + intervals * k);
      return scaleAt(row, stats, others) * table[3 * tabled + which]! * shrink;
    },
  };
}

/** The ratio x of a beta prime (k, behind) that is not passed with this chance; by halving. */
function ratioBelow(chance: number, k: number, behind: number): number {
  let [low, high] = [0, 1];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (betaBelow(middle, k, behind) < chance) low = middle;
    else high = middle;
  }
  return low / (1 - low);
}

export function erlangFrom(given: { parts: ErlangParts; repeat: RepeatPrior; curve: Calibration }) {
  const { parts, repeat, curve } = given;
  const { k, shape, level, pull, usualOf } = parts;
  return {
    ...renewalOf(erlangLaw(parts, curve), repeat, curve),
    parts,
    toBytes: () =>
      writeArrays(magic, version, [
        Float64Array.of(k, shape, level, pull),
        ...[usualOf, repeat.stayOf, repeat.leaveOf, curve],
      ]),
  } satisfies ErlangRhythm;
}

/** Reads what `toBytes` wrote; throws a plain sentence on anything else. */
export function erlangRhythmFromBytes(bytes: Uint8Array): ErlangRhythm {
  const arrays = readArrays(magic, version, bytes);
  assert(arrays.length === 5, "an Erlang rhythm has five arrays");
  const [head, usualOf, stayOf, leaveOf, curve] = arrays.map((array) => {
    assert(array instanceof Float64Array, "an Erlang rhythm's arrays are doubles");
    return array;
  }) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
  const [k = 0, shape = 0, level = 0, pull = 0] = head;
  assert(Number.isInteger(k) && k >= 1 && shape > 1 && level > 0 && pull > 0, "its four numbers are above 0");
  for (const one of [usualOf, stayOf, leaveOf]) {
    assert(
      one.length === usualOf.length && one.length > 0 && one.every((value) => value > 0),
      "there is one prior an item, above 0",
    );
  }
  checkCalibration(curve);
  return erlangFrom({ parts: { k, shape, level, pull, usualOf }, repeat: { stayOf, leaveOf }, curve });
}
