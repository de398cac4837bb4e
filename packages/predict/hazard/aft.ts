import { assert } from "@trato/base";
import { readArrays, writeArrays } from "../arrays/bytes.ts";
import { type Design, designArrays, designFromArrays, designOf, encode, matrixOf } from "../linear/design.ts";
import { choleskyOf, inverseOfRoot } from "../numbers/cholesky.ts";
import { bfgs, curvature } from "../numbers/minimise.ts";
import type { Table } from "../trees/table.ts";
import { errorOf, type LifeKind, type LogError } from "./life-kinds.ts";
import { checkLives, type Lives, livesOf } from "./lives.ts";
import type { Survival } from "./remaining.ts";

/**
 * Accelerated failure time: facts stretch or shrink life as a whole, ln(life) = place + error / shape, where the
 * error's kind makes it a Weibull, log-logistic or log-normal life. It goes on beyond the oldest life seen.
 *
 * Cost: some 50 passes with an exponential a row. Source: Kalbfleisch, Prentice, "The Statistical Analysis of
 * Failure Time Data", 2002, chapter 3. Not when only a share ever fails (see limited-failure.ts).
 */
export type Aft = {
  readonly kind: LifeKind;
  /** "place", its columns, "shape", and the columns that move the logarithm of the shape. */
  readonly names: readonly string[];
  readonly coefficients: Float64Array;
  readonly errors: Float64Array;
  readonly lnLikelihood: number;
  /** The life at which a share 1 − 1/e (Weibull) or one half has failed, and the shape, of a row of facts. */
  lifeOf(row: ArrayLike<number>): { scale: number; shape: number };
  survivalOf(row: ArrayLike<number>): Survival;
  toBytes(): Uint8Array;
};

export type AftOptions = {
  /** Default "weibull". */
  readonly kind?: LifeKind;
  /** Number columns that also move the shape; default none. */
  readonly shapeColumns?: readonly string[];
};

const magic = "TrAftLif";
const version = 1;
const kinds = ["weibull", "log-logistic", "log-normal"] as const;

/** Fits; without columns it is the plain distribution. Throws when nothing failed. */
export function fitAft(
  lives: Lives,
  facts: Table = { rowCount: lives.end.length, columns: [] },
  { kind = "weibull", shapeColumns = [] }: AftOptions = {},
): Aft {
  checkLives(lives);
  assert(facts.rowCount === lives.end.length, "every life has a row of facts");
  const design = designOf(facts);
  const width = design.names.length;
  const shapeAt = shapeColumns.map((name) => {
    const at = design.names.indexOf(name);
    assert(at >= 0, `${name} is a number column of the facts`);
    return at;
  });
  const matrix = matrixOf(design, facts).map(
    (x, i) => (x - design.means[i % width]!) / design.deviations[i % width]!,
  );
  const problem = problemOf(lives, matrix, { width, shapeAt, error: errorOf(kind) });
  const { at, value } = bfgs(problem, new Array<number>(width + shapeAt.length + 2).fill(0), {
    tolerance: 1e-6,
  });
  const root = choleskyOf(curvature(problem, at), at.length);
  const { coefficients, errors } = inOwnUnits(design, shapeAt, {
    at,
    covariance: root === undefined ? undefined : inverseOfRoot(root, at.length),
    lnMiddle: middleOf(lives),
  });
  return aftFrom(design, shapeAt, { kind, coefficients, errors, lnLikelihood: -value });
}

const middleOf = ({ end }: Lives): number => end.reduce((sum, age) => sum + Math.log(age), 0) / end.length;

/** Minus the log-likelihood in standardised columns, places counted from the middle of ln(age). */
function problemOf(
  lives: Lives,
  matrix: Float64Array,
  { width, shapeAt, error }: { width: number; shapeAt: readonly number[]; error: LogError },
) {
  const { end, start, failed } = lives;
  const middle = middleOf(lives);
  const shapeFrom = width + 1;
  const size = width + shapeAt.length + 2;
  const measure = (at: readonly number[], slope: Float64Array | undefined) => {
    let total = 0;
    for (let i = 0; i < end.length; i++) {
      let place = at[0]! + middle;
      for (let j = 0; j < width; j++) place += at[j + 1]! * matrix[i * width + j]!;
      let lnShape = at[shapeFrom]!;
      for (const [k, j] of shapeAt.entries()) lnShape += at[shapeFrom + 1 + k]! * matrix[i * width + j]!;
      const shape = Math.exp(lnShape);
      const lnAge = Math.log(end[i]!);
      const w = shape * (lnAge - place);
      let value = failed[i] === 1 ? error.lnDensity(w) + lnShape - lnAge : error.lnSurvival(w);
      let byW = failed[i] === 1 ? error.densitySlope(w) : error.survivalSlope(w);
      let byPlace = -shape * byW;
      byW = byW * w + failed[i]!;
      if (start !== undefined && start[i]! > 0) {
        const early = shape * (Math.log(start[i]!) - place);
        value -= error.lnSurvival(early);
        byPlace += shape * error.survivalSlope(early);
        byW -= early * error.survivalSlope(early);
      }
      const times = livesOf(lives, i);
      total -= times * value;
      if (slope === undefined) continue;
      slope[0]! -= times * byPlace;
      slope[shapeFrom]! -= times * byW;
      for (let j = 0; j < width; j++) slope[j + 1]! -= times * byPlace * matrix[i * width + j]!;
      for (const [k, j] of shapeAt.entries())
        slope[shapeFrom + 1 + k]! -= times * byW * matrix[i * width + j]!;
    }
    return Number.isNaN(total) ? Number.POSITIVE_INFINITY : total;
  };
  return {
    value: (at: readonly number[]) => measure(at, undefined),
    gradient: (at: readonly number[]) => {
      const slope = new Float64Array(size);
      measure(at, slope);
      return slope;
    },
  };
}

