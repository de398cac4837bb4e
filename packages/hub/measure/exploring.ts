import { assert } from "@trato/base";
import { fillWords, type PolicyValue, type Words } from "@trato/contract";
import { type OffPolicy, valueOffPolicy } from "@trato/predict";

/** One person's first decision: how its first slot was drawn, and what came of it. */
export type Drawn = {
  /** The chance, before the draw, of what stood first. */
  readonly propensity: number;
  /** In this share of decisions the first slot went to any of the best `among`, each as likely. */
  readonly share: number;
  readonly among: number;
  readonly clicked: boolean;
  readonly bought: boolean;
};

/** The best has the higher chance, by all that is not explored: halfway there no rounding decides. */
const isBest = ({ propensity, share, among }: Drawn): boolean => propensity > share / among + (1 - share) / 2;

const bestShare = (exploring: number, among: number): number => 1 - exploring + exploring / among;

/**
 * What exploring in another share of decisions would have come to, from what was drawn: the weights are exact, because
 * the chance of each first slot was kept. A decision of which everything was explored tells the best from nothing and
 * is to be left out before. Cost: a few passes. Refused (a sentence) when the evidence is too small.
 */
export function valueExploring(
  rows: readonly Drawn[],
  exploring: number,
): Pick<PolicyValue, Figures> | { readonly refused: string } {
  if (rows.length === 0) return { refused: "Nobody was decided for personally in this period." };
  const logged = Float64Array.from(rows, (row) => row.propensity);
  const best = rows.map(isBest);
  const target = Float64Array.from(rows, ({ among }, i) =>
    best[i] ? bestShare(exploring, among) : exploring / among,
  );
  const figures = (reward: Float64Array) => {
    const found = valueOffPolicy({
      reward,
      logged,
      target,
      expected: expectedOf(rows, best, reward, exploring),
    });
    const asItWas = valueOffPolicy({ reward, logged, target: logged }, { effectiveMin: 1 });
    return { found, asItWas };
  };
  const clicked = figures(Float64Array.from(rows, (row) => Number(row.clicked)));
  const bought = figures(Float64Array.from(rows, (row) => Number(row.bought)));
  const { found } = bought;
  if (found.refused !== undefined) return { refused: found.refused };
  const { effectiveSize, meanWeight, largestWeight } = found;
  const figuresOfBought = toldOf(bought);
  return {
    people: rows.length,
    ...{ effectiveSize, meanWeight, largestWeight },
    ...{ clicked: toldOf(clicked), bought: figuresOfBought },
    says: saysOf(exploring, figuresOfBought),
  };
}

type Figures = "people" | "effectiveSize" | "meanWeight" | "largestWeight" | "clicked" | "bought" | "says";

type Interval = PolicyValue["bought"]["dr"];
const intervalOf = ({ value, low, high }: Interval): Interval => ({ value, low, high });

function toldOf({ found, asItWas }: { found: OffPolicy; asItWas: OffPolicy }): PolicyValue["bought"] {
  // Both rewards have the same weights: what is not refused for one is not for the other.
  assert(found.refused === undefined && asItWas.refused === undefined, "one weight for both rewards");
  return {
    asItWas: intervalOf(asItWas.ipw),
    ipw: intervalOf(found.ipw),
    snipw: intervalOf(found.snipw),
    dr: intervalOf(found.dr!),
  };
}

/** What the best and the others brought in the other half of the people: no row foretells itself. */
function expectedOf(
  rows: readonly Drawn[],
  best: readonly boolean[],
  reward: Float64Array,
  exploring: number,
) {
  const sums = [0, 1].map(() => [0, 1].map(() => ({ sum: 0, count: 0 })));
  for (const [i, one] of reward.entries()) {
    const cell = sums[i % 2]![Number(best[i])]!;
    cell.sum += one;
    cell.count += 1;
  }
  const meanOf = (half: number, kind: number): number => {
    const cells = sums[half]!;
    const { sum, count } = cells[kind]!.count > 0 ? cells[kind]! : cells[1 - kind]!;
    return count === 0 ? 0 : sum / count;
  };
  const of = (i: number, kind: number) => meanOf(1 - (i % 2), kind);
  return {
    ofChoice: reward.map((_, i) => of(i, Number(best[i]))),
    underTarget: reward.map((_, i) => {
      const share = bestShare(exploring, rows[i]!.among);
      return share * of(i, 1) + (1 - share) * of(i, 0);
    }),
  };
}

const sentence: Words = {
  es: "Si el primer lugar se sorteara entre los mejores en el {exploring} de las decisiones, habría comprado el {value} de las personas (con 95 % de confianza, entre {low} y {high}); como se hizo, compró el {asItWas}.",
  en: "With the first place drawn among the best in {exploring} of decisions, {value} of people would have bought (with 95 % confidence, between {low} and {high}); as it was, {asItWas} did.",
};

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

const saysOf = (exploring: number, { dr, asItWas }: PolicyValue["bought"]): Words =>
  fillWords(sentence, {
    exploring: percent(exploring),
    value: percent(dr.value),
    low: percent(dr.low),
    high: percent(dr.high),
    asItWas: percent(asItWas.value),
  });
