import { checkInteractions, type Interactions } from "../arrays/interactions.ts";
import { topOf } from "../arrays/top.ts";
import { type EaseOptions, type EaseSettings, easeSettings, penaltyOf, scaleOf } from "./ease-options.ts";
import { type ItemModel, itemModelFrom, rowWriter, turnedRows } from "./item-model.ts";
import { type Columns, nearRidge } from "./near-ridge.ts";
import { clear, type Walk, walkFrom, walkOf, walkRow } from "./walk.ts";

/**
 * EASE^R for catalogues of any size: each item is regressed, exactly and with a ridge, on the few items that share
 * most people with it, instead of on all.
 *
 * Cost: per item, neighbours³ / 3 operations and the pairs that its neighbours' holders make; memory for the edges.
 * Source: Steck, "Markov Random Fields for Collaborative Filtering", NeurIPS 2019 (sparse approximation); Ning and
 * Karypis, "SLIM", ICDM 2011 (regressing on the neighbours alone). Not when items fit into `fitEase` and there is
 * time: what two items say of each other through a third that is no neighbour is lost.
 */
export type PrunedEaseOptions = EaseOptions & {
  /**
   * Which items count as near: those with most people in common, each person of n items weighing n to the power
   * of minus this, over the item's own people to the same power; default 0.6.
   */
  readonly nearPower?: number;
};

/** `neighboursMax` bounds what an item is predicted from; an item that many are predicted from may have more edges. */
export function fitPrunedEase(interactions: Interactions, options: PrunedEaseOptions = {}): ItemModel {
  checkInteractions(interactions);
  const { nearPower = 0.6, progress, ...rest } = options;
  const { itemCount } = interactions;
  const given = easeSettings(rest);
  const settings = { ...given, neighboursMax: Math.min(given.neighboursMax, Math.max(1, itemCount)) };
  const near = nearestOf(walkOf(interactions, nearPower), nearPower, settings.neighboursMax);
  const { x, counts, penalty } = columnsOf(walkOf(interactions, settings.personPower), settings);
  const solve = nearRidge(x, x, { chosenMax: settings.neighboursMax, penalty });
  const writer = rowWriter(itemCount, settings.neighboursMax);
  for (let item = 0; item < itemCount; item++) {
    const neighbours = near(item);
    const weights = solve(item, neighbours);
    const scale = scaleOf(counts[item]!, settings);
    for (const [n, neighbour] of neighbours.entries()) writer.offer(neighbour, weights[n]! * scale);
    writer.end();
    progress?.((item + 1) / itemCount);
  }
  return itemModelFrom(turnedRows(writer.rows()));
}

/** The items nearest to an item, itself apart, ascending; a view that the next call overwrites. */
function nearestOf(walk: Walk, nearPower: number, neighboursMax: number): (item: number) => Int32Array {
  const row = walkRow(walk.interactions.itemCount);
  const best = topOf(neighboursMax);
  const chosen = new Int32Array(neighboursMax);
  const weight = walk.heldBy.map((size) => (size === 0 ? 0 : size ** -nearPower));
  return (item) => {
    const count = walkFrom(walk, item, row);
    for (let t = 0; t < count; t++) {
      const other = row.touched[t]!;
      if (other !== item) best.offer(other, row.sums[other]! * weight[other]!);
    }
    clear(row, count);
    return chosen.subarray(0, best.take(chosen)).sort();
  };
}

/** The weighted interactions by item, and what is added to each item's count. */
function columnsOf({ holders, personWeight }: Walk, settings: EaseSettings) {
  const roots = personWeight.map(Math.sqrt);
  const values = Float32Array.from(holders.itemOf, (person) => roots[person]!);
  const { starts, itemOf: rowOf, itemCount: rowCount } = holders;
  const x: Columns = { rowCount, starts, rowOf, values };
  const counts = Float64Array.from({ length: starts.length - 1 }, (_, item) => {
    let sum = 0;
    for (let at = starts[item]!; at < starts[item + 1]!; at++) sum += personWeight[rowOf[at]!]!;
    return sum;
  });
  return { x, counts, penalty: counts.map((count) => penaltyOf(count, settings)) };
}
