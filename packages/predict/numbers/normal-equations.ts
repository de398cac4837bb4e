import { choleskyOf, solveRoot } from "./cholesky.ts";

/** Solves `matrix · x = right` for a symmetric positive definite matrix; undefined when it is none. */
export function solveSymmetric(matrix: Float64Array, right: Float64Array): Float64Array | undefined {
  const root = choleskyOf(matrix, right.length);
  return root === undefined ? undefined : solveRoot(root, right);
}

/** Sums of products of rows among themselves and with answers: all that least squares need. */
export type Products = { readonly matrix: Float64Array; readonly right: Float64Array; count: number };

export const noProducts = (width: number): Products => ({
  matrix: new Float64Array(width * width),
  right: new Float64Array(width),
  count: 0,
});

/** Adds one row and its answer, with a weight. Cost: width² / 2; call `mirror` when all are in. */
export function addRow({ matrix, right }: Products, row: Float64Array, answer: number, weight = 1): void {
  const n = row.length;
  for (let i = 0; i < n; i++) {
    const one = weight * row[i]!;
    if (one === 0) continue;
    right[i]! += one * answer;
    for (let j = 0; j <= i; j++) matrix[i * n + j]! += one * row[j]!;
  }
}

/** Copies the lower half to the upper. */
export function mirror({ matrix, right }: Products): void {
  const n = right.length;
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) matrix[j * n + i] = matrix[i * n + j]!;
}
