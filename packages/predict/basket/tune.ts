import type { Baskets } from "../arrays/baskets.ts";
import { topOf } from "../arrays/top.ts";
import { ndcgAtK, recallAtK } from "../evaluate/metrics.ts";
import { maximise } from "../numbers/maximise.ts";
import {
  type BlendModels,
  type BlendWeights,
  blendParts,
  fillParts,
  partTable,
  weightsFrom,
} from "./blend.ts";
import type { History } from "./history.ts";

/** One person's candidates with the unweighted parts of each, side by side, and what was then bought. */
type Case = { readonly items: Int32Array; readonly parts: Float64Array; readonly truth: ReadonlySet<number> };

/** With fewer people the best weights are those of chance. */
const peopleMin = 50;
const peopleMax = 1_200;
const width = blendParts.length;

/**
 * The weights whose ranking, at `nowMs`, best foretold the baskets `after`: highest mean of NDCG@k plus
 * recall@k, climbed to from `start`, and that value; `start` and no value when too few people have a history
 * and came again.
 *
 * Cost: some 150 rankings of at most `peopleMax` people's candidates. Candidates are the items that a part
 * other than popularity speaks for, and the k most popular: nothing else can enter the first k, as weights
 * are not negative.
 */
export function tuneWeights(given: {
  models: BlendModels;
  histories: readonly History[];
  after: Baskets;
  nowMs: number;
  k: number;
  start: BlendWeights;
}): { weights: BlendWeights; value?: number } {
  const { start, k } = given;
  const cases = casesOf(given);
  if (cases.length < peopleMin) return { weights: start };
  const rank = ranker(k);
  const value = (logs: readonly number[]) => {
    const weights = logs.map(Math.exp);
    let sum = 0;
    for (const one of cases) {
      const top = rank(one, weights);
      sum += ndcgAtK(top, one.truth, k) + recallAtK(top, one.truth, k);
    }
    return sum / cases.length;
  };
  const from = blendParts.map((part) => Math.log(Math.max(1e-3, start[part])));
  const found = maximise(value, from, { step: 0.7, stepMin: 0.15, roundsMax: 12 });
  return { weights: weightsFrom(found.at.map(Math.exp)), value: found.value };
}

function ranker(k: number) {
  const best = topOf(k);
  const ranked = new Int32Array(k);
  return ({ items, parts }: Case, weights: readonly number[]) => {
    for (let i = 0; i < items.length; i++) {
      let score = 0;
      for (let part = 0; part < width; part++) score += weights[part]! * parts[i * width + part]!;
      best.offer(items[i]!, score);
    }
    return ranked.subarray(0, best.take(ranked));
  };
}

function casesOf(given: {
  models: BlendModels;
  histories: readonly History[];
  after: Baskets;
  nowMs: number;
  k: number;
}): Case[] {
  const { models, histories, after, nowMs, k } = given;
  const truths = new Map<number, Set<number>>();
  for (let b = 0; b < after.personOfBasket.length; b++) {
    const person = after.personOfBasket[b]!;
    if (histories[person]!.items.length === 0) continue;
    const truth = truths.get(person) ?? new Set();
    truths.set(person, truth);
    for (let at = after.basketStart[b]!; at < after.basketStart[b + 1]!; at++) truth.add(after.itemOf[at]!);
  }
  const people = [...truths].filter(([, truth]) => truth.size > 0);
  const stride = Math.ceil(people.length / peopleMax);
  const table = partTable(after.itemCount);
  const popular = new Set(models.popularity.top(k));
  return people
    .filter((_, at) => at % stride === 0)
    .map(([person, truth]) => {
      fillParts(models, histories[person]!, nowMs, table);
      return { truth, ...candidates(table, popular) };
    });
}

function candidates(table: ReturnType<typeof partTable>, popular: ReadonlySet<number>) {
  const rows = blendParts.map((part) => table[part]);
  const spoken = ({ frequency, with: together, after }: typeof table, item: number) =>
    frequency[item]! > 0 || together[item]! > 0 || after[item]! > 0 || popular.has(item);
  const items = Int32Array.from(table.popularity.keys()).filter((item) => spoken(table, item));
  const parts = new Float64Array(items.length * width);
  for (let i = 0; i < items.length; i++) {
    for (let part = 0; part < width; part++) parts[i * width + part] = rows[part]![items[i]!]!;
  }
  return { items, parts };
}
