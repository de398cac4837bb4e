import { assert, dayMs } from "@trato/base";
import { type Affinity, affinityFromBytes } from "../affinity/affinity.ts";
import { type Popularity, popularityFromBytes } from "../affinity/popularity.ts";
import { readArrays, writeArrays } from "../arrays/bytes.ts";
import { type Rhythm, rhythmFromBytes } from "../rhythm/rhythm.ts";
import { type History, seedWeights } from "./history.ts";

/**
 * What somebody will buy next: a weighted sum of six plain numbers, each of which can be shown as a reason.
 * It is computed from what a profile keeps, so what was evaluated is what decides.
 *
 * Cost: six numbers an item, the seeds' neighbours, two microseconds per item bought. Sources: Hu et al.,
 * "Modeling personalized item frequency information", SIGIR 2020; Faggioli et al., "Recency aware
 * collaborative filtering", UMAP 2020. Not for shops where people never buy the same again: there, affinity
 * alone is clearer.
 */
export type Blend = {
  readonly itemCount: number;
  readonly models: BlendModels;
  readonly weights: BlendWeights;
  /** Writes every item's score; higher is likelier within the horizon. */
  scores(history: History, nowMs: number, outScores: Float64Array): void;
  /**
   * Writes the parts of one item's score in the sequence of `blendParts`; their sum, left to right, is the
   * score.
   */
  parts(item: number, history: History, nowMs: number, outParts: Float64Array): void;
  toBytes(): Uint8Array;
};

export type BlendModels = {
  readonly popularity: Popularity;
  readonly affinity: Affinity;
  readonly rhythm: Rhythm;
};

/**
 * popularity: what everybody buys now · frequency: the root of on how many days the person bought it ·
 * recency: half after three weeks · due: the chance that it is bought again within 30 days · with: what goes
 * with what they bought · after: what follows on their last basket.
 */
export const blendParts = ["popularity", "frequency", "recency", "due", "with", "after"] as const;
export type BlendWeights = Readonly<Record<(typeof blendParts)[number], number>>;

/**
 * Found on the online retail log's validation month; what `fitBlend` starts from, and what it keeps when it
 * has too few people.
 */
export const blendWeights: BlendWeights = {
  popularity: 0.6,
  frequency: 0.5,
  recency: 0.15,
  due: 1,
  with: 0.15,
  after: 0.25,
};

const magic = "TrBlend.";
const version = 1;
const recencyHalfLifeMs = 21 * dayMs;
const horizonMs = 30 * dayMs;

/** The blend of these models; `fitBlend` fits models and weights from baskets. */
export function blendOf(models: BlendModels, weights: BlendWeights): Blend {
  const { itemCount } = models.popularity;
  assert(
    models.affinity.itemCount === itemCount && models.rhythm.itemCount === itemCount,
    "models are of the same items",
  );
  const weightOf = blendParts.map((part) => weights[part]);
  assert(
    weightOf.every((weight) => weight >= 0 && Number.isFinite(weight)),
    "weights are not negative",
  );
  const table = partTable(itemCount);
  const rows = blendParts.map((part) => table[part]);
  return {
    itemCount,
    models,
    weights,
    scores(history, nowMs, outScores) {
      assert(outScores.length === itemCount, "there is one score per item");
      fillParts(models, history, nowMs, table);
      for (let item = 0; item < itemCount; item++) {
        let score = 0;
        for (let part = 0; part < rows.length; part++) score += weightOf[part]! * rows[part]![item]!;
        outScores[item] = score;
      }
    },
    parts(item, history, nowMs, outParts) {
      assert(item >= 0 && item < itemCount, `an item is below ${itemCount}`);
      fillParts(models, history, nowMs, table);
      for (let part = 0; part < rows.length; part++) outParts[part] = weightOf[part]! * rows[part]![item]!;
    },
    toBytes() {
      const { popularity, affinity, rhythm } = models;
      const inner = [popularity.toBytes(), affinity.toBytes(), rhythm.toBytes()];
      return writeArrays(magic, version, [Float64Array.from(weightOf), ...inner]);
    },
  };
}

/** Reads what `toBytes` wrote; throws a plain sentence on anything else. */
export function blendFromBytes(bytes: Uint8Array): Blend {
  const [weights, popularity, affinity, rhythm, ...rest] = readArrays(magic, version, bytes);
  assert(weights instanceof Float64Array && weights.length === blendParts.length, "a blend has six weights");
  assert(popularity instanceof Uint8Array && affinity instanceof Uint8Array, "a blend holds three models");
  assert(rhythm instanceof Uint8Array && rest.length === 0, "a blend holds three models");
  const models = {
    popularity: popularityFromBytes(popularity),
    affinity: affinityFromBytes(affinity),
    rhythm: rhythmFromBytes(rhythm),
  };
  return blendOf(models, weightsFrom(weights));
}

/** Weights in the sequence of `blendParts`, with their names. */
export function weightsFrom(numbers: ArrayLike<number>): BlendWeights {
  return Object.fromEntries(blendParts.map((part, i) => [part, numbers[i]!])) as Record<
    keyof BlendWeights,
    number
  >;
}

/** Per part one row of numbers, one number per item. */
export type PartTable = Readonly<Record<keyof BlendWeights, Float64Array>>;

export function partTable(itemCount: number): PartTable {
  const row = () => new Float64Array(itemCount);
  return { popularity: row(), frequency: row(), recency: row(), due: row(), with: row(), after: row() };
}

/** Writes every part of every item for one person, unweighted. */
export function fillParts(models: BlendModels, history: History, nowMs: number, table: PartTable): void {
  for (const part of blendParts) table[part].fill(0);
  models.popularity.scores(1, table.popularity);
  for (let i = 0; i < history.items.length; i++) {
    const item = history.items[i]!;
    const stats = history.stats[i]!;
    table.frequency[item] = Math.sqrt(stats.count);
    table.recency[item] = 2 ** (Math.min(0, stats.lastMs - nowMs) / recencyHalfLifeMs);
    table.due[item] = models.rhythm.within(item, stats, nowMs, horizonMs);
  }
  models.affinity.with.scores(history.items, seedWeights(history, nowMs), table.with);
  const { lastBasket } = history;
  const even = new Float64Array(lastBasket.length).fill(1 / lastBasket.length);
  models.affinity.after.scores(lastBasket, even, table.after);
}
