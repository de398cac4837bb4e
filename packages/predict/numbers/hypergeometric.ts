import { assert } from "@trato/base";

/**
 * Gauss's hypergeometric function 2F1(a, b; c; z) for real z < 1, c > 0: Pfaff's transformation brings z into
 * [0, 1), Euler's leaves the series with the smaller exponents, and a = 1 has a continued fraction that is
 * quick up to z = 1.
 *
 * Cost: about 35 / -ln(z) terms, some tens by the fraction. Sources: DLMF 15.8.1, 15.7.5 (by Lentz's method).
 * Not for z near 1 unless a is 1: it throws rather than be wrong.
 */
export function hypergeometric(a: number, b: number, c: number, z: number): number {
  assert(z < 1 && c > 0, "the hypergeometric function is asked for below 1, with c above 0");
  if (z === 0) return 1;
  if (z < 0) {
    // Of Pfaff's two forms the one with the smaller numbers.
    const [keep, turn] = Math.abs(c - b) <= Math.abs(c - a) ? [a, b] : [b, a];
    return (1 - z) ** -keep * hypergeometric(keep, c - turn, c, z / (z - 1));
  }
  if (a === 1) return fractionOfOne(b, c, z);
  if (b === 1) return fractionOfOne(a, c, z);
  if (a + b > c && c - a > 0 && c - b > 0) return (1 - z) ** (c - a - b) * series(c - a, c - b, c, z);
  return series(a, b, c, z);
}

const termsMax = 200_000;

function series(a: number, b: number, c: number, z: number): number {
  let term = 1;
  let sum = 1;
  for (let n = 0; n < termsMax; n++) {
    term *= (((a + n) * (b + n)) / ((c + n) * (n + 1))) * z;
    sum += term;
    if (Math.abs(term) <= Math.abs(sum) * 1e-17 || term === 0) return sum;
  }
  throw new Error(`The hypergeometric series at ${a}, ${b}; ${c}; ${z} did not end: keep z away from 1.`);
}

/** 2F1(1, b; c; z) for 0 < z < 1, as 1 / (1 − k1 z / (1 − k2 z / …)). */
function fractionOfOne(b: number, c: number, z: number): number {
  const tiny = 1e-300;
  const away = (value: number) => (Math.abs(value) < tiny ? tiny : value);
  let f = 1;
  let top = f;
  let d = 0;
  for (let n = 0; n < termsMax; n++) {
    const half = n >> 1;
    const k =
      n % 2 === 0
        ? ((b + half) * (c - 1 + half)) / ((c + n - 1) * (c + n))
        : ((1 + half) * (c - b + half)) / ((c + n - 1) * (c + n));
    const step = n === 0 ? -(b / c) * z : -k * z;
    d = 1 / away(1 + step * d);
    top = away(1 + step / top);
    const change = top * d;
    f *= change;
    if (Math.abs(change - 1) < 1e-15) return 1 / f;
  }
  throw new Error(`The hypergeometric fraction at 1, ${b}; ${c}; ${z} did not end.`);
}
