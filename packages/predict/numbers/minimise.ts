import { assert } from "@trato/base";

/** Where a function is least, and how much it is there. */
export type Minimum = { at: number[]; value: number; evaluations: number };
export type Objective = (at: readonly number[]) => number;
/** A function together with its derivatives. */
export type Slope = { readonly value: Objective; readonly gradient: (at: readonly number[]) => Float64Array };

/**
 * Nelder–Mead: a simplex of points that moves its worst corner through the middle of the others. Needs no
 * derivatives and forgives walls (`Infinity` is a value like any other).
 *
 * Cost: some hundred evaluations for four variables. Source: Nelder and Mead, 1965, with the coefficients of
 * Gao and Han, 2012, that suit more variables. Not for precision in the last digits, nor above ten variables.
 */
export function nelderMead(
  value: Objective,
  start: readonly number[],
  options: { step?: number; tolerance?: number; evaluationsMax?: number } = {},
): Minimum {
  const { step = 0.5, tolerance = 1e-8, evaluationsMax = 200 * start.length } = options;
  const n = start.length;
  const first = value(start);
  assert(Number.isFinite(first), "a minimum is sought from where the function is finite");
  let evaluations = 1;
  const measure = (at: number[]) => {
    evaluations++;
    const found = value(at);
    return { at, value: Number.isNaN(found) ? Number.POSITIVE_INFINITY : found };
  };
  const corners = [{ at: [...start], value: first }];
  for (let i = 0; i < n; i++) corners.push(measure(start.map((x, j) => (i === j ? x + step : x))));
  const spread = Math.max(2, n);
  const [expand, contract, shrink] = [1 + 2 / spread, 0.75 - 1 / (2 * spread), 1 - 1 / spread];
  while (evaluations < evaluationsMax) {
    corners.sort((a, b) => a.value - b.value);
    const best = corners[0]!;
    const worst = corners[n]!;
    const width = Math.max(
      ...corners.map(({ at }) => Math.max(...at.map((x, i) => Math.abs(x - best.at[i]!)))),
    );
    if (worst.value - best.value <= tolerance && width <= Math.sqrt(tolerance)) break;
    const middle = best.at.map(
      (_, i) => corners.reduce((sum, { at }, c) => (c === n ? sum : sum + at[i]!), 0) / n,
    );
    const towards = (by: number) => measure(middle.map((x, i) => x + by * (x - worst.at[i]!)));
    const mirrored = towards(1);
    if (mirrored.value < best.value) {
      const further = towards(expand);
      corners[n] = further.value < mirrored.value ? further : mirrored;
    } else if (mirrored.value < corners[n - 1]!.value) {
      corners[n] = mirrored;
    } else {
      const nearer = towards(mirrored.value < worst.value ? contract : -contract);
      if (nearer.value < Math.min(mirrored.value, worst.value)) corners[n] = nearer;
      else
        for (let c = 1; c <= n; c++)
          corners[c] = measure(best.at.map((x, i) => x + shrink * (corners[c]!.at[i]! - x)));
    }
  }
  corners.sort((a, b) => a.value - b.value);
  return { ...corners[0]!, evaluations };
}

/**
 * BFGS: a downhill walk that learns the curvature from the slopes it has seen, with a step that halves until
 * the function falls enough. Ends when the slope is below `tolerance` or a step gains next to nothing.
 *
 * Cost: variables × 5 to 10 steps, one gradient and one or two values each. Source: Nocedal and Wright,
 * "Numerical Optimization", 2006, chapter 6. Not for functions with corners or several valleys (start it
 * several times).
 */
export function bfgs(
  { value, gradient }: Slope,
  start: readonly number[],
  options: { tolerance?: number; roundsMax?: number } = {},
): Minimum {
  const { tolerance = 1e-7, roundsMax = 200 } = options;
  const n = start.length;
  let at = [...start];
  let best = value(at);
  assert(Number.isFinite(best), "a minimum is sought from where the function is finite");
  let slope = gradient(at);
  let evaluations = 1;
  let inverse = identity(n);
  let isFresh = true;
  for (let round = 0; round < roundsMax; round++) {
    if (slope.every((s, i) => Math.abs(s) * Math.max(1, Math.abs(at[i]!)) <= tolerance)) break;
    const way = downhill(inverse, slope);
    const fall = dot(way, slope);
    let stride = isFresh ? Math.min(1, 1 / Math.sqrt(-fall)) : 1;
    let next: number[] = at;
    let found = Number.POSITIVE_INFINITY;
    for (let halving = 0; halving < 30 && !(found <= best + 1e-4 * stride * fall); halving++) {
      if (halving > 0) stride /= 2;
      next = at.map((x, i) => x + stride * way[i]!);
      found = value(next);
      evaluations++;
    }
    const gain = best - found;
    if (!(gain > 1e-12 * (1 + Math.abs(best)))) {
      if (isFresh) break;
      [inverse, isFresh] = [identity(n), true];
      continue;
    }
    const nextSlope = gradient(next);
    if (!nextSlope.every(Number.isFinite)) break;
    learnCurvature(
      inverse,
      next.map((x, i) => x - at[i]!),
      nextSlope.map((s, i) => s - slope[i]!),
    );
    [at, slope, best, isFresh] = [next, nextSlope, found, false];
  }
  return { at, value: best, evaluations };
}

/** A function with its gradient by central differences: two values per variable, about 1e-9 relative. */
export function differences(value: Objective, step = 1e-5): Slope {
  const gradient = (at: readonly number[]) => {
    const near = [...at];
    return Float64Array.from(at, (x, i) => {
      const by = step * Math.max(1, Math.abs(x));
      near[i] = x + by;
      const above = value(near);
      near[i] = x - by;
      const below = value(near);
      near[i] = x;
      return (above - below) / (2 * by);
    });
  };
  return { value, gradient };
}

/** The second derivatives by differences of the gradient: the inverse is the covariance of an estimate. */
export function curvature({ gradient }: Slope, at: readonly number[], step = 1e-4): Float64Array {
  const n = at.length;
  const out = new Float64Array(n * n);
  const near = [...at];
  for (let i = 0; i < n; i++) {
    const by = step * Math.max(1, Math.abs(at[i]!));
    near[i] = at[i]! + by;
    const above = gradient(near);
    near[i] = at[i]! - by;
    const below = gradient(near);
    near[i] = at[i]!;
    for (let j = 0; j < n; j++) {
      const second = (above[j]! - below[j]!) / (2 * by);
      out[i * n + j]! += second / 2;
      out[j * n + i]! += second / 2;
    }
  }
  return out;
}

function identity(n: number): Float64Array {
  return Float64Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? 1 : 0));
}

function downhill(inverse: Float64Array, slope: Float64Array): Float64Array {
  const n = slope.length;
  return slope.map((_, i) => -dot(inverse.subarray(i * n, (i + 1) * n), slope));
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** The update of the inverse from one step and the change of slope along it; passed over when it bends down. */
function learnCurvature(inverse: Float64Array, step: readonly number[], change: Float64Array): void {
  const n = step.length;
  const bend = dot(step, change);
  if (!(bend > 1e-12 * Math.sqrt(dot(step, step) * dot(change, change)))) return;
  const turned = Float64Array.from(step, (_, i) => dot(inverse.subarray(i * n, (i + 1) * n), change));
  const scale = (1 + dot(turned, change) / bend) / bend;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const mixed = step[i]! * turned[j]! + turned[i]! * step[j]!;
      inverse[i * n + j]! += scale * step[i]! * step[j]! - mixed / bend;
    }
  }
}
