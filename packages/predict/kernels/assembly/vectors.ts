/** Four sums side by side, added up at the end: the same additions wherever a dot product is taken. */
export function dot(x: usize, y: usize, count: i32): f32 {
  let sums = f32x4.splat(0);
  let at = 0;
  for (; at + 4 <= count; at += 4) {
    const offset = (<usize>at) << 2;
    sums = f32x4.add(sums, f32x4.mul(v128.load(x + offset), v128.load(y + offset)));
  }
  let sum = total(sums);
  for (; at < count; at++) sum += load<f32>(x + ((<usize>at) << 2)) * load<f32>(y + ((<usize>at) << 2));
  return sum;
}

/** y += factor · x */
export function axpy(factor: f32, x: usize, y: usize, count: i32): void {
  const factors = f32x4.splat(factor);
  let at = 0;
  for (; at + 4 <= count; at += 4) {
    const offset = (<usize>at) << 2;
    const product = f32x4.mul(factors, v128.load(x + offset));
    v128.store(y + offset, f32x4.add(v128.load(y + offset), product));
  }
  for (; at < count; at++) {
    const offset = (<usize>at) << 2;
    store<f32>(y + offset, load<f32>(y + offset) + factor * load<f32>(x + offset));
  }
}

export function total(sums: v128): f32 {
  const pairs = f32x4.add(sums, i32x4.shuffle(sums, sums, 2, 3, 0, 1));
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
}

/** The totals of four vectors, side by side. */
export function totals(w: v128, x: v128, y: v128, z: v128): v128 {
  const wx = f32x4.add(i32x4.shuffle(w, x, 0, 4, 2, 6), i32x4.shuffle(w, x, 1, 5, 3, 7));
  const yz = f32x4.add(i32x4.shuffle(y, z, 0, 4, 2, 6), i32x4.shuffle(y, z, 1, 5, 3, 7));
  return f32x4.add(i32x4.shuffle(wx, yz, 0, 1, 4, 5), i32x4.shuffle(wx, yz, 2, 3, 6, 7));
}
