import type { FactorSide, Kernels, Square } from "./kernels.ts";

/**
 * The kernels in plain TypeScript, on any arrays: what the WebAssembly is tested against, and for where it may
 * not run (a content security policy without `wasm-unsafe-eval`). Sums are kept in double precision.
 */
export const plainKernels: Kernels = {
  dot: (x, y) => dotOf(x, 0, y, 0, x.length),
  axpy(factor, x, y) {
    for (let i = 0; i < x.length; i++) y[i]! += factor * x[i]!;
  },
  rankOne(factor, x, { values, size, stride }) {
    for (let row = 0; row < size; row++) {
      for (let column = 0; column <= row; column++) {
        values[row * stride + column]! += factor * x[row]! * x[column]!;
      }
    }
  },
  outer(factor, x, y, a) {
    for (let row = 0; row < x.length; row++) {
      for (let column = 0; column < y.length; column++) {
        a[row * y.length + column]! += factor * x[row]! * y[column]!;
      }
    }
  },
  subtractProducts({ values, size, stride }, f, e, depth) {
    for (let row = 0; row < size; row++) {
      for (let column = 0; column <= row; column++) {
        values[row * stride + column]! -= dotOf(f, row * depth, e, column * depth, depth);
      }
    }
  },
  subtractAllProducts(c, f, e, depth) {
    const width = e.length / depth;
    for (let at = 0; at < c.length; at++) {
      c[at]! -= dotOf(f, Math.floor(at / width) * depth, e, (at % width) * depth, depth);
    }
  },
  cholesky: (a) => cholesky(a),
  solveLower({ values, size, stride }, x) {
    for (let row = 0; row < size; row++) {
      x[row] = (x[row]! - dotOf(values, row * stride, x, 0, row)) / values[row * stride + row]!;
    }
  },
  solveUpper({ values, size, stride }, x) {
    for (let row = size - 1; row >= 0; row--) {
      x[row]! /= values[row * stride + row]!;
      for (let column = 0; column < row; column++) x[column]! -= x[row]! * values[row * stride + column]!;
    }
  },
  invert: (a) => invert(a),
  sparseTimes({ starts, columns, rowScale, columnScale }, dense, width, out) {
    for (let row = 0; row < starts.length - 1; row++) {
      for (let i = starts[row]!; i < starts[row + 1]!; i++) {
        const column = columns[i]!;
        const factor = rowScale[row]! * columnScale[column]!;
        for (let k = 0; k < width; k++) out[row * width + k]! += factor * dense[column * width + k]!;
      }
    }
  },
  rowDots(matrix, x, out, list) {
    const count = list?.length ?? out.length;
    for (let i = 0; i < count; i++) out[i] = dotOf(matrix, (list?.[i] ?? i) * x.length, x, 0, x.length);
  },
  gram(matrix, width, out) {
    out.fill(0);
    for (let at = 0; at < matrix.length; at += width) {
      const h = matrix.subarray(at, at + width);
      plainKernels.outer(1, h, h, out);
    }
  },
  factorSide: (side) => factorSide(side),
  top(scores, kept, indexes) {
    const sorted = [...scores.keys()].filter((i) => !Number.isNaN(scores[i]));
    sorted.sort((i, j) => scores[j]! - scores[i]! || i - j);
    const count = Math.min(sorted.length, indexes.length);
    for (let rank = 0; rank < count; rank++) {
      indexes[rank] = sorted[rank]!;
      kept[rank] = scores[sorted[rank]!]!;
    }
    return count;
  },
  histograms(columns, { rows, from, to, pairs }) {
    for (const { bins, out } of columns) {
      for (let i = from; i < to; i++) {
        const bin = bins[rows[i]!]!;
        out[2 * bin]! += pairs[2 * (i - from)]!;
        out[2 * bin + 1]! += pairs[2 * (i - from) + 1]!;
      }
    }
  },
};

function dotOf(x: Float32Array, xFrom: number, y: Float32Array, yFrom: number, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += x[xFrom + i]! * y[yFrom + i]!;
  return sum;
}

function cholesky({ values, size, stride }: Square): number {
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      const cell = row * stride + column;
      const rest = values[cell]! - dotOf(values, row * stride, values, column * stride, column);
      if (column < row) values[cell] = rest / values[column * stride + column]!;
      else if (rest > 0) values[cell] = Math.sqrt(rest);
      else return row;
    }
  }
  return -1;
}

/** Column by column from the factor: A⁻¹ eₖ solves L · L' · x = eₖ. */
function invert(a: Square): number {
  const { values, size, stride } = a;
  const l = { values: values.slice(), size, stride };
  const failed = cholesky(l);
  if (failed !== -1) return failed;
  const x = new Float32Array(size);
  for (let column = 0; column < size; column++) {
    x.fill(0);
    x[column] = 1;
    plainKernels.solveLower(l, x);
    plainKernels.solveUpper(l, x);
    for (let row = column; row < size; row++) values[row * stride + column] = x[row]!;
  }
  return -1;
}

function factorSide(side: FactorSide): number {
  const { starts, columns, factors, others, gram, dimensions, block, unobserved, penalties } = side;
  for (let row = 0; row < starts.length - 1; row++) {
    const w = factors.subarray(row * dimensions, (row + 1) * dimensions);
    const entries = Array.from(columns.subarray(starts[row]!, starts[row + 1]!), (column) =>
      others.subarray(column * dimensions, (column + 1) * dimensions),
    );
    if (entries.length === 0) w.fill(0);
    for (let first = 0; entries.length > 0 && first < dimensions; first += block) {
      const size = Math.min(block, dimensions - first);
      const system = { values: new Float32Array(size * size), size, stride: size };
      const step = new Float32Array(size);
      for (let p = 0; p < size; p++) {
        const line = (first + p) * dimensions;
        for (let q = 0; q <= p; q++) system.values[p * size + q] = unobserved * gram[line + first + q]!;
        system.values[p * size + p]! += penalties[row]!;
        step[p] = unobserved * dotOf(gram, line, w, 0, dimensions) + penalties[row]! * w[first + p]!;
      }
      for (const h of entries) {
        const part = h.subarray(first, first + size);
        plainKernels.axpy(dotOf(w, 0, h, 0, dimensions) - 1, part, step);
        plainKernels.rankOne(1, part, system);
      }
      if (cholesky(system) !== -1) return row;
      plainKernels.solveLower(system, step);
      plainKernels.solveUpper(system, step);
      plainKernels.axpy(-1, step, w.subarray(first, first + size));
    }
  }
  return -1;
}
