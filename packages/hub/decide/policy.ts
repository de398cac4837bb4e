import { createHash } from "node:crypto";
import { assert, canonical, limits } from "@trato/base";

/** Everything about deciding that a shop may want otherwise. A changed policy has another version. */
export const defaultPolicy = {
  /** The share of people who are decided for as if nobody knew them, so that the effect can be measured. */
  holdoutShare: 0.05,
  /** In this share of decisions the first slot goes to any of the best `explorationAmong`, each as likely. */
  explorationShare: 0.05,
  explorationAmong: 5,
  /** Propensities are chances of buying within so many days. */
  horizonDays: 7,
  /** How long an answer stays good. */
  freshMs: 15 * 60_000,
  /** What an item earns when its margin is not known, as a share of its price. */
  marginShare: 0.25,
  worthMinorMax: 1_000_000_000,
  /** The chance of being bought that an item starts with, so that a new one can be shown at all. */
  popularityMin: 0.000_01,
  /** Candidates worth no more than this, in millionths of a minor unit, are not shown. */
  valueFloor: 0,
  /** How many of each kind of thing a person did lead to others, and how much each counts. */
  seeds: {
    page: { most: 1, weight: 1 },
    basket: { most: 3, weight: 1 },
    cart: { most: 2, weight: 0.8 },
    bought: { most: 2, weight: 0.5 },
    view: { most: 4, weight: 0.5 },
  },
  neighboursPerSeed: 6,
  viewHalfLifeDays: 7,
  gather: { popular: 25, popularUnavailable: 25, rhythm: 10, moments: 20, offers: 30 },
  rhythm: {
    propensityMin: 0.02,
    /** An item is left in peace for this share of its usual gap after it was bought. */
    restShareOfGap: 0.5,
    /** … and for so many days when it was bought once. */
    restDaysFirst: 3,
  },
  /** The chance of buying that an open moment adds, by kind. */
  momentLift: { runs_out: 0.05, cart_left: 0.15, other: 0.05 },
  /** Each item of a category, or of an offer, that stands above takes this share of an item's value. */
  varietyShare: 0.3,
  /** Each time a person saw a thing in these days takes this share of its value, up to a most. */
  pressure: { days: 3, sharePerSight: 0.1, shareMax: 0.6 },
  /** One budget a day for every touch on every channel; a message costs more than a page. */
  fatigue: { budgetPerDay: 90, cost: { web: 1, app: 1, pos: 1, email: 6, sms: 12, push: 12, whatsapp: 12 } },
};
export type Policy = typeof defaultPolicy;

/** Names a policy by what it says: the same policy has the same version in every process. */
export function policyVersion(policy: Policy): string {
  return createHash("sha256").update(canonical(policy)).digest("hex").slice(0, 12);
}

/** The default policy with some of it changed. Throws when a share is no share or the bounds do not fit. */
export function makePolicy(changes: Partial<Policy> = {}): Policy {
  const policy = { ...defaultPolicy, ...changes };
  checkPolicy(policy);
  return policy;
}

function checkPolicy(policy: Policy): void {
  const shares = [
    policy.holdoutShare,
    policy.explorationShare,
    policy.marginShare,
    policy.popularityMin,
    policy.varietyShare,
    policy.rhythm.restShareOfGap,
    policy.pressure.sharePerSight,
    policy.pressure.shareMax,
    ...Object.values(policy.momentLift),
  ];
  for (const share of shares) assert(share >= 0 && share <= 1, "a share of the policy is between 0 and 1");
  assert(
    Number.isInteger(policy.explorationAmong) && policy.explorationAmong >= 1,
    "exploring is among at least one",
  );
  assert(policy.valueFloor >= 0, "nothing worth less than nothing is shown");
  assert(policy.worthMinorMax <= 1_000_000_000, "the parts of a score are safe integers");
  assert(
    policy.horizonDays > 0 && policy.freshMs > 0 && policy.viewHalfLifeDays > 0,
    "spans of the policy are positive",
  );
  assert(
    candidatesMax(policy) <= limits.decisionCandidatesMax,
    "the policy gathers no more than a decision can hold",
  );
}

/** The most candidates a decision can gather: offers, as many again on what was found, and an item for each of these. */
function candidatesMax(policy: Policy): number {
  const seeds = Object.values(policy.seeds).reduce((sum, seed) => sum + seed.most, 0);
  const { popular, popularUnavailable, rhythm, moments, offers } = policy.gather;
  return (
    limits.sessionNextMax +
    seeds * policy.neighboursPerSeed +
    popular +
    popularUnavailable +
    rhythm +
    moments +
    3 * offers
  );
}
