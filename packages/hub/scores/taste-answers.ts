import { limits } from "@trato/base";
import { readTaste } from "./families/affinity.ts";
import type { Neighbour, PurchaseAnswers } from "./view.ts";

type Answers = Pick<PurchaseAnswers, "neighbours" | "contributions">;

/** What the family "affinity" answers in place of what "purchases" says of with and after together. */
export function tasteAnswers(bytes: Uint8Array, instead: Answers): Answers {
  const { head, edges } = readTaste(bytes);
  const { skus, unit } = head;
  const indexOf = new Map(skus.map((sku, item) => [sku, item]));
  const near = (item: number): readonly Neighbour[] => {
    const { items, weights } = edges.of(item);
    const found = Array.from(items, (other, at) => ({ sku: skus[other]!, lift: lift(weights[at]!) }));
    return found.filter((one) => one.lift > 0).slice(0, limits.neighboursAnsweredMax);
  };
  const lift = (weight: number): number => Math.min(1, Math.max(0, unit * weight));
  return {
    neighbours(sku, how = "both") {
      const item = indexOf.get(sku);
      if (how !== "both" || item === undefined) return instead.neighbours(sku, how);
      return near(item);
    },
    contributions(sku, seeds, how = "both") {
      const item = indexOf.get(sku);
      if (how !== "both" || item === undefined) return instead.contributions(sku, seeds, how);
      return seeds.map((seed) => {
        const from = indexOf.get(seed);
        return from === undefined ? 0 : lift(edges.edge(from, item));
      });
    },
  };
}
