import { type Blend, blendFromBytes, blendOf, type History, type Ranker } from "@trato/predict";
import { unpackModel } from "../format.ts";

/** The model in charge, as training meets it. */
export type Champion = { readonly version: string; readonly untilMs: number; readonly bytes: Uint8Array };

/**
 * The model in charge as a ranker on the same split. When its data ended before the split it stands as it is. When it
 * has seen the days it would be asked about, its recipe stands in: its weights, over models that have not seen them.
 */
export function championRanker(
  champion: Champion,
  given: {
    readonly skus: readonly string[];
    readonly histories: readonly History[];
    readonly splitMs: number;
    readonly fitted: Blend;
  },
): Ranker {
  const { skus, histories, splitMs, fitted } = given;
  const { head, blend: bytes } = unpackModel(champion.bytes);
  const blend = blendFromBytes(bytes);
  if (champion.untilMs >= splitMs) {
    const recipe = blendOf(fitted.models, blend.weights);
    return { name: "champion", scores: (person, out) => recipe.scores(histories[person]!, splitMs, out) };
  }
  const theirs = new Map(head.skus.map((sku, item) => [sku, item]));
  const theirItem = Int32Array.from(skus, (sku) => theirs.get(sku) ?? -1);
  const scores = new Float64Array(blend.itemCount);
  return {
    name: "champion",
    scores(person, out) {
      blend.scores(renumbered(histories[person]!, theirItem), splitMs, scores);
      for (let item = 0; item < out.length; item++) {
        if (theirItem[item] !== -1) out[item] = scores[theirItem[item]!]!;
      }
    },
  };
}

/** The history in another model's item numbers, without the items that model has not seen. */
function renumbered(history: History, theirItem: Int32Array): History {
  const kept = Array.from(history.items, (_, i) => i).filter((i) => theirItem[history.items[i]!] !== -1);
  return {
    items: kept.map((i) => theirItem[history.items[i]!]!),
    stats: kept.map((i) => history.stats[i]!),
    lastBasket: Array.from(history.lastBasket, (item) => theirItem[item]!).filter((item) => item !== -1),
  };
}
