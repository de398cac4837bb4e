import { assert } from "@trato/base";
import { easeItemsMax } from "../affinity/ease.ts";
import { type ItemModel, itemModelFrom, rowWriter, turnedRows } from "../affinity/item-model.ts";
import { inversionBytes, inversionWork, type Square } from "../kernels/kernels.ts";
import { type SharedKernels, wasmKernels } from "../kernels/wasm.ts";
import { type Workspace, workspace } from "../kernels/workspace.ts";
import type { Examples } from "./examples.ts";

/** The share of the time that inverting takes. */
const invertingShare = 0.9;

/**
 * Each item regressed on all items that came before it, (X'X + ridge)⁻¹ X'Y, then pruned to the `neighboursMax`
 * strongest it is told by. Cost: items³ operations and 4 · items² bytes, at most `easeItemsMax` items.
 */
export function fullRidge(
  { rows, y }: Examples,
  itemCount: number,
  { ridge, neighboursMax }: { ridge: number; neighboursMax: number },
  progress: (share: number) => void,
): ItemModel {
  assert(itemCount <= easeItemsMax, `at most ${easeItemsMax} items fit in memory; leave out full`);
  const space = workspace(4 * itemCount * (itemCount + 1) + inversionBytes(itemCount) + 64);
  const pairs: Square = { values: space.floats(itemCount ** 2), size: itemCount, stride: itemCount };
  const kernels = wasmKernels(space);
  countPairs(rows, pairs, ridge);
  invertWhole(pairs, kernels, space, (share) => progress(invertingShare * share));
  const told = space.floats(itemCount);
  const counts = new Map<number, number>();
  const writer = rowWriter(itemCount, neighboursMax);
  for (let item = 0; item < itemCount; item++) {
    counts.clear();
    for (let held = y.starts[item]!; held < y.starts[item + 1]!; held++) {
      const row = y.rowOf[held]!;
      for (let at = rows.starts[row]!; at < rows.starts[row + 1]!; at++) {
        counts.set(rows.columns[at]!, (counts.get(rows.columns[at]!) ?? 0) + rows.values[at]!);
      }
    }
    told.fill(0);
    for (const [before, count] of counts) {
      kernels.axpy(count, pairs.values.subarray(before * itemCount, (before + 1) * itemCount), told);
    }
    for (let before = 0; before < itemCount; before++) writer.offer(before, told[before]!);
    writer.end();
    progress(invertingShare + ((1 - invertingShare) * (item + 1)) / itemCount);
  }
  return itemModelFrom(turnedRows(writer.rows()));
}

/** X'X below the diagonal, with the ridge on it. */
function countPairs({ starts, columns, values }: Examples["rows"], pairs: Square, ridge: number): void {
  for (let row = 0; row + 1 < starts.length; row++) {
    for (let i = starts[row]!; i < starts[row + 1]!; i++) {
      const from = columns[i]! * pairs.stride;
      for (let j = starts[row]!; j < starts[row + 1]!; j++) {
        if (columns[j]! <= columns[i]!) pairs.values[from + columns[j]!]! += values[i]! * values[j]!;
      }
    }
  }
  for (let item = 0; item < pairs.size; item++) pairs.values[item * pairs.stride + item]! += ridge;
}

/** The inverse in both triangles. */
function invertWhole(
  pairs: Square,
  kernels: SharedKernels,
  space: Workspace,
  progress: (share: number) => void,
): void {
  const { values, size } = pairs;
  const failed = kernels.invert(pairs, inversionWork(space, size), progress);
  assert(failed === -1, "counts with a ridge are positive definite");
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < row; column++) values[column * size + row] = values[row * size + column]!;
  }
}
