import { dot, total } from "./vectors";

/** So many rows of `e` as stay in the nearest cache beside three of `f`. */
const blockRows = 24;

/**
 * C -= F · E' for the rows [rowFrom, rowTo) of the lower triangle of C: F and E have `depth` columns, a
 * multiple of four; `stride` is C's, in floats. Whichever rows are asked for, an element's sums are the same.
 */
export function subtractProducts(
  c: usize,
  stride: i32,
  f: usize,
  e: usize,
  depth: i32,
  rowFrom: i32,
  rowTo: i32,
): void {
  for (let block = 0; block < rowTo; block += blockRows) {
    const blockEnd = min(block + blockRows, rowTo);
    for (let row = max(block, rowFrom); row < rowTo; row += 3) {
      const end = min(blockEnd, row + 1);
      let column = block;
      if (row + 3 <= rowTo) {
        for (; column + 3 <= end; column += 3) tile(c, stride, f, e, depth, row, column);
      }
      edge(c, stride, f, e, depth, row, min(row + 3, rowTo), column, blockEnd);
    }
  }
}

/** C -= F · E', all of it: F has `rows`, E `columns` rows of `depth` floats, a multiple of four. */
export function subtractAllProducts(c: usize, f: usize, rows: i32, e: usize, columns: i32, depth: i32): void {
  for (let block = 0; block < columns; block += blockRows) {
    const blockEnd = min(block + blockRows, columns);
    for (let row = 0; row < rows; row += 3) {
      let column = block;
      if (row + 3 <= rows) {
        for (; column + 3 <= blockEnd; column += 3) tile(c, columns, f, e, depth, row, column);
      }
      for (let one = row; one < min(row + 3, rows); one++) {
        for (let other = column; other < blockEnd; other++) {
          const product = dot(at(f, depth, one), at(e, depth, other), depth);
          less(at(c, columns, one) + ((<usize>other) << 2), product);
        }
      }
    }
  }
}

/** What no tile covers: element by element, up to the diagonal. */
function edge(
  c: usize,
  stride: i32,
  f: usize,
  e: usize,
  depth: i32,
  rowFrom: i32,
  rowTo: i32,
  columnFrom: i32,
  columnTo: i32,
): void {
  for (let row = rowFrom; row < rowTo; row++) {
    for (let column = columnFrom; column < min(columnTo, row + 1); column++) {
      const product = dot(at(f, depth, row), at(e, depth, column), depth);
      less(at(c, stride, row) + ((<usize>column) << 2), product);
    }
  }
}

/** Three by three elements at once: nine sums stay in registers, and each value that is read is used three times. */
function tile(c: usize, stride: i32, f: usize, e: usize, depth: i32, row: i32, column: i32): void {
  const wide = (<usize>depth) << 2;
  let f0 = at(f, depth, row);
  let e0 = at(e, depth, column);
  let s00 = f32x4.splat(0);
  let s01 = s00;
  let s02 = s00;
  let s10 = s00;
  let s11 = s00;
  let s12 = s00;
  let s20 = s00;
  let s21 = s00;
  let s22 = s00;
  const end = f0 + wide;
  while (f0 < end) {
    const x = v128.load(e0);
    const y = v128.load(e0 + wide);
    const z = v128.load(e0 + 2 * wide);
    let a = v128.load(f0);
    s00 = f32x4.add(s00, f32x4.mul(a, x));
    s01 = f32x4.add(s01, f32x4.mul(a, y));
    s02 = f32x4.add(s02, f32x4.mul(a, z));
    a = v128.load(f0 + wide);
    s10 = f32x4.add(s10, f32x4.mul(a, x));
    s11 = f32x4.add(s11, f32x4.mul(a, y));
    s12 = f32x4.add(s12, f32x4.mul(a, z));
    a = v128.load(f0 + 2 * wide);
    s20 = f32x4.add(s20, f32x4.mul(a, x));
    s21 = f32x4.add(s21, f32x4.mul(a, y));
    s22 = f32x4.add(s22, f32x4.mul(a, z));
    f0 += 16;
    e0 += 16;
  }
  store3(at(c, stride, row) + ((<usize>column) << 2), s00, s01, s02);
  store3(at(c, stride, row + 1) + ((<usize>column) << 2), s10, s11, s12);
  store3(at(c, stride, row + 2) + ((<usize>column) << 2), s20, s21, s22);
}

function store3(c: usize, x: v128, y: v128, z: v128): void {
  less(c, total(x));
  less(c + 4, total(y));
  less(c + 8, total(z));
}

function less(c: usize, product: f32): void {
  store<f32>(c, load<f32>(c) - product);
}

/** Where a row of a matrix begins. */
export function at(matrix: usize, stride: i32, row: i32): usize {
  return matrix + ((<usize>row * <usize>stride) << 2);
}
