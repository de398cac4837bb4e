import { dayMs } from "@trato/base";
import type { ModelCard } from "@trato/contract";
import {
  type Baskets,
  basketsBetween,
  basketsFrom,
  blendOf,
  type Estimate,
  fitAffinity,
  fitBlend,
  fitPopularity,
  fitRhythm,
  historiesFrom,
} from "@trato/predict";
import { packModel } from "../format.ts";
import { scoresHorizonDays } from "../view.ts";
import type { Collected } from "./collect.ts";
import { type Champion, championRanker } from "./contender.ts";
import { measureRankings, measureRhythm } from "./measure.ts";
import { fitUnits } from "./units.ts";

export type Fitted = {
  readonly bytes: Uint8Array;
  readonly figures: Omit<ModelCard, "says" | "verdict">;
  /** What the blend finds more or less than the model in charge, per person; null when that can not be said. */
  readonly recall10Gain: Estimate | null;
};

export type Progress = (step: "fitting" | "measuring" | "fitting again", shareDone: number) => void;

/**
 * Fits on what came before the split, measures on what came after it, then fits the models again on everything, with
 * the weights and units that were measured. Pure: the same purchases give the same bytes. Cost: about 20 seconds of
 * one core for 400,000 lines.
 */
export function fitAndMeasure(collected: Collected, champion: Champion | null, onProgress: Progress): Fitted {
  const { personCount, skus, untilMs } = collected;
  const all = basketsFrom(collected, { personCount, itemCount: skus.length });
  const splitMs = splitOf(collected);
  const train = basketsBetween(all, Number.NEGATIVE_INFINITY, splitMs);
  const test = basketsBetween(all, splitMs, Number.POSITIVE_INFINITY);
  onProgress("fitting", 0.2);
  const blend = fitBlend(train, { untilMs: splitMs });

  onProgress("measuring", 0.5);
  const histories = historiesFrom(train);
  const horizonDays = scoresHorizonDays;
  const units = fitUnits({ models: blend.models, histories, train, test, nowMs: splitMs, horizonDays });
  const split = { all, train, test, splitMs, blend, units, histories };
  const given = { skus, histories, splitMs, fitted: blend };
  const rival = champion === null ? null : championRanker(champion, given);
  const { people, nextBasket, recall10Gain } = measureRankings(split, rival);
  const nextPurchase = measureRhythm(split);

  onProgress("fitting again", 0.7);
  const final = blendOf(modelsOf(all, untilMs + 1), blend.weights).toBytes();
  return {
    bytes: packModel({ head: { skus, units }, blend: final }),
    figures: {
      split: { at: new Date(splitMs).toISOString(), days: (untilMs - splitMs) / dayMs, people },
      nextBasket,
      nextPurchase,
      settings: { horizonDays, ...named("weight", blend.weights), ...named("unit", units) },
    },
    recall10Gain,
  };
}

/** The last 30 days are kept aside, or the last fifth when the log is short. */
export function splitOf({ fromMs, untilMs }: { readonly fromMs: number; readonly untilMs: number }): number {
  return Math.floor(untilMs - Math.min(30 * dayMs, (untilMs - fromMs) / 5));
}

function modelsOf(baskets: Baskets, untilMs: number) {
  return {
    popularity: fitPopularity(baskets, { untilMs }),
    affinity: fitAffinity(baskets, { untilMs }),
    rhythm: fitRhythm(baskets, { untilMs }),
  };
}

const named = (prefix: string, numbers: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(numbers).map(([name, number]) => [`${prefix}.${name}`, number]));
