import { assert } from "@trato/base";

/** A slope with its error, which holds however rows of one cluster go together. */
export type Slope = { readonly slope: number; readonly error: number; readonly clusters: number };

/**
 * The slope of what is left of the target on what is left of the price, with cluster-robust errors. `lost` is how many
 * numbers were fitted before. NaN error with one cluster.
 *
 * Sources: Frisch, Waugh 1933 (a slope between leftovers is the slope); Liang, Zeger 1986 (errors). Throws when the
 * price does not vary once the effects are taken out: nothing can then be said.
 */
export function slopeOf(given: {
  target: Float64Array;
  price: Float64Array;
  clusterOf: Int32Array;
  clusterCount: number;
  lost: number;
}): Slope {
  const { target, price, clusterOf, clusterCount, lost } = given;
  assert(
    target.length === price.length && clusterOf.length === price.length,
    "every row has a price and a cluster",
  );
  let [xx, xy] = [0, 0];
  for (let row = 0; row < price.length; row++) {
    xx += price[row]! * price[row]!;
    xy += price[row]! * target[row]!;
  }
  if (!(xx > 1e-12 * price.length))
    throw new Error("The price does not vary beside the effects: no slope can be seen.");
  const slope = xy / xx;
  const scores = new Float64Array(clusterCount);
  const seen = new Uint8Array(clusterCount);
  for (let row = 0; row < price.length; row++) {
    scores[clusterOf[row]!]! += price[row]! * (target[row]! - slope * price[row]!);
    seen[clusterOf[row]!] = 1;
  }
  const clusters = seen.reduce((a, b) => a + b, 0);
  const rows = price.length;
  const small = (clusters / (clusters - 1)) * ((rows - 1) / Math.max(1, rows - lost - 1));
  const meat = scores.reduce((sum, score) => sum + score * score, 0);
  return { slope, error: clusters > 1 ? Math.sqrt(small * meat) / xx : Number.NaN, clusters };
}
