import type { Popularity } from "../affinity/popularity.ts";
import type { History } from "./history.ts";

/**
 * The last basket again, the most popular of it first, then whatever else is popular. It learns nothing: it
 * is the yardstick that a next-basket model has to beat, and often a hard one.
 *
 * Cost: one pass over the items. Source: the baseline of Hu et al., SIGIR 2020. Not for use where a better
 * one fits.
 */
export function repeatLast(popularity: Popularity): (history: History, outScores: Float64Array) => void {
  return (history, outScores) => {
    outScores.set(popularity.weights);
    for (let i = 0; i < history.lastBasket.length; i++) outScores[history.lastBasket[i]!]! += 2;
  };
}
