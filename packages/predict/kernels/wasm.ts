import { assert } from "@trato/base";
import { alone, shared } from "./code.gen.ts";
import { type FactorSide, type InversionWork, type Kernels, type Square, sweepRows } from "./kernels.ts";
import { webAssembly } from "./web-assembly.ts";
import type { Workspace } from "./workspace.ts";

/** The functions of `assembly/index.ts`; arrays are addresses, `call` below turns the one into the other. */
type Exports = Readonly<Record<Name, (...numbers: number[]) => number>>;
type Name =
  | "axpy"
  | "cholesky"
  | "dot"
  | "factorSide"
  | "gram"
  | "histogram"
  | "histogramOfFour"
  | "outer"
  | "rankOne"
  | "rowDots"
  | "solveLower"
  | "solveUpper"
  | "someRowDots"
  | "sparseTimes"
  | "subtractAllProducts"
  | "subtractProducts"
  | "subtractShare"
  | "sweep"
  | "top";

type Flat = Float32Array | Float64Array | Int32Array | Uint8Array;

/** What workers that share an inversion call instead of `invert`; see `share.ts`. */
export type SharedKernels = Omit<Kernels, "invert"> & {
  /** `progress` is called after each block of rows with the share that is done; what it throws ends it halfway. */
  invert(a: Square, work: InversionWork, progress?: (share: number) => void): number;
  sweep(a: Square, from: number, work: InversionWork): number;
  subtractShare(a: Square, work: InversionWork, rowFrom: number, rowTo: number): void;
};

const modules = new Map<string, object>();

/** The kernels as WebAssembly with SIMD, for arrays of this workspace. The code is compiled once, in a few ms. */
export function wasmKernels(space: Workspace): SharedKernels {
  const { memory } = space;
  const code = memory.buffer instanceof ArrayBuffer ? alone : shared;
  const compiled = modules.get(code) ?? new webAssembly.Module(bytesOf(code));
  modules.set(code, compiled);
  const exports = new webAssembly.Instance(compiled, { env: { memory } }).exports as Exports;
  const call = (name: Name, ...given: readonly (number | Flat)[]): number =>
    exports[name](...given.map((one) => (typeof one === "number" ? one : addressOf(one))));
  const addressOf = (array: Flat): number => {
    assert(array.buffer === memory.buffer, "kernels work on arrays of their workspace");
    return array.byteOffset;
  };
  const kernels = {
    ...vectorKernels(call),
    ...matrixKernels(call),
    ...tableKernels(call),
    ...factorKernels(call),
  };
  return {
    ...kernels,
    invert(a, work, progress) {
      for (let from = 0; from < a.size; from += sweepRows) {
        const failed = kernels.sweep(a, from, work);
        if (failed !== -1) return failed;
        kernels.subtractShare(a, work, 0, a.size);
        progress?.(Math.min(1, (from + sweepRows) / a.size));
      }
      for (let row = 0; row < a.size; row++) {
        for (let at = row * a.stride; at <= row * a.stride + row; at++) a.values[at] = -a.values[at]!;
      }
      return -1;
    },
  };
}

type Call = (name: Name, ...given: readonly (number | Flat)[]) => number;

function vectorKernels(call: Call) {
  return {
    dot(x: Float32Array, y: Float32Array): number {
      assert(x.length === y.length, "both vectors are as long");
      return call("dot", x, y, x.length);
    },
    axpy(factor: number, x: Float32Array, y: Float32Array): void {
      assert(x.length === y.length, "both vectors are as long");
      call("axpy", factor, x, y, x.length);
    },
    rankOne(factor: number, x: Float32Array, a: Square): void {
      checkSquare(a);
      assert(x.length >= a.size, "a vector has a value for each row");
      call("rankOne", factor, x, a.values, a.size, a.stride);
    },
    outer(factor: number, x: Float32Array, y: Float32Array, a: Float32Array): void {
      assert(a.length >= x.length * y.length, "the matrix holds rows times columns");
      call("outer", factor, x, y, a, x.length, y.length, y.length);
    },
  };
}

