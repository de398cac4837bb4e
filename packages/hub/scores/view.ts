import { dayMs, limits } from "@trato/base";
import { type Affinity, blendFromBytes, type Due, type Rhythm, type RhythmStats } from "@trato/predict";
import { againAnswers } from "./again-answers.ts";
import { type Intent, readIntent } from "./families/intent.ts";
import { type PriceAnswers, readPrice } from "./families/price.ts";
import { readSession, type SessionRecipe } from "./families/session.ts";
import { type ModelHead, unpackModel } from "./format.ts";
import { scoresHorizonDays } from "./horizon.ts";
import type { ModelBytes } from "./store.ts";
import { tasteAnswers } from "./taste-answers.ts";

/** An item that goes with another. `lift` is the chance of buying it within the horizon that the other one adds. */
export type Neighbour = { readonly sku: string; readonly lift: number };

/** Bought in the same basket, in the person's next one, or both added up. */
export type How = "with" | "after" | "both";

/** One version of the models, ready to be asked; it never changes. */
export type Scores = PurchaseAnswers & {
  /**
   * The chance that each of these things the person bought before is bought again within so many days, by sku; null
   * when no model of baskets is in charge, or it knows another horizon. What it has not seen is missing.
   */
  again(skus: readonly string[], past: PastOf, at: Horizon): ReadonlyMap<string, number> | null;
  /** How the index of visits finds what is looked at next; null while no model says. */
  readonly visits: SessionRecipe | null;
  /** Whether a visit will end with buying; null while no model says. */
  readonly intent: Intent | null;
  /** What becomes of units when a price changes; null while no model says. */
  readonly prices: PriceAnswers | null;
  /** The versions of the models in charge, such as "3+7"; "0" while nothing was trained. */
  readonly version: string;
  /** The greatest of them, as text. */
  readonly newest: string;
};

/** What somebody bought before, as their profile keeps it. */
export type PastOf = {
  readonly bought: ReadonlyMap<string, RhythmStats>;
  readonly lastOrder: readonly string[];
};
export type Horizon = { readonly nowMs: number; readonly horizonDays: number };

/** What the family "purchases" answers. */
export type PurchaseAnswers = {
  /** Chances of popularity and lifts of neighbours are about so many days. */
  readonly horizonDays: number;
  /** The number of an item in the model, -1 when the model has not seen it. */
  itemIndex(sku: string): number;
  /** The chance that a customer of the shop buys the item, by sku, the most popular first. */
  readonly popularity: ReadonlyMap<string, number>;
  /** What is bought with an item or after it, strongest first, at most `limits.neighboursAnsweredMax`. */
  neighbours(sku: string, how?: How): readonly Neighbour[];
  /** What each seed adds to the chance of buying `sku`, in the seeds' sequence. */
  contributions(sku: string, seeds: readonly string[], how?: How): number[];
  /** When somebody needs an item again: 10 %, 50 % and 90 % points, and whether at all; null without a purchase. */
  due(sku: string, bought: RhythmStats): Due | null;
  /** The chance that it is bought in (from, until], given that it was not bought since the last time. */
  dueBetween(sku: string, bought: RhythmStats, fromMs: number, untilMs: number): number;
  /** The chance that it is bought again within so many days from now. */
  rhythm(
    sku: string,
    bought: RhythmStats,
    nowMs: number,
    horizonDays: number,
  ): { readonly propensity: number };
};

/** What is known before the first training: nothing. */
export const noScores: Scores = {
  version: "0",
  newest: "0",
  again: () => null,
  visits: null,
  intent: null,
  prices: null,
  horizonDays: scoresHorizonDays,
  itemIndex: () => -1,
  popularity: new Map(),
  neighbours: () => [],
  contributions: (_sku, seeds) => seeds.map(() => 0),
  due: () => null,
  dueBetween: () => 0,
  rhythm: () => ({ propensity: 0 }),
};

/**
 * Reads the models in charge together. Cost: some milliseconds for thousands of items; memory for the bytes and a map
 * of the names. Each question then takes a map lookup, a rhythm about two microseconds, neighbours some tens of them:
 * whoever asks for the same again and again remembers the answer. What no family here knows is answered as before the
 * first training.
 */
