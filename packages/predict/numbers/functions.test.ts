import assert from "node:assert/strict";
import { test } from "node:test";
import { chance } from "@trato/base";
import fc from "fast-check";
import { drawBeta, drawGamma } from "./draws.ts";
import { digamma, gammaAbove, gammaBelow } from "./gamma.ts";
import { hypergeometric } from "./hypergeometric.ts";
import { normalBelow, normalQuantile } from "./normal.ts";
import { integrate, legendreNodes } from "./quadrature.ts";
import { betaBelow, lnGamma } from "./special.ts";

/** Expected values: mpmath 1.3 with 40 digits. */
const close = (found: number, expected: number, relative: number) =>
  assert.ok(Math.abs(found - expected) <= relative * Math.abs(expected), `${found} is not ${expected}`);

test("lnGamma and digamma have the digits of a 40-digit computation", () => {
  for (const [x, expected] of [
    [0.001, 6.907178885383853],
    [0.3, 1.0957979948180756],
    [2.5, 0.2846828704729192],
    [17.25, 31.374622313677687],
    [1000.5, 5908.674175848678],
    [1e6, 12_815_504.569147613],
    [1e10, 220_258_509_288.81058],
  ] as const) {
    close(lnGamma(x), expected, 2e-14);
  }
  for (const [x, expected] of [
    [1, -0.5772156649015329],
    [0.5, -1.9635100260214235],
    [0.001, -1000.5755719318103],
    [10, 2.251752589066721],
    [3.25, 1.016990911068179],
    [1e6, 13.815510057964191],
    [0.1, -10.423754940411078],
  ] as const) {
    close(digamma(x), expected, 1e-14);
  }
});

test("the incomplete gamma and beta functions have the digits of a 40-digit computation, in both tails", () => {
  for (const [a, x, below, above] of [
    [0.5, 0.1, 0.34527915398142295, 0.654720846018577],
    [1, 1, 0.6321205588285577, 0.36787944117144233],
    [2.5, 7, 0.9843905838997331, 0.015609416100266916],
    [10, 3, 0.0011024881301154798, 0.9988975118698845],
    [30, 45, 0.9926628007022035, 0.007337199297796504],
    [100, 100, 0.5132987982791487, 0.48670120172085135],
    [0.01, 5, 0.9999882464805873, 1.175351941275085e-5],
    [1000, 900, 0.0005499022657117829, 0.9994500977342882],
  ] as const) {
    close(gammaBelow(a, x), below, 2e-12);
    close(gammaAbove(a, x), above, 2e-12);
  }
  for (const [x, a, b, expected] of [
    [0.3, 2.5, 4, 0.35219758590676725],
    [0.01, 0.2, 0.1, 0.1365495242737301],
    [0.9, 120, 14, 0.5384218404770954],
    [0.5, 1000, 1010, 0.5882698275437275],
    [0.001, 0.5, 200, 0.4727558929747646],
  ] as const) {
    close(betaBelow(x, a, b), expected, 1e-11);
  }
});

test("the normal distribution and its quantile have the digits of a 40-digit computation, far out too", () => {
  for (const [x, expected] of [
    [0, 0.5],
    [1, 0.8413447460685429],
    [-1.96, 0.024997895148220435],
    [-6, 9.86587645037698e-10],
    [-20, 2.7536241186062337e-89],
    [3, 0.9986501019683699],
    [-37, 5.725571222524577e-300],
    [0.1, 0.539827837277029],
  ] as const) {
    close(normalBelow(x), expected, 2e-12);
  }
  for (const [level, expected] of [
    [0.975, 1.9599639845400543],
    [0.5, 0],
    [0.9, 1.2815515655446006],
    [1e-3, -3.0902323061678136],
    [1e-10, -6.361340902404057],
    [1e-300, -37.0470962993612],
  ] as const) {
    close(normalQuantile(level), expected, 1e-14);
  }
  assert.deepEqual([0, 1, 2].map(normalQuantile), [
    Number.NEGATIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    Number.NaN,
  ]);
});

test("the hypergeometric function has the digits of a 40-digit computation", () => {
  for (const [a, b, c, z, expected] of [
    [0.5, 1.5, 2.5, 0.3, 1.108062551056932],
    [2.243, 4.426, 4.219, 0.476, 4.616451360648814],
    [27, 1.606, 28.16, 0.9, 26.711055557767025],
    [1, 0.7, 1.3, 0.99, 8.951977528553961],
    [3, 2, 4.5, -5, 0.06739720392606784],
    [0.25, 12, 3, 0.8, 5520.126755527549],
    [5, 5, 2, -0.5, -0.02072854747751867],
    [1, 26.5, 27.6, 0.999, 71.24850382761525],
    [1, 0.3, 1.8, 0.9999, 1.5890585437862221],
    [1, 120, 121.5, 0.4, 1.6531324335847999],
    [0.5, 0.5, 1, -100, 0.2344156542309132],
  ] as const) {
    close(hypergeometric(a, b, c, z), expected, 1e-12);
  }
});

test("the hypergeometric function is the integral that Euler gave it", () => {
  const some = fc.double({ min: 1.5, max: 6, noNaN: true });
  const nodes = legendreNodes(64);
  fc.assert(
    fc.property(
      fc.constantFrom(1, 0.4, 2.7),
      some,
      some,
      fc.double({ min: -4, max: 0.95, noNaN: true }),
      (a, b, more, z) => {
        const front = Math.exp(lnGamma(b + more) - lnGamma(b) - lnGamma(more));
        // The square keeps the ends of the range smooth.
        const inner = (u: number) => {
          const t = u * u * (3 - 2 * u);
          return t ** (b - 1) * (1 - t) ** (more - 1) * (1 - z * t) ** -a * 6 * u * (1 - u);
        };
        close(hypergeometric(a, b, b + more, z), front * integrate(inner, 0, 1, nodes), 1e-6);
      },
    ),
  );
});

test("gamma draws and beta draws have the mean and spread of their distribution", () => {
  const draw = chance(5);
  const count = 40_000;
  for (const shape of [0.3, 1, 4.5]) {
    const values = Float64Array.from({ length: count }, () => drawGamma(draw, shape));
    const mean = values.reduce((a, b) => a + b, 0) / count;
    const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / count;
    close(mean, shape, 0.03);
    close(variance, shape, 0.08);
  }
  const shares = Float64Array.from({ length: count }, () => drawBeta(draw, 2, 6));
  close(shares.reduce((a, b) => a + b, 0) / count, 0.25, 0.02);
  close(shares.filter((x) => x < 0.2).length / count, betaBelow(0.2, 2, 6), 0.03);
  assert.ok([drawBeta(draw, 1e-9, 1e-9), drawBeta(draw, 1e-9, 1e-9)].every((x) => x === 0 || x === 1));
});

test("quadrature integrates every polynomial up to its degree", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 12 }),
      fc.array(fc.integer({ min: -5, max: 5 }), { maxLength: 24 }),
      (n, list) => {
        const coefficients = list.slice(0, 2 * n);
        const value = (x: number) => coefficients.reduce((sum, c, power) => sum + c * x ** power, 0);
        const exact = coefficients.reduce(
          (sum, c, power) => sum + (c * (2 ** (power + 1) - 1)) / (power + 1),
          0,
        );
        const found = integrate(value, 1, 2, legendreNodes(n));
        assert.ok(Math.abs(found - exact) <= 1e-7 * Math.max(1, Math.abs(exact)), `${found} is not ${exact}`);
      },
    ),
  );
});
