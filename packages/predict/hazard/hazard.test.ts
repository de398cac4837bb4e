import assert from "node:assert/strict";
import { test } from "node:test";
import { chance, normal } from "@trato/base";
import fc from "fast-check";
import { linearFromBytes } from "../linear/linear.ts";
import { fitLogistic } from "../linear/logistic.ts";
import { fitTrees } from "../trees/boost.ts";
import { tableOf } from "../trees/table.ts";
import { treesFromBytes } from "../trees/trees.ts";
import { aftFromBytes, fitAft } from "./aft.ts";
import { concordance } from "./concordance.ts";
import { coxFromBytes, fitCox } from "./cox.ts";
import { eventsOf, lnPartial } from "./cox-partial.ts";
import { discreteHazardFromBytes, fitDiscreteHazard } from "./discrete-time.ts";
import { fitKaplanMeier, kaplanMeierFromBytes } from "./kaplan-meier.ts";
import { fitLimitedFailure, limitedFailureFromBytes } from "./limited-failure.ts";
import { allOf, byUse, dueAge, failsWithin } from "./remaining.ts";
import { meanCumulative } from "./repairs.ts";

const near = (found: number, expected: number, by: number) =>
  assert.ok(Math.abs(found - expected) <= by, `${found} is not ${expected}`);

type Life = { end: number; failed: number; start: number; times: number; x: number; z: number };
const anyLife = fc.record({
  end: fc.integer({ min: 1, max: 8 }),
  failed: fc.integer({ min: 0, max: 1 }),
  late: fc.constantFrom(0, 0, 0.5),
  times: fc.integer({ min: 1, max: 3 }),
  x: fc.double({ min: -2, max: 2, noNaN: true }),
  z: fc.integer({ min: 0, max: 1 }),
});
const anyLives = fc
  .array(anyLife, { minLength: 3, maxLength: 14 })
  .map((lives) => lives.map(({ late, ...life }): Life => ({ ...life, start: late * life.end })))
  .filter((lives) => lives.some(({ failed }) => failed === 1));
const livesFrom = (lives: readonly Life[]) => ({
  end: Float64Array.from(lives, ({ end }) => end),
  failed: Uint8Array.from(lives, ({ failed }) => failed),
  start: Float64Array.from(lives, ({ start }) => start),
  times: Float64Array.from(lives, ({ times }) => times),
});
const factsFrom = (lives: readonly Life[]) =>
  tableOf({ x: Float64Array.from(lives, ({ x }) => x), z: Float64Array.from(lives, ({ z }) => z) });
const lnPartialAt = (lives: readonly Life[], coefficient: number) =>
  lnPartial(
    eventsOf(livesFrom(lives)),
    Float64Array.from(lives, ({ x }) => x),
    Float64Array.of(coefficient),
  ).lnLikelihood;
const each = (lives: readonly Life[]) =>
  lives.flatMap((life) => Array.from({ length: life.times }, () => ({ ...life, times: 1 })));

/** Lives that are Weibull with shape 1.5, half as long where z is 1, watched until `until`. */
function weibullLives(count: number, until: number, seed: number): Life[] {
  const draw = chance(seed);
  return Array.from({ length: count }, () => {
    const z = draw() < 0.5 ? 1 : 0;
    const age = 10 * 0.5 ** z * (-Math.log(1 - draw())) ** (1 / 1.5);
    return {
      end: Math.max(1e-6, Math.min(age, until)),
      failed: age <= until ? 1 : 0,
      start: 0,
      times: 1,
      x: normal(draw),
      z,
    };
  });
}

