import { assert } from "./assert.ts";

/**
 * `amount × times / per`, rounded half up to a whole, exactly: no binary fraction in between. All are whole and not
 * negative, and so is the result, which must be a safe integer.
 */
export function scale(amount: number, ratio: { readonly times: number; readonly per: number }): number {
  const { times, per } = ratio;
  const product = amount * times;
  if (product <= Number.MAX_SAFE_INTEGER) {
    const whole = Math.floor(product / per);
    const left = product - whole * per;
    return left * 2 >= per ? whole + 1 : whole;
  }
  const exact = (2n * BigInt(amount) * BigInt(times) + BigInt(per)) / (2n * BigInt(per));
  const rounded = Number(exact);
  assert(Number.isSafeInteger(rounded), "a scaled amount is a safe integer");
  return rounded;
}

/**
 * Splits a whole amount in proportion to `weights` so that the parts add up to it: each gets its share rounded down,
 * and what is left goes, one minor unit each, to the largest fractions; between equal ones to the earlier. No part is
 * further than one minor unit from its exact share. Weights are whole, not negative, and one at least is above zero
 * unless the amount is 0. Cost: n log n.
 *
 * Source: the largest remainder method (Hamilton, 1792).
 */
export function shareOut(amount: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((total, weight) => total + BigInt(weight), 0n);
  if (amount === 0) return weights.map(() => 0);
  assert(amount > 0 && sum > 0n, "there is somebody to share with");
  const whole = BigInt(amount);
  const parts = weights.map((weight, at) => {
    const product = whole * BigInt(weight);
    return { at, part: Number(product / sum), left: product % sum };
  });
  const out = parts.map(({ part }) => part);
  let rest = amount - out.reduce((total, part) => total + part, 0);
  parts.sort((a, b) => (a.left === b.left ? a.at - b.at : a.left > b.left ? -1 : 1));
  for (const { at } of parts) {
    if (rest === 0) break;
    out[at]! += 1;
    rest -= 1;
  }
  return out;
}
