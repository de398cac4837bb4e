import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { chance, normal } from "@trato/base";
import fc from "fast-check";
import { autoregressionFromBytes, fitAutoregression } from "./autoregression.ts";
import { complexSmoothingFromBytes, fitComplexSmoothing } from "./complex-smoothing.ts";
import { fitIntervals, intervalsFromBytes } from "./conformal.ts";
import { ensembleFromBytes, fitEnsemble } from "./ensemble.ts";
import { fitAdida, fitImapa, fitSba, fitTsb, intermittentFromBytes } from "./intermittent.ts";
import { fitMstl, mstlFromBytes } from "./mstl.ts";
import { countDemandFromBytes, fitCountDemand } from "./negative-binomial.ts";
import { fitPooled, pooledFromBytes } from "./pooled.ts";
import { bottomUp, hierarchyOf, minTrace } from "./reconcile.ts";
import { fitSeasonalNaive, seasonalNaiveFromBytes } from "./seasonal-naive.ts";
import { deseason } from "./seasons.ts";
import { fitSmoothing, smoothingFromBytes } from "./smoothing.ts";
import { fitTheta, thetaFromBytes } from "./theta.ts";

const locals = {
  "seasonal naive": [fitSeasonalNaive, seasonalNaiveFromBytes],
  smoothing: [fitSmoothing, smoothingFromBytes],
  "complex smoothing": [fitComplexSmoothing, complexSmoothingFromBytes],
  theta: [fitTheta, thetaFromBytes],
  autoregression: [fitAutoregression, autoregressionFromBytes],
  ensemble: [fitEnsemble, ensembleFromBytes],
  MSTL: [(values: Float64Array) => fitMstl(values, { seasons: [7, 3] }), mstlFromBytes],
  SBA: [fitSba, intermittentFromBytes],
  TSB: [fitTsb, intermittentFromBytes],
  ADIDA: [fitAdida, intermittentFromBytes],
  IMAPA: [fitImapa, intermittentFromBytes],
} as const;
const anySeries = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 40 });

for (const [name, [fit, read]] of Object.entries(locals)) {
  describe(name, () => {
    test("any demand gives a forecast of numbers, the same again from bytes", () => {
      fc.assert(
        fc.property(anySeries, (series) => {
          const model = fit(Float64Array.from(series));
          const told = model.forecast(5);
          assert.ok(told.length === 5 && told.every(Number.isFinite), told.join());
          assert.deepEqual(read(model.toBytes()).forecast(5), told);
        }),
        { numRuns: 30 },
      );
    });

    test("what never changes goes on, and nonsense is refused", () => {
      const told = fit(new Float64Array(40).fill(7)).forecast(3);
      const [least, most] = name === "SBA" ? [6.6, 6.7] : [6.99, 7.01];
      assert.ok(
        told.every((one) => one > least && one < most),
        told.join(),
      );
      assert.throws(() => fit(new Float64Array(0)), /a series has a value/);
      assert.throws(() => fit(Float64Array.of(1, Number.NaN)), /no missing values/);
      assert.throws(() => fit(Float64Array.of(1, 2)).forecast(0), /horizon/);
    });
  });
}

/** The line through the last points, refitted from nothing. */
function slowLine(values: readonly number[]): { slope: number; intercept: number } {
  const n = values.length;
  const mean = values.reduce((a, b) => a + b, 0) / n;
  const middle = (n + 1) / 2;
  let [above, below] = [0, 0];
  for (const [i, value] of values.entries()) {
    above += (i + 1 - middle) * (value - mean);
    below += (i + 1 - middle) ** 2;
  }
  const slope = n === 1 ? 0 : above / below;
  return { slope, intercept: mean - slope * middle };
}

test("theta with theta 1 is plain smoothing, with a large theta it follows half the line's slope or more", () => {
  const draw = chance(1);
  const rising = Float64Array.from({ length: 120 }, (_, t) => 50 + 2 * t + normal(draw));
  const told = fitTheta(rising).forecast(10);
  const { slope } = slowLine([...rising]);
  assert.ok(told[9]! - told[0]! > 9 * slope * 0.45, "it rises on");
  assert.ok(Math.abs(told[0]! - 290) < 12);
});

