import assert from "node:assert/strict";
import { test } from "node:test";
import { chance, dayMs } from "@trato/base";
import fc from "fast-check";
import { gammaBelow, lnRising } from "../numbers/gamma.ts";
import { hypergeometric } from "../numbers/hypergeometric.ts";
import { integrate, legendreNodes } from "../numbers/quadrature.ts";
import { lnBeta, lnGamma } from "../numbers/special.ts";
import { anyBuyer, everyLifetime, simulate } from "../testing/every-lifetime.ts";
import { type BetaGeometric, betaGeometricRules, lnBetaGeometric } from "./beta-geometric.ts";
import { type Buyer, buyersFrom, kindsOf } from "./buyers.ts";
import { meanOfTails } from "./count-tails.ts";
import { fitBgNbd, fitMbgCnbd, fitMbgNbd, fitParetoNbd } from "./fit.ts";
import { lnParetoNbd, type ParetoNbd, paretoNbdRules } from "./pareto-nbd.ts";

everyLifetime("BG/NBD", fitBgNbd);
everyLifetime("MBG/NBD", fitMbgNbd);
everyLifetime("Pareto/NBD", fitParetoNbd);

const near = (found: number, expected: number, by: number) =>
  assert.ok(
    Math.abs(found - expected) <= by * Math.max(1, Math.abs(expected)),
    `${found} is not ${expected}`,
  );

const nodes = legendreNodes(96);
/** Twice a substitution that flattens both ends, so that powers there do no harm. */
const smooth = (f: (x: number) => number) =>
  integrate((u) => f(u * u * (3 - 2 * u)) * 6 * u * (1 - u), 0, 1, nodes);
/** The mean of `f` over a Gamma(shape, rate) variable; slow, obvious. */
const overGamma = (shape: number, rate: number, f: (x: number) => number) =>
  smooth((u) => {
    const y = u / (1 - u);
    const x = (y * shape) / rate;
    if (!Number.isFinite(x) || x === 0) return 0;
    const ln = shape * Math.log(rate) - lnGamma(shape) + (shape - 1) * Math.log(x) - rate * x;
    return (Math.exp(ln) * f(x) * shape) / (rate * (1 - u) ** 2);
  });

const shape = fc.double({ min: 1.2, max: 4, noNaN: true });
const time = fc.double({ min: 5, max: 20, noNaN: true });
const littleBuyer = anyBuyer.filter(({ repeats }) => repeats <= 6);
const alone = (buyer: Buyer) => ({
  buyers: {
    repeats: Float64Array.of(buyer.repeats),
    recency: Float64Array.of(buyer.recency),
    age: Float64Array.of(buyer.age),
  },
  times: Float64Array.of(1),
});

test("leaving after a purchase: likelihood, being alive and chances are averages over all rates and habits", () => {
  const anyShape = fc.record({
    r: shape,
    alpha: time,
    a: shape,
    b: shape,
    k: fc.constantFrom(1, 2, 3),
    mayLeaveAtOnce: fc.boolean(),
  });
  fc.assert(
    fc.property(anyShape, littleBuyer, (model: BetaGeometric, buyer) => {
      const { r, alpha, a, b, k, mayLeaveAtOnce } = model;
      const { repeats, recency, age } = buyer;
      const horizon = 15;
      const average = (f: (rate: number, leave: number) => number) =>
        smooth((p) => {
          const density = Math.exp((a - 1) * Math.log(p) + (b - 1) * Math.log1p(-p) - lnBeta(a, b));
          return density * overGamma(r, alpha, (rate) => f(rate, p));
        });
      const stays = mayLeaveAtOnce ? repeats : repeats - 1;
      const left = (rate: number, p: number) =>
        stays < 0 ? 0 : (1 - p) ** stays * p * rate ** (k * repeats) * Math.exp(-rate * recency);
      /** Still waiting, `j` of the k stages of the interval behind. */
      const waiting = (rate: number, p: number, j: number) =>
        ((1 - p) ** Math.max(0, stays + 1) *
          rate ** (k * repeats) *
          Math.exp(-rate * age) *
          (rate * (age - recency)) ** j) /
        Math.exp(lnGamma(j + 1));
      const stages = Array.from({ length: k }, (_, j) => j);
      const gone = average(left);
      const here = stages.reduce((sum, j) => sum + average((rate, p) => waiting(rate, p, j)), 0);
      near(lnBetaGeometric(model, alone(buyer)), Math.log(gone + here), 1e-5);
      const rules = betaGeometricRules(model);
      near(rules.alive(buyer), here / (gone + here), 1e-5);
      const chances = rules.chances(buyer, horizon);
      for (const n of [1, 3]) {
        const reach = (rate: number, p: number, j: number) =>
          (1 - p) ** (n - 1) * gammaBelow(n * k - j, rate * horizon);
        const atLeast = stages.reduce(
          (sum, j) => sum + average((rate, p) => waiting(rate, p, j) * reach(rate, p, j)),
          0,
        );
        near(chances[n - 1] ?? 0, atLeast / (gone + here), 1e-5);
      }
    }),
    { numRuns: 12 },
  );
});

