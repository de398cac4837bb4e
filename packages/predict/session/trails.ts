import { assert } from "@trato/base";
import { readArrays, writeArrays } from "../arrays/bytes.ts";

/**
 * Which items are clicked near which, kept as `width` neighbours an item in memory that never grows: each pair
 * of clicks adds to both rows, heaviest first, and a newcomer to a full row takes the place and the weight of
 * its lightest, so that whatever is frequent stays and is overestimated by no more than that weight.
 *
 * Cost: 8 bytes a neighbour; a pair costs a look through two rows. Source: Metwally, Agrawal, El Abbadi,
 * "Efficient computation of frequent and top-k elements in data streams", 2005. Not for counting exactly.
 */
export type Trails = {
  readonly itemCount: number;
  readonly width: number;
  /** Row of item `i`: `nearOf` and `weightOf` from `i * width`, heaviest first, -1 where there is none. */
  readonly nearOf: Int32Array;
  readonly weightOf: Float32Array;
  /** Per item the sum of all that was ever added to its row. */
  readonly totalOf: Float64Array;
  readonly add: (from: number, to: number, weight: number) => void;
  readonly toBytes: () => Uint8Array;
};

const magic = "TrTrails";
const version = 1;

export function trailsOf(itemCount: number, width: number): Trails {
  return trailsFrom(
    width,
    new Int32Array(itemCount * width).fill(-1),
    new Float32Array(itemCount * width),
    new Float64Array(itemCount),
  );
}

export function trailsFromBytes(bytes: Uint8Array): Trails {
  const [nearOf, weightOf, totalOf] = readArrays(magic, version, bytes);
  assert(nearOf instanceof Int32Array && weightOf instanceof Float32Array, "trails are rows");
  assert(totalOf instanceof Float64Array && nearOf.length === weightOf.length, "trails have totals");
  return trailsFrom(nearOf.length / totalOf.length, nearOf.slice(), weightOf.slice(), totalOf.slice());
}

function trailsFrom(
  width: number,
  nearOf: Int32Array,
  weightOf: Float32Array,
  totalOf: Float64Array,
): Trails {
  const itemCount = totalOf.length;
  return {
    itemCount,
    width,
    nearOf,
    weightOf,
    totalOf,
    add(from, to, weight) {
      totalOf[from]! += weight;
      const start = from * width;
      const end = start + width;
      let at = start;
      while (at < end && nearOf[at] !== to && nearOf[at] !== -1) at++;
      if (at === end) at--;
      nearOf[at] = to;
      const grown = weightOf[at]! + weight;
      while (at > start && weightOf[at - 1]! < grown) {
        nearOf[at] = nearOf[at - 1]!;
        weightOf[at] = weightOf[at - 1]!;
        at--;
      }
      nearOf[at] = to;
      weightOf[at] = grown;
    },
    toBytes: () => writeArrays(magic, version, [nearOf, weightOf, totalOf]),
  };
}
