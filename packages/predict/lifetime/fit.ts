import { assert } from "@trato/base";
import { lnGamma } from "../numbers/special.ts";
import { type BetaGeometric, lnBetaGeometric } from "./beta-geometric.ts";
import { type Buyers, type Kinds, kindsOf, someBuyers } from "./buyers.ts";
import { type Lifetime, lifetimeFrom } from "./lifetime.ts";
import { type LnLikelihoods, likeliest } from "./likelihood.ts";
import { lnParetoNbd } from "./pareto-nbd.ts";

/** BG/NBD: nobody leaves before the first repeat. Half a second for thousands of different buyers. */
export function fitBgNbd(buyers: Buyers): Lifetime {
  return fitBetaGeometric(buyers, { k: 1, mayLeaveAtOnce: false });
}

/** MBG/NBD: somebody may leave after the first purchase too, which is what cohorts of buyers look like. */
export function fitMbgNbd(buyers: Buyers): Lifetime {
  return fitBetaGeometric(buyers, { k: 1, mayLeaveAtOnce: true });
}

/**
 * MBG/CNBD-k: the regularity k (1 to `kMax`, default 6) that makes the intervals likeliest. Needs `sumLnGaps`.
 * Not for buyers with two or three purchases each: they cannot show regularity.
 */
export function fitMbgCnbd(buyers: Buyers, { kMax = 6 }: { kMax?: number } = {}): Lifetime {
  assert(buyers.sumLnGaps !== undefined, "regularity is learnt from sumLnGaps");
  let best = fitBetaGeometric(buyers, { k: 1, mayLeaveAtOnce: true });
  for (let k = 2; k <= kMax; k++) {
    const next = fitBetaGeometric(buyers, { k, mayLeaveAtOnce: true });
    if (next.lnLikelihood <= best.lnLikelihood) break;
    best = next;
  }
  return best;
}

function fitBetaGeometric(buyers: Buyers, fixed: Pick<BetaGeometric, "k" | "mayLeaveAtOnce">): Lifetime {
  const kinds = kindsOf(buyers);
  const { k } = fixed;
  const { rate, meanAge } = scaleOf(kinds);
  const over = (some: Kinds) => (at: Float64Array) => {
    const [r, alpha, a, b] = at as unknown as Four;
    return lnBetaGeometric({ r, alpha, a, b, ...fixed }, some);
  };
  const starts = [
    [0.5, (0.5 / rate) * k, 0.8, 2],
    [1, (0.5 / rate) * k, 0.3, 3],
    [2, (2 / rate) * k, 0.1, 10],
    [0.3, (0.1 / rate) * k, 1, 1],
  ];
  const ranges = [shapeRange, timeRange(meanAge), shapeRange, shapeRange];
  const found = likeliest(onAllAndSome(over, buyers, kinds), starts, ranges);
  const gaps = k === 1 ? 0 : lnGapsOf(buyers, k);
  const name = fixed.mayLeaveAtOnce ? "mbg-nbd" : "bg-nbd";
  return lifetimeFrom({ name, k }, { ...found, lnLikelihood: found.lnLikelihood + gaps });
}

/** What the Erlang-k density of the gaps has that no parameter changes. */
function lnGapsOf({ repeats, sumLnGaps }: Buyers, k: number): number {
  let total = 0;
  for (let i = 0; i < repeats.length; i++) total += (k - 1) * sumLnGaps![i]! - repeats[i]! * lnGamma(k);
  return total;
}

/** Pareto/NBD: lifetimes run out whether somebody buys or not. A second for thousands of different buyers. */
export function fitParetoNbd(buyers: Buyers): Lifetime {
  const kinds = kindsOf(buyers);
  const { rate, meanAge } = scaleOf(kinds);
  const over = (some: Kinds) => (at: Float64Array) => {
    const [r, alpha, s, beta] = at as unknown as Four;
    return lnParetoNbd({ r, alpha, s, beta }, some);
  };
  const starts = [
    [0.5, 0.5 / rate, 0.5, meanAge / 2],
    [1.5, 1 / rate, 0.6, meanAge],
    [1, 1 / rate, 2, 5 * meanAge],
    [0.5, 0.5 / rate, 0.1, meanAge * 2],
  ];
  const ranges = [shapeRange, timeRange(meanAge), shapeRange, timeRange(meanAge)];
  return lifetimeFrom({ name: "pareto-nbd" }, likeliest(onAllAndSome(over, buyers, kinds), starts, ranges));
}

type Four = readonly [number, number, number, number];

/** So many buyers show where the top is; then all show exactly where. */
const buyersSome = 10_000;

function onAllAndSome(
  over: (kinds: Kinds) => (at: Float64Array) => number,
  buyers: Buyers,
  kinds: Kinds,
): LnLikelihoods {
  const ofAll = over(kinds);
  const isMany = buyers.repeats.length > buyersSome;
  return { ofAll, ofSome: isMany ? over(kindsOf(someBuyers(buyers, buyersSome))) : ofAll };
}

const shapeRange = { size: 1, times: 1e4 };
/** Beyond some hundred lifetimes of the cohort no likelihood changes any more, only the time it takes. */
const timeRange = (meanAge: number) => ({ size: meanAge, times: 300 });

/** How often people come, and how long they were watched: where the climb begins. */
function scaleOf({ buyers, times }: Kinds): { rate: number; meanAge: number } {
  let [repeats, age, count] = [0, 0, 0];
  for (let i = 0; i < times.length; i++) {
    repeats += times[i]! * buyers.repeats[i]!;
    age += times[i]! * buyers.age[i]!;
    count += times[i]!;
  }
  return { rate: repeats / age, meanAge: age / count };
}
