import assert from "node:assert/strict";
import { test } from "node:test";
import { chance, normal } from "@trato/base";
import fc from "fast-check";
import { maximise } from "./maximise.ts";
import { fitNormalGamma, lnLikelihood, predictive } from "./normal-gamma.ts";
import { lnGamma } from "./special.ts";

const grouped = (groups: readonly (readonly number[])[]) => ({
  n: Float64Array.from(groups, (group) => group.length),
  sum: Float64Array.from(groups, (group) => group.reduce((a, b) => a + b, 0)),
  sum2: Float64Array.from(groups, (group) => group.reduce((a, b) => a + b * b, 0)),
});
const positive = fc.double({ min: 0.1, max: 20, noNaN: true });
const anyPrior = fc.record({
  mean: fc.double({ min: -3, max: 3, noNaN: true }),
  kappa: positive,
  alpha: positive,
  beta: positive,
});
const anyGroup = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { maxLength: 6 });

test("the likelihood of a group is that of each number after the ones before it", () => {
  fc.assert(
    fc.property(anyPrior, fc.array(anyGroup, { minLength: 1, maxLength: 5 }), (prior, groups) => {
      let slow = 0;
      for (const group of groups) {
        for (const [i, x] of group.entries()) {
          const { n, sum, sum2 } = grouped([group.slice(0, i)]);
          const { mean, scale, dof } = predictive(prior, n[0]!, sum[0]!, sum2[0]!, {
            mean: 0,
            scale: 0,
            dof: 0,
          });
          const t = (x - mean) / scale;
          slow += lnGamma((dof + 1) / 2) - lnGamma(dof / 2) - 0.5 * Math.log(dof * Math.PI) - Math.log(scale);
          slow -= ((dof + 1) / 2) * Math.log1p((t * t) / dof);
        }
      }
      const fast = lnLikelihood(grouped(groups), prior);
      assert.ok(Math.abs(fast - slow) < 1e-6 * Math.max(1, Math.abs(slow)), `${fast} is not ${slow}`);
    }),
  );
});

test("a fit finds the prior that the groups were drawn from", () => {
  const draw = chance(11);
  const groups = Array.from({ length: 4_000 }, () => {
    const middle = 3 + 0.5 * normal(draw);
    return Array.from({ length: 5 }, () => middle + 0.8 * normal(draw));
  });
  const prior = fitNormalGamma(grouped(groups));
  assert.ok(prior !== undefined);
  const within = prior.beta / prior.alpha;
  assert.ok(Math.abs(prior.mean - 3) < 0.05, `${prior.mean}`);
  assert.ok(Math.abs(within - 0.64) < 0.06, `${within}`);
  assert.ok(Math.abs(within / prior.kappa - 0.25) < 0.05, `${within / prior.kappa}`);
});

test("a fit is not beaten by its neighbours", () => {
  fc.assert(
    fc.property(fc.array(anyGroup, { minLength: 3, maxLength: 8 }), (lists) => {
      const groups = grouped(lists);
      const prior = fitNormalGamma(groups);
      if (prior === undefined) return assert.ok(lists.every((list) => list.length < 2));
      const best = lnLikelihood(groups, prior);
      const { kappa, alpha, beta } = prior;
      const edge = kappa < 2e-3 || kappa > 5e4 || alpha < 0.6 || alpha > 800 || beta < 2e-4;
      if (edge) return;
      for (const factor of [0.8, 1.25]) {
        const tighter = { ...prior, kappa: kappa * factor };
        const shaped = { ...prior, alpha: alpha * factor, beta: beta * factor };
        const wider = { ...prior, beta: beta * factor };
        for (const near of [tighter, shaped, wider]) assert.ok(lnLikelihood(groups, near) <= best + 1e-2);
      }
    }),
    { numRuns: 40 },
  );
});

test("with nothing to compare there is no prior, and the same number everywhere breaks nothing", () => {
  assert.equal(fitNormalGamma(grouped([[], [1], [2]])), undefined);
  const prior = fitNormalGamma(
    grouped([
      [1, 1, 1],
      [1, 1],
    ]),
  );
  assert.ok(prior !== undefined && Object.values(prior).every(Number.isFinite));
});

test("climbing finds the top of a hill, and refuses to start off the map", () => {
  const hill = ([x, y]: readonly number[]) => -((x! - 2) ** 2) - 3 * (y! + 1) ** 2 - x! * y! * 0.5;
  const { at } = maximise(hill, [0, 0], { step: 1, stepMin: 1e-7, roundsMax: 500 });
  for (const [dx, dy] of [
    [1e-3, 0],
    [-1e-3, 0],
    [0, 1e-3],
    [0, -1e-3],
  ] as const) {
    assert.ok(hill([at[0]! + dx, at[1]! + dy]) <= hill(at));
  }
  assert.throws(
    () => maximise(() => Number.NaN, [0], { step: 1, stepMin: 0.1, roundsMax: 9 }),
    /Cannot climb/,
  );
});
