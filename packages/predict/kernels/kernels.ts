/**
 * The inner loops of fitting, on arrays of one workspace. Matrices are rows of floats, `stride` apart; symmetric
 * ones are kept in the lower triangle, and what stands above the diagonal is neither read nor written.
 *
 * `wasm.ts` runs them as WebAssembly with SIMD, `plain.ts` in plain TypeScript: the same results within the
 * rounding of single precision (sums are taken in another sequence), some ten times slower.
 */
export type Kernels = {
  /** Σ x·y */
  dot(x: Float32Array, y: Float32Array): number;
  /** y += factor · x */
  axpy(factor: number, x: Float32Array, y: Float32Array): void;
  /** A += factor · x · x', lower triangle. Cost: size² / 2. */
  rankOne(factor: number, x: Float32Array, a: Square): void;
  /** A += factor · x · y', all of it: `x` gives the rows, `y` the columns. */
  outer(factor: number, x: Float32Array, y: Float32Array, a: Float32Array): void;
  /** C -= F · E', lower triangle; F and E have C's rows and `depth` columns, a multiple of four. */
  subtractProducts(c: Square, f: Float32Array, e: Float32Array, depth: number): void;
  /** C -= F · E', all of it: as wide as E has rows, `depth` (a multiple of four) floats in each row of F and E. */
  subtractAllProducts(c: Float32Array, f: Float32Array, e: Float32Array, depth: number): void;
  /**
   * A = L · L' in the place of A. `work` holds 64 floats a row. Returns -1, or the row at which A turned out not
   * to be positive definite. Cost: size³ / 3. Source: Golub and Van Loan, "Matrix Computations", 4.2.
   */
  cholesky(a: Square, work: Float32Array): number;
  /** x such that L · x = b, in the place of b. */
  solveLower(l: Square, x: Float32Array): void;
  /** x such that L' · x = b, in the place of b. */
  solveUpper(l: Square, x: Float32Array): void;
  /**
   * The inverse of a positive definite A in the place of A. Returns as `cholesky` does. Cost: size³. `work` as
   * `inversionWork` makes it. Source: the sweep operator, Goodnight, The American Statistician 33(3), 1979.
   */
  invert(a: Square, work: InversionWork): number;
  /** out_row += Σ rowScale_row · columnScale_c · dense_c over the columns c of a sparse 0/1 matrix's row. */
  sparseTimes(matrix: ScaledSparse, dense: Float32Array, width: number, out: Float32Array): void;
  /** out_i = rows_i · x for the listed rows of a matrix that is as wide as x, or for all without a list. */
  rowDots(matrix: Float32Array, x: Float32Array, out: Float32Array, list?: Int32Array): void;
  /** The rows of a matrix times themselves, H' · H, both triangles, in the place of `out`. */
  gram(matrix: Float32Array, width: number, out: Float32Array): void;
  /** One side of a round of iALS++, in the place of `factors`; see `FactorSide`. Returns as `cholesky` does. */
  factorSide(side: FactorSide): number;
  /**
   * The highest scores' indexes into `indexes`, best first, equal ones by ascending index, as many as it holds;
   * `kept` is as long. NaN is never chosen. Returns how many there were.
   */
  top(scores: Float32Array, kept: Float32Array, indexes: Int32Array): number;
  /**
   * Adds each row's pair (slope, curvature) to its bin: `out[2·bin]` and `out[2·bin + 1]`. Rows are `rows[from ..
   * to)`, their pairs lie in `pairs` from 0. Columns are taken four at a time.
   */
  histograms(columns: readonly HistogramColumn[], part: HistogramPart): void;
};

/** A square matrix: the first `size` columns of `size` rows, each `stride` floats after the last. */
export type Square = { readonly values: Float32Array; readonly size: number; readonly stride: number };

/** A sparse matrix whose element (r, c) is rowScale_r · columnScale_c where it has one. */
export type ScaledSparse = {
  readonly starts: Int32Array;
  readonly columns: Int32Array;
  readonly rowScale: Float32Array;
  readonly columnScale: Float32Array;
};

/**
 * Each row of `factors` takes, `block` dimensions at a time, the step to the least of Σ (w·h - 1)² over its entries +
 * unobserved · w'Gw + penalty · w²; h are rows of `others`, G is theirs times themselves, all of it. A row without
 * entries becomes 0. `scratch` holds the longest row's entries and `block` · (`block` + 65) floats.
 */
export type FactorSide = {
  readonly starts: Int32Array;
  readonly columns: Int32Array;
  readonly factors: Float32Array;
  readonly others: Float32Array;
  readonly gram: Float32Array;
  readonly dimensions: number;
  readonly block: number;
  readonly unobserved: number;
  /** One for each row. */
  readonly penalties: Float32Array;
  /** Entries of the longest row. */
  readonly longest: number;
  readonly scratch: Float32Array;
};

export type HistogramColumn = { readonly bins: Uint8Array; readonly out: Float64Array };

export type HistogramPart = {
  readonly rows: Int32Array;
  readonly from: number;
  readonly to: number;
  readonly pairs: Float64Array;
};

/** Rows that `invert` sweeps out together, and columns that `cholesky` eliminates together. */
export const sweepRows = 128;
export const choleskyColumns = 64;

/** `panel` and `swept` hold 128 floats a row, `pivot` 128 × 128 doubles. */
export type InversionWork = {
  readonly panel: Float32Array;
  readonly swept: Float32Array;
  readonly pivot: Float64Array;
};

type Arrays = { floats(count: number): Float32Array; doubles(count: number): Float64Array };

/** What inverting a matrix of `size` needs beside it. */
export function inversionWork(space: Arrays, size: number): InversionWork {
  return {
    panel: space.floats(size * sweepRows),
    swept: space.floats(size * sweepRows),
    pivot: space.doubles(sweepRows * sweepRows),
  };
}

/** The bytes of a workspace for inverting a matrix of `size`, the matrix itself apart. */
export function inversionBytes(size: number): number {
  return 8 * size * sweepRows + 8 * sweepRows * sweepRows + 64;
}
