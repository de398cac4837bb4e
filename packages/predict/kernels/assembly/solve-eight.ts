import { totals } from "./vectors";

/**
 * x becomes the solution of A · x = b, in the place of b, for a symmetric A of eight rows of eight floats, of which the
 * upper triangle is read and all is spoilt: elimination, four rows at a time in registers. False where A is not
 * positive definite. Ten times as many systems are solved as rows: half of a round of iALS++ was this, by loops.
 */
export function solveEight(a: usize, x: usize): bool {
  if (!eliminate(a, x)) return false;
  below(a, x);
  if (!solveFour(a + 144, x + 16)) return false;
  const last = v128.load(x, 16);
  const b0 = f32x4.mul(v128.load(a, 16), last);
  const b1 = f32x4.mul(v128.load(a, 48), last);
  const b2 = f32x4.mul(v128.load(a, 80), last);
  const b3 = f32x4.mul(v128.load(a, 112), last);
  v128.store(x, f32x4.sub(v128.load(x), totals(b0, b1, b2, b3)));
  back(a, x);
  return true;
}

/** The first four rows without what is left of their diagonal, on which the inverses of the pivots are left. */
function eliminate(a: usize, x: usize): bool {
  const a0 = v128.load(a, 0);
  const b0 = v128.load(a, 16);
  let a1 = v128.load(a, 32);
  let b1 = v128.load(a, 48);
  let a2 = v128.load(a, 64);
  let b2 = v128.load(a, 80);
  let a3 = v128.load(a, 96);
  let b3 = v128.load(a, 112);
  const p0 = f32x4.extract_lane(a0, 0);
  if (!(p0 > 0)) return false;
  store<f32>(a, 1 / p0, 0);
  const l0 = f32x4.mul(a0, f32x4.splat(1 / p0));
  a1 = less(a1, i32x4.shuffle(l0, l0, 1, 1, 1, 1), a0);
  b1 = less(b1, i32x4.shuffle(l0, l0, 1, 1, 1, 1), b0);
  store<f32>(x, load<f32>(x, 4) - f32x4.extract_lane(l0, 1) * load<f32>(x, 0), 4);
  a2 = less(a2, i32x4.shuffle(l0, l0, 2, 2, 2, 2), a0);
  b2 = less(b2, i32x4.shuffle(l0, l0, 2, 2, 2, 2), b0);
  store<f32>(x, load<f32>(x, 8) - f32x4.extract_lane(l0, 2) * load<f32>(x, 0), 8);
  a3 = less(a3, i32x4.shuffle(l0, l0, 3, 3, 3, 3), a0);
  b3 = less(b3, i32x4.shuffle(l0, l0, 3, 3, 3, 3), b0);
  store<f32>(x, load<f32>(x, 12) - f32x4.extract_lane(l0, 3) * load<f32>(x, 0), 12);
  const p1 = f32x4.extract_lane(a1, 1);
  if (!(p1 > 0)) return false;
  store<f32>(a, 1 / p1, 36);
  const l1 = f32x4.mul(a1, f32x4.splat(1 / p1));
  a2 = less(a2, i32x4.shuffle(l1, l1, 2, 2, 2, 2), a1);
  b2 = less(b2, i32x4.shuffle(l1, l1, 2, 2, 2, 2), b1);
  store<f32>(x, load<f32>(x, 8) - f32x4.extract_lane(l1, 2) * load<f32>(x, 4), 8);
  a3 = less(a3, i32x4.shuffle(l1, l1, 3, 3, 3, 3), a1);
  b3 = less(b3, i32x4.shuffle(l1, l1, 3, 3, 3, 3), b1);
  store<f32>(x, load<f32>(x, 12) - f32x4.extract_lane(l1, 3) * load<f32>(x, 4), 12);
  const p2 = f32x4.extract_lane(a2, 2);
  if (!(p2 > 0)) return false;
  store<f32>(a, 1 / p2, 72);
  const l2 = f32x4.mul(a2, f32x4.splat(1 / p2));
  a3 = less(a3, i32x4.shuffle(l2, l2, 3, 3, 3, 3), a2);
  b3 = less(b3, i32x4.shuffle(l2, l2, 3, 3, 3, 3), b2);
  store<f32>(x, load<f32>(x, 12) - f32x4.extract_lane(l2, 3) * load<f32>(x, 8), 12);
  const p3 = f32x4.extract_lane(a3, 3);
  if (!(p3 > 0)) return false;
  store<f32>(a, 1 / p3, 108);
  v128.store(a, b1, 48);
  v128.store(a, b2, 80);
  v128.store(a, b3, 112);
  store<f32>(a, f32x4.extract_lane(a0, 1), 4);
  store<f32>(a, f32x4.extract_lane(a0, 2), 8);
  store<f32>(a, f32x4.extract_lane(a0, 3), 12);
  store<f32>(a, f32x4.extract_lane(a1, 2), 40);
  store<f32>(a, f32x4.extract_lane(a1, 3), 44);
  store<f32>(a, f32x4.extract_lane(a2, 3), 76);
  return true;
}

