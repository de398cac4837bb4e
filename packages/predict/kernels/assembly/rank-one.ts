import { at } from "./products";
import { axpy } from "./vectors";

/** A += factor · x · x' in the lower triangle. */
export function rankOne(factor: f32, x: usize, a: usize, size: i32, stride: i32): void {
  for (let row = 0; row < size; row++) {
    const value = factor * load<f32>(x + ((<usize>row) << 2));
    if (value !== 0) axpy(value, x, at(a, stride, row), row + 1);
  }
}

/**
 * A += w · w' + x · x' + y · y' + z · z' for vectors of `size`, a multiple of four: each element of A is read and
 * written once for four. What stands above the diagonal, up to the next multiple of four, is spoilt.
 */
export function rankFour(w: usize, x: usize, y: usize, z: usize, a: usize, size: i32, stride: i32): void {
  for (let row = 0; row < size; row++) {
    const shift = (<usize>row) << 2;
    const ofW = v128.load32_splat(w + shift);
    const ofX = v128.load32_splat(x + shift);
    const ofY = v128.load32_splat(y + shift);
    const ofZ = v128.load32_splat(z + shift);
    const line = at(a, stride, row);
    for (let offset: usize = 0; offset <= shift; offset += 16) {
      const two = f32x4.add(f32x4.mul(ofW, v128.load(w + offset)), f32x4.mul(ofX, v128.load(x + offset)));
      const more = f32x4.add(f32x4.mul(ofY, v128.load(y + offset)), f32x4.mul(ofZ, v128.load(z + offset)));
      v128.store(line + offset, f32x4.add(v128.load(line + offset), f32x4.add(two, more)));
    }
  }
}

/** A += factor · x · y' for a matrix of `rows` by `columns`. */
export function outer(factor: f32, x: usize, y: usize, a: usize, rows: i32, columns: i32, stride: i32): void {
  for (let row = 0; row < rows; row++) {
    axpy(factor * load<f32>(x + ((<usize>row) << 2)), y, at(a, stride, row), columns);
  }
}
