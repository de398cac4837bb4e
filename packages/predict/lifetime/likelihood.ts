import { choleskyOf, inverseOfRoot } from "../numbers/cholesky.ts";
import { bfgs, curvature, differences, nelderMead } from "../numbers/minimise.ts";
import { normalQuantile } from "../numbers/normal.ts";

/** Positive parameters that make what was seen most likely. */
export type Likeliest = {
  readonly at: Float64Array;
  readonly lnLikelihood: number;
  /** Standard errors of the parameters' logarithms; NaN where the data do not determine them. */
  readonly lnErrors: Float64Array;
};

/** A parameter's natural size, and how many times more or less it may become. */
export type Range = { readonly size: number; readonly times: number };

/** The logarithm of the likelihood of all data, and of some of them where all are many (else the same). */
export type LnLikelihoods = {
  readonly ofAll: (parameters: Float64Array) => number;
  readonly ofSome: (parameters: Float64Array) => number;
};

/**
 * Maximum likelihood over positive parameters, climbed in their logarithms from several starts: a simplex first, on
 * some of the data, then BFGS on all, from the best end and (when some are not all) the best start. None leaves its
 * range, so that a model that collapses to a simpler one stays finite.
 *
 * Cost: some 200 evaluations a start on some data, and 300 on all. Throws when the likelihood is infinite at every
 * start.
 */
export function likeliest(
  { ofAll, ofSome }: LnLikelihoods,
  starts: readonly (readonly number[])[],
  ranges: readonly Range[],
): Likeliest {
  const parametersAt = (at: readonly number[]) =>
    Float64Array.from(at, (ln, i) => ranges[i]!.size * Math.exp(ln));
  const costOf = (lnLikelihood: (parameters: Float64Array) => number) => (at: readonly number[]) => {
    // A step out of two infinite costs is no number; such a place is out of range too.
    const isInRange = at.every((ln, i) => Math.abs(ln) <= Math.log(ranges[i]!.times));
    if (!isInRange) return Number.POSITIVE_INFINITY;
    const value = -lnLikelihood(parametersAt(at));
    return Number.isNaN(value) ? Number.POSITIVE_INFINITY : value;
  };
  const [cost, roughly] = [costOf(ofAll), costOf(ofSome)];
  const inLogarithms = starts.map((start) => start.map((one, i) => Math.log(one / ranges[i]!.size)));
  const rough = inLogarithms
    .filter((start) => Number.isFinite(roughly(start)))
    .map((start) => nelderMead(roughly, start, { tolerance: 1e-2, evaluationsMax: 60 * start.length }).at);
  // What is best on some data may be a plain of all data: the best start is climbed from as well.
  const ends = [bestOf(rough, cost), ofSome === ofAll ? undefined : bestOf(inLogarithms, cost)];
  const slope = differences(cost, 1e-4);
  const polished = ends
    .filter((at) => at !== undefined)
    .map((at) => bfgs(slope, at, { tolerance: 1e-4, roundsMax: 60 }))
    .sort((a, b) => a.value - b.value)[0];
  if (polished === undefined) {
    throw new Error("The likelihood is not finite at any start: look for extreme numbers.");
  }
  return {
    at: parametersAt(polished.at),
    lnLikelihood: -polished.value,
    lnErrors: errorsOf(curvature(slope, polished.at, 1e-3), polished.at.length),
  };
}

/** The point where the cost is least, of those where it is finite. */
function bestOf(points: readonly number[][], cost: (at: readonly number[]) => number): number[] | undefined {
  return points
    .map((at) => ({ at, value: cost(at) }))
    .filter(({ value }) => Number.isFinite(value))
    .sort((a, b) => a.value - b.value)[0]?.at;
}

/** From the parameters that the data bend the likelihood in; the others are taken as known. */
function errorsOf(information: Float64Array, n: number): Float64Array {
  const errors = new Float64Array(n).fill(Number.NaN);
  if (!information.every(Number.isFinite)) return errors;
  const bent = [...errors.keys()].filter((i) => information[i * n + i]! > 0.01);
  const part = Float64Array.from(bent.flatMap((i) => bent.map((j) => information[i * n + j]!)));
  const root = choleskyOf(part, bent.length);
  if (root === undefined) return errors;
  const covariance = inverseOfRoot(root, bent.length);
  for (const [at, i] of bent.entries()) errors[i] = Math.sqrt(covariance[at * bent.length + at]!);
  return errors;
}

/** The interval of a positive parameter, normal in its logarithm; `undefined` where nothing determines it. */
export function parameterInterval(
  value: number,
  lnError: number,
  level: number,
): { low: number; high: number } | undefined {
  if (Number.isNaN(lnError)) return undefined;
  const factor = Math.exp(normalQuantile((1 + level) / 2) * lnError);
  return { low: value / factor, high: value * factor };
}

/** ln(exp(a) + exp(b)) without overflow. */
export function lnAdd(a: number, b: number): number {
  const high = Math.max(a, b);
  return high === Number.NEGATIVE_INFINITY ? high : high + Math.log1p(Math.exp(Math.min(a, b) - high));
}
