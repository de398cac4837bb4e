import { assert } from "@trato/base";
import { affinityFromBytes, fitAffinity } from "../affinity/affinity.ts";
import { fitPopularity } from "../affinity/popularity.ts";
import { type Baskets, checkBaskets, personStarts } from "../arrays/baskets.ts";
import { readArrays, writeArrays } from "../arrays/bytes.ts";
import { type MixModels, type MixWeights, mixFiller, mixParts } from "./mix-parts.ts";
import { tuneMix } from "./mix-tune.ts";
import { type BasketModel, pastsFrom } from "./past.ts";
import { fitUpCf, type UpCfOptions, upCfFromBytes } from "./up-cf.ts";

export type BasketMix = BasketModel & { readonly weights: MixWeights };
export type BasketMixOptions = UpCfOptions & {
  /** Weights that stay as given; default: chosen on each person's last basket. */
  readonly weights?: MixWeights;
};

/** Found on the last basket but one of Ta-Feng's customers; kept when there are too few people to choose by. */
export const mixWeights: MixWeights = { share: 0.35, often: 0.4, people: 0.5, with: 0.16, popular: 0.46 };

const magic = "TrBaskMx";
const version = 1;

/**
 * What somebody buys next, from the sequence of their baskets: their own habits, people like them, what goes
 * with the last basket and what is popular, with weights that rank everybody's last basket best.
 *
 * Cost: some tens of microseconds to ask, two fits. Sources: as its parts; weights by climbing. Not where times
 * are known and a profile is kept: `fitBlend` knows when something is due.
 */
export function fitBasketMix(baskets: Baskets, options: BasketMixOptions = {}): BasketMix {
  checkBaskets(baskets);
  if (options.weights !== undefined) return mixOf(mixModels(baskets, options), options.weights);
  const { before, last } = lastApart(baskets);
  const models = mixModels(before, options);
  const { itemCount } = baskets;
  const pasts = pastsFrom(before);
  const weights = tuneMix({ fill: mixFiller(models), pasts, last, itemCount, start: mixWeights });
  return mixOf(mixModels(baskets, options), weights);
}

/** Reads what `toBytes` wrote; throws a plain sentence on anything else. */
export function basketMixFromBytes(bytes: Uint8Array): BasketMix {
  const [weights, popular, upCf, affinity, ...rest] = readArrays(magic, version, bytes);
  assert(weights instanceof Float64Array && weights.length === mixParts.length, "a mix has five weights");
  assert(popular instanceof Float64Array && upCf instanceof Uint8Array, "a mix holds its models");
  assert(affinity instanceof Uint8Array && rest.length === 0, "a mix holds its models");
  const models = { popular, upCf: upCfFromBytes(upCf), affinity: affinityFromBytes(affinity) };
  return mixOf(models, Object.fromEntries(mixParts.map((part, i) => [part, weights[i]!])) as MixWeights);
}

function mixModels(baskets: Baskets, options: UpCfOptions): MixModels {
  return {
    upCf: fitUpCf(baskets, options),
    affinity: fitAffinity(baskets, { halfLifeMs: Number.POSITIVE_INFINITY }),
    popular: fitPopularity(baskets, { halfLifeMs: Number.POSITIVE_INFINITY }).weights,
  };
}

function mixOf(models: MixModels, weights: MixWeights): BasketMix {
  const { upCf, affinity, popular } = models;
  const itemCount = popular.length;
  assert(upCf.itemCount === itemCount && affinity.itemCount === itemCount, "models are of the same items");
  const weightOf = mixParts.map((part) => weights[part]);
  const rows = mixParts.map(() => new Float64Array(itemCount));
  const fill = mixFiller(models);
  return {
    itemCount,
    weights,
    scores(past, outScores, person) {
      assert(outScores.length === itemCount, "there is one score per item");
      fill(past, rows, person);
      for (const [part, row] of rows.entries()) {
        const weight = weightOf[part]!;
        for (let item = 0; item < itemCount; item++) outScores[item]! += weight * row[item]!;
      }
    },
    toBytes: () =>
      writeArrays(magic, version, [Float64Array.from(weightOf), popular, upCf.toBytes(), affinity.toBytes()]),
  };
}

/** Everybody's last basket, of those with two or more, and the baskets without it. */
function lastApart(baskets: Baskets): { before: Baskets; last: ReadonlyMap<number, Int32Array> } {
  const { basketStart, itemOf, personOfBasket, timeOfBasket } = baskets;
  const starts = personStarts(baskets);
  const last = new Map<number, Int32Array>();
  const kept: number[] = [];
  for (let person = 0; person < baskets.personCount; person++) {
    const [from, until] = [starts[person]!, starts[person + 1]!];
    const isApart = until - from >= 2;
    if (isApart) last.set(person, itemOf.subarray(basketStart[until - 1]!, basketStart[until]!));
    for (let b = from; b < (isApart ? until - 1 : until); b++) kept.push(b);
  }
  const keptStart = new Int32Array(kept.length + 1);
  for (const [at, b] of kept.entries())
    keptStart[at + 1] = keptStart[at]! + basketStart[b + 1]! - basketStart[b]!;
  const items = new Int32Array(keptStart[kept.length]!);
  for (const [at, b] of kept.entries()) {
    items.set(itemOf.subarray(basketStart[b]!, basketStart[b + 1]!), keptStart[at]!);
  }
  const before = {
    ...baskets,
    basketStart: keptStart,
    itemOf: items,
    personOfBasket: Int32Array.from(kept, (b) => personOfBasket[b]!),
    timeOfBasket: Float64Array.from(kept, (b) => timeOfBasket[b]!),
  };
  return { before, last };
}
