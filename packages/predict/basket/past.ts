import { type Baskets, personStarts } from "../arrays/baskets.ts";

/** The baskets of one person, oldest first, each a list of distinct items. */
export type Past = readonly ArrayLike<number>[];

/** What is bought next, from the sequence of somebody's baskets alone; for shops that keep no profile of rhythms. */
export type BasketModel = {
  readonly itemCount: number;
  /**
   * Adds each item's score to `outScores`. `person` is their number when the model was fitted on them, so that
   * they are no evidence for themselves.
   */
  readonly scores: (past: Past, outScores: Float64Array, person?: number) => void;
  readonly toBytes: () => Uint8Array;
};

/** Each person's past; views into the baskets. Empty baskets are left out. Cost: one pass. */
export function pastsFrom(baskets: Baskets): Past[] {
  const { basketStart, itemOf, personCount } = baskets;
  const starts = personStarts(baskets);
  return Array.from({ length: personCount }, (_, person) => {
    const past: Int32Array[] = [];
    for (let b = starts[person]!; b < starts[person + 1]!; b++) {
      if (basketStart[b]! < basketStart[b + 1]!)
        past.push(itemOf.subarray(basketStart[b]!, basketStart[b + 1]!));
    }
    return past;
  });
}
