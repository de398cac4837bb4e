import {
  fitNextItem,
  type Interactions,
  type NextItem,
  type NextItemOptions,
  sequencesFrom,
} from "@trato/predict";
import {
  beautyItemCount,
  readBeautySequences,
  readBeautyTraits,
} from "../../packages/predict/testing/top-n-split.ts";
import { timed } from "./lib/data.ts";
import type { Family } from "./result.ts";

const k = 10;

/** What is tried on the last item but one of everybody; the last is what is measured. */
const tried: readonly NextItemOptions[] = [2, 5].flatMap((ridge) =>
  [0.5, 0.65].map((decay) => ({ ridge, decay, anyRidge: 4 * ridge, neighboursMax: 200 })),
);
const shares = [0.4, 0.6].flatMap((anyShare) =>
  [0.015, 0.02, 0.03].map((kinShare) => ({ anyShare, kinShare })),
);
const asked = [0.5, 0.7].flatMap((askDecay) =>
  [0.7, 0.85].flatMap((anyDecay) =>
    [0.65, 0.8].flatMap((kinDecay) => shares.map((both) => ({ askDecay, anyDecay, kinDecay, ...both }))),
  ),
);

/** Sequences: which item comes next, of all that did not come yet. */
export const sequence: Family = {
  says: "the next item of a sequence: linear in what came before, with EASE and what the items' traits say",
  parts: {
    all(say) {
      const lists = readBeautySequences();
      const traits = readBeautyTraits();
      const options = choose(
        lists.map((list) => list.slice(0, -1)),
        traits,
      );
      const train = lists.map((list) => list.slice(0, -1));
      const fitted = timed(() => fitNextItem(sequencesFrom(train, beautyItemCount), options));
      const ranked = timed(() => measure(fitted.value, lists, 1));
      const row = {
        family: "sequence",
        data: "amazon-beauty-5core",
        digits: 4,
        fitSeconds: fitted.seconds,
        predictSeconds: ranked.seconds,
      };
      say({
        ...row,
        metric: "HR@10",
        ours: ranked.value.hitRate,
        published: "SASRec 0.0605, TIGER 0.0648, ActionPiece 0.0775",
        bar: { atLeast: 0.098, aim: 0.105 },
      });
      say({
        ...row,
        metric: "NDCG@10",
        ours: ranked.value.ndcg,
        published: "SASRec 0.0318, TIGER 0.0384, ActionPiece 0.0424",
        bar: { atLeast: 0.062, aim: 0.066 },
      });
    },
  },
};

/** The options that rank the last item of these lists best when learnt from all before it; a fifth are measured. */
function choose(lists: readonly number[][], traits: Interactions): NextItemOptions {
  const train = sequencesFrom(
    lists.map((list) => list.slice(0, -1)),
    beautyItemCount,
  );
  let best = { options: {} as NextItemOptions, ndcg: -1 };
  for (const fitting of tried) {
    const model = fitNextItem(train, { ...fitting, traits });
    for (const asking of asked) {
      const { ndcg } = measure(model.asking(asking), lists, 5);
      if (ndcg > best.ndcg) best = { options: { ...fitting, ...asking, traits }, ndcg };
    }
  }
  return best.options;
}

/** Leave one out: the input is all but the last, its items are not ranked, equal scores rank by ascending number. */
function measure(model: NextItem, lists: readonly number[][], stride: number) {
  const scores = new Float64Array(beautyItemCount);
  let [people, hits, gain] = [0, 0, 0];
  for (let p = 0; p < lists.length; p += stride) {
    const past = lists[p]!.slice(0, -1);
    const target = lists[p]!.at(-1)!;
    model.scores(past, scores.fill(0));
    for (const item of past) scores[item] = Number.NEGATIVE_INFINITY;
    const own = scores[target]!;
    let rank = 0;
    for (let item = 0; item < scores.length && rank < k; item++) {
      if (scores[item]! > own || (scores[item] === own && item < target)) rank++;
    }
    people++;
    if (rank < k) [hits, gain] = [hits + 1, gain + 1 / Math.log2(rank + 2)];
  }
  return { hitRate: hits / people, ndcg: gain / people };
}
