import { lnRising } from "../numbers/gamma.ts";
import { lnBeta } from "../numbers/special.ts";
import type { Buyer, Kinds } from "./buyers.ts";
import { countTails } from "./count-tails.ts";
import type { Rules } from "./lifetime.ts";
import { lnAdd } from "./likelihood.ts";

/**
 * Buyers whose intervals are Erlang-k with a rate drawn from Gamma(r, alpha), and who leave for good after a
 * purchase with a chance drawn from Beta(a, b). Five published models are one formula: k = 1 without leaving after
 * the first purchase is BG/NBD, with it MBG/NBD; k above 1 makes them BG/CNBD-k and MBG/CNBD-k.
 *
 * What comes next is exact for every k: an Erlang-k interval is k stages of a Poisson process, so that n purchases
 * are nk − j stages (j of them already past), whose number is negative binomial.
 *
 * Sources: Fader, Hardie, Lee, "Counting your customers the easy way", 2005; Batislam, Denizel, Filiztekin 2007;
 * Platzer, Reutterer, "Ticking away the moments", 2016. Not for people who pause and take up again, nor where
 * leaving has nothing to do with purchases (see pareto-nbd.ts).
 */
export type BetaGeometric = {
  readonly r: number;
  readonly alpha: number;
  readonly a: number;
  readonly b: number;
  readonly k: number;
  /** Whether somebody may be lost right after the first purchase (MBG) or only after a repeat (BG). */
  readonly mayLeaveAtOnce: boolean;
};

/** What separates the two: how many times somebody with so many repeats chose to stay, before the last choice. */
function stays({ mayLeaveAtOnce }: BetaGeometric, repeats: number): number {
  return mayLeaveAtOnce ? repeats : repeats - 1;
}

/**
 * The logarithm of the likelihood of all buyers. For k above 1 it lacks (k − 1) Σ ln gap − repeats × ln Γ(k), which
 * depends on no parameter. Cost: per kind of buyer four logarithms of gammas.
 */
export function lnBetaGeometric(shape: BetaGeometric, { buyers, times }: Kinds): number {
  const { r, alpha, a, b, k } = shape;
  const lnAlpha = r * Math.log(alpha);
  const lnChoice = lnBeta(a, b);
  let total = 0;
  for (let i = 0; i < times.length; i++) {
    const repeats = buyers.repeats[i]!;
    const buyer = { repeats, recency: buyers.recency[i]!, age: buyers.age[i]! };
    const n = stays(shape, repeats);
    const seen = lnRising(r, k * repeats) + lnAlpha - (r + k * repeats) * Math.log(alpha + buyer.age);
    const stayed = n < 0 ? 0 : lnBeta(a, b + n + 1) - lnChoice;
    total +=
      times[i]! * (seen + stayed + lnAdd(Math.log(sumOf(openStages(shape, buyer))), lnLeft(shape, buyer)));
  }
  return total;
}

/** How much likelier than silence of somebody who stayed each number of open stages is; alike in scale to `lnLeft`. */
function openStages({ r, alpha, k }: BetaGeometric, { repeats, recency, age }: Buyer): number[] {
  const share = (age - recency) / (alpha + age);
  const stages = [1];
  for (let j = 1; j < k; j++) stages.push((stages[j - 1]! * share * (r + k * repeats + j - 1)) / j);
  return stages;
}

/** The logarithm of how likely it is that the last purchase was the last of all, on the scale of `openStages`. */
function lnLeft(shape: BetaGeometric, { repeats, recency, age }: Buyer): number {
  const { r, alpha, a, b, k } = shape;
  const n = stays(shape, repeats);
  if (n < 0) return Number.NEGATIVE_INFINITY;
  return Math.log(a / (b + n)) + (r + k * repeats) * Math.log((alpha + age) / (alpha + recency));
}

/** What the model says of a buyer. */
export function betaGeometricRules(shape: BetaGeometric): Rules {
  const { r, alpha, a, b, k } = shape;
  const alive = (buyer: Buyer) => {
    const staying = Math.log(sumOf(openStages(shape, buyer)));
    return Math.exp(staying - lnAdd(staying, lnLeft(shape, buyer)));
  };
  return {
    alive,
    chances(buyer, horizon) {
      const stages = openStages(shape, buyer);
      const weight = alive(buyer) / sumOf(stages);
      const tails = stages.map((_, j) => countTails(r + k * buyer.repeats + j, alpha + buyer.age, horizon));
      const stayWeight = b + stays(shape, buyer.repeats) + 1;
      const chances: number[] = [];
      let stay = 1;
      for (let n = 1; ; n++) {
        const reached = stages.reduce((sum, stage, j) => sum + stage * (tails[j]![n * k - j] ?? 0), 0);
        const chance = weight * stay * reached;
        if (chance < 1e-12) return Float64Array.from(chances);
        chances.push(chance);
        stay *= (stayWeight + n - 1) / (a + stayWeight + n - 1);
      }
    },
  };
}

function sumOf(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
