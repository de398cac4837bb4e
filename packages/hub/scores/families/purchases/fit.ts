import { dayMs } from "@trato/base";
import { type ModelCard, modelFamilies } from "@trato/contract";
import {
  type Baskets,
  basketsBetween,
  basketsFrom,
  blendOf,
  fitAffinity,
  fitBlend,
  fitPopularity,
  fitRhythm,
  historiesFrom,
} from "@trato/predict";
import { packModel } from "../../format.ts";
import { scoresHorizonDays } from "../../horizon.ts";
import type { Collected } from "../../training/collect.ts";
import { groupFigures, labelsOfPersons } from "../../training/estimates.ts";
import type { Champion, Progress, Trained } from "../../training/family.ts";
import { splitOf } from "../../training/split.ts";
import { championRanker } from "./contender.ts";
import { type Measured, measureRankings, measureRhythm } from "./measure.ts";
import { fitUnits } from "./units.ts";

/**
 * Fits on what came before the split, measures on what came after it, then fits the models again on everything, with
 * the weights and units that were measured. Pure: the same purchases give the same bytes. Cost: about 20 seconds of
 * one core for 400,000 lines.
 */
export function fitAndMeasure(
  orders: Collected,
  champion: Pick<Champion, "untilMs" | "bytes"> | null,
  onProgress: Progress,
): Trained {
  const { fromMs, untilMs } = orders;
  const splitMs = splitOf(orders);
  onProgress("fitting", 0);
  const split = splitAt(orders, splitMs);
  const { all, blend, units, histories } = split;

  onProgress("measuring", 0.5);
  const given = { skus: orders.skus, histories, splitMs, fitted: blend };
  const rival = champion === null ? null : championRanker(champion, given);
  const found = measureRankings(split, rival);
  const nextPurchase = measureRhythm(split);

  onProgress("fitting again", 0.7);
  const final = blendOf(modelsOf(all, untilMs + 1), blend.weights).toBytes();
  const { persons, values, nextBasket, gain } = found;
  const labels = labelsOfPersons(orders, untilMs + 1);
  return {
    bytes: packModel({ head: { skus: orders.skus, units }, blend: final }),
    card: {
      recipe: "blend",
      split: {
        at: new Date(splitMs).toISOString(),
        days: (untilMs - splitMs) / dayMs,
        people: persons.length,
      },
      measured: measuredOf(nextBasket),
      ...groupFigures(values, (row) => labels(persons[row]!)),
      nextBasket,
      nextPurchase,
      settings: {
        horizonDays: scoresHorizonDays,
        ...named("weight", blend.weights),
        ...named("unit", units),
      },
    },
    gain,
    counts: { people: orders.personCount, orders: orders.basketCount, items: orders.skus.length },
    fromMs,
    untilMs,
  };
}

function splitAt(orders: Collected, splitMs: number) {
  const { personCount, skus } = orders;
  const all = basketsFrom(orders, { personCount, itemCount: skus.length });
  const train = basketsBetween(all, Number.NEGATIVE_INFINITY, splitMs);
  const test = basketsBetween(all, splitMs, Number.POSITIVE_INFINITY);
  const blend = fitBlend(train, { untilMs: splitMs });
  const histories = historiesFrom(train);
  const { models } = blend;
  const horizonDays = scoresHorizonDays;
  const units = fitUnits({ models, histories, train, test, nowMs: splitMs, horizonDays });
  return { all, train, test, splitMs, blend, units, histories };
}

function measuredOf(nextBasket: Measured["nextBasket"]): ModelCard["measured"] {
  if (nextBasket === null) return null;
  const rival = (name: "popularity" | "repeatLastBasket") => ({ name, value: nextBasket[name].recall10 });
  return {
    ...modelFamilies.purchases.measure,
    value: nextBasket.blend.recall10,
    rivals: [rival("popularity"), rival("repeatLastBasket")],
  };
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