test("smoothing, complex smoothing and autoregression follow a trend; a level stays a level", () => {
  const draw = chance(2);
  const rising = Float64Array.from({ length: 150 }, (_, t) => 10 + 3 * t + normal(draw));
  for (const fit of [fitSmoothing, fitAutoregression, fitEnsemble]) {
    assert.ok(Math.abs(fit(rising).forecast(5)[4]! - 472) < 25, fit.name);
  }
  const level = Float64Array.from({ length: 150 }, () => 100 + normal(draw));
  for (const fit of [fitSmoothing, fitComplexSmoothing, fitTheta, fitEnsemble]) {
    assert.ok(Math.abs(fit(level).forecast(12)[11]! - 100) < 2, fit.name);
  }
});

test("two seasons come out and go back in, and what is left has none", () => {
  const draw = chance(3);
  const shape = (t: number) =>
    (1 + 0.3 * Math.sin((t / 12) * Math.PI)) * (Math.floor(t / 24) % 7 < 5 ? 1 : 0.5);
  const series = Float64Array.from(
    { length: 24 * 7 * 6 },
    (_, t) => 100 * shape(t) * (1 + 0.02 * normal(draw)),
  );
  const told = fitEnsemble(series, { seasons: [24, 168] }).forecast(168);
  const wrong =
    told.reduce((sum, one, h) => sum + Math.abs(one / (100 * shape(series.length + h)) - 1), 0) / 168;
  assert.ok(wrong < 0.03, `${wrong}`);
  const { values, restore } = deseason(series, [24, 168]);
  assert.ok(Math.max(...values) / Math.min(...values) < 1.5);
  assert.equal(restore(new Float64Array(3)).length, 3);
});

test("noise has no season", () => {
  const draw = chance(4);
  const noise = Float64Array.from({ length: 200 }, () => 50 + normal(draw));
  assert.equal(deseason(noise, [13]).values, noise);
});

describe("pooled", () => {
  const draw = chance(5);
  const series = Array.from({ length: 30 }, () => {
    const size = 10 + 1000 * draw();
    const values = new Float64Array(80).fill(1);
    for (let t = 2; t < 80; t++)
      values[t] = 0.2 + 0.5 * values[t - 1]! + 0.3 * values[t - 2]! + 0.05 * normal(draw);
    return values.map((value) => value * size);
  });

  test("the rule that made all series is found, and bytes bring it back", () => {
    const pooled = fitPooled(series, { lags: [1, 2], logs: false, ownRows: Number.POSITIVE_INFINITY });
    const [one] = series;
    const told = pooled.forecast(one!, 1)[0]!;
    const size = one!.reduce((a, b) => a + b, 0) / 80;
    const true1 = 0.2 * size + 0.5 * one![79]! + 0.3 * one![78]!;
    assert.ok(Math.abs(told / true1 - 1) < 0.05);
    assert.deepEqual(pooledFromBytes(pooled.toBytes()).forecast(one!, 9), pooled.forecast(one!, 9));
  });

  test("a season of its own is followed where others have none, and what is short keeps its last value", () => {
    const zigzag = Float64Array.from({ length: 400 }, (_, t) => (t % 2 === 0 ? 10 : 20));
    const pooled = fitPooled([...series, zigzag], { lags: [1, 2], ownRows: 5 });
    const told = pooled.forecast(zigzag, 4);
    assert.ok(
      told.every((one, h) => Math.abs(one - (h % 2 === 0 ? 10 : 20)) < 1),
      told.join(),
    );
    assert.deepEqual([...pooled.forecast(Float64Array.of(3), 2)], [3, 3]);
  });
});

