import { lnGamma } from "./special.ts";

/**
 * The relatives of the gamma function: the slope of its logarithm, and its incomplete forms. Sources: DLMF
 * 5.11.2 behind the recurrence 5.5.2; DLMF 8.7.1 (series) and 8.9.2 (fraction, by Lentz's method).
 */

const bernoulli = [1 / 12, -1 / 120, 1 / 252, -1 / 240, 1 / 132, -691 / 32_760, 1 / 12] as const;

/** The derivative of lnGamma, x > 0; about 14 right digits away from its zero at 1.4616. */
export function digamma(x: number): number {
  let shift = 0;
  let at = x;
  for (; at < 10; at++) shift += 1 / at;
  const inverse2 = 1 / (at * at);
  let sum = 0;
  for (let i = bernoulli.length - 1; i >= 0; i--) sum = (sum + bernoulli[i]!) * inverse2;
  return Math.log(at) - 0.5 / at - sum - shift;
}

/** The chance that a Gamma(shape, rate 1) variable is below x; right to about 1e-13 × the shape. */
export function gammaBelow(shape: number, x: number): number {
  if (x <= 0) return 0;
  return x < shape + 1 ? series(shape, x) : 1 - fraction(shape, x);
}

/** The chance that a Gamma(shape, rate 1) variable is above x; keeps its digits far out. */
export function gammaAbove(shape: number, x: number): number {
  if (x <= 0) return 1;
  return x < shape + 1 ? 1 - series(shape, x) : fraction(shape, x);
}

/** ln Γ(a + n) − ln Γ(a): the logarithm of a (a + 1) … (a + n − 1) for a whole n. */
export function lnRising(a: number, n: number): number {
  return lnGamma(a + n) - lnGamma(a);
}

const stepsMax = 100_000;

function front(shape: number, x: number): number {
  return Math.exp(shape * Math.log(x) - x - lnGamma(shape));
}

function series(shape: number, x: number): number {
  let term = 1 / shape;
  let sum = term;
  for (let n = 1; n < stepsMax && term > sum * 1e-17; n++) {
    term *= x / (shape + n);
    sum += term;
  }
  return sum * front(shape, x);
}

function fraction(shape: number, x: number): number {
  const tiny = 1e-300;
  let b = x + 1 - shape;
  let c = 1 / tiny;
  let d = 1 / b;
  let h = d;
  for (let n = 1; n < stepsMax; n++) {
    const a = -n * (n - shape);
    b += 2;
    d = a * d + b;
    if (Math.abs(d) < tiny) d = tiny;
    c = b + a / c;
    if (Math.abs(c) < tiny) c = tiny;
    d = 1 / d;
    const change = d * c;
    h *= change;
    if (Math.abs(change - 1) < 1e-15) break;
  }
  return h * front(shape, x);
}