test("what BG/NBD expects is the closed form of its paper", () => {
  const anyShape = fc.record({ r: shape, alpha: time, a: shape, b: shape });
  fc.assert(
    fc.property(
      anyShape,
      littleBuyer,
      fc.double({ min: 1, max: 60, noNaN: true }),
      ({ r, alpha, a, b }, buyer, t) => {
        const { repeats: x, recency, age } = buyer;
        const z = t / (alpha + age + t);
        const inner =
          ((alpha + age) / (alpha + age + t)) ** (r + x) * hypergeometric(r + x, b + x, a + b + x - 1, z);
        const left = x === 0 ? 0 : (a / (b + x - 1)) * ((alpha + age) / (alpha + recency)) ** (r + x);
        const expected = (((a + b + x - 1) / (a - 1)) * (1 - inner)) / (1 + left);
        const rules = betaGeometricRules({ r, alpha, a, b, k: 1, mayLeaveAtOnce: false });
        near(meanOfTails(rules.chances(buyer, t)), expected, 1e-8);
      },
    ),
  );
});

test("leaving at any time: likelihood, being alive and chances are averages over all rates and lifetimes", () => {
  const anyShape = fc.record({ r: shape, alpha: time, s: shape, beta: time });
  fc.assert(
    fc.property(anyShape, littleBuyer, (model: ParetoNbd, buyer) => {
      const { r, alpha, s, beta } = model;
      const { repeats, recency, age } = buyer;
      const average = (f: (rate: number, loss: number) => number) =>
        overGamma(s, beta, (loss) => overGamma(r, alpha, (rate) => f(rate, loss)));
      const here = average((rate, loss) => rate ** repeats * Math.exp(-(rate + loss) * age));
      const gone = average((rate, loss) => {
        const both = rate + loss;
        return (rate ** repeats * loss * (Math.exp(-both * recency) - Math.exp(-both * age))) / both;
      });
      near(lnParetoNbd(model, alone(buyer)), Math.log(here + gone), 1e-5);
      const rules = paretoNbdRules(model);
      near(rules.alive(buyer), here / (here + gone), 1e-5);
      const chances = rules.chances(buyer, 12);
      for (const n of [1, 4]) {
        const atLeast = average((rate, loss) => {
          const waiting = rate ** repeats * Math.exp(-(rate + loss) * age);
          return waiting * (rate / (rate + loss)) ** n * gammaBelow(n, (rate + loss) * 12);
        });
        near(chances[n - 1] ?? 0, atLeast / (here + gone), 1e-5);
      }
    }),
    { numRuns: 12 },
  );
});

test("regular buyers are seen to be regular, and then missed sooner", () => {
  const draw = chance(21);
  const personOf: number[] = [];
  const timeOf: number[] = [];
  for (let person = 0; person < 200; person++) {
    const gapDays = 7 + 14 * draw();
    for (let day = 30 * draw(); day < 280; day += gapDays * (0.7 + 0.6 * draw())) {
      personOf.push(person);
      timeOf.push(day * dayMs);
      if (draw() < 0.05) break;
    }
  }
  const buyers = buyersFrom(
    { personOf: Int32Array.from(personOf), timeOf: Float64Array.from(timeOf) },
    { untilMs: 280 * dayMs },
  );
  const regular = fitMbgCnbd(buyers, { kMax: 3 });
  assert.ok(regular.kind.name === "mbg-nbd" && regular.kind.k === 3);
  const late = { repeats: 16, recency: 32, age: 40 };
  assert.ok(regular.alive(late) < fitMbgNbd(buyers).alive(late) / 2, `${regular.alive(late)}`);
  const { buyers: byChance } = simulate(400, draw);
  const gaps = byChance.repeats.map((x, i) =>
    x === 0 ? 0 : x * Math.log(byChance.recency[i]! / x) - 0.4 * x,
  );
  assert.ok(fitMbgCnbd({ ...byChance, sumLnGaps: gaps }).lnLikelihood >= fitMbgNbd(byChance).lnLikelihood);
  assert.throws(() => fitMbgCnbd(byChance), /sumLnGaps/);
});

test("purchases become buyers: a day counts once, and what comes after the end is not seen", () => {
  const row = (person: number, day: number, amount: number) => ({ person, timeMs: day * dayMs, amount });
  const rows = [
    row(4, 10.5, 7),
    row(2, 24.2, 30),
    row(2, 3, 99),
    row(2, 10, 10),
    row(2, 24.8, 20),
    row(4, 90, 1),
  ];
  const buyers = buyersFrom(
    {
      personOf: Int32Array.from(rows, ({ person }) => person),
      timeOf: Float64Array.from(rows, ({ timeMs }) => timeMs),
      amountOf: Float64Array.from(rows, ({ amount }) => amount),
    },
    { untilMs: 31 * dayMs },
  );
  assert.deepEqual([...buyers.personOf], [2, 4]);
  assert.deepEqual([...buyers.repeats], [2, 0]);
  assert.deepEqual([...buyers.recency], [3, 0]);
  assert.deepEqual([...buyers.age], [4, 3]);
  assert.deepEqual([...buyers.meanValue], [30, 0]);
  near(buyers.sumLnGaps[0]!, Math.log(2), 1e-12);
  assert.deepEqual([...kindsOf(buyers).times], [1, 1]);
  near(Math.exp(lnRising(2, 3)), 24, 1e-12);
});

test("a cohort that comes as regularly as a clock has a likeliest model too", () => {
  const draw = chance(7);
  const rows = Array.from({ length: 900 }, (_, i) => ({
    person: Math.floor(i / 3),
    timeMs: (i % 3) * 60 * dayMs + Math.floor(draw() * 20 * dayMs),
  }));
  const purchases = {
    personOf: Int32Array.from(rows, (row) => row.person),
    timeOf: Float64Array.from(rows, (row) => row.timeMs),
  };
  for (const days of [120, 130, 150, 180]) {
    const model = fitParetoNbd(buyersFrom(purchases, { untilMs: days * dayMs }));
    assert.ok(Number.isFinite(model.lnLikelihood), `after ${days} days`);
  }
});
