import { assert, dayMs } from "@trato/base";
import {
  type Blend,
  type BlendWeights,
  blendFromBytes,
  blendOf,
  type Calibrator,
  fitAffinity,
  fitBlend,
  fitIsotonic,
  fitPlatt,
  fitPopularity,
  fitRhythm,
  type History,
  historiesFrom,
  isotonicFromBytes,
  plattFromBytes,
  truthOf,
} from "@trato/predict";
import { scoresHorizonDays } from "../horizon.ts";
import { packParts, unpackParts } from "../parts.ts";
import type { Collected } from "../training/collect.ts";
import { type Contest, runContest, sinceOf } from "../training/contest.ts";
import type { Family } from "../training/family.ts";
import { splitOf } from "../training/split.ts";
import { againScores } from "./again.ts";
import { askedAbout, type BasketsOf, basketsOf, labelsOf, numbersIn, recalls } from "./items.ts";
import { lackOfOrders, recencyDays } from "./purchases/index.ts";

/** Fewer outcomes are drawn through by a curve of two numbers. */
const isotonicMin = 2_000;

/**
 * What of the things somebody buys they will buy next: how often, how lately and how regularly they buy it, what
 * follows on their last basket, what everybody buys; with weights chosen on what came later, or with one of the parts
 * alone when that does better. Its chances decide how near an item is to being bought again.
 */
export const basket: Family = {
  name: "basket",
  reads: "orders",
  lack: ({ orders }) => lackOfOrders(orders),
  train: ({ orders }, champion, onProgress) => runContest(contestOf(orders), champion, onProgress),
  inputs: ({ orders }) => recencyDays(orders),
  since: ({ orders }, champion) => sinceOf(contestOf(orders), champion),
};

/** The blend, and its numbers of our items when it learnt from other purchases. */
type Habits = { readonly blend: Blend; readonly numbers: Int32Array | null };
const ours = (blend: Blend): Habits => ({ blend, numbers: null });

const alone: BlendWeights = { popularity: 1e-6, frequency: 0, recency: 0, due: 0, with: 0, after: 0 };

function contestOf(orders: Collected): Contest<Habits> {
  const { skus, fromMs, untilMs, personCount, basketCount } = orders;
  const baskets = basketsOf(orders);
  const truths = (from: number, until: number) =>
    askedAbout(baskets, from, until, boughtBefore(historiesAt(baskets, from)));
  const weighed = (weights: BlendWeights) => (ms: number) => ours(blendOf(modelsAt(baskets, ms), weights));
  return {
    family: "basket",
    ...{ fromMs, untilMs, splitMs: splitOf(orders) },
    counts: { people: personCount, orders: basketCount, items: skus.length },
    recipes: {
      rhythm: weighed({ ...alone, due: 1 }),
      habits: weighed({ ...alone, frequency: 1, recency: 1 }),
      blend(ms) {
        // What goes with all they ever bought says little of what is bought again, and costs most to ask.
        const { models, weights } = fitBlend(baskets.before(ms), { untilMs: ms });
        return ours(blendOf(models, { ...weights, with: 0 }));
      },
    },
    yardsticks: { popularity: weighed({ ...alone, popularity: 1 }) },
    measure({ blend, numbers }, from, until) {
      const histories = historiesAt(baskets, from);
      return recalls(truths(from, until), skus.length, (person, out) => {
        const history = histories[person]!;
        const scores = againScores(blend, numbers === null ? history : renumbered(history, numbers), from);
        for (let i = 0; i < history.items.length; i++) out[history.items[i]!] = scores[i]!;
      });
    },
    labels: (from, until) => labelsOf(orders, truths(from, until), until),
    calibrate: ({ blend }, ms) => ({ bytes: calibratorAt(blend, baskets, ms) }),
    toBytes: ({ blend }, recipe, { bytes }) =>
      packParts({ head: { recipe, skus: [...skus] }, parts: [blend.toBytes(), bytes!] }),
    standing(champion) {
      const read = readBasket(champion.bytes);
      return { blend: read.blend, numbers: numbersIn(read.skus, skus) };
    },
    settings: ({ blend }) => blend.weights,
  };
}

/** The history in another model's numbers, place by place; what it has not seen is -1. */
function renumbered(history: History, numbers: Int32Array): History {
  return {
    items: Array.from(history.items, (item) => numbers[item]!),
    stats: history.stats,
    lastBasket: Array.from(history.lastBasket, (item) => numbers[item]!).filter((item) => item !== -1),
  };
}

function modelsAt(baskets: BasketsOf, untilMs: number): Blend["models"] {
  const seen = baskets.before(untilMs);
  return {
    popularity: fitPopularity(seen, { untilMs }),
    affinity: fitAffinity(seen, { untilMs }),
    rhythm: fitRhythm(seen, { untilMs }),
  };
}

const historiesAt = (baskets: BasketsOf, ms: number): History[] => historiesFrom(baskets.before(ms));

function boughtBefore(histories: readonly History[]): (person: number, item: number) => boolean {
  const known = new Map<number, ReadonlySet<number>>();
  return (person, item) => {
    const own = known.get(person) ?? new Set(Array.from(histories[person]!.items));
    known.set(person, own);
    return own.has(item);
  };
}

/** From a score to the chance that it is bought within `scoresHorizonDays`, by what happened after `ms`. */
function calibratorAt(model: Blend, baskets: BasketsOf, ms: number): Uint8Array {
  const soon = truthOf(baskets.before(ms), baskets.between(ms, ms + scoresHorizonDays * dayMs));
  const scores: number[] = [];
  const came: number[] = [];
  for (const [person, history] of historiesAt(baskets, ms).entries()) {
    const bought = soon.get(person);
    const own = againScores(model, history, ms);
    for (let i = 0; i < history.items.length; i++) {
      scores.push(own[i]!);
      came.push(bought?.has(history.items[i]!) === true ? 1 : 0);
    }
  }
  return (scores.length < isotonicMin ? fitPlatt : fitIsotonic)({ scores, came }).toBytes();
}

/** What a kept model of this family says. */
export function readBasket(bytes: Uint8Array): {
  readonly skus: readonly string[];
  readonly blend: Blend;
  readonly calibrator: Calibrator;
} {
  const { head, parts } = unpackParts(bytes);
  const { skus } = head;
  const isRight = Array.isArray(skus) && skus.every((sku) => typeof sku === "string");
  assert(isRight && parts.length === 2, "a model of baskets has items, a blend and a calibrator");
  const isPlatt = String.fromCharCode(...parts[1]!.subarray(0, 8)) === "TrPlattS";
  const calibrator = (isPlatt ? plattFromBytes : isotonicFromBytes)(parts[1]!);
  return { skus: skus as string[], blend: blendFromBytes(parts[0]!), calibrator };
}