function matrixKernels(call: Call) {
  return {
    subtractProducts(c: Square, f: Float32Array, e: Float32Array, depth: number): void {
      checkSquare(c);
      assert(depth % 4 === 0, "the depth is a multiple of four");
      assert(Math.min(f.length, e.length) >= c.size * depth, "both factors have the rows of the product");
      call("subtractProducts", c.values, c.stride, f, e, depth, 0, c.size);
    },
    subtractAllProducts(c: Float32Array, f: Float32Array, e: Float32Array, depth: number): void {
      assert(depth > 0 && depth % 4 === 0, "the depth is a multiple of four");
      const [rows, columns] = [f.length / depth, e.length / depth];
      assert(Number.isInteger(rows) && Number.isInteger(columns), "both factors are whole rows");
      assert(c.length === rows * columns, "the product has a place for each pair of rows");
      call("subtractAllProducts", c, f, rows, e, columns, depth);
    },
    cholesky(a: Square, work: Float32Array): number {
      checkSquare(a);
      assert(work.length >= 64 * a.size, "work holds 64 floats a row");
      return call("cholesky", a.values, a.size, a.stride, work);
    },
    solveLower(l: Square, x: Float32Array): void {
      checkSquare(l);
      assert(x.length >= l.size, "a vector has a value for each row");
      call("solveLower", l.values, l.size, l.stride, x);
    },
    solveUpper(l: Square, x: Float32Array): void {
      checkSquare(l);
      assert(x.length >= l.size, "a vector has a value for each row");
      call("solveUpper", l.values, l.size, l.stride, x);
    },
    sweep(a: Square, from: number, { panel, swept, pivot }: InversionWork): number {
      checkSquare(a);
      const enough = Math.min(panel.length, swept.length) >= sweepRows * a.size;
      assert(enough && pivot.length >= sweepRows ** 2, "the work is made for matrices of this size");
      return call("sweep", a.values, a.size, a.stride, from, panel, swept, pivot);
    },
    subtractShare(a: Square, { panel, swept }: InversionWork, rowFrom: number, rowTo: number): void {
      call("subtractShare", a.values, a.stride, panel, swept, rowFrom, rowTo);
    },
  };
}

function tableKernels(call: Call): Pick<Kernels, "sparseTimes" | "top" | "histograms"> {
  return {
    sparseTimes({ starts, columns, rowScale, columnScale }, dense, width, out) {
      const rows = starts.length - 1;
      assert(rowScale.length === rows && out.length >= rows * width, "every row has a scale and a place");
      assert(dense.length >= columnScale.length * width, "every column has a dense row");
      call("sparseTimes", starts, columns, rowScale, columnScale, dense, width, out, 0, rows);
    },
    top(scores, kept, indexes) {
      assert(kept.length === indexes.length && kept.length > 0, "kept and indexes are as long");
      return call("top", scores, scores.length, indexes.length, kept, indexes);
    },
    histograms(columns, { rows, from, to, pairs }) {
      assert(to <= rows.length && pairs.length >= 2 * (to - from), "every row has a pair");
      let i = 0;
      for (; i + 4 <= columns.length; i += 4) {
        const four = columns.slice(i, i + 4);
        const [bins, outs] = [four.map((one) => one.bins), four.map((one) => one.out)];
        call("histogramOfFour", ...bins, rows, from, to, pairs, ...outs);
      }
      for (const { bins, out } of columns.slice(i)) call("histogram", bins, rows, from, to, pairs, out);
    },
  };
}

function factorKernels(call: Call): Pick<Kernels, "rowDots" | "gram" | "factorSide"> {
  return {
    gram(matrix, width, out) {
      const rows = matrix.length / width;
      assert(Number.isInteger(rows) && out.length === width * width, "whole rows, and a square as wide");
      out.fill(0);
      if (width % 4 === 0) {
        call("gram", matrix, rows, width, out);
        mirror(out, width, (row, column) => column > row);
      } else {
        for (let at = 0; at < matrix.length; at += width)
          call("rankOne", 1, matrix.subarray(at, at + width), out, width, width);
        mirror(out, width, (row, column) => column < row);
      }
    },
    rowDots(matrix, x, out, list) {
      if (list === undefined) {
        assert(matrix.length >= out.length * x.length, "the matrix has a row for each result");
        call("rowDots", matrix, out.length, x.length, x, out);
        return;
      }
      assert(list.length <= out.length, "there is a place for each listed row");
      call("someRowDots", matrix, list, list.length, x.length, x, out);
    },
    factorSide(side: FactorSide) {
      const { starts, columns, factors, others, gram, dimensions, block, penalties, longest, scratch } = side;
      const rows = starts.length - 1;
      assert(factors.length >= rows * dimensions && penalties.length >= rows, "every row has its factors");
      assert(gram.length >= dimensions ** 2 && block > 0, "the gram is as wide as the factors");
      assert(scratch.length >= longest + block * (block + 65), "scratch is long enough");
      const matrices = [factors, others, gram, dimensions, block] as const;
      return call(
        "factorSide",
        starts,
        columns,
        rows,
        ...matrices,
        side.unobserved,
        penalties,
        longest,
        scratch,
      );
    },
  };
}

/** Copies one triangle of a square to the other. */
function mirror(square: Float32Array, size: number, isGiven: (row: number, column: number) => boolean): void {
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++)
      if (isGiven(row, column)) square[column * size + row] = square[row * size + column]!;
  }
}

function checkSquare({ values, size, stride }: Square): void {
  assert(size <= stride && values.length >= size * stride, "a square matrix holds its rows");
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}
