import { assert, type Chance } from "@trato/base";

/** What was chosen, and the exact chance with which it was: to be logged. */
export type ChosenArm = { readonly arm: number; readonly propensity: number };

/**
 * Chooses by odds that add up to 1, with one draw. Whatever the odds were computed from, the chance of what is chosen
 * is exactly its odds, because they were fixed before the draw and nothing else is left to chance.
 */
export function chooseArm(odds: Float64Array, draw: Chance): ChosenArm {
  assert(odds.length > 0, "there is something to choose from");
  const at = draw();
  let sum = 0;
  for (let arm = 0; arm < odds.length; arm++) {
    sum += odds[arm]!;
    if (at < sum) return { arm, propensity: odds[arm]! };
  }
  // The odds add up to a hair less than 1: the last that can be chosen is.
  const arm = odds.findLastIndex((one) => one > 0);
  return { arm, propensity: odds[arm]! };
}

/**
 * Odds in which every arm keeps at least `exploreShare` / arms: no logged chance is so small that one outcome would
 * outweigh all others when a policy is valued later. They add up to 1.
 */
export function oddsWithFloor(odds: Float64Array, exploreShare: number): Float64Array {
  assert(exploreShare >= 0 && exploreShare <= 1, "the share that explores is from 0 to 1");
  const sum = odds.reduce((a, b) => a + b, 0);
  const even = 1 / odds.length;
  return odds.map((one) => exploreShare * even + (1 - exploreShare) * (sum > 0 ? one / sum : even));
}
