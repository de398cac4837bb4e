import { at } from "./products";
import { axpy } from "./vectors";

/** A += factor · x · x' in the lower triangle. */
export function rankOne(factor: f32, x: usize, a: usize, size: i32, stride: i32): void {
  for (let row = 0; row < size; row++) {
    const value = factor * load<f32>(x + ((<usize>row) << 2));
    if (value !== 0) axpy(value, x, at(a, stride, row), row + 1);
  }
}

/** A += factor · x · y' for a matrix of `rows` by `columns`. */
export function outer(factor: f32, x: usize, y: usize, a: usize, rows: i32, columns: i32, stride: i32): void {
  for (let row = 0; row < rows; row++) {
    axpy(factor * load<f32>(x + ((<usize>row) << 2)), y, at(a, stride, row), columns);
  }
}
