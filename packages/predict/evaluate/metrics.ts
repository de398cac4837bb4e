/**
 * How good a ranking is, measured against what then happened. `ranked` lists items best first, `truth` holds
 * what was bought. Empty truth is the caller's to leave out: nothing could have been right.
 *
 * Source: Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques", 2002.
 */
export type Ranked = ArrayLike<number>;

/** The share of the truth found among the first `k`. */
export function recallAtK(ranked: Ranked, truth: ReadonlySet<number>, k: number): number {
  let found = 0;
  for (let rank = 0; rank < Math.min(k, ranked.length); rank++) if (truth.has(ranked[rank]!)) found++;
  return found / truth.size;
}

/** Gain discounted by rank, over that of a perfect ranking, which can place no more than min(k, truth). */
export function ndcgAtK(ranked: Ranked, truth: ReadonlySet<number>, k: number): number {
  let gain = 0;
  let ideal = 0;
  for (let rank = 0; rank < Math.min(k, ranked.length); rank++) {
    if (truth.has(ranked[rank]!)) gain += 1 / Math.log2(rank + 2);
  }
  for (let rank = 0; rank < Math.min(k, truth.size); rank++) ideal += 1 / Math.log2(rank + 2);
  return gain / ideal;
}

/** 1 when any of the first `k` was right, else 0. */
export function hitAtK(ranked: Ranked, truth: ReadonlySet<number>, k: number): number {
  for (let rank = 0; rank < Math.min(k, ranked.length); rank++) if (truth.has(ranked[rank]!)) return 1;
  return 0;
}
