import { assert } from "@trato/base";
import { fitNormalGamma, type Groups, type NormalGamma, predictive } from "../numbers/normal-gamma.ts";
import type { Series } from "./series.ts";

/**
 * What the logarithm of an interval is expected to be before a person has shown any: each item's mean and
 * deviation learn from its category or from all items, and each person's from the item's.
 *
 * The same normal–inverse-gamma prior is fitted level by level: categories (if given) within everything, items within
 * their category, persons within their item, on numbers standardised by what stands above. Cost: see normal-gamma.ts.
 * Not for few long histories: there, one fit a series.
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

/**
 * Fits the prior to the closed intervals of the series. With categories, a category learns from all of them and an item
 * from its category, so that an item nobody bought twice is expected as its like are.
 */
export function fitIntervalPrior(series: Series, itemCount: number, categoryOf?: Int32Array): IntervalPrior {
  const items = groupsOf(series, itemCount + 1, (item) => item);
  const above = categoryOf === undefined ? everything : categoriesOf(series, itemCount, categoryOf);
  const level = levelWithin(items, above);
  if (level === undefined) {
    const meanOf = new Float64Array(itemCount + 1).fill(unknownMean);
    return { meanOf, deviationOf: meanOf.map(() => unknownDeviation), person: unknownPerson };
  }
  const { meanOf, deviationOf } = level;
  const persons = groupsOfSeries(series);
  const ofItem = (s: number) => expectationAt(level, series.itemOf[s]!);
  return { meanOf, deviationOf, person: fitNormalGamma(standardised(persons, ofItem)) ?? unknownPerson };
}

/** What is expected of a group's numbers, by what stands above it. */
type Expectation = { readonly mean: number; readonly deviation: number };
type Level = { readonly meanOf: Float64Array; readonly deviationOf: Float64Array };

const everything = (): Expectation => ({ mean: 0, deviation: 1 });

const expectationAt = ({ meanOf, deviationOf }: Level, group: number): Expectation => ({
  mean: meanOf[group]!,
  deviation: deviationOf[group]!,
});

/** Each item's expectation by its category; an item never seen, and everything where nothing can be said, by all. */
function categoriesOf(
  series: Series,
  itemCount: number,
  categoryOf: Int32Array,
): (item: number) => Expectation {
  assert(categoryOf.length === itemCount, "every item has a category");
  const count = categoryOf.reduce((most, category) => Math.max(most, category + 1), 0);
  assert(
    categoryOf.every((category) => category >= 0) && count <= itemCount,
    "categories are numbers from 0, no more than items",
  );
  const level = levelWithin(
    groupsOf(series, count + 1, (item) => categoryOf[item]!),
    everything,
  );
  return level === undefined ? everything : (item) => expectationAt(level, categoryOf[item] ?? count);
}

/** Mean and deviation of each group, leaning on what is expected of it as far as it has few numbers of its own. */
function levelWithin(groups: Groups, above: (group: number) => Expectation): Level | undefined {
  const own = standardised(groups, above);
  const across = fitNormalGamma(own);
  if (across === undefined) return undefined;
  const [meanOf, deviationOf] = [new Float64Array(own.n.length), new Float64Array(own.n.length)];
  const expected = { mean: 0, scale: 0, dof: 0 };
  for (let group = 0; group < own.n.length; group++) {
    const n = own.n[group]!;
    const { mean, deviation } = above(group);
    predictive(across, n, own.sum[group]!, own.sum2[group]!, expected);
    meanOf[group] = mean + deviation * expected.mean;
    // The predictive scale includes the doubt about the mean; the deviation within the group does not.
    deviationOf[group] = deviation * expected.scale * Math.sqrt((across.kappa + n) / (across.kappa + n + 1));
  }
  return { meanOf, deviationOf };
}

/** The logarithms of closed intervals, by what their item belongs to; the last group has none. */
function groupsOf(series: Series, count: number, groupOf: (item: number) => number): Groups {
  const groups = emptyGroups(count);
  for (let s = 0; s < series.length; s++) {
    const group = groupOf(series.itemOf[s]!);
    groups.n[group]! += series.rows[5 * s]! - 1;
    groups.sum[group]! += series.rows[5 * s + 3]!;
    groups.sum2[group]! += series.rows[5 * s + 4]!;
  }
  return groups;
}

function groupsOfSeries(series: Series): Groups {
  const groups = emptyGroups(series.length);
  for (let s = 0; s < series.length; s++) {
    groups.n[s] = series.rows[5 * s]! - 1;
    groups.sum[s] = series.rows[5 * s + 3]!;
    groups.sum2[s] = series.rows[5 * s + 4]!;
  }
  return groups;
}

function standardised(groups: Groups, above: (group: number) => Expectation): Groups {
  const out = emptyGroups(groups.n.length);
  for (let group = 0; group < groups.n.length; group++) {
    const [n, sum] = [groups.n[group]!, groups.sum[group]!];
    const { mean, deviation } = above(group);
    out.n[group] = n;
    out.sum[group] = (sum - n * mean) / deviation;
    out.sum2[group] = (groups.sum2[group]! - 2 * mean * sum + n * mean * mean) / deviation ** 2;
  }
  return out;
}

function emptyGroups(count: number): Groups {
  return { n: new Float64Array(count), sum: new Float64Array(count), sum2: new Float64Array(count) };
}
