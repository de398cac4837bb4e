import { type Blend, blendFromBytes, blendOf, type History, type Ranker } from "@trato/predict";
import { unpackModel } from "../../format.ts";
import type { Champion } from "../../training/family.ts";

/**
 * The model in charge as a ranker on the same split. When its data ended before the split it stands as it is. When it
 * has seen the days it would be asked about, its recipe stands in: its weights, over models that have not seen them.
 */
export function championRanker(
  champion: Pick<Champion, "untilMs" | "bytes">,
  given: {
    readonly skus: readonly string[];
    readonly histories: readonly History[];
    readonly splitMs: number;
    readonly fitted: Blend;
  },
): Ranker {
  const { histories, splitMs, fitted } = given;
  if (champion.untilMs >= splitMs) {
    const recipe = blendOf(fitted.models, blendFromBytes(unpackModel(champion.bytes).blend).weights);
    return { name: "champion", scores: (person, out) => recipe.scores(histories[person]!, splitMs, out) };
  }
  return standingRanker(champion.bytes, given);
}

/** A model as it stands, ranking the items of other purchases than those it learnt from. */
export function standingRanker(
  bytes: Uint8Array,
  given: {
    readonly skus: readonly string[];
    readonly histories: readonly History[];
    readonly splitMs: number;
  },
): Ranker {
  const { skus, histories, splitMs } = given;
  const { head, blend: packed } = unpackModel(bytes);
  const blend = blendFromBytes(packed);
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
