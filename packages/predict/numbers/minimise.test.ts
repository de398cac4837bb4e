import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { choleskyOf, inverseOfRoot, solveRoot } from "./cholesky.ts";
import { bfgs, curvature, differences, nelderMead } from "./minimise.ts";

const banana = ([x, y]: readonly number[]) => (1 - x!) ** 2 + 100 * (y! - x! * x!) ** 2;

test("both walks end at the bottom of Rosenbrock's valley", () => {
  const { at, value } = nelderMead(banana, [-1.2, 1], { tolerance: 1e-14, evaluationsMax: 2_000 });
  assert.ok(Math.hypot(at[0]! - 1, at[1]! - 1) < 1e-4 && value < 1e-8, `${at}`);
  const walk = bfgs(differences(banana), [-1.2, 1]);
  assert.ok(Math.hypot(walk.at[0]! - 1, walk.at[1]! - 1) < 1e-5, `${walk.at}`);
});

const anySquare = fc.integer({ min: 1, max: 6 }).chain((n) => {
  const numbers = (length: number) =>
    fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: length, maxLength: length });
  return fc.record({ n: fc.constant(n), factor: numbers(n * n), point: numbers(n) });
});

/** A positive definite matrix: a factor times its transpose, and a bit of the identity. */
function definite(n: number, factor: readonly number[]): Float64Array {
  return Float64Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    let sum = i === j ? 0.5 : 0;
    for (let k = 0; k < n; k++) sum += factor[i * n + k]! * factor[j * n + k]!;
    return sum;
  });
}

const times = (matrix: Float64Array, x: ArrayLike<number>) =>
  Float64Array.from(x, (_, i) => {
    let sum = 0;
    for (let j = 0; j < x.length; j++) sum += matrix[i * x.length + j]! * x[j]!;
    return sum;
  });

function allNear(found: ArrayLike<number>, expected: ArrayLike<number>, by: number): void {
  for (let i = 0; i < found.length; i++) {
    const away = Math.abs(found[i]! - expected[i]!);
    assert.ok(away < by * Math.max(1, Math.abs(expected[i]!)), `${found[i]} is not ${expected[i]}`);
  }
}

test("a root solves its system, and its inverse undoes the matrix", () => {
  fc.assert(
    fc.property(anySquare, ({ n, factor, point }) => {
      const matrix = definite(n, factor);
      const root = choleskyOf(matrix, n)!;
      const right = times(matrix, point);
      allNear(solveRoot(root, right), point, 1e-7);
      allNear(times(inverseOfRoot(root, n), right), point, 1e-7);
    }),
  );
  assert.equal(choleskyOf(Float64Array.of(1, 2, 2, 1), 2), undefined);
});

test("a bowl's bottom and its curvature are found from anywhere", () => {
  fc.assert(
    fc.property(anySquare, ({ n, factor, point }) => {
      const matrix = definite(n, factor);
      const bowl = (at: readonly number[]) => {
        const away = at.map((x, i) => x - point[i]!);
        return 0.5 * times(matrix, away).reduce((sum, x, i) => sum + x * away[i]!, 0);
      };
      const { at } = bfgs(
        differences(bowl),
        point.map(() => 0),
      );
      allNear(at, point, 1e-4);
      allNear(curvature(differences(bowl), at), matrix, 1e-3);
    }),
    { numRuns: 40 },
  );
});

test("a wall is not walked through, and a start behind it is refused", () => {
  const walled = ([x]: readonly number[]) => (x! < 1 ? Number.POSITIVE_INFINITY : x! * x!);
  assert.ok(Math.abs(nelderMead(walled, [3]).at[0]! - 1) < 1e-3);
  assert.ok(bfgs(differences(walled), [3]).at[0]! >= 1);
  assert.throws(() => nelderMead(walled, [0]), /finite/);
  assert.throws(() => bfgs(differences(walled), [0]), /finite/);
});
