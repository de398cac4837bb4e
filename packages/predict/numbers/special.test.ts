import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { betaBelow, lnBeta, lnGamma } from "./special.ts";
import { studentBelow, studentQuantile } from "./student.ts";

const near = (found: number, expected: number, by: number) =>
  assert.ok(Math.abs(found - expected) <= by, `${found} is not within ${by} of ${expected}`);

/** The middle-point rule with many slices: slow, obvious. */
function integral(density: (x: number) => number, from: number, until: number, slices = 20_000): number {
  const width = (until - from) / slices;
  let sum = 0;
  for (let i = 0; i < slices; i++) sum += density(from + (i + 0.5) * width);
  return sum * width;
}

test("the gamma function is the factorial, and the root of pi at a half", () => {
  let ln = 0;
  for (let n = 1; n < 60; n++) {
    near(lnGamma(n), ln, 1e-12 * Math.max(1, ln));
    ln += Math.log(n);
  }
  near(lnGamma(0.5), 0.5 * Math.log(Math.PI), 1e-14);
});

test("the gamma function grows by its argument", () => {
  fc.assert(
    fc.property(fc.double({ min: 0.01, max: 300, noNaN: true }), (x) => {
      near(lnGamma(x + 1), lnGamma(x) + Math.log(x), 1e-11 * Math.max(1, Math.abs(lnGamma(x))));
    }),
  );
});

test("the incomplete beta function is the area under its density", () => {
  // Below 1.5 the density is too steep at the ends for slices.
  const shape = fc.double({ min: 1.5, max: 40, noNaN: true });
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 1, noNaN: true }), shape, shape, (x, a, b) => {
      const density = (t: number) =>
        Math.exp((a - 1) * Math.log(t) + (b - 1) * Math.log1p(-t) - lnBeta(a, b));
      near(betaBelow(x, a, b), integral(density, 0, x), 1e-5);
    }),
    { numRuns: 50 },
  );
});

test("the incomplete beta function is a power when a shape is one", () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(share, fc.double({ min: 0.1, max: 40, noNaN: true }), (x, a) => {
      near(betaBelow(x, a, 1), x ** a, 1e-12);
      near(betaBelow(x, 1, a), 1 - (1 - x) ** a, 1e-12);
    }),
  );
});

test("the Student-t chance is the area under its density", () => {
  fc.assert(
    fc.property(
      fc.double({ min: -8, max: 8, noNaN: true }),
      fc.double({ min: 0.8, max: 200, noNaN: true }),
      (t, dof) => {
        const ln = -lnBeta(dof / 2, 0.5) - 0.5 * Math.log(dof);
        const density = (x: number) => Math.exp(ln - ((dof + 1) / 2) * Math.log1p((x * x) / dof));
        near(studentBelow(t, dof), 0.5 + integral(density, 0, t), 1e-6);
      },
    ),
    { numRuns: 50 },
  );
});

test("the Student-t quantile undoes the chance, at both ends too", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }),
      fc.double({ min: 0.5, max: 500, noNaN: true }),
      (level, dof) => {
        near(studentBelow(studentQuantile(level, dof), dof), level, 1e-10);
      },
    ),
  );
  near(studentQuantile(0.975, 10), 2.228138852, 1e-8);
  assert.equal(studentQuantile(0, 5), Number.NEGATIVE_INFINITY);
  assert.equal(studentQuantile(1, 5), Number.POSITIVE_INFINITY);
  assert.equal(studentBelow(Number.POSITIVE_INFINITY, 5), 1);
});
