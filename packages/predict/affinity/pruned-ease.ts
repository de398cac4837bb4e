import { assert } from "@trato/base";
import { checkInteractions, type Interactions } from "../arrays/interactions.ts";
import { topOf } from "../arrays/top.ts";
import { choleskyColumns, type Square } from "../kernels/kernels.ts";
import { wasmKernels } from "../kernels/wasm.ts";
import { workspace } from "../kernels/workspace.ts";
import { type EaseOptions, type EaseSettings, easeSettings, penaltyOf, scaleOf } from "./ease-options.ts";
import { type ItemModel, itemModelFrom, rowWriter, turnedRows } from "./item-model.ts";
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
  /** Called after every item with the share that is done; what it throws ends the fit. */
  readonly progress?: (share: number) => void;
};

/** `neighboursMax` bounds what an item is predicted from; an item that many are predicted from may have more edges. */
export function fitPrunedEase(interactions: Interactions, options: PrunedEaseOptions = {}): ItemModel {
  checkInteractions(interactions);
  const { nearPower = 0.6, progress, ...rest } = options;
  const { itemCount } = interactions;
  const given = easeSettings(rest);
  const settings = { ...given, neighboursMax: Math.min(given.neighboursMax, Math.max(1, itemCount)) };
  const near = nearestOf(walkOf(interactions, nearPower), nearPower, settings.neighboursMax);
  const solve = solver(walkOf(interactions, settings.personPower), settings);
  const writer = rowWriter(itemCount, settings.neighboursMax);
  for (let item = 0; item < itemCount; item++) {
    const neighbours = near(item);
    const weights = solve(item, neighbours);
    for (const [n, neighbour] of neighbours.entries()) writer.offer(neighbour, weights[n]!);
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

/** The ridge regression of an item on others; answers a view that the next call overwrites. */
function solver(walk: Walk, settings: EaseSettings): (item: number, on: Int32Array) => Float32Array {
  const stride = settings.neighboursMax;
  const space = workspace(4 * stride * (stride + choleskyColumns + 1) + 64);
  const pairs: Square = { values: space.floats(stride * stride), size: stride, stride };
  const work = space.floats(stride * choleskyColumns);
  const weights = space.floats(stride);
  const kernels = wasmKernels(space);
  const count = pairCounter(walk, settings.neighboursMax);
  const { interactions, holders, personWeight } = walk;
  const counts = Float64Array.from({ length: interactions.itemCount }, (_, item) => {
    let sum = 0;
    for (let h = holders.starts[item]!; h < holders.starts[item + 1]!; h++)
      sum += personWeight[holders.itemOf[h]!]!;
    return sum;
  });
  return (item, on) => {
    const system = { ...pairs, size: on.length };
    const own = weights.fill(0).subarray(0, on.length);
    for (let n = 0; n < on.length; n++) pairs.values.fill(0, n * stride, n * stride + n + 1);
    count(item, on, pairs.values, own);
    for (let n = 0; n < on.length; n++) pairs.values[n * stride + n]! += penaltyOf(counts[on[n]!]!, settings);
    assert(kernels.cholesky(system, work) === -1, "counts with a ridge are positive definite");
    kernels.solveLower(system, own);
    kernels.solveUpper(system, own);
    const scale = scaleOf(counts[item]!, settings);
    for (let n = 0; n < on.length; n++) own[n]! *= scale;
    return own;
  };
}

/**
 * Counts pairs among the neighbours, and of each with the item, person by person: the neighbours that a person holds
 * are strung together, so that only persons who hold any are looked at, and only their neighbours.
 */
function pairCounter({ holders, personWeight, heldBy, interactions }: Walk, neighboursMax: number) {
  const most = heldBy
    .toSorted()
    .subarray(-neighboursMax)
    .reduce((sum, size) => sum + size, 0);
  const [before, place] = [new Int32Array(most), new Int32Array(most)];
  const last = new Int32Array(interactions.personCount).fill(-1);
  const persons = new Int32Array(interactions.personCount);
  const held = new Int32Array(neighboursMax);
  const holdsItem = new Uint8Array(interactions.personCount);
  const mark = (item: number, value: number) => {
    for (let h = holders.starts[item]!; h < holders.starts[item + 1]!; h++)
      holdsItem[holders.itemOf[h]!] = value;
  };
  return (item: number, on: Int32Array, pairs: Float32Array, own: Float32Array): void => {
    let [used, personCount] = [0, 0];
    mark(item, 1);
    for (let n = 0; n < on.length; n++) {
      for (let h = holders.starts[on[n]!]!; h < holders.starts[on[n]! + 1]!; h++) {
        const person = holders.itemOf[h]!;
        if (last[person] === -1) persons[personCount++] = person;
        before[used] = last[person]!;
        place[used] = n;
        last[person] = used++;
        if (holdsItem[person] === 1) own[n]! += personWeight[person]!;
      }
    }
    mark(item, 0);
    for (let p = 0; p < personCount; p++) {
      const person = persons[p]!;
      const weight = personWeight[person]!;
      let heldCount = 0;
      for (let at = last[person]!; at !== -1; at = before[at]!) held[heldCount++] = place[at]!;
      last[person] = -1;
      for (let i = 0; i < heldCount; i++) {
        const rowFrom = held[i]! * neighboursMax;
        for (let j = i; j < heldCount; j++) pairs[rowFrom + held[j]!]! += weight;
      }
    }
  };
}
