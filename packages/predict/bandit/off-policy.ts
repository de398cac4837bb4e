import { assert } from "@trato/base";
import { normalQuantile } from "../numbers/normal.ts";

/** What was chosen and what came of it, with the chances that were logged. */
export type Logged = {
  readonly reward: Float64Array;
  /** The chance with which the choice was made. */
  readonly logged: Float64Array;
  /** The chance with which the policy that is to be valued would have made it. */
  readonly target: Float64Array;
  /** What a model expects, learnt on other rows: of the choice, and on average over the policy's choices. */
  readonly expected?: { readonly ofChoice: Float64Array; readonly underTarget: Float64Array };
};

export type OffPolicyOptions = {
  /** How much of the chance the interval holds; default 0.95. */
  readonly level?: number;
  /** Below so many rows' worth of evidence there is no answer; default 100. */
  readonly effectiveMin?: number;
  /** Weights above are cut to it: less spread, some bias. Default none. */
  readonly weightMax?: number;
};

/** A policy's value per choice. */
export type Value = {
  readonly value: number;
  readonly error: number;
  readonly low: number;
  readonly high: number;
};

/**
 * `effectiveSize` is how many rows of the policy's own this evidence is worth, at most the rows there are; `meanWeight`
 * is 1 but for chance when the logged chances are right.
 */
export type OffPolicy = {
  readonly effectiveSize: number;
  readonly meanWeight: number;
  readonly largestWeight: number;
} & (
  | { readonly refused: string }
  | { readonly refused?: never; readonly ipw: Value; readonly snipw: Value; readonly dr?: Value }
);

/**
 * What a policy would have earned, from choices that another one made: each reward counts as often as the policy
 * would have made that choice (IPW); the same per weight (SNIPW), which forgives scale; and a model's expectation
 * corrected by what it missed (DR), which is right when either the chances or the model is. Intervals are normal.
 *
 * Cost: two passes. Sources: Horvitz, Thompson 1952; Swaminathan, Joachims 2015; Dudík, Langford, Li, "Doubly robust
 * policy evaluation", 2011; Kish 1965 (effective size). Refuses when the effective size is too small: then a few rows
 * decide, and no interval can be trusted. Not when the policy makes choices that were never logged: nothing shows it
 * but a mean weight below 1.
 */
export function valueOffPolicy(given: Logged, options: OffPolicyOptions = {}): OffPolicy {
  const { level = 0.95, effectiveMin = 100, weightMax = Number.POSITIVE_INFINITY } = options;
  const { reward, logged, target, expected } = given;
  const n = reward.length;
  assert(n > 0 && logged.length === n && target.length === n, "every row has a reward and two chances");
  assert(level > 0 && level < 1 && weightMax > 0, "a level is between 0 and 1, a largest weight above 0");
  const weights = logged.map((chance, row) => {
    assert(chance > 0 && chance <= 1, "what was chosen had a chance above 0");
    assert(target[row]! >= 0 && target[row]! <= 1, "a chance is from 0 to 1");
    return Math.min(weightMax, target[row]! / chance);
  });
  let [sum, squares, largest] = [0, 0, 0];
  for (const weight of weights) {
    sum += weight;
    squares += weight * weight;
    largest = Math.max(largest, weight);
  }
  const effectiveSize = squares === 0 ? 0 : (sum * sum) / squares;
  const found = { effectiveSize, meanWeight: sum / n, largestWeight: largest };
  if (effectiveSize < effectiveMin) {
    const worth = effectiveSize.toFixed(1);
    return {
      ...found,
      refused: `${n} rows are worth ${worth} of this policy's own, below ${effectiveMin}: log more alike.`,
    };
  }
  const mean = (values: Float64Array) => values.reduce((a, b) => a + b, 0) / n;
  const withInterval = (value: number, influence: Float64Array): Value => {
    const error = Math.sqrt(influence.reduce((total, one) => total + one * one, 0)) / n;
    const away = normalQuantile((1 + level) / 2) * error;
    return { value, error, low: value - away, high: value + away };
  };
  const earned = weights.map((weight, row) => weight * reward[row]!);
  const ipw = mean(earned);
  const snipw = ipw / found.meanWeight;
  const answer = {
    ...found,
    ipw: withInterval(
      ipw,
      earned.map((one) => one - ipw),
    ),
    snipw: withInterval(
      snipw,
      weights.map((weight, row) => (weight * (reward[row]! - snipw)) / found.meanWeight),
    ),
  };
  if (expected === undefined) return answer;
  const { ofChoice, underTarget } = expected;
  assert(ofChoice.length === n && underTarget.length === n, "every row has what the model expects");
  const corrected = underTarget.map((base, row) => base + weights[row]! * (reward[row]! - ofChoice[row]!));
  const dr = mean(corrected);
  return {
    ...answer,
    dr: withInterval(
      dr,
      corrected.map((one) => one - dr),
    ),
  };
}
