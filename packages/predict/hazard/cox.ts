import { assert } from "@trato/base";
import { readArrays, writeArrays } from "../arrays/bytes.ts";
import { type Design, designArrays, designFromArrays, designOf, encode, matrixOf } from "../linear/design.ts";
import { choleskyOf, inverseOfRoot, solveRoot } from "../numbers/cholesky.ts";
import type { Table } from "../trees/table.ts";
import { type Events, eventsOf, lnPartial, stepsOf } from "./cox-partial.ts";
import { checkLives, type Lives } from "./lives.ts";
import type { Survival } from "./remaining.ts";

/**
 * Hazards that are one unknown shape over age, times a factor of each one's facts: the factors are found from who
 * failed among those who could have, so that the shape need not be known. Ties by Efron.
 *
 * Cost: some six passes, each with columns² a row. Sources: Cox, "Regression models and life-tables", 1972; Efron
 * 1977. Not where factors change with age (see discrete-time.ts), nor to foresee beyond the oldest failure.
 */
export type Cox = {
  readonly names: readonly string[];
  readonly coefficients: Float64Array;
  readonly errors: Float64Array;
  /** Partial: comparable between Cox models of one set of lives only. */
  readonly lnLikelihood: number;
  /** The logarithm of the factor of a row of facts, against the average row. */
  lnRisk(row: ArrayLike<number>): number;
  survivalOf(row: ArrayLike<number>): Survival;
  toBytes(): Uint8Array;
};

export type CoxOptions = {
  /** A pull of the coefficients (per deviation of their column) to 0; default 0. Needed when columns say the same. */
  readonly l2?: number;
};

const magic = "TrCoxPro";
const version = 1;
const roundsMax = 60;

/** Fits; throws when nothing failed, and when the columns do not determine their coefficients (give some `l2`). */
export function fitCox(lives: Lives, facts: Table, { l2 = 0 }: CoxOptions = {}): Cox {
  checkLives(lives);
  assert(facts.rowCount === lives.end.length, "every life has a row of facts");
  const design = designOf(facts);
  const width = design.names.length;
  const matrix = matrixOf(design, facts).map(
    (x, i) => (x - design.means[i % width]!) / design.deviations[i % width]!,
  );
  const events = eventsOf(lives);
  const { at, found } = climb(events, matrix, width, l2);
  const root = choleskyOf(found.information, width);
  if (root === undefined) throw new Error("Some columns say the same: leave one out, or give l2 0.01.");
  const variances = inverseOfRoot(root, width);
  const { ages, hazards } = stepsOf(events, matrix, at);
  return coxFrom(design, {
    coefficients: at.map((b, j) => b / design.deviations[j]!),
    errors: at.map((_, j) => Math.sqrt(variances[j * width + j]!) / design.deviations[j]!),
    ages,
    hazards,
    lnLikelihood: found.lnLikelihood,
  });
}

/** Newton's steps, halved while they lead down. */
function climb(events: Events, matrix: Float64Array, width: number, l2: number) {
  const measure = (at: Float64Array) => {
    const found = lnPartial(events, matrix, at);
    for (let j = 0; j < width; j++) {
      found.slope[j]! -= l2 * at[j]!;
      found.information[j * width + j]! += l2;
    }
    return { ...found, aim: found.lnLikelihood - (l2 / 2) * at.reduce((sum, b) => sum + b * b, 0) };
  };
  let at = new Float64Array(width);
  let found = measure(at);
  for (let round = 0; round < roundsMax && width > 0; round++) {
    const root = choleskyOf(found.information, width);
    if (root === undefined) throw new Error("Some columns say the same: leave one out, or give l2 0.01.");
    const step = solveRoot(root, found.slope);
    const gain = step.reduce((sum, s, j) => sum + s * found.slope[j]!, 0);
    if (gain < 1e-12) return { at, found };
    let next = at.map((b, j) => b + step[j]!);
    let there = measure(next);
    for (let share = 0.5; !(there.aim > found.aim - 1e-9) && share > 1e-6; share /= 2) {
      next = at.map((b, j) => b + share * step[j]!);
      there = measure(next);
    }
    [at, found] = [next, there];
  }
  if (width === 0) return { at, found };
  throw new Error("The coefficients grow without end: a column tells exactly who fails; give l2 0.01.");
}

type CoxParts = {
  readonly coefficients: Float64Array;
  readonly errors: Float64Array;
  /** The ages at which something failed, and the average row's cumulative hazard from each on. */
  readonly ages: Float64Array;
  readonly hazards: Float64Array;
  readonly lnLikelihood: number;
};

function coxFrom(design: Design, parts: CoxParts): Cox {
  const { coefficients, errors, ages, hazards, lnLikelihood } = parts;
  const row = new Float64Array(design.names.length);
  const lnRisk = (values: ArrayLike<number>) =>
    encode(design, values, row).reduce((sum, x, j) => sum + (x - design.means[j]!) * coefficients[j]!, 0);
  return {
    names: design.names,
    coefficients,
    errors,
    lnLikelihood,
    lnRisk,
    survivalOf(values) {
      const factor = Math.exp(lnRisk(values));
      return (age) => {
        let [low, high] = [0, ages.length];
        while (low < high) {
          const middle = (low + high) >> 1;
          if (ages[middle]! <= age) low = middle + 1;
          else high = middle;
        }
        return low === 0 ? 1 : Math.exp(-factor * hazards[low - 1]!);
      };
    },
    toBytes: () =>
      writeArrays(magic, version, [
        ...designArrays(design),
        coefficients,
        errors,
        ages,
        hazards,
        Float64Array.of(lnLikelihood),
      ]),
  };
}

/** Reads what `toBytes` wrote; throws a plain sentence on anything else. */
export function coxFromBytes(bytes: Uint8Array): Cox {
  const arrays = readArrays(magic, version, bytes);
  assert(arrays.length === 8, "a Cox model has eight arrays");
  const design = designFromArrays(arrays.slice(0, 3));
  const [coefficients, errors, ages, hazards, ln] = arrays.slice(3).map((array) => {
    assert(array instanceof Float64Array, "a Cox model's arrays are doubles");
    return array;
  }) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
  assert(
    coefficients.length === design.names.length && errors.length === coefficients.length,
    "a Cox model has a coefficient a number",
  );
  assert(ages.length === hazards.length && ln.length === 1, "every age has a hazard");
  return coxFrom(design, { coefficients, errors, ages, hazards, lnLikelihood: ln[0]! });
}
