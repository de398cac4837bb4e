import { at } from "./products";

/**
 * Sums of rows times themselves, A += Σ h · h', by tiles of A that stay in registers while the rows pass by: an element
 * of a row is read once for eight products. A is held by its upper triangle, in rows of `stride` floats, and `width`
 * is a multiple of four; what stands below the diagonal of a tile is spoilt.
 */

/** Over the listed rows of a matrix that is `across` wide, from the same column of each on. */
export function addSquares(
  matrix: usize,
  across: i32,
  list: usize,
  count: i32,
  a: usize,
  width: i32,
  stride: i32,
): void {
  for (let row = 0; row < width; row += 4) {
    let column = row;
    for (; column + 8 <= width; column += 8)
      tile(matrix, across, list, count, at(a, stride, row), stride, row, column);
    if (column < width) narrow(matrix, across, list, count, at(a, stride, row), stride, row, column);
  }
}

/** So many rows as stay in the nearest cache while all tiles pass over them. */
const blockBytes: usize = 16_384;

/** The same over all rows of a matrix that is `width` wide: all of G = H' · H but what is below the diagonal. */
export function gram(matrix: usize, rows: i32, width: i32, a: usize): void {
  const blockRows = max(1, <i32>(blockBytes / ((<usize>width) << 2)));
  for (let from = 0; from < rows; from += blockRows) {
    addSquares(at(matrix, width, from), width, 0, min(blockRows, rows - from), a, width, width);
  }
}

/** The k-th row: of the list, or without one of all. */
function rowOf(matrix: usize, across: i32, list: usize, k: i32): usize {
  return at(matrix, across, list === 0 ? k : load<i32>(list + ((<usize>k) << 2)));
}

/** Four rows by eight columns of A; `lines` is the first of the rows. */
function tile(
  matrix: usize,
  across: i32,
  list: usize,
  count: i32,
  lines: usize,
  stride: i32,
  row: i32,
  column: i32,
): void {
  const right = (<usize>column) << 2;
  const left = (<usize>row) << 2;
  const next = (<usize>stride) << 2;
  const first = lines + right;
  const second = first + next;
  const third = second + next;
  const fourth = third + next;
  let a0 = v128.load(first);
  let b0 = v128.load(first, 16);
  let a1 = v128.load(second);
  let b1 = v128.load(second, 16);
  let a2 = v128.load(third);
  let b2 = v128.load(third, 16);
  let a3 = v128.load(fourth);
  let b3 = v128.load(fourth, 16);
  for (let k = 0; k < count; k++) {
    const h = rowOf(matrix, across, list, k);
    const u = v128.load(h + right);
    const v = v128.load(h + right, 16);
    const w = v128.load32_splat(h + left);
    const x = v128.load32_splat(h + left, 4);
    const y = v128.load32_splat(h + left, 8);
    const z = v128.load32_splat(h + left, 12);
    a0 = f32x4.add(a0, f32x4.mul(w, u));
    b0 = f32x4.add(b0, f32x4.mul(w, v));
    a1 = f32x4.add(a1, f32x4.mul(x, u));
    b1 = f32x4.add(b1, f32x4.mul(x, v));
    a2 = f32x4.add(a2, f32x4.mul(y, u));
    b2 = f32x4.add(b2, f32x4.mul(y, v));
    a3 = f32x4.add(a3, f32x4.mul(z, u));
    b3 = f32x4.add(b3, f32x4.mul(z, v));
  }
  v128.store(first, a0);
  v128.store(first, b0, 16);
  v128.store(second, a1);
  v128.store(second, b1, 16);
  v128.store(third, a2);
  v128.store(third, b2, 16);
  v128.store(fourth, a3);
  v128.store(fourth, b3, 16);
}

/** Four rows by four columns. */
function narrow(
  matrix: usize,
  across: i32,
  list: usize,
  count: i32,
  lines: usize,
  stride: i32,
  row: i32,
  column: i32,
): void {
  const right = (<usize>column) << 2;
  const left = (<usize>row) << 2;
  const next = (<usize>stride) << 2;
  const first = lines + right;
  const second = first + next;
  const third = second + next;
  const fourth = third + next;
  let a0 = v128.load(first);
  let a1 = v128.load(second);
  let a2 = v128.load(third);
  let a3 = v128.load(fourth);
  for (let k = 0; k < count; k++) {
    const h = rowOf(matrix, across, list, k);
    const u = v128.load(h + right);
    a0 = f32x4.add(a0, f32x4.mul(v128.load32_splat(h + left), u));
    a1 = f32x4.add(a1, f32x4.mul(v128.load32_splat(h + left, 4), u));
    a2 = f32x4.add(a2, f32x4.mul(v128.load32_splat(h + left, 8), u));
    a3 = f32x4.add(a3, f32x4.mul(v128.load32_splat(h + left, 12), u));
  }
  v128.store(first, a0);
  v128.store(second, a1);
  v128.store(third, a2);
  v128.store(fourth, a3);
}
