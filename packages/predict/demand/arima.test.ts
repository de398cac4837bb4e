import assert from "node:assert/strict";
import { test } from "node:test";
import { chance, normal } from "@trato/base";
import fc from "fast-check";
import { arimaFromBytes, fitArima } from "./arima.ts";
import { conditionalFit, exactFit, multiplied, sharesOf } from "./arma.ts";

/** Diggle's luteinizing hormone and Box and Jenkins' airline passengers, the examples of R's `arima`. */
const hormone = Float64Array.of(
  ...[
    2.4, 2.4, 2.4, 2.2, 2.1, 1.5, 2.3, 2.3, 2.5, 2.0, 1.9, 1.7, 2.2, 1.8, 3.2, 3.2, 2.7, 2.2, 2.2, 1.9, 1.9,
    1.8,
  ],
  ...[
    2.7, 3.0, 2.3, 2.0, 2.0, 2.9, 2.9, 2.7, 2.7, 2.3, 2.6, 2.4, 1.8, 1.7, 1.5, 1.4, 2.1, 3.3, 3.5, 3.5, 3.1,
    2.6,
  ],
  ...[2.1, 3.4, 3.0, 2.9],
);
const passengers = Float64Array.of(
  ...[
    112, 118, 132, 129, 121, 135, 148, 148, 136, 119, 104, 118, 115, 126, 141, 135, 125, 149, 170, 170, 158,
    133,
  ],
  ...[
    114, 140, 145, 150, 178, 163, 172, 178, 199, 199, 184, 162, 146, 166, 171, 180, 193, 181, 183, 218, 230,
    242,
  ],
  ...[
    209, 191, 172, 194, 196, 196, 236, 235, 229, 243, 264, 272, 237, 211, 180, 201, 204, 188, 235, 227, 234,
    264,
  ],
  ...[
    302, 293, 259, 229, 203, 229, 242, 233, 267, 269, 270, 315, 364, 347, 312, 274, 237, 278, 284, 277, 317,
    313,
  ],
  ...[
    318, 374, 413, 405, 355, 306, 271, 306, 315, 301, 356, 348, 355, 422, 465, 467, 404, 347, 305, 336, 340,
    318,
  ],
  ...[
    362, 348, 363, 435, 491, 505, 404, 359, 310, 337, 360, 342, 406, 396, 420, 472, 548, 559, 463, 407, 362,
    405,
  ],
  ...[417, 391, 419, 461, 472, 535, 622, 606, 508, 461, 390, 432],
).map(Math.log);
const none = { p: 0, d: 0, q: 0, rows: 1 };
const near = (found: ArrayLike<number>, printed: readonly number[], by: number) => {
  assert.equal(found.length, printed.length);
  for (const [i, one] of printed.entries())
    assert.ok(Math.abs(found[i]! - one) <= by, `${found[i]} for ${one}`);
};

test("ARIMA: coefficients, variance and likelihood are those that R prints", () => {
  const one = fitArima(hormone, { order: { p: 1, d: 0, q: 0, seasonal: none, hasMean: true } });
  near(one.coefficients, [0.5739, 2.4133], 2e-4);
  near([one.variance, one.lnLikelihood], [0.1975, -29.38], 0.005);
  const three = fitArima(hormone, { order: { p: 3, d: 0, q: 0, seasonal: none, hasMean: true } });
  near(three.coefficients, [0.6448, -0.0634, -0.2198, 2.3931], 1e-3);
  near([three.variance, three.lnLikelihood], [0.1787, -27.09], 0.005);
  const airline = { p: 0, d: 1, q: 1, seasonal: { p: 0, d: 1, q: 1, rows: 12 }, hasMean: false };
  const months = fitArima(passengers, { seasonRows: 12, order: airline });
  near(months.coefficients, [-0.4018, -0.5569], 1e-3);
  near([months.variance], [0.001348], 2e-6);
  near([months.lnLikelihood], [244.7], 0.05);
});

test("ARIMA: the search finds the airline model in the airline's passengers", () => {
  const { order } = fitArima(passengers, { seasonRows: 12 });
  assert.deepEqual([order.d, order.seasonal.d, order.q, order.seasonal.q], [1, 1, 1, 1]);
});

