import { assert } from "@trato/base";

/** So many events are foreseen at most: beyond, the horizon is thousands of times what was seen. */
const countMax = 200_000;
const tailMin = 1e-12;

/**
 * The chances of at least 0, 1, 2, … events within `time`, of a Poisson process whose rate is Gamma(shape, rate)
 * distributed: the tails of the negative binomial distribution, until they are below 1e-12.
 *
 * Cost: one exponential per event foreseen. Throws when these would be more than 200,000.
 */
export function countTails(shape: number, rate: number, time: number): number[] {
  const tails = [1];
  const lnShare = Math.log(time / (rate + time));
  let lnChance = -shape * Math.log1p(time / rate);
  let left = 1;
  for (let count = 0; time > 0; count++) {
    // With shapes near a million a count near zero has no chance at all, and the sum begins late.
    left -= Math.exp(lnChance);
    if (left < tailMin) break;
    tails.push(left);
    assert(count < countMax, "the horizon is short enough to foresee every purchase; ask for a shorter one");
    lnChance += Math.log((shape + count) / (count + 1)) + lnShare;
  }
  return tails;
}

/** The mean of a count from its tails at 1, 2, …. */
export function meanOfTails(chances: ArrayLike<number>): number {
  let sum = 0;
  for (let n = chances.length - 1; n >= 0; n--) sum += chances[n]!;
  return sum;
}