/** Takes the first four unknowns out of the last four rows. */
function below(a: usize, x: usize): void {
  let c0 = v128.load(a, 144);
  let c1 = v128.load(a, 176);
  let c2 = v128.load(a, 208);
  let c3 = v128.load(a, 240);
  let high = v128.load(x, 16);
  for (let i: usize = 0; i < 4; i++) {
    const b = v128.load(a + (i << 5), 16);
    const r = f32x4.mul(b, v128.load32_splat(a + i * 36));
    c0 = less(c0, i32x4.shuffle(r, r, 0, 0, 0, 0), b);
    c1 = less(c1, i32x4.shuffle(r, r, 1, 1, 1, 1), b);
    c2 = less(c2, i32x4.shuffle(r, r, 2, 2, 2, 2), b);
    c3 = less(c3, i32x4.shuffle(r, r, 3, 3, 3, 3), b);
    high = less(high, r, v128.load32_splat(x + (i << 2)));
  }
  v128.store(a, c0, 144);
  v128.store(a, c1, 176);
  v128.store(a, c2, 208);
  v128.store(a, c3, 240);
  v128.store(x, high, 16);
}

/** The same for four rows of a matrix of eight columns. */
function solveFour(a: usize, x: usize): bool {
  const a0 = v128.load(a, 0);
  let a1 = v128.load(a, 32);
  let a2 = v128.load(a, 64);
  let a3 = v128.load(a, 96);
  const p0 = f32x4.extract_lane(a0, 0);
  if (!(p0 > 0)) return false;
  const l0 = f32x4.mul(a0, f32x4.splat(1 / p0));
  a1 = less(a1, i32x4.shuffle(l0, l0, 1, 1, 1, 1), a0);
  store<f32>(x, load<f32>(x, 4) - f32x4.extract_lane(l0, 1) * load<f32>(x, 0), 4);
  a2 = less(a2, i32x4.shuffle(l0, l0, 2, 2, 2, 2), a0);
  store<f32>(x, load<f32>(x, 8) - f32x4.extract_lane(l0, 2) * load<f32>(x, 0), 8);
  a3 = less(a3, i32x4.shuffle(l0, l0, 3, 3, 3, 3), a0);
  store<f32>(x, load<f32>(x, 12) - f32x4.extract_lane(l0, 3) * load<f32>(x, 0), 12);
  const p1 = f32x4.extract_lane(a1, 1);
  if (!(p1 > 0)) return false;
  const l1 = f32x4.mul(a1, f32x4.splat(1 / p1));
  a2 = less(a2, i32x4.shuffle(l1, l1, 2, 2, 2, 2), a1);
  store<f32>(x, load<f32>(x, 8) - f32x4.extract_lane(l1, 2) * load<f32>(x, 4), 8);
  a3 = less(a3, i32x4.shuffle(l1, l1, 3, 3, 3, 3), a1);
  store<f32>(x, load<f32>(x, 12) - f32x4.extract_lane(l1, 3) * load<f32>(x, 4), 12);
  const p2 = f32x4.extract_lane(a2, 2);
  if (!(p2 > 0)) return false;
  const l2 = f32x4.mul(a2, f32x4.splat(1 / p2));
  a3 = less(a3, i32x4.shuffle(l2, l2, 3, 3, 3, 3), a2);
  store<f32>(x, load<f32>(x, 12) - f32x4.extract_lane(l2, 3) * load<f32>(x, 8), 12);
  const p3 = f32x4.extract_lane(a3, 3);
  if (!(p3 > 0)) return false;
  v128.store(a, a0, 0);
  v128.store(a, a1, 32);
  v128.store(a, a2, 64);
  v128.store(a, a3, 96);
  store<f32>(a, 1 / p0, 0);
  store<f32>(a, 1 / p1, 36);
  store<f32>(a, 1 / p2, 72);
  store<f32>(a, 1 / p3, 108);
  back(a, x);
  return true;
}

/** From the last of four unknowns to the first; the diagonal holds inverses. */
function back(a: usize, x: usize): void {
  const x3: f32 = load<f32>(x, 12) * load<f32>(a, 108);
  const x2: f32 = (load<f32>(x, 8) - load<f32>(a, 76) * x3) * load<f32>(a, 72);
  const x1: f32 = (load<f32>(x, 4) - load<f32>(a, 40) * x2 - load<f32>(a, 44) * x3) * load<f32>(a, 36);
  const x0: f32 =
    (load<f32>(x, 0) - load<f32>(a, 4) * x1 - load<f32>(a, 8) * x2 - load<f32>(a, 12) * x3) * load<f32>(a, 0);
  store<f32>(x, x0);
  store<f32>(x, x1, 4);
  store<f32>(x, x2, 8);
  store<f32>(x, x3, 12);
}

/** a - factor · b */
function less(a: v128, factor: v128, b: v128): v128 {
  return f32x4.sub(a, f32x4.mul(factor, b));
}
