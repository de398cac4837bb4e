/** Many values as their count, their mean, and the sum of their squared distances from it. */
export type Spread = { readonly count: number; readonly mean: number; readonly squares: number };

export const noSpread: Spread = { count: 0, mean: 0, squares: 0 };

/**
 * The spread of one value more. Keeps its digits where summing squares would lose them.
 * Source: Welford, "Note on a method for calculating corrected sums of squares and products", 1962.
 */
export function withValue({ count, mean, squares }: Spread, value: number): Spread {
  const next = mean + (value - mean) / (count + 1);
  return { count: count + 1, mean: next, squares: squares + (value - mean) * (value - next) };
}

/**
 * The spread of so many noughts more: the people who bought nothing, without a look at each.
 * Source: Chan, Golub and LeVeque, "Updating formulae and a pairwise algorithm for computing sample variances", 1979.
 */
export function withNoughts({ count, mean, squares }: Spread, noughts: number): Spread {
  const all = count + noughts;
  if (all === 0) return noSpread;
  return { count: all, mean: (mean * count) / all, squares: squares + (mean * mean * count * noughts) / all };
}

/** The variance of those the values are a sample of; `count` is at least two. */
export function varianceOf({ count, squares }: Spread): number {
  return squares / (count - 1);
}
