import { assert } from "@trato/base";
import { checkInteractions, type Interactions } from "../arrays/interactions.ts";
import { type ItemModel, itemModelFrom, rowWriter } from "./item-model.ts";
import { clear, walkFrom, walkOf, walkRow } from "./walk.ts";

/**
 * RP3beta: from a seed to one of its people, to one of that person's items, each step drawn with its chance to the
 * power of alpha; what is popular anyway is held down by the power of beta. The edge is the weight of all such
 * walks.
 *
 * Cost: the sum of the squares of the persons' sizes (Gowalla, 810,128 interactions: about 5 s of one core).
 * Source: Paudel, Christoffel, Newell and Bernstein, "Updatable, Accurate, Diverse, and Scalable Recommendations for
 * Interactive Applications", ACM TiiS 7(1), 2016. Not where some persons hold most of the catalogue: a thousand
 * such cost a thousand times the catalogue's square.
 */
export type Rp3BetaOptions = {
  /** How far the steps' chances count; default 0.6. 1 is the plain walk, 0 is counting. */
  readonly alpha?: number;
  /** How far popularity is held down; default 0.3. */
  readonly beta?: number;
  /** Edges kept per item; default 200. */
  readonly neighboursMax?: number;
  /** Called as it goes with the share that is done; what it throws ends the fit. */
  readonly progress?: (share: number) => void;
};

/** An item that nobody holds has no edges; without interactions every score is 0. */
export function fitRp3Beta(interactions: Interactions, options: Rp3BetaOptions = {}): ItemModel {
  checkInteractions(interactions);
  const { alpha = 0.6, beta = 0.3, neighboursMax = 200, progress } = options;
  assert(Number.isFinite(alpha) && Number.isFinite(beta), "alpha and beta are numbers");
  const { itemCount } = interactions;
  const walk = walkOf(interactions, alpha);
  const from = walk.heldBy.map((size) => (size === 0 ? 0 : size ** -alpha));
  const to = walk.heldBy.map((size) => (size === 0 ? 0 : size ** -beta));
  const row = walkRow(itemCount);
  const writer = rowWriter(itemCount, neighboursMax);
  for (let item = 0; item < itemCount; item++) {
    const count = walkFrom(walk, item, row);
    for (let t = 0; t < count; t++) {
      const other = row.touched[t]!;
      if (other !== item) writer.offer(other, row.sums[other]! * from[item]! * to[other]!);
    }
    writer.end();
    clear(row, count);
    progress?.((item + 1) / itemCount);
  }
  return itemModelFrom(writer.rows());
}