test("Kaplan–Meier is the product over ages of the share that came through, late comers too", () => {
  fc.assert(
    fc.property(anyLives, (lives) => {
      const model = fitKaplanMeier(livesFrom(lives));
      for (let age = 0; age <= 9; age++) {
        let alive = 1;
        for (let t = 0; t <= age; t += 0.5) {
          const count = (of: (life: Life) => boolean) =>
            lives.reduce((sum, life) => sum + (of(life) ? life.times : 0), 0);
          const deaths = count(({ end, failed }) => end === t && failed === 1);
          if (deaths > 0) alive *= 1 - deaths / count(({ end, start }) => start < t && end >= t);
        }
        near(model.survival(age), alive, 1e-12);
        const { low, high } = model.interval(age);
        assert.ok(low <= alive + 1e-12 && high >= alive - 1e-12);
        near(kaplanMeierFromBytes(model.toBytes()).survival(age), alive, 1e-12);
      }
    }),
  );
  assert.throws(
    () => fitKaplanMeier({ end: Float64Array.of(1), failed: Uint8Array.of(0) }),
    /Nothing failed/,
  );
});

test("Cox's likelihood is Efron's, written out; equal lives weigh as many; no small step improves it", () => {
  fc.assert(
    fc.property(anyLives, (lives) => {
      const l2 = 0.5;
      const cox = fitCox(livesFrom(lives), factsFrom(lives), { l2 });
      const all = each(lives);
      const slow = (b: ArrayLike<number>) => {
        const risk = ({ x, z }: Life) => Math.exp(b[0]! * x + b[1]! * z);
        let total = 0;
        for (let age = 1; age <= 8; age++) {
          const dying = all.filter(({ end, failed }) => end === age && failed === 1);
          const there = all
            .filter(({ end, start }) => end >= age && start < age)
            .reduce((sum, life) => sum + risk(life), 0);
          const tied = dying.reduce((sum, life) => sum + risk(life), 0);
          for (const [death, life] of dying.entries()) {
            total += Math.log(risk(life)) - Math.log(there - (death / dying.length) * tied);
          }
        }
        return total;
      };
      near(cox.lnLikelihood, slow(cox.coefficients), 1e-8 * Math.max(1, Math.abs(cox.lnLikelihood)));
      const row = [lives[0]!.x, lives[0]!.z];
      const again = coxFromBytes(cox.toBytes());
      assert.equal(again.lnRisk(row), cox.lnRisk(row));
      assert.equal(again.survivalOf(row)(4), cox.survivalOf(row)(4));
      // The pull is per deviation; with a tiny one the unpulled likelihood itself must be at its top.
      const free = fitCox(livesFrom(lives), factsFrom(lives), { l2: 1e-3 });
      assert.ok(free.lnLikelihood >= cox.lnLikelihood - 1e-6);
    }),
    { numRuns: 60 },
  );
});

test("a late comer of a risk beyond all others' leaves the sums of those who were there before whole", () => {
  const of = (end: number, failed: number, start: number, x: number) => ({
    ...{ end, failed, start, x },
    ...{ times: 1, z: 0 },
  });
  const lives = [of(1, 1, 0, 0), of(1, 0, 0, 1), of(1, 0, 0, -1), of(2, 0, 1, -20)];
  assert.equal(lnPartialAt(lives, -2), lnPartialAt(lives.slice(0, 3), -2));
});

test("a Cox model without ties and facts says what Kaplan–Meier says", () => {
  const lives = weibullLives(300, 12, 8);
  const blank = { rowCount: lives.length, columns: [] };
  const cox = fitCox(livesFrom(lives), blank);
  const model = fitKaplanMeier(livesFrom(lives));
  for (const age of [1, 4, 9]) near(cox.survivalOf([])(age), model.survival(age), 0.005);
});

test("columns that say the same, and columns that tell exactly, are named as such", () => {
  const lives = weibullLives(60, 12, 2);
  const x = Float64Array.from(lives, ({ x }) => x);
  assert.throws(() => fitCox(livesFrom(lives), tableOf({ x, y: x })), /say the same/);
  const tells = Float64Array.from(lives, ({ end }) => -end);
  assert.ok(fitCox(livesFrom(lives), tableOf({ x, y: x }), { l2: 0.01 }).errors.every(Number.isFinite));
  assert.throws(() => fitCox(livesFrom(lives), tableOf({ tells })), /tells exactly|say the same/);
});

