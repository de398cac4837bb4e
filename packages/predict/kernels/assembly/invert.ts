import { at, subtractProducts } from "./products";
import { dot } from "./vectors";

/** Rows that are swept together; `panel`, `swept` and `pivot` below are made for it. */
const blockRows = 128;

/**
 * Sweeps the block of rows that begins at `from` out of the lower triangle of a symmetric positive definite A
 * (the pivot's inverse D, then A_iK := A_iK · D). `panel` and `swept` hold 128 floats a row, `pivot` 128 × 128
 * doubles. When `subtractShare` has followed for all rows, and this for all blocks, A is minus its inverse.
 * Returns the row whose pivot is not positive, or -1.
 */
export function sweep(
  a: usize,
  size: i32,
  stride: i32,
  from: i32,
  panel: usize,
  swept: usize,
  pivot: usize,
): i32 {
  const to = min(from + blockRows, size);
  const width = to - from;
  memory.fill(panel, 0, (<usize>size * blockRows) << 2);
  memory.fill(swept, 0, (<usize>size * blockRows) << 2);
  for (let row = 0; row < from; row++) {
    for (let q = 0; q < width; q++) {
      store<f32>(cell(panel, row, q), load<f32>(at(a, stride, from + q) + ((<usize>row) << 2)));
    }
  }
  for (let row = to; row < size; row++) {
    memory.copy(cell(panel, row, 0), at(a, stride, row) + ((<usize>from) << 2), (<usize>width) << 2);
  }
  const failed = invertPivot(a, stride, from, width, pivot);
  if (failed >= 0) return from + failed;
  // The inverse of the pivot, as floats, lies in the rows of `swept` that the pivot itself leaves empty.
  const inverse = cell(swept, from, 0);
  for (let p = 0; p < width; p++) {
    for (let q = 0; q < width; q++) store<f32>(cell(inverse, p, q), <f32>load<f64>(wide(pivot, p, q)));
  }
  for (let row = 0; row < size; row++) {
    if (row === from) row = to;
    if (row >= size) break;
    for (let q = 0; q < width; q++) {
      const value = dot(cell(panel, row, 0), cell(inverse, q, 0), width);
      store<f32>(cell(swept, row, q), value);
      store<f32>(
        row < from
          ? at(a, stride, from + q) + ((<usize>row) << 2)
          : at(a, stride, row) + ((<usize>(from + q)) << 2),
        value,
      );
    }
  }
  for (let p = 0; p < width; p++) {
    for (let q = 0; q <= p; q++) {
      store<f32>(at(a, stride, from + p) + ((<usize>(from + q)) << 2), -load<f32>(cell(inverse, p, q)));
    }
  }
  memory.fill(inverse, 0, (<usize>width * blockRows) << 2);
  return -1;
}

/** What follows a sweep, for some of the rows: A -= swept · panel'. Rows may be shared out between workers. */
export function subtractShare(
  a: usize,
  stride: i32,
  panel: usize,
  swept: usize,
  rowFrom: i32,
  rowTo: i32,
): void {
  subtractProducts(a, stride, swept, panel, blockRows, rowFrom, rowTo);
}

/** The inverse of a small positive definite block, in double precision, by sweeping one row at a time. */
function invertPivot(a: usize, stride: i32, from: i32, width: i32, pivot: usize): i32 {
  for (let p = 0; p < width; p++) {
    for (let q = 0; q <= p; q++) {
      const value = <f64>load<f32>(at(a, stride, from + p) + ((<usize>(from + q)) << 2));
      store<f64>(wide(pivot, p, q), value);
      store<f64>(wide(pivot, q, p), value);
    }
  }
  for (let k = 0; k < width; k++) {
    const own = load<f64>(wide(pivot, k, k));
    if (!(own > 0)) return k;
    for (let p = 0; p < width; p++) {
      if (p === k) continue;
      const factor = load<f64>(wide(pivot, p, k)) / own;
      for (let q = 0; q < width; q++) {
        if (q === k) continue;
        store<f64>(wide(pivot, p, q), load<f64>(wide(pivot, p, q)) - factor * load<f64>(wide(pivot, k, q)));
      }
    }
    for (let p = 0; p < width; p++) {
      if (p === k) continue;
      store<f64>(wide(pivot, p, k), load<f64>(wide(pivot, p, k)) / own);
      store<f64>(wide(pivot, k, p), load<f64>(wide(pivot, k, p)) / own);
    }
    store<f64>(wide(pivot, k, k), -1 / own);
  }
  for (let p = 0; p < width; p++) {
    for (let q = 0; q < width; q++) store<f64>(wide(pivot, p, q), -load<f64>(wide(pivot, p, q)));
  }
  return -1;
}

/** An element of a matrix that is 128 floats wide. */
function cell(matrix: usize, row: i32, column: i32): usize {
  return matrix + ((<usize>row * blockRows + <usize>column) << 2);
}

function wide(matrix: usize, row: i32, column: i32): usize {
  return matrix + ((<usize>row * blockRows + <usize>column) << 3);
}
