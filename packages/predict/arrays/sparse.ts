import { assert } from "@trato/base";

/**
 * Rows of few values among many columns: row `r` is `columns` and `values` from `starts[r]` to `starts[r +
 * 1]`.
 */
export type SparseRows = {
  readonly starts: Int32Array;
  readonly columns: Int32Array;
  readonly values: Float32Array;
};

/** Throws, naming what is wrong, when the arrays are not square sparse rows of `size`. Cost: one pass. */
export function checkSparseRows({ starts, columns, values }: SparseRows, size: number): void {
  assert(starts.length === size + 1, "a sparse matrix has one start more than rows");
  assert(starts[0] === 0 && starts[size] === columns.length, "the rows hold all columns");
  assert(columns.length === values.length, "every column has a value");
  for (let row = 0; row < size; row++) assert(starts[row]! <= starts[row + 1]!, "starts do not fall");
  for (const column of columns) assert(column >= 0 && column < size, "columns are below the size");
}
