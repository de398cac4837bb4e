import { lnRising } from "../numbers/gamma.ts";
import { hypergeometric } from "../numbers/hypergeometric.ts";
import { legendreNodes } from "../numbers/quadrature.ts";
import type { Buyer, Kinds } from "./buyers.ts";
import { countTails } from "./count-tails.ts";
import type { Rules } from "./lifetime.ts";
import { lnAdd } from "./likelihood.ts";

/**
 * Buyers who come by chance at a rate drawn from Gamma(r, alpha), for a lifetime that is exponential with a rate
 * drawn from Gamma(s, beta), whether they buy or not.
 *
 * Sources: Schmittlein, Morrison, Colombo, "Counting your customers", 1987; Fader, Hardie, "A note on deriving the
 * Pareto/NBD model", 2005 (likelihood), with Euler's transformation so that every term is positive. Not for
 * people who come at regular intervals (see beta-geometric.ts).
 */
export type ParetoNbd = {
  readonly r: number;
  readonly alpha: number;
  readonly s: number;
  readonly beta: number;
};

/** The logarithm of the likelihood of all buyers. Cost: per kind of buyer two hypergeometric fractions. */
export function lnParetoNbd(shape: ParetoNbd, { buyers, times }: Kinds): number {
  const { r, alpha, s, beta } = shape;
  const front = r * Math.log(alpha) + s * Math.log(beta);
  let total = 0;
  for (let i = 0; i < times.length; i++) {
    const buyer = { repeats: buyers.repeats[i]!, recency: buyers.recency[i]!, age: buyers.age[i]! };
    const seen = lnAdd(lnHere(shape, buyer), lnGone(shape, buyer));
    total += times[i]! * (lnRising(r, buyer.repeats) + front + seen);
  }
  return total;
}

/** The logarithm of the chance, but for a common factor, of what was seen and of still being there. */
function lnHere({ r, alpha, s, beta }: ParetoNbd, { repeats, age }: Buyer): number {
  return -(r + repeats) * Math.log(alpha + age) - s * Math.log(beta + age);
}

/** The same of having left between the last purchase and the end: s × ∫ (alpha + y)^-(r + x) (beta + y)^-(s + 1) dy. */
function lnGone(shape: ParetoNbd, { repeats, recency, age }: Buyer): number {
  const { r, s } = shape;
  const early = lnAfter(shape, repeats, recency);
  const late = lnAfter(shape, repeats, age);
  if (late >= early) return Number.NEGATIVE_INFINITY;
  return Math.log(s / (r + s + repeats)) + early + Math.log(-Math.expm1(late - early));
}

/** The logarithm of (r + s + x) times that integral from `y` on for ever. */
function lnAfter({ r, alpha, s, beta }: ParetoNbd, repeats: number, y: number): number {
  const rate = r + repeats;
  const above = rate + s + 1;
  return alpha >= beta
    ? -rate * Math.log(alpha + y) -
        s * Math.log(beta + y) +
        Math.log(hypergeometric(1, rate, above, (alpha - beta) / (alpha + y)))
    : (1 - rate) * Math.log(alpha + y) -
        (s + 1) * Math.log(beta + y) +
        Math.log(hypergeometric(1, s + 1, above, (beta - alpha) / (beta + y)));
}

/** Enough for twelve digits: the integrand has no corners. */
const nodes = legendreNodes(24);

/** What the model says of a buyer. */
export function paretoNbdRules(shape: ParetoNbd): Rules {
  const { r, alpha, s, beta } = shape;
  const alive = (buyer: Buyer) => {
    const here = lnHere(shape, buyer);
    return Math.exp(here - lnAdd(here, lnGone(shape, buyer)));
  };
  return {
    alive,
    expected(buyer, horizon) {
      const lnLonger = Math.log1p(horizon / (beta + buyer.age));
      // (1 − e^(−(s − 1) l)) / (s − 1), which is l at s = 1.
      const lasting = Math.abs(s - 1) < 1e-9 ? lnLonger : -Math.expm1((1 - s) * lnLonger) / (s - 1);
      return alive(buyer) * ((r + buyer.repeats) / (alpha + buyer.age)) * (beta + buyer.age) * lasting;
    },
    chances(buyer, horizon) {
      const rest = beta + buyer.age;
      const leaves = -Math.expm1(-s * Math.log1p(horizon / rest));
      const stay = alive(buyer);
      const chances: number[] = [];
      const add = (time: number, weight: number) => {
        const tails = countTails(r + buyer.repeats, alpha + buyer.age, time);
        for (let n = 1; n < tails.length; n++) chances[n - 1] = (chances[n - 1] ?? 0) + weight * tails[n]!;
      };
      add(horizon, stay * (1 - leaves));
      // Whoever leaves within the horizon: by share of those, so that every node counts alike.
      for (let i = 0; i < nodes.at.length; i++) {
        const gone = leaves * nodes.at[i]!;
        add(rest * Math.expm1(-Math.log1p(-gone) / s), stay * leaves * nodes.weight[i]!);
      }
      return Float64Array.from(chances);
    },
  };
}
