import assert from "node:assert/strict";
import { test } from "node:test";
import { buyerAt } from "../testing/every-lifetime.ts";
import {
  apparelPath,
  cdnowPath,
  readApparel,
  readCdnow,
  readRetail,
  retailPath,
} from "../testing/lifetime-data.ts";
import { absent } from "../testing/public-data.ts";
import { fitBgNbd, fitMbgNbd, fitParetoNbd } from "./fit.ts";
import { fitGammaGamma } from "./gamma-gamma.ts";
import type { Lifetime } from "./lifetime.ts";

const isLike = (model: Lifetime, lnLikelihood: number, parameters: readonly number[]) => {
  assert.ok(Math.abs(model.lnLikelihood - lnLikelihood) < 0.02, `${model.lnLikelihood}`);
  for (const [i, [name, value]] of Object.entries(model.parameters).entries()) {
    assert.ok(Math.abs(value / parameters[i]! - 1) < 0.005, `${name} ${value}`);
  }
};

test("CDNOW: the published likelihoods, parameters and expectations", { skip: absent(cdnowPath) }, () => {
  const { buyers, meanValue, later } = readCdnow();
  const bg = fitBgNbd(buyers);
  isLike(bg, -9582.429, [0.2426, 4.4137, 0.793, 2.4262]);
  assert.equal(bg.expected({ repeats: 2, recency: 30.43, age: 38.86 }, 39).toFixed(3), "1.226");
  const pareto = fitParetoNbd(buyers);
  isLike(pareto, -9594.976, [0.553, 10.578, 0.606, 11.669]);
  const often = { repeats: 26, recency: 30.86, age: 31 };
  assert.equal(pareto.expected(often, 52).toFixed(2), "25.46");
  assert.equal(pareto.alive(often).toFixed(4), "0.9979");
  let error = 0;
  for (let i = 0; i < later.length; i++)
    error += Math.abs(pareto.expected(buyerAt(buyers, i), 39) - later[i]!);
  assert.ok(error / later.length <= 0.76, `${error / later.length}`);
  const { p, q, v } = fitGammaGamma({ purchases: buyers.repeats, meanValue });
  assert.deepEqual(
    [p, q, v].map((one) => one.toFixed(2)),
    ["6.25", "3.74", "15.45"],
  );
});

test("the apparel shop: the published Pareto/NBD", { skip: absent(apparelPath) }, () => {
  isLike(fitParetoNbd(readApparel()), -5848.0978, [1.449, 48.6361, 0.5613, 46.8844]);
});

test("the online retailer: nobody is seen to leave, and every model says so", {
  skip: absent(retailPath),
}, () => {
  const { buyers } = readRetail();
  assert.equal(buyers.personOf.length, 2960);
  for (const fit of [fitBgNbd, fitMbgNbd, fitParetoNbd]) {
    const model = fit(buyers);
    assert.equal(model.lnLikelihood.toFixed(1), "-15325.5");
    assert.ok(Object.values(model.parameters).every(Number.isFinite));
    assert.ok(model.alive({ repeats: 3, recency: 10, age: 25 }) > 0.99);
  }
});
