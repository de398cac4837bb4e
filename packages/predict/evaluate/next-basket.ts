import { assert } from "@trato/base";
import { type Baskets, checkBaskets } from "../arrays/baskets.ts";
import { topOf } from "../arrays/top.ts";
import { bootstrapMean, type Estimate } from "./bootstrap.ts";
import { hitAtK, ndcgAtK, recallAtK } from "./metrics.ts";

/** Something that scores all items of `train` for a person; the buffer comes filled with zeros. */
export type Ranker = { readonly name: string; scores(person: number, outScores: Float64Array): void };

export type NextBasketReport = {
  readonly people: number;
  readonly k: number;
  readonly rankers: readonly RankerReport[];
};

export type RankerReport = {
  readonly name: string;
  readonly recall: Estimate;
  readonly ndcg: Estimate;
  readonly hitRate: Estimate;
  /** The same per person, in the same sequence for every ranker, to compare two of them pairwise. */
  readonly recallOf: Float64Array;
  readonly ndcgOf: Float64Array;
};

/**
 * Compares rankers on what people bought next. Train and test number persons and items alike; those that only
 * test has come behind train's. People are those in both; the truth is every distinct item of their test
 * baskets, also those that train lacks and nobody can rank; all items of train are ranked, bought before or
 * not; equal scores rank by ascending number; means are over people, with 95 % bootstrap intervals.
 *
 * Cost: people × items × rankers. Not for a random split: it must be one in time, or the future is used.
 */
export function evaluateNextBasket(given: {
  train: Baskets;
  test: Baskets;
  rankers: readonly Ranker[];
  k: number;
  seed?: number;
}): NextBasketReport {
  const { train, test, rankers, k, seed = 1 } = given;
  checkBaskets(train);
  checkBaskets(test);
  const truths = truthOf(train, test);
  assert(truths.size > 0, "somebody of train is in test");
  return {
    people: truths.size,
    k,
    rankers: rankers.map((ranker) => measure(ranker, truths, train.itemCount, k, seed)),
  };
}

/** The distinct items each person of both bought in test, by ascending person. */
export function truthOf(train: Baskets, test: Baskets): ReadonlyMap<number, ReadonlySet<number>> {
  const known = new Set(train.personOfBasket);
  const truths = new Map<number, Set<number>>();
  for (let b = 0; b < test.personOfBasket.length; b++) {
    const person = test.personOfBasket[b]!;
    if (!known.has(person)) continue;
    const truth = truths.get(person) ?? new Set();
    truths.set(person, truth);
    for (let at = test.basketStart[b]!; at < test.basketStart[b + 1]!; at++) truth.add(test.itemOf[at]!);
  }
  for (const [person, truth] of truths) if (truth.size === 0) truths.delete(person);
  return truths;
}

function measure(
  ranker: Ranker,
  truths: ReadonlyMap<number, ReadonlySet<number>>,
  itemCount: number,
  k: number,
  seed: number,
): RankerReport {
  const recallOf = new Float64Array(truths.size);
  const ndcgOf = new Float64Array(truths.size);
  const hitOf = new Float64Array(truths.size);
  const scores = new Float64Array(itemCount);
  const best = topOf(k);
  const ranked = new Int32Array(k);
  let row = 0;
  for (const [person, truth] of truths) {
    scores.fill(0);
    ranker.scores(person, scores);
    for (let item = 0; item < itemCount; item++) best.offer(item, scores[item]!);
    const top = ranked.subarray(0, best.take(ranked));
    recallOf[row] = recallAtK(top, truth, k);
    ndcgOf[row] = ndcgAtK(top, truth, k);
    hitOf[row++] = hitAtK(top, truth, k);
  }
  const [recall, ndcg, hitRate] = [recallOf, ndcgOf, hitOf].map((values) =>
    bootstrapMean(values, { seed }),
  ) as [Estimate, Estimate, Estimate];
  return { name: ranker.name, recall, ndcg, hitRate, recallOf, ndcgOf };
}
