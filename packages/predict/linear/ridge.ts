import { assert } from "@trato/base";
import { choleskyOf, solveRoot } from "../numbers/cholesky.ts";
import type { Answers } from "../trees/boost.ts";
import type { Table } from "../trees/table.ts";
import { type Linear, linearOf, type Standard, standardOf } from "./linear.ts";

/** A pull of the coefficients, per deviation of their column, to 0, as strong as so many rows; default 1. */
export type LinearOptions = { readonly l2?: number };

/**
 * Least squares with a pull to 0, so that columns that say the same share what they say. Cost: rows × columns²
 * / 2. Source: Hoerl, Kennard, "Ridge regression", 1970. Not for thousands of columns, nor for bends: give it the
 * logarithm or the square as a column, or use trees. Without rows it says 0.
 */
export function fitRidge(table: Table, { target, weights }: Answers, { l2 = 1 }: LinearOptions = {}): Linear {
  assert(target.length === table.rowCount, "there is an answer a row");
  const standard = standardOf(table);
  const pulls = new Float64Array(table.rowCount).map((_, i) => weights?.[i] ?? 1);
  const at =
    table.rowCount === 0 ? new Float64Array(standard.width) : solveWeighted(standard, target, pulls, l2);
  return linearOf(standard, at, "identity");
}

/** Weighted ridge on standardised rows; the constant is not pulled. */
export function solveWeighted(
  { rows, width }: Standard,
  target: ArrayLike<number>,
  weights: ArrayLike<number>,
  l2: number,
): Float64Array {
  const gram = new Float64Array(width * width);
  const right = new Float64Array(width);
  for (let i = 0; i < target.length; i++) {
    const at = i * width;
    for (let j = 0; j < width; j++) {
      const x = weights[i]! * rows[at + j]!;
      right[j]! += x * target[i]!;
      for (let k = 0; k <= j; k++) gram[j * width + k]! += x * rows[at + k]!;
    }
  }
  // A trace of pull keeps columns of zeros from breaking the root.
  for (let j = 0; j < width; j++) gram[j * width + j]! += j === 0 ? 1e-12 : Math.max(l2, 1e-9);
  for (let j = 0; j < width; j++) for (let k = 0; k < j; k++) gram[k * width + j] = gram[j * width + k]!;
  const root = choleskyOf(gram, width);
  if (root === undefined) throw new Error("Some columns say the same: give l2 above 0, or leave one out.");
  return solveRoot(root, right);
}
