import { at, subtractProducts } from "./products";
import { axpy, dot } from "./vectors";

/** Columns that are eliminated together. */
const blockColumns = 64;

/**
 * The lower triangle of A becomes L with A = L · L'; what stands above the diagonal is not read. `work` holds
 * 64 floats a row. Returns the row whose pivot is not positive, or -1.
 */
export function cholesky(a: usize, size: i32, stride: i32, work: usize): i32 {
  for (let from = 0; from < size; from += blockColumns) {
    const to = min(from + blockColumns, size);
    for (let row = from; row < size; row++) {
      const begin = at(a, stride, row);
      const own = begin + ((<usize>from) << 2);
      for (let column = from; column < min(row, to); column++) {
        const above = at(a, stride, column);
        const cell = begin + ((<usize>column) << 2);
        const rest = load<f32>(cell) - dot(own, above + ((<usize>from) << 2), column - from);
        store<f32>(cell, rest / load<f32>(above + ((<usize>column) << 2)));
      }
      if (row >= to) continue;
      const cell = begin + ((<usize>row) << 2);
      const pivot = load<f32>(cell) - dot(own, own, row - from);
      if (!(pivot > 0)) return row;
      store<f32>(cell, sqrt<f32>(pivot));
    }
    if (to === size) break;
    for (let row = to; row < size; row++) {
      memory.copy(
        at(work, blockColumns, row - to),
        at(a, stride, row) + ((<usize>from) << 2),
        blockColumns << 2,
      );
    }
    const corner = at(a, stride, to) + ((<usize>to) << 2);
    subtractProducts(corner, stride, work, work, blockColumns, 0, size - to);
  }
  return -1;
}

/** x becomes the solution of L · x = b, in the place of b. */
export function solveLower(l: usize, size: i32, stride: i32, x: usize): void {
  for (let row = 0; row < size; row++) {
    const begin = at(l, stride, row);
    const cell = x + ((<usize>row) << 2);
    store<f32>(cell, (load<f32>(cell) - dot(begin, x, row)) / load<f32>(begin + ((<usize>row) << 2)));
  }
}

/** x becomes the solution of L' · x = b, in the place of b. */
export function solveUpper(l: usize, size: i32, stride: i32, x: usize): void {
  for (let row = size - 1; row >= 0; row--) {
    const begin = at(l, stride, row);
    const cell = x + ((<usize>row) << 2);
    const value = load<f32>(cell) / load<f32>(begin + ((<usize>row) << 2));
    store<f32>(cell, value);
    axpy(-value, begin, x, row);
  }
}
