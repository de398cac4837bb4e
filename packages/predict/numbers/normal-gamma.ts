import { maximise } from "./maximise.ts";
import { lnGamma } from "./special.ts";

/**
 * Many small groups of numbers, each with its own mean and variance, that learn from one another: the prior
 * of mean and variance (normal–inverse-gamma) that makes all groups together most likely.
 *
 * Cost: some 200 passes over at most `groupsMax` groups, one logarithm each. Source: Murphy, "Conjugate
 * Bayesian analysis of the Gaussian distribution", 2007. Not for groups with few far outliers: they widen
 * everybody's prior.
 */
export type NormalGamma = {
  /** Where a group's mean is expected. */
  readonly mean: number;
  /** How many observations that expectation weighs. */
  readonly kappa: number;
  /** Shape and scale of the inverse-gamma prior of a group's variance. */
  readonly alpha: number;
  readonly beta: number;
};

/** Sufficient statistics of each group; groups with no numbers are passed over. */
export type Groups = {
  readonly n: Float64Array;
  readonly sum: Float64Array;
  readonly sum2: Float64Array;
};

/** What a single number is expected to be within a group: `mean` + `scale` × Student-t with `dof`. */
export type Predictive = { mean: number; scale: number; dof: number };

const groupsMax = 100_000;
const bounds = { kappa: [1e-3, 1e5], alpha: [0.5, 1e3], beta: [1e-4, 1e4] } as const;

/** Fits the prior; `undefined` when no group has two numbers, so that nothing can be said of variances. */
export function fitNormalGamma(groups: Groups): NormalGamma | undefined {
  const used = thinned(groups);
  if (used === undefined) return undefined;
  const { mean, variance } = overall(groups);
  // Variance and shape instead of shape and scale: the two then hardly pull at one another.
  const priorAt = ([m, lnKappa, lnAlpha, lnVariance]: readonly number[]): NormalGamma => {
    const alpha = Math.exp(lnAlpha!);
    return { mean: m!, kappa: Math.exp(lnKappa!), alpha, beta: alpha * Math.exp(lnVariance!) };
  };
  const value = (at: readonly number[]) => {
    const prior = priorAt(at);
    return inside(prior) ? lnLikelihood(used, prior) : Number.NEGATIVE_INFINITY;
  };
  const start = [mean, 0, Math.log(2), Math.log(Math.min(1e3, Math.max(1e-3, variance)))];
  return priorAt(maximise(value, start, { step: 0.5, stepMin: 0.01, roundsMax: 40 }).at);
}

/** The logarithm of the chance of all groups' numbers under the prior, means and variances integrated out. */
export function lnLikelihood(groups: Groups, prior: NormalGamma): number {
  const { kappa, alpha, beta, mean } = prior;
  const gammas: number[] = [];
  const lnAlpha = lnGamma(alpha);
  let total = 0;
  for (let g = 0; g < groups.n.length; g++) {
    const n = groups.n[g]!;
    if (n === 0) continue;
    gammas[n] ??=
      lnGamma(alpha + n / 2) - lnAlpha + 0.5 * Math.log(kappa / (kappa + n)) + alpha * Math.log(beta);
    const grown = grownBeta(prior, n, groups.sum[g]!, groups.sum2[g]!, mean);
    total += gammas[n] - (alpha + n / 2) * Math.log(grown) - (n / 2) * Math.log(2 * Math.PI);
  }
  return total;
}

/**
 * What the next number of a group is expected to be, after `n` numbers with these sums; writes into `out`.
 */
export function predictive(
  prior: NormalGamma,
  n: number,
  sum: number,
  sum2: number,
  out: Predictive,
): Predictive {
  const { kappa, alpha, mean } = prior;
  const beta = grownBeta(prior, n, sum, sum2, mean);
  out.mean = (kappa * mean + sum) / (kappa + n);
  out.dof = 2 * alpha + n;
  out.scale = Math.sqrt((beta * (kappa + n + 1)) / ((alpha + n / 2) * (kappa + n)));
  return out;
}

function inside(prior: NormalGamma): boolean {
  return (["kappa", "alpha", "beta"] as const).every(
    (name) => prior[name] >= bounds[name][0] && prior[name] <= bounds[name][1],
  );
}

function grownBeta({ kappa, beta }: NormalGamma, n: number, sum: number, sum2: number, mean: number): number {
  if (n === 0) return beta;
  const away = sum / n - mean;
  const spread = Math.max(0, sum2 - (sum * sum) / n);
  return beta + 0.5 * spread + (0.5 * kappa * n * away * away) / (kappa + n);
}

function overall({ n, sum, sum2 }: Groups): { mean: number; variance: number } {
  let count = 0;
  let total = 0;
  let total2 = 0;
  for (let g = 0; g < n.length; g++) {
    count += n[g]!;
    total += sum[g]!;
    total2 += sum2[g]!;
  }
  const mean = total / count;
  return { mean, variance: Math.max(0, total2 / count - mean * mean) };
}

/** At most `groupsMax` of the groups that have numbers, evenly spread; `undefined` when none has two. */
function thinned(groups: Groups): Groups | undefined {
  const filled: number[] = [];
  let most = 0;
  for (let g = 0; g < groups.n.length; g++) {
    if (groups.n[g]! > 0) filled.push(g);
    most = Math.max(most, groups.n[g]!);
  }
  if (most < 2) return undefined;
  const stride = Math.ceil(filled.length / groupsMax);
  const kept = filled.filter((_, at) => at % stride === 0);
  const pick = (from: Float64Array) => Float64Array.from(kept, (g) => from[g]!);
  return { n: pick(groups.n), sum: pick(groups.sum), sum2: pick(groups.sum2) };
}
