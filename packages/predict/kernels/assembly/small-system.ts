import { at } from "./products";

/**
 * Small symmetric systems, held by their upper triangle in rows of a stride that is a multiple of four, as is `size`:
 * whole vectors are taken, so that what stands below the diagonal is spoilt.
 */

/** x becomes the solution of A · x = b, in the place of b, by elimination. False where A is not positive definite. */
export function solveSmall(a: usize, size: i32, stride: i32, x: usize): bool {
  const end = (<usize>size) << 2;
  for (let pivot = 0; pivot < size; pivot++) {
    const line = at(a, stride, pivot);
    const value = load<f32>(line + ((<usize>pivot) << 2));
    if (!(value > 0)) return false;
    const inverse: f32 = 1 / value;
    const right = load<f32>(x + ((<usize>pivot) << 2));
    for (let row = pivot + 1; row < size; row++) {
      const shift = (<usize>row) << 2;
      const factor = load<f32>(line + shift) * inverse;
      const factors = f32x4.splat(factor);
      const own = at(a, stride, row);
      for (let offset = shift & ~15; offset < end; offset += 16) {
        const less = f32x4.mul(factors, v128.load(line + offset));
        v128.store(own + offset, f32x4.sub(v128.load(own + offset), less));
      }
      store<f32>(x + shift, load<f32>(x + shift) - factor * right);
    }
    store<f32>(line + ((<usize>pivot) << 2), inverse);
  }
  for (let row = size - 1; row >= 0; row--) {
    const line = at(a, stride, row);
    const shift = (<usize>row) << 2;
    let rest = load<f32>(x + shift);
    for (let offset = shift + 4; offset < end; offset += 4)
      rest -= load<f32>(line + offset) * load<f32>(x + offset);
    store<f32>(x + shift, rest * load<f32>(line + shift));
  }
  return true;
}
