import { assert } from "@trato/base";
import { checkInteractions, type Interactions } from "../arrays/interactions.ts";
import { inversionBytes, inversionWork, type Square } from "../kernels/kernels.ts";
import { wasmKernels } from "../kernels/wasm.ts";
import { type Workspace, workspace } from "../kernels/workspace.ts";
import { type EaseOptions, type EaseSettings, easeSettings, penaltyOf, scaleOf } from "./ease-options.ts";
import { type ItemModel, itemModelFrom, rowWriter } from "./item-model.ts";
import { walkFrom, walkOf, walkRow } from "./walk.ts";

/**
 * EASE^R: every item is regressed on all others at once, with a ridge, and never on itself. The solution is closed:
 * with P the inverse of the ridged counts of pairs, the edge from i to j is -P_ij / P_jj.
 *
 * Cost: items³ operations (3,043 items: about 3 s of one core; 12,101: about 2 min) and 4 · items² bytes, so that
 * `easeItemsMax` items fit; more go to `fitPrunedEase`, which needs neither. Source: Steck, "Embarrassingly Shallow
 * Autoencoders for Sparse Data", WWW 2019. Not for a catalogue that changes hourly: it is learnt as a whole.
 */
export function fitEase(interactions: Interactions, options: EaseOptions = {}): ItemModel {
  checkInteractions(interactions);
  const settings = easeSettings(options);
  const { itemCount } = interactions;
  assert(itemCount <= easeItemsMax, `at most ${easeItemsMax} items fit in memory; use fitPrunedEase`);
  const space = workspace(4 * itemCount * itemCount + inversionBytes(itemCount) + 64);
  const { pairs, counts } = countPairs(interactions, settings, space);
  const failed = wasmKernels(space).invert(pairs, inversionWork(space, itemCount), options.progress);
  assert(failed === -1, "counts with a ridge are positive definite");
  return itemModelFrom(edgesOf(pairs, counts, settings));
}

/** The most items whose matrix, and what inverting it needs, fit into 4 GiB. */
export const easeItemsMax = 32_000;

/** The lower triangle of the weighted counts of pairs, with the penalties on its diagonal; and the counts. */
function countPairs(interactions: Interactions, settings: EaseSettings, space: Workspace) {
  const { itemCount } = interactions;
  const pairs: Square = { values: space.floats(itemCount ** 2), size: itemCount, stride: itemCount };
  const counts = new Float64Array(itemCount);
  const walk = walkOf(interactions, settings.personPower);
  const row = walkRow(itemCount);
  for (let item = 0; item < itemCount; item++) {
    const touchedCount = walkFrom(walk, item, row);
    for (const other of row.touched.subarray(0, touchedCount)) {
      if (other <= item) pairs.values[item * itemCount + other] = row.sums[other]!;
      if (other === item) counts[item] = row.sums[other]!;
      row.sums[other] = 0;
    }
    pairs.values[item * itemCount + item]! += penaltyOf(counts[item]!, settings);
  }
  return { pairs, counts };
}

function edgesOf({ values, size }: Square, counts: Float64Array, settings: EaseSettings) {
  const writer = rowWriter(size, settings.neighboursMax);
  const scale = counts.map((count, item) => scaleOf(count, settings) / values[item * size + item]!);
  for (let from = 0; from < size; from++) {
    for (let to = 0; to < size; to++) {
      if (to === from) continue;
      const inverse = to < from ? values[from * size + to]! : values[to * size + from]!;
      writer.offer(to, -inverse * scale[to]!);
    }
    writer.end();
  }
  return writer.rows();
}
