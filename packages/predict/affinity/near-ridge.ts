import { assert } from "@trato/base";
import { choleskyColumns, type Square } from "../kernels/kernels.ts";
import { wasmKernels } from "../kernels/wasm.ts";
import { workspace } from "../kernels/workspace.ts";

/** A sparse matrix by columns: column `c` has `values` in the rows `rowOf`, from `starts[c]` to `starts[c + 1]`. */
export type Columns = {
  readonly rowCount: number;
  readonly starts: Int32Array;
  readonly rowOf: Int32Array;
  readonly values: Float32Array;
};

/**
 * Ridge regression of a column of Y on a few columns of X, exactly: w such that (X'X + penalties) · w = X'y. The
 * products are counted row by row among the chosen columns only, so that nothing of X'X is kept.
 *
 * `penalty` has one number per column of X. Answers a view that the next call overwrites. Cost: the chosen columns'
 * entries, the pairs that stand in one row, and chosen³ / 3.
 */
export function nearRidge(
  x: Columns,
  y: Columns,
  { chosenMax, penalty }: { chosenMax: number; penalty: Float64Array },
): (target: number, chosen: Int32Array) => Float32Array {
  const stride = chosenMax;
  const space = workspace(4 * stride * (stride + choleskyColumns + 1) + 64);
  const pairs: Square = { values: space.floats(stride * stride), size: stride, stride };
  const work = space.floats(stride * choleskyColumns);
  const weights = space.floats(stride);
  const kernels = wasmKernels(space);
  const count = pairCounter(x, chosenMax);
  const wanted = new Float32Array(x.rowCount);
  return (target, chosen) => {
    assert(chosen.length <= chosenMax, "no more columns are chosen than there is room for");
    const system = { ...pairs, size: chosen.length };
    const own = weights.fill(0).subarray(0, chosen.length);
    for (let n = 0; n < chosen.length; n++) pairs.values.fill(0, n * stride, n * stride + n + 1);
    for (let at = y.starts[target]!; at < y.starts[target + 1]!; at++) wanted[y.rowOf[at]!] = y.values[at]!;
    count(chosen, wanted, pairs.values, own);
    for (let at = y.starts[target]!; at < y.starts[target + 1]!; at++) wanted[y.rowOf[at]!] = 0;
    for (let n = 0; n < chosen.length; n++) pairs.values[n * stride + n]! += penalty[chosen[n]!]!;
    assert(kernels.cholesky(system, work) === -1, "counts with a penalty are positive definite");
    kernels.solveLower(system, own);
    kernels.solveUpper(system, own);
    return own;
  };
}

/**
 * Adds up X'X among the chosen columns and X'y. What a row holds of them is strung together first, so that only rows
 * that hold any are looked at, and only what they hold.
 */
function pairCounter(x: Columns, chosenMax: number) {
  const lengths = Int32Array.from({ length: x.starts.length - 1 }, (_, c) => x.starts[c + 1]! - x.starts[c]!);
  const most = lengths
    .sort()
    .subarray(-chosenMax)
    .reduce((sum, length) => sum + length, 0);
  const before = new Int32Array(most);
  const place = new Int32Array(most);
  const value = new Float32Array(most);
  const last = new Int32Array(x.rowCount).fill(-1);
  const rows = new Int32Array(x.rowCount);
  return (chosen: Int32Array, wanted: Float32Array, pairs: Float32Array, own: Float32Array): void => {
    let [used, rowCount] = [0, 0];
    for (let n = 0; n < chosen.length; n++) {
      for (let at = x.starts[chosen[n]!]!; at < x.starts[chosen[n]! + 1]!; at++) {
        const row = x.rowOf[at]!;
        if (last[row] === -1) rows[rowCount++] = row;
        before[used] = last[row]!;
        place[used] = n;
        value[used] = x.values[at]!;
        last[row] = used++;
        own[n]! += wanted[row]! * x.values[at]!;
      }
    }
    for (let r = 0; r < rowCount; r++) {
      const row = rows[r]!;
      // From the last place down, so that what follows lies below the diagonal.
      for (let i = last[row]!; i !== -1; i = before[i]!) {
        const rowFrom = place[i]! * chosenMax;
        const own = value[i]!;
        for (let j = i; j !== -1; j = before[j]!) pairs[rowFrom + place[j]!]! += own * value[j]!;
      }
      last[row] = -1;
    }
  };
}
