import { fitNormalGamma, type Groups, type NormalGamma, predictive } from "../numbers/normal-gamma.ts";
import type { Series } from "./series.ts";

/**
 * What the logarithm of an interval is expected to be before a person has shown any: each item's mean and
 * deviation learn from all items, and each person's from the item's.
 *
 * The same normal–inverse-gamma prior is fitted twice: items within everything, then persons within their
 * item, on numbers standardised by the item. Cost: see normal-gamma.ts. Not for few long histories: there,
 * one fit a series.
 */
export type IntervalPrior = {
  /** Per item, and last for an item never seen: mean and deviation of ln(days). */
  readonly meanOf: Float64Array;
  readonly deviationOf: Float64Array;
  /** How persons differ within an item, in deviations of that item. */
  readonly person: NormalGamma;
};

/** Used when nothing was ever bought twice: about a month, give or take a factor of three. */
const unknownMean = Math.log(30);
const unknownDeviation = Math.log(3);
const unknownPerson: NormalGamma = { mean: 0, kappa: 1, alpha: 2, beta: 2 };

/** Fits the prior to the closed intervals of the series. */
export function fitIntervalPrior(series: Series, itemCount: number): IntervalPrior {
  const meanOf = new Float64Array(itemCount + 1).fill(unknownMean);
  const deviationOf = new Float64Array(itemCount + 1).fill(unknownDeviation);
  const items = groupsOfItems(series, itemCount);
  const across = fitNormalGamma(items);
  if (across === undefined) return { meanOf, deviationOf, person: unknownPerson };
  const expected = { mean: 0, scale: 0, dof: 0 };
  for (let item = 0; item <= itemCount; item++) {
    const n = items.n[item] ?? 0;
    predictive(across, n, items.sum[item] ?? 0, items.sum2[item] ?? 0, expected);
    meanOf[item] = expected.mean;
    // The predictive scale includes the doubt about the mean; the deviation within the item does not.
    deviationOf[item] = expected.scale * Math.sqrt((across.kappa + n) / (across.kappa + n + 1));
  }
  const person = fitNormalGamma(standardised(series, meanOf, deviationOf)) ?? unknownPerson;
  return { meanOf, deviationOf, person };
}

function groupsOfItems(series: Series, itemCount: number): Groups {
  const groups = emptyGroups(itemCount);
  for (let s = 0; s < series.length; s++) {
    const item = series.itemOf[s]!;
    groups.n[item]! += series.rows[5 * s]! - 1;
    groups.sum[item]! += series.rows[5 * s + 3]!;
    groups.sum2[item]! += series.rows[5 * s + 4]!;
  }
  return groups;
}

function standardised(series: Series, meanOf: Float64Array, deviationOf: Float64Array): Groups {
  const groups = emptyGroups(series.length);
  for (let s = 0; s < series.length; s++) {
    const n = series.rows[5 * s]! - 1;
    const mean = meanOf[series.itemOf[s]!]!;
    const deviation = deviationOf[series.itemOf[s]!]!;
    const sum = series.rows[5 * s + 3]!;
    groups.n[s] = n;
    groups.sum[s] = (sum - n * mean) / deviation;
    groups.sum2[s] = (series.rows[5 * s + 4]! - 2 * mean * sum + n * mean * mean) / deviation ** 2;
  }
  return groups;
}

function emptyGroups(count: number): Groups {
  return { n: new Float64Array(count), sum: new Float64Array(count), sum2: new Float64Array(count) };
}