for (const kind of ["weibull", "log-logistic", "log-normal"] as const) {
  test(`a ${kind} life's likelihood is that of its density, and no step from it is upward`, () => {
    const lives = weibullLives(80, 9, 5).map((life, i) => ({
      ...life,
      start: i % 4 === 0 ? life.end / 3 : 0,
    }));
    const model = fitAft(livesFrom(lives), factsFrom(lives), { kind, shapeColumns: ["z"] });
    const slow = (b: ArrayLike<number>) => {
      let total = 0;
      for (const { end, failed, start, x, z } of lives) {
        const place = b[0]! + b[1]! * x + b[2]! * z;
        const shape = Math.exp(b[3]! + b[4]! * z);
        const w = (age: number) => shape * (Math.log(age) - place);
        const at = aftFromBytes(model.toBytes());
        at.coefficients.set(b);
        const survival = at.survivalOf([x, z]);
        const step = end * 1e-5;
        const density = (survival(end - step) - survival(end + step)) / (2 * step);
        assert.ok(Number.isFinite(w(end)));
        total += Math.log(failed === 1 ? density : survival(end)) - Math.log(survival(start));
      }
      return total;
    };
    const top = slow(model.coefficients);
    near(model.lnLikelihood, top, 1e-4);
    for (let i = 0; i < model.coefficients.length; i++) {
      for (const step of [0.02, -0.02]) {
        const moved = model.coefficients.slice();
        moved[i]! += step;
        assert.ok(slow(moved) < top, `${model.names[i]}`);
      }
    }
  });
}

test("an AFT fit finds that facts halve a life, with an error that says how surely", () => {
  const lives = weibullLives(2_000, 12, 1);
  const model = fitAft(livesFrom(lives), factsFrom(lives));
  near(Math.exp(model.coefficients[2]!), 0.5, 0.04);
  near(model.coefficients[1]!, 0, 4 * model.errors[1]!);
  assert.ok(model.errors[2]! > 0.02 && model.errors[2]! < 0.05, `${model.errors[2]}`);
  near(model.lifeOf([0, 0]).shape, 1.5, 0.1);
});

test("of units of which one in ten is defective, those that came through are nearly safe", () => {
  const draw = chance(6);
  const lives = weibullLives(5_000, 15, 9).map((life) =>
    draw() < 0.1 ? { ...life, z: 0 } : { ...life, end: 15, failed: 0 },
  );
  const { end, failed } = livesFrom(lives);
  const model = fitLimitedFailure({ end, failed });
  near(model.share, 0.1, 0.02);
  assert.ok(model.defective(15) < 0.03 && model.defective(0) === model.share);
  assert.ok(failsWithin(model.survival, 15, 100) < failsWithin(model.survival, 0, 100) / 3);
  assert.equal(limitedFailureFromBytes(model.toBytes()).survival(4), model.survival(4));
});

test("discrete time: hazards of period and fact are the shares that fail, and bytes are the model", () => {
  const lives = weibullLives(4_000, 11, 12);
  const facts = tableOf({ z: Float64Array.from(lives, ({ z }) => z) }, ["z"]);
  const periodEnds = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
  const model = fitDiscreteHazard(livesFrom(lives), facts, { periodEnds, learner: fitLogistic });
  const trees = fitDiscreteHazard(livesFrom(lives), facts, {
    periodEnds,
    learner: (table, answers) => fitTrees(table, answers, { aim: { kind: "binary" }, rounds: 60 }),
  });
  for (const z of [0, 1]) {
    const true3 = Math.exp(-((3 / (10 * 0.5 ** z)) ** 1.5));
    near(model.survivalOf([z])(3), true3, 0.03);
    near(trees.survivalOf([z])(3), true3, 0.03);
  }
  const again = discreteHazardFromBytes(model.toBytes(), linearFromBytes);
  assert.equal(again.survivalOf([1])(2.5), model.survivalOf([1])(2.5));
  assert.equal(
    discreteHazardFromBytes(trees.toBytes(), treesFromBytes).chancesOf([1])[4],
    trees.chancesOf([1])[4],
  );
});

