import { at } from "./products";
import { axpy } from "./vectors";

/**
 * For the sparse rows [rowFrom, rowTo): out_row += Σ scale_row · columnScale_c · dense_c over the row's columns c.
 * `width` floats a row in `dense` and `out`; the sparse matrix is 0/1 (the scales make it anything of rank one).
 */
export function sparseTimes(
  starts: usize,
  columns: usize,
  rowScale: usize,
  columnScale: usize,
  dense: usize,
  width: i32,
  out: usize,
  rowFrom: i32,
  rowTo: i32,
): void {
  for (let row = rowFrom; row < rowTo; row++) {
    const scale = load<f32>(rowScale + ((<usize>row) << 2));
    const end = load<i32>(starts + ((<usize>(row + 1)) << 2));
    for (let i = load<i32>(starts + ((<usize>row) << 2)); i < end; i++) {
      const column = load<i32>(columns + ((<usize>i) << 2));
      const factor = scale * load<f32>(columnScale + ((<usize>column) << 2));
      axpy(factor, at(dense, width, column), at(out, width, row), width);
    }
  }
}
