import { gammaAbove } from "./gamma.ts";

/** The standard normal distribution. Source of the quantile: Wichura, algorithm AS 241 (PPND16), 1988. */

/** The chance that a standard normal variable is below x; keeps its digits far below zero. */
export function normalBelow(x: number): number {
  const tail = 0.5 * gammaAbove(0.5, 0.5 * x * x);
  return x < 0 ? tail : 1 - tail;
}

/** The logarithm of the standard normal density. */
export function lnNormalDensity(x: number): number {
  return -0.5 * x * x - 0.9189385332046727;
}

/** The x that a share `level` of a standard normal variable is below; about 1e-15 relative. */
export function normalQuantile(level: number): number {
  if (!(level > 0 && level < 1)) {
    if (level === 0) return Number.NEGATIVE_INFINITY;
    return level === 1 ? Number.POSITIVE_INFINITY : Number.NaN;
  }
  const q = level - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * polynomial(middleTop, r)) / polynomial(middleBottom, r);
  }
  const r = Math.sqrt(-Math.log(q < 0 ? level : 1 - level));
  const x =
    r <= 5
      ? polynomial(nearTop, r - 1.6) / polynomial(nearBottom, r - 1.6)
      : polynomial(farTop, r - 5) / polynomial(farBottom, r - 5);
  return q < 0 ? -x : x;
}

function polynomial(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) sum = sum * x + coefficients[i]!;
  return sum;
}

const middleTop = [
  3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987,
  67265.7709270087, 33430.57558358813, 2509.0809287301227,
];
const middleBottom = [
  1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
  28729.085735721943, 5226.495278852854,
];
const nearTop = [
  1.4234371107496835, 4.630337846156545, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
  0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
];
const nearBottom = [
  1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
  0.0005475938084995344, 1.0507500716444169e-9,
];
const farTop = [
  6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
  0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7,
];
const farBottom = [
  1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133,
  1.8463183175100548e-5, 1.421511758316446e-7, 2.0442631033899397e-15,
];
