import assert from "node:assert/strict";
import { test } from "node:test";
import { chance } from "@trato/base";
import { drawGamma } from "../numbers/draws.ts";
import { simulate } from "../testing/every-lifetime.ts";
import { fitMbgNbd } from "./fit.ts";
import { fitGammaGamma, gammaGammaFromBytes } from "./gamma-gamma.ts";
import { customerValue } from "./value.ts";

const near = (found: number, expected: number, share: number) =>
  assert.ok(Math.abs(found / expected - 1) <= share, `${found} is not ${expected}`);

/** Buyers whose values are Gamma(4, ν), ν Gamma(3, 30): means about 60. */
function spending(count: number) {
  const draw = chance(4);
  const purchases = new Float64Array(count);
  const meanValue = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    purchases[i] = i % 9;
    const scale = drawGamma(draw, 3) / 30;
    if (purchases[i]! > 0) meanValue[i] = drawGamma(draw, 4 * purchases[i]!) / scale / purchases[i]!;
  }
  return { purchases, meanValue };
}
const model = fitGammaGamma(spending(4_000));

test("a Gamma-Gamma fit finds the numbers its buyers were drawn with", () => {
  near(model.p, 4, 0.15);
  near(model.q, 3, 0.1);
  near(model.meanOfAll, 60, 0.05);
});

test("few purchases lean on everybody's mean, many stand for themselves", () => {
  assert.equal(model.expected(0, 0), model.meanOfAll);
  const [one, many] = [model.expected(1, 200), model.expected(500, 200)];
  near(one!, (4 * (30 + 200)) / (4 + 3 - 1), 0.05);
  near(many, 200, 0.01);
});

test("a Gamma-Gamma model's bytes are the model; one value or a value of nothing is refused", () => {
  const again = gammaGammaFromBytes(model.toBytes());
  assert.equal(again.expected(3, 40), model.expected(3, 40));
  assert.equal(again.meanOfAll, model.meanOfAll);
  const values = (...list: number[]) => ({
    purchases: Float64Array.from(list, () => 1),
    meanValue: Float64Array.from(list),
  });
  assert.throws(() => fitGammaGamma(values(5)), /Fewer than two/);
  assert.throws(() => fitGammaGamma(values(5, 0)), /a value is above 0/);
  const same = fitGammaGamma(values(5, 5, 5));
  near(same.expected(1, 5), 5, 0.05);
});

test("a buyer's value is purchases times their worth, less when discounted, with what was drawn about it", () => {
  const lifetime = fitMbgNbd(simulate(1_500, chance(2)).buyers);
  const buyer = { repeats: 8, recency: 38, age: 40, spent: 50 };
  const plain = customerValue({ lifetime, spending: model }, buyer, { horizon: 52, draws: 4_000 });
  near(plain.mean, lifetime.expected(buyer, 52) * model.expected(8, 50), 1e-9);
  near(plain.discounted, plain.mean, 1e-9);
  assert.ok(plain.low <= plain.median && plain.median <= plain.high && plain.low < plain.mean);
  const everything = customerValue({ lifetime, spending: model }, buyer, {
    horizon: 52,
    draws: 4_000,
    level: 0.999,
  });
  assert.ok(everything.low <= plain.low && everything.high > plain.high);
  const later = customerValue({ lifetime, spending: model }, buyer, {
    horizon: 52,
    discountPerUnit: 0.01,
    draws: 0,
  });
  assert.ok(later.discounted < plain.discounted * 0.9 && later.discounted > plain.discounted / 1.01 ** 52);
  assert.ok(Number.isNaN(later.low));
});
