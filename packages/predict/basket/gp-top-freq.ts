import { assert } from "@trato/base";
import { type Baskets, checkBaskets } from "../arrays/baskets.ts";
import { readArrays, writeArrays } from "../arrays/bytes.ts";
import type { BasketModel, Past } from "./past.ts";

export type TopFreqOptions = {
  /** What a basket counts for each newer one that the person has; default 0.9; 1 counts all alike. */
  readonly decay?: number;
};

const magic = "TrTopFrq";
const version = 1;

/**
 * What the person bought most often, newer baskets counting more; below all of that, what everybody bought most
 * often. The yardstick of next-basket papers, and hard to beat.
 *
 * Cost: one pass; a person's items and one addition an item to ask. Source: Li et al., "A next basket
 * recommendation reality check", 2023 (GP-TopFreq). Not for finding something new for somebody: the rest is the
 * same for everybody.
 */
export function fitGpTopFreq(baskets: Baskets, options: TopFreqOptions = {}): BasketModel {
  checkBaskets(baskets);
  const decay = options.decay ?? 0.9;
  const shares = new Float64Array(baskets.itemCount);
  for (const item of baskets.itemOf) shares[item]!++;
  const total = baskets.itemOf.length + 1;
  return topFreqFrom(
    shares.map((count) => count / total),
    decay,
  );
}

/** Reads what `toBytes` wrote; throws a plain sentence on anything else. */
export function gpTopFreqFromBytes(bytes: Uint8Array): BasketModel {
  const [shares, decay, ...rest] = readArrays(magic, version, bytes);
  assert(
    shares instanceof Float64Array && decay instanceof Float64Array,
    "a frequency model is shares and a decay",
  );
  assert(decay.length === 1 && rest.length === 0, "a frequency model is shares and a decay");
  return topFreqFrom(shares, decay[0]!);
}

function topFreqFrom(shares: Float64Array, decay: number): BasketModel {
  assert(decay > 0 && decay <= 1, "decay is above 0, at most 1");
  return {
    itemCount: shares.length,
    scores(past, outScores) {
      assert(outScores.length === shares.length, "there is one score per item");
      // A basket's least weight in the past is the decay's last power: popularity stays below it.
      const least = decay ** past.length;
      for (let item = 0; item < shares.length; item++) outScores[item]! += least * shares[item]!;
      addDecayed(past, decay, outScores);
    },
    toBytes: () => writeArrays(magic, version, [shares, Float64Array.of(decay)]),
  };
}

/** Adds to each item of the past a power of `decay` for every basket that held it, 1 for the newest. */
export function addDecayed(past: Past, decay: number, outScores: Float64Array): void {
  let weight = 1;
  for (let b = past.length - 1; b >= 0; b--, weight *= decay) {
    const basket = past[b]!;
    for (let at = 0; at < basket.length; at++) outScores[basket[at]!]! += weight;
  }
}
