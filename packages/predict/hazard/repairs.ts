import { assert } from "@trato/base";
import { bfgs, differences } from "../numbers/minimise.ts";

/** Units that are repaired and go on: when each was repaired, and until when it was watched. */
export type Repairs = {
  /** Number of the unit of each repair, and its age then. */
  readonly unitOf: Int32Array;
  readonly ageOf: Float64Array;
  /** By unit: the age until which it was watched. */
  readonly untilOf: Float64Array;
};

/** The age of each repair, ascending, and the mean number of repairs of a unit up to and with it. */
export type MeanCumulative = { readonly ages: Float64Array; readonly counts: Float64Array };

/**
 * The mean cumulative function: at each age, the repairs then over the units still watched, added up. It assumes
 * nothing, and shows whether units grow worse (it bends up) or better.
 *
 * Cost: a sort. Source: Nelson, "Recurrent Events Data Analysis for Product Repairs", 2003. Not for costs that differ
 * by age: weigh them first.
 */
export function meanCumulative({ unitOf, ageOf, untilOf }: Repairs): MeanCumulative {
  assert(unitOf.length === ageOf.length && untilOf.length > 0, "every repair has a unit and an age");
  for (const [i, unit] of unitOf.entries()) {
    assert(
      unit >= 0 && unit < untilOf.length && ageOf[i]! <= untilOf[unit]!,
      "a repair is of a unit that is watched",
    );
  }
  const repairs = ageOf.slice().sort();
  const ends = untilOf.slice().sort();
  const [ages, counts]: [number[], number[]] = [[], []];
  let [gone, count] = [0, 0];
  for (const age of repairs) {
    while (ends[gone]! < age) gone++;
    count += 1 / (ends.length - gone);
    ages.push(age);
    counts.push(count);
  }
  return { ages: Float64Array.from(ages), counts: Float64Array.from(counts) };
}

/** Repairs expected of a unit by an age: (age / scale) ^ shape. A shape above 1 grows worse. */
export type PowerLaw = { readonly scale: number; readonly shape: number };

/** The power law nearest, by least squares over the repairs, to a mean cumulative function of two repairs or more. */
export function powerLawOf({ ages, counts }: MeanCumulative): PowerLaw {
  assert(ages.length >= 2, "a power law needs two repairs");
  const last = ages[ages.length - 1]!;
  const cost = ([lnScale, lnShape]: readonly number[]) => {
    const shape = Math.exp(lnShape!);
    const scale = last * Math.exp(lnScale!);
    return ages.reduce((sum, age, i) => sum + ((age / scale) ** shape - counts[i]!) ** 2, 0);
  };
  const start = -Math.log(counts[counts.length - 1]!);
  const { at } = bfgs(differences(cost), [start, 0], { tolerance: 1e-9 });
  return { scale: last * Math.exp(at[0]!), shape: Math.exp(at[1]!) };
}

/**
 * Crow–AMSAA: repairs of one unit as a Poisson process whose rate is a power of age, by maximum likelihood, watched
 * until the last repair; `rate` × age^`shape` repairs are expected by an age.
 *
 * Cost: one pass. Source: Crow, "Reliability analysis for complex, repairable systems", 1975. Ages ascend, above 0.
 */
export function crowAmsaa(ages: ArrayLike<number>): { shape: number; rate: number; gapNow: number } {
  const count = ages.length;
  assert(count >= 2 && ages[0]! > 0, "two repairs or more, above 0");
  const last = ages[count - 1]!;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += Math.log(last / ages[i]!);
  assert(sum > 0, "repairs at more than one age");
  const shape = count / sum;
  const rate = count / last ** shape;
  return { shape, rate, gapNow: 1 / (rate * shape * last ** (shape - 1)) };
}

/** Duane's line: repairs per age so far as `rate` × age^-`growth`, by least squares in logarithms. Source: Duane, 1964. */
export function duane(ages: ArrayLike<number>): { growth: number; rate: number } {
  assert(ages.length >= 2, "a line needs two repairs");
  let [x, y, xx, xy] = [0, 0, 0, 0];
  for (let i = 0; i < ages.length; i++) {
    const lnAge = Math.log(ages[i]!);
    const lnGap = lnAge - Math.log(i + 1);
    x += lnAge;
    y += lnGap;
    xx += lnAge * lnAge;
    xy += lnAge * lnGap;
  }
  const n = ages.length;
  const growth = (n * xy - x * y) / (n * xx - x * x);
  return { growth, rate: Math.exp((growth * x - y) / n) };
}
