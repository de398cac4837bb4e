import { dayMs } from "@trato/base";
import type { Blend, History, Neighbours } from "@trato/predict";

const recencyHalfLifeMs = 21 * dayMs;
const dueMs = 30 * dayMs;

/**
 * The blend's score of each item of a history, bit for bit what is measured and what decides, without looking at any
 * other item. Cost: two microseconds an item, and the neighbours of the last basket. What goes with all that was ever
 * bought has no part in it; an item that the model has not seen (-1) scores nought.
 */
export function againScores({ models, weights }: Blend, history: History, nowMs: number): Float64Array {
  const { items, stats } = history;
  const scores = new Float64Array(items.length);
  const after = weights.after > 0 ? afterLast(models.affinity.after, history) : noAfter;
  for (let i = 0; i < items.length; i++) {
    const item = items[i]!;
    if (item === -1) continue;
    const { count, lastMs } = stats[i]!;
    scores[i] =
      weights.popularity * models.popularity.weights[item]! +
      weights.frequency * Math.sqrt(count) +
      weights.recency * 2 ** (Math.min(0, lastMs - nowMs) / recencyHalfLifeMs) +
      (weights.due === 0 ? 0 : weights.due * models.rhythm.within(item, stats[i]!, nowMs, dueMs)) +
      weights.after * (after.get(item) ?? 0);
  }
  return scores;
}

const noAfter: ReadonlyMap<number, number> = new Map();

/** What follows on the last basket, of the history's own items; a lookup for each neighbour of each item of it. */
function afterLast(after: Neighbours, { items, lastBasket }: History): ReadonlyMap<number, number> {
  const wanted = new Set(Array.from(items));
  const found = new Map<number, number>();
  for (let b = 0; b < lastBasket.length; b++) {
    const near = after.of(lastBasket[b]!);
    for (let at = 0; at < near.items.length; at++) {
      const item = near.items[at]!;
      if (wanted.has(item)) found.set(item, (found.get(item) ?? 0) + near.weights[at]! / lastBasket.length);
    }
  }
  return found;
}
