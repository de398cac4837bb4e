import { studentQuantile } from "@trato/predict";
import { type Spread, varianceOf } from "./spread.ts";

/** One figure less another, and the interval that holds the true difference 95 times in 100. */
export type Difference = { readonly difference: number; readonly low: number; readonly high: number };

export const level = 0.95;
/** The point that a normal variable is below with a chance of 97.5 %. */
const z = 1.959963984540054;

/**
 * The difference of two means, of groups that may differ in size and in spread. Null when a group has fewer than two.
 * For means over some dozens of people; rough where a few large values make most of the sum.
 *
 * Source: Welch, "The generalization of Student's problem when several different population variances are involved",
 * 1947; degrees of freedom by Satterthwaite, 1946.
 */
export function meansDifference(one: Spread, other: Spread): Difference | null {
  if (one.count < 2 || other.count < 2) return null;
  const difference = one.mean - other.mean;
  const a = varianceOf(one) / one.count;
  const b = varianceOf(other) / other.count;
  if (a + b === 0) return { difference, low: difference, high: difference };
  const dof = (a + b) ** 2 / (a ** 2 / (one.count - 1) + b ** 2 / (other.count - 1));
  const reach = studentQuantile((1 + level) / 2, dof) * Math.sqrt(a + b);
  return { difference, low: difference - reach, high: difference + reach };
}

/** So many of so many. */
export type Share = { readonly hits: number; readonly of: number };

/**
 * The difference of two shares. Null when a group has fewer than two. Unlike Welch's it stays honest when nobody, or
 * nearly nobody, of a small group did a thing: no spread seen does not mean that there is none.
 *
 * Source: Newcombe, "Interval estimation for the difference between independent proportions: comparison of eleven
 * methods", Statistics in Medicine 17, 1998, method 10; from the score intervals of Wilson, 1927.
 */
export function sharesDifference(one: Share, other: Share): Difference | null {
  if (one.of < 2 || other.of < 2) return null;
  const [a, b] = [wilson(one), wilson(other)];
  const difference = a.share - b.share;
  return {
    difference,
    low: difference - Math.hypot(a.share - a.low, b.high - b.share),
    high: difference + Math.hypot(a.high - a.share, b.share - b.low),
  };
}

function wilson({ hits, of }: Share): {
  readonly share: number;
  readonly low: number;
  readonly high: number;
} {
  const share = hits / of;
  const middle = (hits + z ** 2 / 2) / (of + z ** 2);
  const reach = (z / (of + z ** 2)) * Math.sqrt((hits * (of - hits)) / of + z ** 2 / 4);
  return { share, low: middle - reach, high: middle + reach };
}
