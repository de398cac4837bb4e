import { assert, chance } from "@trato/base";
import { drawGamma } from "../numbers/draws.ts";
import type { Buyer } from "./buyers.ts";
import type { GammaGamma } from "./gamma-gamma.ts";
import type { Lifetime } from "./lifetime.ts";

/** What a buyer will spend: the mean, discounted, and the points that hold `level` of the chance, undiscounted. */
export type Value = { discounted: number; mean: number; low: number; median: number; high: number };

export type ValueOptions = {
  readonly horizon: number;
  /** Lost per unit of time: 0.002 a week is about 10 % a year. Default 0. */
  readonly discountPerUnit?: number;
  /** How much of the chance lies between `low` and `high`. Default 0.8. */
  readonly level?: number;
  /** The draws behind the interval; default 2,000 from seed 1. */
  readonly draws?: number;
  readonly seed?: number;
};

/** Purchases are discounted by the twelfth of the horizon in which they fall. */
const steps = 12;

/**
 * What a buyer is worth within the horizon: purchases expected times their expected value, later ones discounted;
 * and an interval, by drawing how many purchases come and what a buyer of this kind spends on them.
 *
 * `spent` is the mean value of the buyer's repeats (any number without repeats). Cost: some hundred microseconds;
 * `draws: 0` leaves the interval out (NaN) and takes a tenth. Source: Fader, Hardie, Lee, "RFM and CLV", 2005.
 */
export function customerValue(
  { lifetime, spending }: { lifetime: Lifetime; spending: GammaGamma },
  buyer: Buyer & { readonly spent: number },
  options: ValueOptions,
): Value {
  const { horizon, discountPerUnit = 0, level = 0.8, draws = 2_000, seed = 1 } = options;
  assert(
    discountPerUnit >= 0 && level > 0 && level < 1 && draws >= 0,
    "a discount is 0 or more, a level a share",
  );
  const each = spending.expected(buyer.repeats, buyer.spent);
  let discounted = 0;
  let before = 0;
  for (let step = 1; step <= steps; step++) {
    const until = lifetime.expected(buyer, (horizon * step) / steps);
    const middle = (horizon * (step - 0.5)) / steps;
    discounted += ((until - before) * each) / (1 + discountPerUnit) ** middle;
    before = until;
  }
  const sums = drawSums({ lifetime, spending }, buyer, { horizon, draws, seed });
  const at = (share: number) => sums[Math.round(share * (draws - 1))] ?? Number.NaN;
  return {
    discounted,
    mean: before * each,
    low: at((1 - level) / 2),
    median: at(0.5),
    high: at((1 + level) / 2),
  };
}

function drawSums(
  { lifetime, spending: { p, q, v } }: { lifetime: Lifetime; spending: GammaGamma },
  buyer: Buyer & { readonly spent: number },
  { horizon, draws, seed }: { horizon: number; draws: number; seed: number },
): Float64Array {
  const chances = lifetime.chances(buyer, horizon);
  const draw = chance(seed);
  const sums = new Float64Array(draws);
  const rate = v + (buyer.repeats === 0 ? 0 : buyer.repeats * buyer.spent);
  for (let i = 0; i < draws; i++) {
    const share = draw();
    const count = chances.findIndex((atLeast) => atLeast <= share);
    const purchases = count === -1 ? chances.length : count;
    if (purchases === 0) continue;
    const scale = drawGamma(draw, p * buyer.repeats + q) / rate;
    sums[i] = drawGamma(draw, p * purchases) / scale;
  }
  return sums.sort();
}