test("intermittent rates are those of their papers' recursions on a small example", () => {
  const demand = Float64Array.of(0, 0, 3, 0, 5);
  // Croston: size 3 → 3 + 0.1·2 = 3.2, interval 3 → 3 + 0.1·(2 − 3) = 2.9.
  assert.ok(Math.abs(fitSba(demand).rate - (0.95 * 3.2) / 2.9) < 1e-12);
  // TSB: chance 1/3, ·0.9 = 0.3, then 0.3 + 0.1·0.7 = 0.37; size 3.2.
  assert.ok(Math.abs(fitTsb(demand).rate - 0.37 * 3.2) < 1e-12);
  // ADIDA: five periods, two demands, blocks of round(2.5) = 3: one block, 3..5, sum 8.
  assert.ok(Math.abs(fitAdida(demand).rate - 8 / 3) < 1e-12);
  assert.equal(fitTsb(new Float64Array(9)).rate, 0);
  const dying = Float64Array.from({ length: 100 }, (_, t) => (t < 50 ? 4 : 0));
  assert.ok(fitTsb(dying).rate < 0.1 && fitSba(dying).rate > 3);
});

test("quantiles of counted demand are those of adding up the chances", () => {
  const poisson = countDemandFromBytes(fitCountDemand(Float64Array.of(2, 2, 2, 2)).toBytes());
  // Poisson with mean 2: P(≤ 3) = 0.857, P(≤ 4) = 0.947.
  assert.equal(poisson.quantile(0.85, 1), 3);
  assert.equal(poisson.quantile(0.9, 1), 4);
  const draw = chance(6);
  // Geometric: a negative binomial with shape 1.
  const lumpy = Float64Array.from({ length: 4_000 }, () => Math.floor(Math.log(1 - draw()) / Math.log(0.7)));
  const model = fitCountDemand(lumpy);
  const within = lumpy.filter((value) => value <= model.quantile(0.95, 1)).length / 4_000;
  assert.ok(within > 0.94 && within < 0.98, `${within}`);
  assert.ok(model.quantile(0.95, 10) < 10 * model.quantile(0.95, 1), "chances of ten periods even out");
});

test("conformal intervals hold at least their share of what comes", () => {
  const draw = chance(7);
  const make = () => {
    const ahead = 1 + Math.floor(3 * draw());
    const said = 100 * draw();
    return { ahead, said, came: said + ahead * (normal(draw) + 0.5) };
  };
  const intervals = intervalsFromBytes(fitIntervals(Array.from({ length: 3_000 }, make)).toBytes());
  for (const level of [0.5, 0.8, 0.95]) {
    const later = Array.from({ length: 5_000 }, make);
    const held = later.filter(({ ahead, said, came }) => {
      const { low, high } = intervals.around(said, ahead, level);
      return came >= low && came <= high;
    }).length;
    assert.ok(Math.abs(held / 5_000 - level) < 0.03, `${held / 5_000} for ${level}`);
  }
});

describe("reconciliation", () => {
  const hierarchy = hierarchyOf(4, [Int32Array.of(0, 0, 1, 1)]);

  test("everything adds up: items to stores, stores to the chain", () => {
    const rows = fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 7, maxLength: 7 });
    fc.assert(
      fc.property(rows, (forecasts) => {
        const [a = 0, b = 0, c = 0, d = 0, one = 0, two = 0, all = 0] = minTrace(
          hierarchy,
          forecasts,
          [1, 2, 1, 3, 1, 1, 2],
        );
        assert.ok(
          Math.abs(a + b - one) < 1e-6 && Math.abs(c + d - two) < 1e-6 && Math.abs(one + two - all) < 1e-6,
        );
      }),
    );
  });

  test("forecasts that add up already stay, and a row that is nearly sure is kept", () => {
    const right = bottomUp(hierarchy, [1, 2, 3, 4]);
    assert.deepEqual([...right], [1, 2, 3, 4, 3, 7, 10]);
    const same = minTrace(hierarchy, right, [1, 5, 1, 1, 2, 1, 9]);
    assert.ok(same.every((one, i) => Math.abs(one - right[i]!) < 1e-9));
    const sure = minTrace(hierarchy, [1, 2, 3, 4, 3, 7, 20], [1, 1, 1, 1, 1, 1, 1e-9]);
    assert.ok(Math.abs(sure[6]! - 20) < 1e-6);
  });
});
