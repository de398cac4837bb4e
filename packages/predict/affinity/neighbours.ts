import { assert } from "@trato/base";
import type { SparseRows } from "../arrays/sparse.ts";

/**
 * For each item a short list of others with a weight, strongest first. A candidate's score is the sum over
 * the seeds of the seed's weight times its edge to the candidate, so each seed's share of it can be shown as
 * a reason.
 */
export type Neighbours = {
  readonly itemCount: number;
  readonly rows: SparseRows;
  /** The neighbours of an item and their weights, strongest first; views, not to be written to. */
  of(item: number): { items: Int32Array; weights: Float32Array };
  /** The weight of the edge, 0 when there is none. */
  edge(from: number, to: number): number;
  /** Adds to `outScores` what the seeds say of every item. Cost: the seeds' neighbours. */
  scores(seedItems: ArrayLike<number>, weights: ArrayLike<number>, outScores: Float64Array): void;
  /**
   * Writes each seed's share of the candidate's score into `outParts` and returns their sum: bit for bit the
   * score.
   */
  parts(
    candidate: number,
    seedItems: ArrayLike<number>,
    weights: ArrayLike<number>,
    outParts: Float64Array,
  ): number;
};

/** Puts the operations on rows that are already known to be right. */
export function neighboursFrom(rows: SparseRows): Neighbours {
  const { starts, columns, values } = rows;
  const itemCount = starts.length - 1;
  const known = (item: number) => assert(item >= 0 && item < itemCount, `an item is below ${itemCount}`);

  const edge = (from: number, to: number) => {
    known(from);
    for (let at = starts[from]!; at < starts[from + 1]!; at++) if (columns[at] === to) return values[at]!;
    return 0;
  };
  return {
    itemCount,
    rows,
    edge,
    of(item) {
      known(item);
      const [from, until] = [starts[item]!, starts[item + 1]!];
      return { items: columns.subarray(from, until), weights: values.subarray(from, until) };
    },
    scores(seedItems, weights, outScores) {
      assert(outScores.length === itemCount, "there is one score per item");
      assert(seedItems.length === weights.length, "there is one weight per seed");
      for (let s = 0; s < seedItems.length; s++) {
        const seed = seedItems[s]!;
        const weight = weights[s]!;
        known(seed);
        for (let at = starts[seed]!; at < starts[seed + 1]!; at++)
          outScores[columns[at]!]! += weight * values[at]!;
      }
    },
    parts(candidate, seedItems, weights, outParts) {
      assert(
        seedItems.length === weights.length && outParts.length >= weights.length,
        "there is one part per seed",
      );
      let sum = 0;
      for (let s = 0; s < seedItems.length; s++) {
        outParts[s] = weights[s]! * edge(seedItems[s]!, candidate);
        sum += outParts[s]!;
      }
      return sum;
    },
  };
}
