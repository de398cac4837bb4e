/**
 * Small symmetric positive definite systems as rows of one flat array, solved by their triangular root.
 * Cost: n³ / 6 for the root, n² a right-hand side. Source: Golub and Van Loan, "Matrix Computations", 4.2.
 * Not for thousands of rows: there a blocked kernel is many times quicker.
 */

/** The lower root L with L Lᵀ = matrix (n × n); `undefined` when the matrix is not positive definite. */
export function choleskyOf(matrix: Float64Array, n: number): Float64Array | undefined {
  const root = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= root[i * n + k]! * root[j * n + k]!;
      if (i !== j) root[i * n + j] = sum / root[j * n + j]!;
      else if (sum > 1e-13 * Math.abs(matrix[i * n + i]!)) root[i * n + i] = Math.sqrt(sum);
      else return undefined;
    }
  }
  return root;
}

/** Solves L Lᵀ x = right; returns x. */
export function solveRoot(root: Float64Array, right: ArrayLike<number>): Float64Array {
  const n = right.length;
  const x = Float64Array.from(right);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i]! -= root[i * n + k]! * x[k]!;
    x[i]! /= root[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i]! -= root[k * n + i]! * x[k]!;
    x[i]! /= root[i * n + i]!;
  }
  return x;
}

/** The inverse of the matrix whose root this is: n³ / 2. */
export function inverseOfRoot(root: Float64Array, n: number): Float64Array {
  const inverse = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const unit = new Float64Array(n);
    unit[i] = 1;
    inverse.set(solveRoot(root, unit), i * n);
  }
  return inverse;
}
