import { assert } from "@trato/base";
import { readArrays, writeArrays } from "../arrays/bytes.ts";
import { checkHorizon, checkSeries, type LocalModel } from "./local.ts";

/** Demand a period, for an item that is asked for now and then. */
export type Intermittent = LocalModel & {
  /** Mean demand a period. */
  readonly rate: number;
};

export type IntermittentOptions = {
  /** How fast sizes and intervals, or chances, are followed, 0 to 1; default 0.1. */
  readonly alpha?: number;
  /** TSB: how fast the chance that anything is asked for is followed; default `alpha`. */
  readonly beta?: number;
};

const magic = "TrIntmtt";
const version = 1;

/**
 * Mean size of a demand over mean time between two, both smoothed, less the bias that this ratio has (SBA).
 *
 * Cost: a pass. Sources: Croston 1972; Syntetos and Boylan 2005. Not for an item that dies: what is never asked
 * for again keeps its rate (see `fitTsb`). No demand at all gives 0.
 */
export function fitSba(values: Float64Array, { alpha = 0.1 }: IntermittentOptions = {}): Intermittent {
  checkDemand(values, alpha);
  let [size, interval, since] = [Number.NaN, Number.NaN, 1];
  for (const value of values) {
    if (value > 0) {
      size = Number.isNaN(size) ? value : size + alpha * (value - size);
      interval = Number.isNaN(interval) ? since : interval + alpha * (since - interval);
      since = 1;
    } else since++;
  }
  return flat(Number.isNaN(size) ? 0 : ((1 - alpha / 2) * size) / interval);
}

/**
 * The chance that anything is asked for, followed every period, times the mean size of a demand: the rate falls
 * while nothing is asked for (TSB).
 *
 * Cost: a pass. Source: Teunter, Syntetos and Babai 2011. No demand at all gives 0.
 */
export function fitTsb(values: Float64Array, options: IntermittentOptions = {}): Intermittent {
  const { alpha = 0.1, beta = alpha } = options;
  checkDemand(values, alpha);
  assert(beta > 0 && beta <= 1, "beta is above 0, at most 1");
  const first = values.findIndex((value) => value > 0);
  if (first < 0) return flat(0);
  let size = values[first]!;
  let chance = 1 / (first + 1);
  for (let t = first + 1; t < values.length; t++) {
    const value = values[t]!;
    chance += beta * ((value > 0 ? 1 : 0) - chance);
    if (value > 0) size += alpha * (value - size);
  }
  return flat(chance * size);
}

/**
 * Periods are summed in blocks as long as the mean time between two demands, the last block ending at the end;
 * the sums are smoothed, and shared out again (ADIDA).
 *
 * Cost: a pass. Source: Nikolopoulos et al. 2011. No demand at all gives 0.
 */
export function fitAdida(values: Float64Array, { alpha = 0.1 }: IntermittentOptions = {}): Intermittent {
  checkDemand(values, alpha);
  const demands = values.filter((value) => value > 0).length;
  return flat(
    demands === 0 ? 0 : smoothedSums(values, Math.max(1, Math.round(values.length / demands)), alpha),
  );
}

/**
 * ADIDA at every length of block from one to the mean time between two demands, and their mean (IMAPA).
 *
 * Cost: a pass a length. Source: Petropoulos and Kourentzes 2015. No demand at all gives 0.
 */
export function fitImapa(values: Float64Array, { alpha = 0.1 }: IntermittentOptions = {}): Intermittent {
  checkDemand(values, alpha);
  const demands = values.filter((value) => value > 0).length;
  if (demands === 0) return flat(0);
  const longest = Math.max(1, Math.round(values.length / demands));
  let sum = 0;
  for (let block = 1; block <= longest; block++) sum += smoothedSums(values, block, alpha);
  return flat(sum / longest);
}

/** The smoothed sum of blocks, a period. */
function smoothedSums(values: Float64Array, block: number, alpha: number): number {
  let level = Number.NaN;
  for (let from = values.length % block; from + block <= values.length; from += block) {
    let sum = 0;
    for (let t = from; t < from + block; t++) sum += values[t]!;
    level = Number.isNaN(level) ? sum : level + alpha * (sum - level);
  }
  return level / block;
}

/** Reads what `toBytes` wrote; throws a plain sentence on anything else. */
export function intermittentFromBytes(bytes: Uint8Array): Intermittent {
  const [rate, ...rest] = readArrays(magic, version, bytes);
  assert(rate instanceof Float64Array && rate.length === 1 && rest.length === 0, "it keeps one rate");
  return flat(rate[0]!);
}

function flat(rate: number): Intermittent {
  return {
    rate,
    forecast(horizon) {
      checkHorizon(horizon);
      return new Float64Array(horizon).fill(rate);
    },
    toBytes: () => writeArrays(magic, version, [Float64Array.of(rate)]),
  };
}

function checkDemand(values: Float64Array, alpha: number): void {
  checkSeries(values);
  assert(
    values.every((value) => value >= 0),
    "demand is not negative",
  );
  assert(alpha > 0 && alpha <= 1, "alpha is above 0, at most 1");
}