/** ln N(values; 0, Σ) at its best variance, Σ from the weights of the shocks, by Gauss. */
function slowLikelihood(phi: Float64Array, theta: Float64Array, values: readonly number[]): number {
  const weights = [1];
  for (let k = 1; k < 3_000; k++) {
    let sum = theta[k - 1] ?? 0;
    for (let i = 0; i < Math.min(k, phi.length); i++) sum += phi[i]! * weights[k - 1 - i]!;
    weights.push(sum);
  }
  const n = values.length;
  const covariance = values.map((_, lag) =>
    weights.reduce((sum, one, k) => sum + one * (weights[k + lag] ?? 0), 0),
  );
  const rows = values.map((value, i) => [...values.map((__, j) => covariance[Math.abs(i - j)]!), value]);
  let lnDeterminant = 0;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    lnDeterminant += Math.log(rows[i]![i]!);
    squares += rows[i]![n]! ** 2 / rows[i]![i]!;
    for (let k = i + 1; k < n; k++) {
      const factor = rows[k]![i]! / rows[i]![i]!;
      for (let j = i; j <= n; j++) rows[k]![j]! -= factor * rows[i]![j]!;
    }
  }
  return -0.5 * (n * (Math.log((2 * Math.PI * squares) / n) + 1) + lnDeterminant);
}

test("ARMA: the filter's likelihood is that of the normal distribution written out, seasons included", () => {
  const free = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { maxLength: 2 });
  const any = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 6, maxLength: 12 });
  fc.assert(
    fc.property(free, free, free, any, (ar, ma, sar, values) => {
      fc.pre(values.some((value) => Math.abs(value) > 0.1));
      const phi = multiplied(sharesOf(ar), sharesOf(sar), 3);
      const theta = sharesOf(ma);
      const { lnLikelihood } = exactFit({ phi, theta }, Float64Array.from(values));
      assert.ok(Math.abs(lnLikelihood - slowLikelihood(phi, theta, values)) < 1e-6);
    }),
    { numRuns: 60 },
  );
});

test("ARMA: in a long series the conditional fit is near the exact one", () => {
  const draw = chance(4);
  const values = new Float64Array(2_000);
  for (let t = 1; t < values.length; t++) values[t] = 0.6 * values[t - 1]! + normal(draw);
  const arma = { phi: Float64Array.of(0.6), theta: new Float64Array(0) };
  const [quick, exact] = [conditionalFit(arma, values), exactFit(arma, values)];
  assert.ok(Math.abs(quick.lnLikelihood - exact.lnLikelihood) < 1);
});

test("ARIMA: what is differenced comes back as it was: a line goes on, a season repeats", () => {
  const order = { p: 0, d: 1, q: 0, seasonal: none, hasMean: true };
  const line = fitArima(
    Float64Array.from({ length: 20 }, (_, t) => 3 + 2 * t + (t % 2 === 0 ? 1e-6 : 0)),
    { order },
  );
  near(line.forecast(3), [43, 45, 47], 1e-4);
  const draw = chance(2);
  const weeks = Float64Array.from({ length: 70 }, (_, t) => 10 + 5 * (t % 7) + 0.01 * normal(draw));
  near(
    fitArima(weeks, { seasonRows: 7 }).forecast(14),
    [...Array(14).keys()].map((t) => 10 + 5 * (t % 7)),
    0.1,
  );
});

test("ARIMA: bytes bring the model back; few or equal values are told on; wrong orders are refused", () => {
  const model = fitArima(passengers, { seasonRows: 12 });
  const again = arimaFromBytes(model.toBytes());
  assert.deepEqual(again.forecast(30), model.forecast(30));
  assert.deepEqual(again.order, model.order);
  assert.deepEqual([...fitArima(Float64Array.of(1, 5, 2)).forecast(2)], [2, 2]);
  assert.deepEqual([...fitArima(new Float64Array(30).fill(4)).forecast(2)], [4, 4]);
  const twice = { p: 0, d: 2, q: 0, seasonal: none, hasMean: true };
  assert.throws(() => fitArima(passengers, { order: twice }), /has no mean/);
  assert.throws(() => fitArima(Float64Array.of(1, Number.NaN)), /missing values/);
});
