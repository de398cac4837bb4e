import { assert } from "@trato/base";

/** The share of actual values inside their interval, ends included. */
export function coverage(
  lows: ArrayLike<number>,
  highs: ArrayLike<number>,
  actuals: ArrayLike<number>,
): number {
  assert(lows.length === actuals.length && highs.length === actuals.length, "every value has an interval");
  assert(actuals.length > 0, "coverage needs at least one value");
  let inside = 0;
  for (let i = 0; i < actuals.length; i++) if (actuals[i]! >= lows[i]! && actuals[i]! <= highs[i]!) inside++;
  return inside / actuals.length;
}

/**
 * What it costs to have said that a share `level` of the values lies below `quantile`: least when it is true.
 * At level 0.5 it is half the absolute error. Source: Koenker and Bassett, "Regression quantiles", 1978.
 */
export function pinball(quantile: number, actual: number, level: number): number {
  return actual >= quantile ? level * (actual - quantile) : (1 - level) * (quantile - actual);
}
