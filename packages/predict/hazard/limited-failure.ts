import { assert } from "@trato/base";
import { readArrays, writeArrays } from "../arrays/bytes.ts";
import { bfgs, differences, nelderMead } from "../numbers/minimise.ts";
import { checkLives, type Lives, livesOf } from "./lives.ts";
import type { Survival } from "./remaining.ts";

/**
 * A limited failure population: only a share of all units has the defect that ends their life, and that life is
 * Weibull; the rest lasts. On warranty claims of a small defective share a plain Weibull is far too dark about the
 * future of those that have come through.
 *
 * Cost: some 600 passes. Source: Meeker, "Limited failure population life tests", 1987. Not where everything wears
 * out in the end, nor when the claims are still rising: share and speed cannot then be told apart.
 */
export type LimitedFailure = {
  /** The share with the defect; the age at which 63.2 % of those have failed; the Weibull shape. */
  readonly share: number;
  readonly scale: number;
  readonly shape: number;
  readonly lnLikelihood: number;
  readonly survival: Survival;
  /** The chance that something that has come to this age has the defect. */
  defective(age: number): number;
  toBytes(): Uint8Array;
};

const magic = "TrLimFai";
const version = 1;

/** Fits by maximum likelihood from three starts; throws when nothing failed. */
export function fitLimitedFailure(lives: Lives): LimitedFailure {
  checkLives(lives);
  const { end, failed } = lives;
  assert(
    lives.start === undefined,
    "a limited failure population is fitted on lives seen from the beginning",
  );
  let [failures, all, sumAge] = [0, 0, 0];
  for (let i = 0; i < end.length; i++) {
    all += livesOf(lives, i);
    if (failed[i] === 0) continue;
    failures += livesOf(lives, i);
    sumAge += livesOf(lives, i) * end[i]!;
  }
  const scale = sumAge / failures;
  const cost = ([logit, lnScale, lnShape]: readonly number[]) => {
    if (Math.abs(logit!) > 20 || Math.abs(lnScale!) > 15 || Math.abs(lnShape!) > 5)
      return Number.POSITIVE_INFINITY;
    const share = 1 / (1 + Math.exp(-logit!));
    const shape = Math.exp(lnShape!);
    let total = 0;
    for (let i = 0; i < end.length; i++) {
      const lnReach = shape * (Math.log(end[i]! / scale) - lnScale!);
      const reach = Math.exp(lnReach);
      total +=
        livesOf(lives, i) *
        (failed[i] === 1
          ? Math.log(share) + lnShape! + lnReach - reach - Math.log(end[i]!)
          : Math.log1p(share * Math.expm1(-reach)));
    }
    return -total;
  };
  const observed = Math.log((failures + 0.5) / (all - failures + 0.5));
  const best = [observed + 0.2, observed + 2, 4]
    .map((logit) => nelderMead(cost, [logit, 0.2, 0], { tolerance: 1e-2 }))
    .sort((a, b) => a.value - b.value)[0]!;
  const { at, value } = bfgs(differences(cost), best.at, { tolerance: 1e-4 });
  const share = 1 / (1 + Math.exp(-at[0]!));
  return limitedFailureFrom(share, scale * Math.exp(at[1]!), Math.exp(at[2]!), -value);
}

/** Reads what `toBytes` wrote; throws a plain sentence on anything else. */
export function limitedFailureFromBytes(bytes: Uint8Array): LimitedFailure {
  const [at] = readArrays(magic, version, bytes);
  assert(at instanceof Float64Array && at.length === 4, "a limited failure population is four doubles");
  return limitedFailureFrom(at[0]!, at[1]!, at[2]!, at[3]!);
}

function limitedFailureFrom(
  share: number,
  scale: number,
  shape: number,
  lnLikelihood: number,
): LimitedFailure {
  assert(
    share > 0 && share <= 1 && scale > 0 && shape > 0,
    "a share is from 0 to 1, scale and shape above 0",
  );
  const lasting = (age: number) => (age <= 0 ? 1 : Math.exp(-((age / scale) ** shape)));
  const survival = (age: number) => 1 - share * (1 - lasting(age));
  return {
    share,
    scale,
    shape,
    lnLikelihood,
    survival,
    defective: (age) => (share * lasting(age)) / survival(age),
    toBytes: () => writeArrays(magic, version, [Float64Array.of(share, scale, shape, lnLikelihood)]),
  };
}