export function openScores(version: string, models: readonly ModelBytes[]): Scores {
  const bytesOf = new Map(models.map(({ family, bytes }) => [family, bytes]));
  const purchases = bytesOf.get("purchases");
  const [taste, basket, session, visit, price] = (
    ["affinity", "basket", "session", "intent", "price"] as const
  ).map((one) => bytesOf.get(one));
  const base = { ...noScores, ...(purchases === undefined ? {} : openPurchases(purchases)) };
  return {
    ...base,
    ...(taste === undefined ? {} : tasteAnswers(taste, base)),
    ...(basket === undefined ? {} : { again: againAnswers(basket) }),
    visits: session === undefined ? null : readSession(session),
    intent: visit === undefined ? null : readIntent(visit),
    prices: price === undefined ? null : readPrice(price),
    version,
    newest: models.at(-1)?.version ?? version,
  };
}

function openPurchases(bytes: Uint8Array): PurchaseAnswers {
  const { head, blend } = unpackModel(bytes);
  const { affinity, popularity, rhythm } = blendFromBytes(blend).models;
  const indexOf = new Map(head.skus.map((sku, item) => [sku, item]));
  const itemIndex = (sku: string) => indexOf.get(sku) ?? -1;
  return {
    horizonDays: scoresHorizonDays,
    itemIndex,
    popularity: popularityBySku(head, popularity.weights),
    ...affinityAnswers(head, affinity, itemIndex),
    ...rhythmAnswers(rhythm, itemIndex),
  };
}

function popularityBySku({ skus, units }: ModelHead, weights: Float64Array): Map<string, number> {
  const bought = skus
    .map((sku, item) => ({ sku, chance: Math.min(1, weights[item]! * units.popularity) }))
    .filter((one) => one.chance > 0)
    .sort((a, b) => b.chance - a.chance || (a.sku < b.sku ? -1 : 1));
  return new Map(bought.map((one) => [one.sku, one.chance]));
}

function affinityAnswers(
  { skus, units }: ModelHead,
  affinity: Affinity,
  itemIndex: (sku: string) => number,
): Pick<Scores, "neighbours" | "contributions"> {
  const lift = (from: number, to: number, how: How): number => {
    const together = how === "after" ? 0 : units.with * affinity.with.edge(from, to);
    const afterwards = how === "with" ? 0 : units.after * affinity.after.edge(from, to);
    return Math.min(1, together + afterwards);
  };
  const neighboursOf = (item: number, how: How): readonly Neighbour[] => {
    const kinds = how === "both" ? (["with", "after"] as const) : [how];
    const others = new Set(kinds.flatMap((kind) => [...affinity[kind].of(item).items]));
    return [...others]
      .map((other) => ({ sku: skus[other]!, lift: lift(item, other, how) }))
      .filter((one) => one.lift > 0)
      .sort((a, b) => b.lift - a.lift || (a.sku < b.sku ? -1 : 1))
      .slice(0, limits.neighboursAnsweredMax);
  };
  return {
    neighbours(sku, how = "both") {
      const item = itemIndex(sku);
      return item === -1 ? [] : neighboursOf(item, how);
    },
    contributions(sku, seeds, how = "both") {
      const item = itemIndex(sku);
      return seeds.map((seed) => {
        const from = itemIndex(seed);
        return item === -1 || from === -1 ? 0 : lift(from, item, how);
      });
    },
  };
}

function rhythmAnswers(
  model: Rhythm,
  itemIndex: (sku: string) => number,
): Pick<Scores, "due" | "dueBetween" | "rhythm"> {
  const dueBetween: Scores["dueBetween"] = (sku, bought, fromMs, untilMs) =>
    bought.count < 1 || untilMs <= fromMs
      ? 0
      : model.within(itemIndex(sku), bought, fromMs, untilMs - fromMs);
  return {
    due: (sku, bought) => (bought.count < 1 ? null : model.due(itemIndex(sku), bought)),
    dueBetween,
    rhythm: (sku, bought, nowMs, horizonDays) => ({
      propensity: dueBetween(sku, bought, nowMs, nowMs + horizonDays * dayMs),
    }),
  };
}
