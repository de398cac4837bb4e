import { assert } from "@trato/base";
import type { Interactions } from "../arrays/interactions.ts";
import { evaluateTopN, holdBack, type TopNReport } from "../evaluate/top-n.ts";
import { type Taste, tasteBlend } from "./taste-blend.ts";

/** A model that may take part, by a name for the report. */
export type Contender = { readonly name: string; readonly fit: (interactions: Interactions) => Taste };

export type ChooseOptions = {
  /** The share of each person's items that is held back to choose on; default 0.1. */
  readonly heldShare?: number;
  /** So many people are measured; default 4,000. */
  readonly peopleMax?: number;
  /** Places that count; default 20. */
  readonly k?: number;
  readonly seed?: number;
};

/** Who takes part with which share, and how good each was alone and all were together on what was held back. */
export type Choice = {
  readonly shares: readonly { readonly contender: Contender; readonly share: number }[];
  readonly alone: readonly { readonly name: string; readonly report: TopNReport }[];
  readonly together: TopNReport;
};

/** Tried for one that joins, in units of what is there already. */
const steps = [0.125, 0.25, 0.5, 1];

/**
 * Chooses which contenders to blend and how, on purchases that are held back from all of them: the best comes first,
 * then whoever raises NDCG most at the best of a few shares, until nobody does. Shares are in units of the contenders'
 * own scores, so that the same contenders, fitted again on everything, can be blended with them.
 *
 * Cost: each contender's fit, and contenders² × 4 rankings of `peopleMax` people. Source: forward selection, Caruana et
 * al., "Ensemble Selection from Libraries of Models", ICML 2004. Not with a handful of people: it would choose by luck.
 */
export function chooseBlend(
  interactions: Interactions,
  contenders: readonly Contender[],
  options: ChooseOptions = {},
): Choice {
  const { heldShare = 0.1, peopleMax = 4_000, k = 20, seed = 1 } = options;
  assert(contenders.length > 0, "there is a contender");
  const { train, held } = holdBack(interactions, heldShare, seed);
  const stride = Math.max(1, Math.floor(held.length / peopleMax));
  const some = held.map((items, person) => (person % stride === 0 ? items : []));
  const tastes = contenders.map(({ fit }) => fit(train));
  const measure = (taste: Taste) => evaluateTopN({ train, held: some, k, scores: holding(taste) });
  const alone = tastes.map((taste, c) => ({ name: contenders[c]!.name, report: measure(taste) }));
  const units = tastes.map((taste) => usualScore(taste, train, some));
  const first = alone.reduce((best, { report }, c) => (report.ndcg > alone[best]!.report.ndcg ? c : best), 0);
  let shares = tastes.map((_, c) => (c === first ? 1 / units[c]! : 0));
  let together = alone[first]!.report;
  for (;;) {
    const tried = contenders.flatMap((_, c) =>
      shares[c] !== 0
        ? []
        : steps.map((step) => {
            const next = shares.map((share, other) => (other === c ? step / units[c]! : share));
            return { next, report: measure(blendOf(tastes, next)) };
          }),
    );
    const best = tried.reduce((a, b) => (b.report.ndcg > a.report.ndcg ? b : a), {
      next: shares,
      report: together,
    });
    if (best.next === shares) break;
    [shares, together] = [best.next, best.report];
  }
  const chosen = contenders.map((contender, c) => ({ contender, share: shares[c]! }));
  return { shares: chosen.filter(({ share }) => share !== 0), alone, together };
}

/** The chosen contenders, fitted on everything, blended as chosen. */
export function fitChosen(interactions: Interactions, { shares }: Choice): Taste {
  return tasteBlend(
    shares.map(({ contender }) => contender.fit(interactions)),
    shares.map(({ share }) => share),
  );
}

/** Those that have a share. */
function blendOf(tastes: readonly Taste[], shares: readonly number[]): Taste {
  return tasteBlend(
    tastes.filter((_, t) => shares[t] !== 0),
    shares.filter((share) => share !== 0),
  );
}

/** A person's scores are what their items say, each alike. */
export function holding(taste: Taste) {
  return (_person: number, items: Int32Array, outScores: Float64Array): void =>
    taste.scores(items, new Float64Array(items.length).fill(1), outScores);
}

/** The mean highest score of some people: what a share is measured in. */
function usualScore(taste: Taste, train: Interactions, held: readonly (readonly number[])[]): number {
  const scores = new Float64Array(train.itemCount);
  const score = holding(taste);
  let [sum, people] = [0, 0];
  for (let person = 0; person < held.length && people < 200; person++) {
    if (held[person]!.length === 0) continue;
    score(person, train.itemOf.subarray(train.starts[person], train.starts[person + 1]), scores.fill(0));
    sum += scores.reduce((a, b) => Math.max(a, b), 0);
    people++;
  }
  return sum > 0 ? sum / people : 1;
}
