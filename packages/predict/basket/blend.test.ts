import assert from "node:assert/strict";
import { test } from "node:test";
import { chance, dayMs, pickInt } from "@trato/base";
import fc from "fast-check";
import { type Baskets, basketsBetween, lastTimeMs } from "../arrays/baskets.ts";
import { evaluateNextBasket } from "../evaluate/next-basket.ts";
import { anyBaskets, flatten, type PlainBasket, unflatten } from "../testing/arbitraries.ts";
import { blendFromBytes, blendOf, blendParts, blendWeights } from "./blend.ts";
import { fitBlend } from "./fit.ts";
import { emptyHistory, historiesFrom, seedWeights } from "./history.ts";
import { repeatLast } from "./repeat-last.ts";
import { tuneWeights } from "./tune.ts";

const filled = anyBaskets.filter((baskets) => baskets.timeOfBasket.length > 0);

test("a score is its parts, and each part is what its model says", () => {
  fc.assert(
    fc.property(filled, fc.nat(4), fc.nat(60), (baskets, person, daysLater) => {
      const nowMs = lastTimeMs(baskets) + daysLater * dayMs;
      const blend = fitBlend(baskets);
      const history = historiesFrom(baskets)[person]!;
      const { popularity, affinity, rhythm } = blend.models;
      const scores = new Float64Array(blend.itemCount);
      const parts = new Float64Array(blendParts.length);
      blend.scores(history, nowMs, scores);
      const seeds = seedWeights(history, nowMs);
      for (let item = 0; item < blend.itemCount; item++) {
        blend.parts(item, history, nowMs, parts);
        assert.equal(
          parts.reduce((a, b) => a + b, 0),
          scores[item],
        );
        const at = Array.from(history.items).indexOf(item);
        const stats = history.stats[at];
        const said = {
          popularity: popularity.weights[item]!,
          frequency: stats === undefined ? 0 : Math.sqrt(stats.count),
          recency: stats === undefined ? 0 : 2 ** ((stats.lastMs - nowMs) / (21 * dayMs)),
          due: stats === undefined ? 0 : rhythm.within(item, stats, nowMs, 30 * dayMs),
          with: Array.from(history.items).reduce(
            (sum, seed, i) => sum + seeds[i]! * affinity.with.edge(seed, item),
            0,
          ),
          after: Array.from(history.lastBasket).reduce(
            (sum, seed) => sum + affinity.after.edge(seed, item) / history.lastBasket.length,
            0,
          ),
        };
        for (const [p, part] of blendParts.entries()) {
          assert.ok(Math.abs(parts[p]! - blend.weights[part] * said[part]) < 1e-9, part);
        }
      }
    }),
    { numRuns: 25 },
  );
});

test("histories are what each person bought", () => {
  fc.assert(
    fc.property(anyBaskets, (baskets) => {
      const plain = unflatten(baskets);
      for (const [person, history] of historiesFrom(baskets).entries()) {
        const own = plain.filter((basket) => basket.person === person);
        const items = new Set(own.flatMap((basket) => basket.items));
        assert.deepEqual(new Set(Array.from(history.items)), items);
        assert.equal(history.stats.length, items.size);
        assert.deepEqual(Array.from(history.lastBasket), own.at(-1)?.items ?? []);
      }
    }),
  );
});

test("of somebody who bought nothing it says what is popular", () => {
  const baskets = flatten(
    [
      { person: 0, timeMs: 0, items: [1] },
      { person: 0, timeMs: dayMs, items: [1, 0] },
    ],
    2,
    3,
  );
  const blend = fitBlend(baskets);
  const scores = new Float64Array(3);
  blend.scores(emptyHistory, dayMs, scores);
  assert.deepEqual(
    [...scores],
    Array.from(blend.models.popularity.weights, (w) => w * blend.weights.popularity),
  );
});

test("the bytes give the blend back", () => {
  fc.assert(
    fc.property(filled, (baskets) => {
      const blend = fitBlend(baskets);
      const same = blendFromBytes(blend.toBytes());
      assert.deepEqual(same.toBytes(), blend.toBytes());
      assert.deepEqual(same.weights, blend.weights);
    }),
    { numRuns: 20 },
  );
  assert.throws(() => blendFromBytes(new Uint8Array(64)), /Expected/);
});

test("weights are chosen by what ranking everything gives, and are no worse than those they start from", () => {
  const baskets = loyalShop();
  const nowMs = lastTimeMs(baskets) + 1 - 30 * dayMs;
  const train = basketsBetween(baskets, 0, nowMs);
  const after = basketsBetween(baskets, nowMs, Number.POSITIVE_INFINITY);
  const { models } = fitBlend(train);
  const histories = historiesFrom(train);
  const k = 3;
  const chosen = tuneWeights({ models, histories, after, nowMs, k, start: blendWeights });
  const rankers = [chosen.weights, blendWeights].map((weights, i) => {
    const blend = blendOf(models, weights);
    return {
      name: `${i}`,
      scores: (person: number, out: Float64Array) => blend.scores(histories[person]!, nowMs, out),
    };
  });
  const [tuned, start] = evaluateNextBasket({ train, test: after, rankers, k }).rankers.map(
    ({ ndcg, recall }) => ndcg.mean + recall.mean,
  );
  assert.notDeepEqual(chosen.weights, blendWeights);
  assert.ok(Math.abs(chosen.value! - tuned!) < 1e-9, `${chosen.value} is not ${tuned}`);
  assert.ok(tuned! >= start!);
});

test("with too few people to choose by, the weights stay as they were", () => {
  const baskets = basketsBetween(loyalShop(), 0, 20_010 * dayMs);
  assert.deepEqual(fitBlend(flatten(unflatten(baskets).slice(0, 30), 180, 70)).weights, blendWeights);
});

test("the last basket comes first, the popular of it before the rest", () => {
  const baskets = flatten(
    [
      { person: 0, timeMs: 0, items: [0] },
      { person: 0, timeMs: dayMs, items: [1, 2] },
      { person: 1, timeMs: dayMs, items: [2, 3] },
    ],
    2,
    4,
  );
  const { models } = fitBlend(baskets);
  const scores = new Float64Array(4);
  repeatLast(models.popularity)(historiesFrom(baskets)[0]!, scores);
  assert.deepEqual(
    [...scores.keys()].sort((a, b) => scores[b]! - scores[a]!),
    [2, 1, 3, 0],
  );
});

/**
 * People who come every week or so for three favourites of their own, and take one thing by chance; and
 * others who once took what nobody else does, so that nothing but popularity speaks for what they take next.
 */
function loyalShop(): Baskets {
  const draw = chance(8);
  const plain: PlainBasket[] = [];
  for (let person = 0; person < 150; person++) {
    const favourites = [pickInt(draw, 40), pickInt(draw, 40), pickInt(draw, 40)];
    for (let day = pickInt(draw, 7); day < 200; day += 5 + pickInt(draw, 6)) {
      const items = [...favourites.filter(() => draw() < 0.7), pickInt(draw, 40)];
      plain.push({ person, timeMs: (20_000 + day) * dayMs, items });
    }
  }
  for (let stranger = 0; stranger < 30; stranger++) {
    plain.push({ person: 150 + stranger, timeMs: 20_100 * dayMs, items: [40 + stranger] });
    plain.push({
      person: 150 + stranger,
      timeMs: 20_190 * dayMs,
      items: Array.from({ length: 20 }, (_, i) => i),
    });
  }
  return flatten(plain, 180, 70);
}