/** From standardised columns back to the columns' own units; the covariance follows. */
function inOwnUnits(
  { names, means, deviations }: Design,
  shapeAt: readonly number[],
  {
    at,
    covariance,
    lnMiddle,
  }: { at: readonly number[]; covariance: Float64Array | undefined; lnMiddle: number },
) {
  const size = at.length;
  const shapeFrom = names.length + 1;
  const turn = new Float64Array(size * size);
  const own = (row: number, constant: number, column: number) => {
    turn[row * size + row] = 1 / deviations[column]!;
    turn[constant * size + row] = -means[column]! / deviations[column]!;
  };
  turn[0] = 1;
  turn[shapeFrom * size + shapeFrom] = 1;
  for (let j = 0; j < names.length; j++) own(j + 1, 0, j);
  for (const [k, j] of shapeAt.entries()) own(shapeFrom + 1 + k, shapeFrom, j);
  const coefficients = new Float64Array(size);
  const errors = new Float64Array(size).fill(Number.NaN);
  for (let i = 0; i < size; i++) {
    let variance = 0;
    for (let j = 0; j < size; j++) {
      coefficients[i]! += turn[i * size + j]! * at[j]!;
      for (let k = 0; k < size && covariance !== undefined; k++) {
        variance += turn[i * size + j]! * covariance[j * size + k]! * turn[i * size + k]!;
      }
    }
    if (covariance !== undefined) errors[i] = Math.sqrt(variance);
  }
  coefficients[0]! += lnMiddle;
  return { coefficients, errors };
}

type AftParts = {
  readonly kind: LifeKind;
  readonly coefficients: Float64Array;
  readonly errors: Float64Array;
  readonly lnLikelihood: number;
};

function aftFrom(design: Design, shapeAt: readonly number[], parts: AftParts): Aft {
  const { kind, coefficients, errors, lnLikelihood } = parts;
  const width = design.names.length;
  const error = errorOf(kind);
  const row = new Float64Array(width);
  const placeAndShape = (values: ArrayLike<number>) => {
    encode(design, values, row);
    const place = row.reduce((sum, x, j) => sum + x * coefficients[j + 1]!, coefficients[0]!);
    const lnShape = shapeAt.reduce(
      (sum, j, k) => sum + row[j]! * coefficients[width + 2 + k]!,
      coefficients[width + 1]!,
    );
    return { place, shape: Math.exp(lnShape) };
  };
  return {
    kind,
    names: ["place", ...design.names, "shape", ...shapeAt.map((j) => `shape of ${design.names[j]}`)],
    coefficients,
    errors,
    lnLikelihood,
    lifeOf(values) {
      const { place, shape } = placeAndShape(values);
      return { scale: Math.exp(place), shape };
    },
    survivalOf(values) {
      const { place, shape } = placeAndShape(values);
      return (age) => (age <= 0 ? 1 : Math.exp(error.lnSurvival(shape * (Math.log(age) - place))));
    },
    toBytes: () =>
      writeArrays(magic, version, [
        ...designArrays(design),
        Int32Array.of(kinds.indexOf(kind), ...shapeAt),
        coefficients,
        errors,
        Float64Array.of(lnLikelihood),
      ]),
  };
}

/** Reads what `toBytes` wrote; throws a plain sentence on anything else. */
export function aftFromBytes(bytes: Uint8Array): Aft {
  const arrays = readArrays(magic, version, bytes);
  const design = designFromArrays(arrays.slice(0, 3));
  const [head, coefficients, errors, ln] = arrays.slice(3);
  assert(head instanceof Int32Array && head.length > 0, "an AFT model says its kind");
  assert(
    coefficients instanceof Float64Array && errors instanceof Float64Array && ln instanceof Float64Array,
    "an AFT model's arrays are doubles",
  );
  const kind = kinds[head[0]!];
  const shapeAt = [...head.subarray(1)];
  assert(kind !== undefined && ln.length === 1, "an AFT model is of a kind that is known");
  assert(
    coefficients.length === design.names.length + 2 + shapeAt.length && errors.length === coefficients.length,
    "an AFT model has a coefficient a name",
  );
  return aftFrom(design, shapeAt, { kind, coefficients, errors, lnLikelihood: ln[0]! });
}
