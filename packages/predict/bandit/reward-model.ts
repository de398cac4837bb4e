import { assert, chance, pickInt } from "@trato/base";

/** Choices with their rewards; `groupOf` is what the policy looks at, such as the position. */
export type Choices = {
  readonly armOf: Int32Array;
  readonly groupOf: Int32Array;
  readonly reward: Float64Array;
  readonly armCount: number;
  readonly groupCount: number;
  /** By group, the policy's chance of each arm. */
  readonly policy: readonly Float64Array[];
};

/**
 * What an arm earns, for the doubly robust estimate: its mean reward, leaning on all arms' by `strength` rows (default
 * 100), learnt on other folds than the row it is said of.
 *
 * Cost: a pass per fold. Source: the folds of Chernozhukov et al. 2018. Not where who is asking matters much: learn
 * rewards with a learner then, on columns of arm and person.
 */
export function expectedRewards(
  { armOf, groupOf, reward, armCount, groupCount, policy }: Choices,
  { strength = 100, folds = 5, seed = 1 }: { strength?: number; folds?: number; seed?: number } = {},
): { ofChoice: Float64Array; underTarget: Float64Array } {
  assert(
    armOf.length === reward.length && groupOf.length === reward.length,
    "every choice has a group and a reward",
  );
  assert(
    policy.length === groupCount && policy.every((odds) => odds.length === armCount),
    "a policy has odds a group",
  );
  assert(folds >= 2 && strength > 0, "there are two folds or more, and a strength above 0");
  const draw = chance(seed);
  const foldOf = Int32Array.from(armOf, () => pickInt(draw, folds));
  const [ofChoice, underTarget] = [new Float64Array(armOf.length), new Float64Array(armOf.length)];
  for (let fold = 0; fold < folds; fold++) {
    const [sums, counts] = [new Float64Array(armCount), new Float64Array(armCount)];
    let [sum, count] = [0, 0];
    for (let row = 0; row < armOf.length; row++) {
      if (foldOf[row] === fold) continue;
      sums[armOf[row]!]! += reward[row]!;
      counts[armOf[row]!]!++;
      sum += reward[row]!;
      count++;
    }
    const middle = count === 0 ? 0 : sum / count;
    const means = sums.map((one, arm) => (one + strength * middle) / (counts[arm]! + strength));
    const byGroup = policy.map((odds) =>
      odds.reduce((total, chance, arm) => total + chance * means[arm]!, 0),
    );
    for (let row = 0; row < armOf.length; row++) {
      if (foldOf[row] !== fold) continue;
      ofChoice[row] = means[armOf[row]!]!;
      underTarget[row] = byGroup[groupOf[row]!]!;
    }
  }
  return { ofChoice, underTarget };
}
