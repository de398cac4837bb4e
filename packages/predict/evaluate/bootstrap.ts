import { assert, chance, pickInt } from "@trato/base";

/** A mean and the interval that holds the true one with the level asked for. */
export type Estimate = { readonly mean: number; readonly low: number; readonly high: number };

/**
 * The mean of the values with its percentile bootstrap interval: the mean is drawn again from the values,
 * with replacement, and the middle 95 % of those means is the interval.
 *
 * Cost: `draws` × values. Source: Efron, "Bootstrap methods", 1979. Not for a dozen values, nor for heavy
 * tails: the interval is then too narrow.
 */
export function bootstrapMean(
  values: Float64Array,
  options: { seed: number; draws?: number; level?: number },
): Estimate {
  const { seed, draws = 1_000, level = 0.95 } = options;
  assert(values.length > 0, "a mean needs at least one value");
  assert(draws >= 10 && level > 0 && level < 1, "at least 10 draws, a level between 0 and 1");
  const draw = chance(seed);
  const means = new Float64Array(draws);
  for (let d = 0; d < draws; d++) {
    let sum = 0;
    for (let i = 0; i < values.length; i++) sum += values[pickInt(draw, values.length)]!;
    means[d] = sum / values.length;
  }
  means.sort();
  const at = (share: number) => means[Math.round(share * (draws - 1))]!;
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return { mean, low: at((1 - level) / 2), high: at((1 + level) / 2) };
}
