import { assert, dayMs } from "@trato/base";
import { type Baskets, checkBaskets, lastTimeMs } from "../arrays/baskets.ts";
import { readArrays, writeArrays } from "../arrays/bytes.ts";
import { topOf } from "../arrays/top.ts";

/**
 * What everybody buys now: baskets that hold an item, counted so that one from `halfLifeMs` ago counts half.
 * It knows nothing about a person, so it is the answer for somebody of whom nothing is known.
 *
 * Cost: one pass; 8 bytes an item. Source: exponential smoothing, R. G. Brown, 1956. Not as a ranking for
 * people with a history, nor where showing the popular makes it popular: it feeds on itself.
 */
export type Popularity = {
  readonly itemCount: number;
  /** Per item, 1 for the most popular, 0 for what was never bought. Not to be written to. */
  readonly weights: Float64Array;
  /** Adds `weight` times each item's popularity to `outScores`. */
  scores(weight: number, outScores: Float64Array): void;
  /** The `count` most popular, best first, equal ones by ascending number; fewer when fewer were bought. */
  top(count: number): Int32Array;
  toBytes(): Uint8Array;
};

export type PopularityOptions = {
  /** The moment from which age is counted; default: the latest basket. */
  readonly untilMs?: number;
  /** Default 14 days; `Infinity` counts all baskets alike. */
  readonly halfLifeMs?: number;
};

const magic = "TrPopula";
const version = 1;

/** Counts the baskets before `untilMs`. Without any, every weight is 0. */
export function fitPopularity(baskets: Baskets, options: PopularityOptions = {}): Popularity {
  checkBaskets(baskets);
  const halfLifeMs = options.halfLifeMs ?? 14 * dayMs;
  assert(halfLifeMs > 0, "halfLifeMs is above 0");
  const weights = new Float64Array(baskets.itemCount);
  if (baskets.timeOfBasket.length === 0) return popularityFrom(weights);
  const untilMs = options.untilMs ?? lastTimeMs(baskets) + 1;
  const { basketStart, itemOf, timeOfBasket } = baskets;
  for (let b = 0; b < timeOfBasket.length; b++) {
    if (timeOfBasket[b]! >= untilMs) continue;
    const weight = 2 ** ((timeOfBasket[b]! - untilMs) / halfLifeMs);
    for (let at = basketStart[b]!; at < basketStart[b + 1]!; at++) weights[itemOf[at]!]! += weight;
  }
  const most = weights.reduce((a, b) => Math.max(a, b), 0);
  return popularityFrom(most === 0 ? weights : weights.map((weight) => weight / most));
}

/** Reads what `toBytes` wrote; throws a plain sentence on anything else. */
export function popularityFromBytes(bytes: Uint8Array): Popularity {
  const [weights, ...rest] = readArrays(magic, version, bytes);
  assert(weights instanceof Float64Array && rest.length === 0, "a popularity has one array of doubles");
  assert(
    weights.every((weight) => weight >= 0 && weight <= 1),
    "popularity is between 0 and 1",
  );
  return popularityFrom(weights);
}

function popularityFrom(weights: Float64Array): Popularity {
  return {
    itemCount: weights.length,
    weights,
    scores(weight, outScores) {
      assert(outScores.length === weights.length, "there is one score per item");
      for (let item = 0; item < weights.length; item++) outScores[item]! += weight * weights[item]!;
    },
    top(count) {
      const best = topOf(count);
      for (let item = 0; item < weights.length; item++)
        if (weights[item]! > 0) best.offer(item, weights[item]!);
      const out = new Int32Array(count);
      return out.slice(0, best.take(out));
    },
    toBytes: () => writeArrays(magic, version, [weights]),
  };
}
