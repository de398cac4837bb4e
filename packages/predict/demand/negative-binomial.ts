import { assert } from "@trato/base";
import { readArrays, writeArrays } from "../arrays/bytes.ts";
import { checkSeries } from "./local.ts";

/** How many pieces are asked for in a stretch of periods, with its chances. */
export type CountDemand = {
  readonly mean: number;
  readonly variance: number;
  /** The least number that a share `level` of such stretches of `periods` does not go beyond. */
  quantile(level: number, periods: number): number;
  toBytes(): Uint8Array;
};

const magic = "TrNegBin";
const version = 1;
const countMax = 10_000_000;

/**
 * Pieces a period are negative binomial: Poisson with a rate that itself varies, by mean and variance of what
 * was seen; with no more variance than a Poisson it is one. Sums of periods are of the same kind.
 *
 * Cost: a pass; a quantile takes a step a piece. Source: Syntetos, Babai and Altay 2012 (fits spare parts best).
 * Not for demand with a trend or a season. No demand at all gives 0.
 */
export function fitCountDemand(values: Float64Array): CountDemand {
  checkSeries(values);
  assert(
    values.every((value) => value >= 0),
    "demand is not negative",
  );
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return countDemandFrom(mean, Math.max(mean, squares / Math.max(1, values.length - 1)));
}

/** Reads what `toBytes` wrote; throws a plain sentence on anything else. */
export function countDemandFromBytes(bytes: Uint8Array): CountDemand {
  const [two, ...rest] = readArrays(magic, version, bytes);
  assert(
    two instanceof Float64Array && two.length === 2 && rest.length === 0,
    "it keeps a mean and a variance",
  );
  return countDemandFrom(two[0]!, two[1]!);
}

function countDemandFrom(mean: number, variance: number): CountDemand {
  return {
    mean,
    variance,
    quantile(level, periods) {
      assert(level > 0 && level < 1 && periods > 0, "a level is between 0 and 1, periods above 0");
      if (mean === 0) return 0;
      const [m, v] = [mean * periods, variance * periods];
      const isPoisson = v <= m * (1 + 1e-9);
      const shape = isPoisson ? Number.POSITIVE_INFINITY : (m * m) / (v - m);
      const success = isPoisson ? 1 : m / v;
      let logChance = isPoisson ? -m : shape * Math.log(success);
      let below = Math.exp(logChance);
      let count = 0;
      while (below < level && count < countMax) {
        const step = isPoisson ? m / (count + 1) : ((count + shape) / (count + 1)) * (1 - success);
        logChance += Math.log(step);
        count++;
        below += Math.exp(logChance);
        // Rounding may keep the sum below a level near 1: beyond the mean, chances too small to add end it.
        if (count > m && Math.exp(logChance) < 1e-18) break;
      }
      return count;
    },
    toBytes: () => writeArrays(magic, version, [Float64Array.of(mean, variance)]),
  };
}