test("discrete time: whoever uses more is due sooner, when use is what wears", () => {
  const draw = chance(14);
  const usePerUnit = Float64Array.from({ length: 3_000 }, () => 1 + 4 * draw());
  const end = usePerUnit.map((rate) => Math.max(0.1, (20 / rate) * (0.6 + 0.8 * draw())));
  const lives = { end, failed: new Uint8Array(3_000).fill(1) };
  const blank = { rowCount: 3_000, columns: [] };
  const periodEnds = Array.from({ length: 24 }, (_, i) => i + 1);
  const model = fitDiscreteHazard(lives, blank, { periodEnds, learner: fitLogistic, usePerUnit });
  const [little, much] = [1, 5].map((rate) => dueAge(model.survivalOf([], rate), 0).median);
  assert.ok(little! > 2 * much!, `${little}, ${much}`);
  assert.throws(() => model.survivalOf([]), /depends on use/);
});

test("what is due of this age: the chance ahead, and ages that hold it; without memory age says nothing", () => {
  const plain = (age: number) => Math.exp(-age / 5);
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 20, noNaN: true }),
      fc.double({ min: 0.1, max: 20, noNaN: true }),
      (age, horizon) => {
        near(failsWithin(plain, age, horizon), 1 - Math.exp(-horizon / 5), 1e-9);
        const { low, median, high } = dueAge(plain, age);
        near(median - age, 5 * Math.LN2, 1e-6);
        near(low - age, -5 * Math.log(0.9), 1e-6);
        near(high - age, -5 * Math.log(0.1), 1e-6);
      },
    ),
  );
  const wearing = (age: number) => Math.exp(-((age / 10) ** 3));
  assert.ok(failsWithin(wearing, 9, 1) > 10 * failsWithin(wearing, 1, 1));
  const lasting = dueAge((age) => 0.8 + 0.2 * plain(age), 0);
  assert.ok(lasting.low < 5 && lasting.median === Number.POSITIVE_INFINITY);
});

test("a life in use is told by age at the pace of its owner, and two causes shorten it together", () => {
  const inUse = (use: number) => Math.exp(-((use / 1000) ** 2));
  const survival = byUse(inUse, { age: 2, use: 400, usePerUnit: 300 });
  near(survival(3), inUse(700), 1e-12);
  near(survival(1), inUse(200), 1e-12);
  const byAge = (age: number) => Math.exp(-age / 9);
  near(allOf(survival, byAge)(3), inUse(700) * byAge(3), 1e-12);
});

test("concordance counts pairs in which the riskier failed first", () => {
  const lives = { end: Float64Array.of(1, 2, 3, 3), failed: Uint8Array.of(1, 1, 0, 1) };
  near(concordance(lives, [4, 3, 2, 1]), 5 / 6, 1e-12);
  near(concordance(lives, [1, 1, 1, 1]), 0.5, 1e-12);
});

test("units that are repaired: each steps the mean count up by one over those still watched", () => {
  const curve = meanCumulative({
    unitOf: Int32Array.of(0, 1, 1, 0),
    ageOf: Float64Array.of(2, 2, 4, 6),
    untilOf: Float64Array.of(7, 5, 3),
  });
  assert.deepEqual([...curve.ages], [2, 2, 4, 6]);
  assert.deepEqual([...curve.counts], [1 / 3, 2 / 3, 2 / 3 + 1 / 2, 2 / 3 + 1 / 2 + 1]);
});
