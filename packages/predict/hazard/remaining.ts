import { assert } from "@trato/base";

/**
 * What an age says about the time left. A survival function gives the chance to outlast an age; given that
 * something has come so far, only what lies ahead counts: S(later) / S(age).
 */
export type Survival = (age: number) => number;

/** When something of this age is due: ages, not times from now; Infinity where it may never be. */
export type DueAge = { low: number; median: number; high: number };

/** The chance to fail within `horizon` of somebody that has come to `age`; 1 where none comes that far. */
export function failsWithin(survival: Survival, age: number, horizon: number): number {
  assert(age >= 0 && horizon >= 0, "an age and a horizon are 0 or more");
  const here = survival(age);
  return here <= 0 ? 1 : Math.min(1, Math.max(0, 1 - survival(age + horizon) / here));
}

/**
 * The ages by which something that has come to `age` will have failed with a chance of (1 − level) / 2, of one
 * half, and of (1 + level) / 2. By doubling and halving: about 100 questions to `survival` each.
 */
export function dueAge(survival: Survival, age: number, level = 0.8): DueAge {
  assert(level > 0 && level < 1, "a level is between 0 and 1");
  const at = (share: number) => ageOf(survival, age, share);
  return { low: at((1 - level) / 2), median: at(0.5), high: at((1 + level) / 2) };
}

/** The first age at which the chance to have failed since `age` reaches `share`. */
function ageOf(survival: Survival, age: number, share: number): number {
  let ahead = Math.max(1e-6, age * 1e-3);
  for (let doubling = 0; failsWithin(survival, age, ahead) < share; doubling++) {
    // Sixty doublings of a thousandth of an age: what still stands then may stand for ever.
    if (doubling === 100) return Number.POSITIVE_INFINITY;
    ahead *= 2;
  }
  let [low, high] = [0, ahead];
  for (let halving = 0; halving < 100 && high - low > 1e-12 * (age + high); halving++) {
    const middle = (low + high) / 2;
    if (failsWithin(survival, age, middle) < share) low = middle;
    else high = middle;
  }
  return age + high;
}

/**
 * A life that is measured in use, told by age: the survival, by age, of something of age `age` that has been used
 * `use` so far and goes on at `usePerUnit`. Before `age` it is taken as used at an even pace.
 */
export function byUse(inUse: Survival, seen: { age: number; use: number; usePerUnit: number }): Survival {
  const { age, use, usePerUnit } = seen;
  assert(age >= 0 && use >= 0 && usePerUnit >= 0, "age and use are 0 or more");
  return (at) => inUse(at >= age ? use + usePerUnit * (at - age) : (use * at) / age);
}

/** What several independent causes leave, such as age and use: whichever comes first ends it. */
export function allOf(...causes: readonly Survival[]): Survival {
  return (age) => causes.reduce((left, survival) => left * survival(age), 1);
}
