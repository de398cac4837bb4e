import { assert, chance } from "@trato/base";
import { type Interactions, interactionsFrom } from "../arrays/interactions.ts";
import { topOf } from "../arrays/top.ts";
import { hitAtK, ndcgAtK, recallAtK } from "./metrics.ts";

/** What each person took that was not learnt from; nobody is measured on an empty list. */
export type Held = readonly (readonly number[])[];

export type TopNReport = {
  readonly people: number;
  readonly recall: number;
  readonly ndcg: number;
  readonly hitRate: number;
};

/**
 * Ranks for each person all items that are not among theirs, and compares the first `k` with what was held back:
 * the protocol of the collaborative filtering papers (recall over all that was held back, NDCG against the best
 * that k places allow, means over people). Equal scores rank by ascending number. `scores` finds its buffer filled
 * with zeros.
 *
 * Cost: people × items. Not for a split in time with repeats, where `evaluateNextBasket` belongs.
 */
export function evaluateTopN(given: {
  train: Interactions;
  held: Held;
  k: number;
  scores: (person: number, items: Int32Array, outScores: Float64Array) => void;
}): TopNReport {
  const { train, held, k, scores } = given;
  assert(held.length <= train.personCount, "whoever is measured was learnt from");
  const buffer = new Float64Array(train.itemCount);
  const best = topOf(k);
  const ranked = new Int32Array(k);
  const sum = { people: 0, recall: 0, ndcg: 0, hitRate: 0 };
  for (const [person, items] of held.entries()) {
    if (items.length === 0) continue;
    const own = train.itemOf.subarray(train.starts[person], train.starts[person + 1]);
    buffer.fill(0);
    scores(person, own, buffer);
    for (const item of own) buffer[item] = Number.NEGATIVE_INFINITY;
    for (let item = 0; item < buffer.length; item++) best.offer(item, buffer[item]!);
    const top = ranked.subarray(0, best.take(ranked));
    const truth = new Set(items);
    sum.people++;
    sum.recall += recallAtK(top, truth, k);
    sum.ndcg += ndcgAtK(top, truth, k);
    sum.hitRate += hitAtK(top, truth, k);
  }
  assert(sum.people > 0, "somebody has something that was held back");
  const mean = (total: number) => total / sum.people;
  return { people: sum.people, recall: mean(sum.recall), ndcg: mean(sum.ndcg), hitRate: mean(sum.hitRate) };
}

/**
 * Holds back a share of every person's items, at random by the seed, to choose parameters on; who would keep
 * nothing keeps all. Not for what is sold in seasons: there hold back the latest.
 */
export function holdBack(
  { personCount, itemCount, starts, itemOf }: Interactions,
  share: number,
  seed: number,
): { train: Interactions; held: Held } {
  const draw = chance(seed);
  const [kept, held]: [number[][], number[][]] = [[], []];
  for (let person = 0; person < personCount; person++) {
    const [stays, goes]: [number[], number[]] = [[], []];
    for (const item of itemOf.subarray(starts[person], starts[person + 1])) {
      (draw() < share ? goes : stays).push(item);
    }
    kept.push(stays.length === 0 ? goes : stays);
    held.push(stays.length === 0 ? [] : goes);
  }
  return { train: interactionsFrom(kept, itemCount), held };
}
