import type { Kernels } from "../kernels/kernels.ts";
import { wasmKernels } from "../kernels/wasm.ts";
import { webAssembly } from "../kernels/web-assembly.ts";
import { type Workspace, workspace } from "../kernels/workspace.ts";
import type { Binned } from "./bins.ts";
import { addColumns, type Histogram, type Part } from "./histogram.ts";

/** What trees are grown in: the rows that were drawn, their slopes gathered, and a histogram for each open leaf. */
export type Room = {
  readonly order: Int32Array;
  readonly gathered: Float64Array;
  readonly histograms: readonly Histogram[];
  /** Adds rows of `order`, whose slopes lie in `gathered` from 0, to the histogram of that number. */
  add(histogram: number, columns: Int32Array, part: Pick<Part, "from" | "to">): void;
};

/** Fewer rows are added sooner than WebAssembly is called. */
const kernelRowsMin = 256;
/** A workspace's 4 GiB, and some room for rounding up. */
const workspaceBytesMax = 4e9;

/**
 * Room for `leavesMax` histograms, in which column `c` begins at `starts[c]`. Rows are added by WebAssembly, 2.4 times
 * as fast and to the same bits, where there is any and the table fits into its memory; else by plain loops.
 */
export function roomFor(
  binned: Binned,
  starts: Int32Array,
  { length, leavesMax }: { length: number; leavesMax: number },
): Room {
  const { rowCount, columns } = binned;
  const aligned = 16 * (columns.length + leavesMax + 2);
  const bytes = rowCount * (columns.length + 4 + 16) + 8 * length * leavesMax + aligned;
  if (webAssembly === undefined || bytes > workspaceBytesMax) {
    return plainRoom(binned, starts, arraysOf(plainArrays, rowCount, { length, leavesMax }));
  }
  const space = workspace(bytes);
  const own = columns.map((column) => {
    const copy = space.bytes(rowCount);
    copy.set(column);
    return copy;
  });
  const arrays = arraysOf(space, rowCount, { length, leavesMax });
  return kernelRoom({ rowCount, columns: own }, starts, arrays, wasmKernels(space));
}

const plainArrays = {
  ints: (count: number) => new Int32Array(count),
  doubles: (count: number) => new Float64Array(count),
};

type Arrays = Omit<Room, "add">;

function arraysOf(
  space: Pick<Workspace, "ints" | "doubles">,
  rowCount: number,
  { length, leavesMax }: { length: number; leavesMax: number },
): Arrays {
  return {
    order: space.ints(rowCount),
    gathered: space.doubles(2 * rowCount),
    histograms: Array.from({ length: leavesMax }, () => space.doubles(length)),
  };
}

function plainRoom({ columns: all }: Binned, starts: Int32Array, arrays: Arrays): Room {
  const places = all.map((bins, column) => ({ at: starts[column]!, bins }));
  return {
    ...arrays,
    add(histogram, columns, { from, to }) {
      const part = { rows: arrays.order, from, to, slopes: arrays.gathered };
      addColumns(
        arrays.histograms[histogram]!,
        Array.from(columns, (column) => places[column]!),
        part,
      );
    },
  };
}

function kernelRoom(binned: Binned, starts: Int32Array, arrays: Arrays, kernels: Kernels): Room {
  const plain = plainRoom(binned, starts, arrays);
  const { order: rows, gathered: pairs, histograms } = arrays;
  const outs = histograms.map((whole) =>
    binned.columns.map((bins, column) => ({ bins, out: whole.subarray(starts[column], starts[column + 1]) })),
  );
  return {
    ...arrays,
    add(histogram, columns, { from, to }) {
      if (to - from < kernelRowsMin) return plain.add(histogram, columns, { from, to });
      const chosen = Array.from(columns, (column) => outs[histogram]![column]!);
      kernels.histograms(chosen, { rows, from, to, pairs });
    },
  };
}
