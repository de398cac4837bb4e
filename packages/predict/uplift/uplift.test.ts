import assert from "node:assert/strict";
import { test } from "node:test";
import { chance, normal } from "@trato/base";
import fc from "fast-check";
import { linearFromBytes } from "../linear/linear.ts";
import { fitLogistic } from "../linear/logistic.ts";
import { fitRidge } from "../linear/ridge.ts";
import { arms, contrast, hillstromPath, readHillstrom } from "../testing/hillstrom.ts";
import { absent } from "../testing/public-data.ts";
import { fitTrees } from "../trees/boost.ts";
import { tableOf } from "../trees/table.ts";
import { qiniOf, upliftAt } from "./qini.ts";
import { fitSLearner, sLearnerFromBytes } from "./s-learner.ts";
import { fitTLearner, tLearnerFromBytes } from "./t-learner.ts";
import { checkTrial, type Trial } from "./trial.ts";
import { fitXLearner, xLearnerFromBytes } from "./x-learner.ts";

const near = (found: number, expected: number, by: number) =>
  assert.ok(Math.abs(found - expected) <= by, `${found} is not ${expected}`);

/** Treating helps those of kind 1 by as much as x says, and harms those of kind 2. */
function trialOf(count: number, seed: number): Trial & { effect: Float64Array } {
  const draw = chance(seed);
  const x = Float64Array.from({ length: count }, () => normal(draw));
  const kind = Float64Array.from({ length: count }, (_, i) => i % 3);
  const treated = Uint8Array.from({ length: count }, () => Number(draw() < 0.3));
  const effect = x.map((one, i) => [0, 2 + one, -1][kind[i]!]!);
  const outcome = x.map((one, i) => 5 + 3 * one + treated[i]! * effect[i]! + normal(draw));
  return { facts: tableOf({ x, kind }, ["kind"]), treated, outcome, effect };
}
const trial = trialOf(6_000, 2);
const boosted = (aim: "mean") => (table: Trial["facts"], answers: { target: ArrayLike<number> }) =>
  fitTrees(table, answers, { aim: { kind: aim }, rounds: 60, rate: 0.1, leavesMax: 8 });

for (const [name, fit, again] of [
  ["T", () => fitTLearner(trial, fitRidge), tLearnerFromBytes],
  ["S", () => fitSLearner(trial, fitRidge), sLearnerFromBytes],
  ["X", () => fitXLearner(trial, { outcome: fitRidge, effect: fitRidge }), xLearnerFromBytes],
] as const) {
  test(`${name}-learner: whom treating helps, whom it harms, and whom it leaves as they are`, () => {
    const model = fit();
    const said = model.effectAll(trial.facts);
    for (const kind of [0, 1, 2]) {
      const rows = [...said.keys()].filter((i) => i % 3 === kind);
      const mean = (of: Float64Array) => rows.reduce((sum, row) => sum + of[row]!, 0) / rows.length;
      near(mean(said), mean(trial.effect), 0.2);
    }
    assert.deepEqual(again(model.toBytes(), linearFromBytes).effectAll(trial.facts), said);
    assert.throws(() => again(model.toBytes().slice(0, 40), linearFromBytes), /bytes/);
  });
}

test("trees fill the learners too, and find for whom it works", () => {
  const learner = boosted("mean");
  for (const model of [
    fitTLearner(trial, learner),
    fitXLearner(trial, { outcome: learner, effect: learner }),
  ]) {
    const { qini } = qiniOf({ ...trial, scores: model.effectAll(trial.facts) }, { draws: 40 });
    assert.ok(qini.low > 0.1, `${qini.low}`);
  }
});

test("Qini is the mean height of the curve above the straight line, walked slowly", () => {
  const anyRows = fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.nat(1), fc.nat(4)), {
    minLength: 2,
    maxLength: 25,
  });
  fc.assert(
    fc.property(
      anyRows.filter((rows) => rows.some(([, t]) => t === 1) && rows.some(([, t]) => t === 0)),
      (rows) => {
        const ranked = {
          scores: rows.map(([score]) => score),
          treated: Uint8Array.from(rows, ([, t]) => t),
          outcome: Float64Array.from(rows, ([, , y]) => y),
        };
        const gain = (atLeast: number) => {
          const top = rows.filter(([score]) => score >= atLeast);
          const [one, other] = [1, 0].map((group) => top.filter(([, t]) => t === group));
          const sum = (list: typeof rows) => list.reduce((total, [, , y]) => total + y, 0);
          return sum(one!) - (other!.length === 0 ? 0 : (sum(other!) * one!.length) / other!.length);
        };
        const curve: number[] = [];
        for (const score of [3, 2, 1, 0]) {
          const start = curve.at(-1) ?? 0;
          const many = rows.filter(([one]) => one === score).length;
          for (let k = 1; k <= many; k++) curve.push(start + ((gain(score) - start) * k) / many);
        }
        const treatedCount = rows.filter(([, t]) => t === 1).length;
        const end = curve.at(-1)!;
        const above = curve.map((q, at) => q - ((at + 1) / curve.length) * end);
        const { qini, auuc } = qiniOf(ranked, { draws: 10 });
        near(qini.mean, above.reduce((a, b) => a + b, 0) / curve.length / treatedCount, 1e-9);
        near(auuc.mean, curve.reduce((a, b) => a + b, 0) / curve.length / treatedCount, 1e-9);
      },
    ),
  );
});

test("a ranking by the truth is above chance, one by chance is not, and the opposite is below", () => {
  const draw = chance(9);
  const qini = (scores: Float64Array) => qiniOf({ ...trial, scores }, { draws: 100 }).qini;
  assert.ok(qini(trial.effect).low > 0.1);
  const random = qini(trial.effect.map(() => draw()));
  assert.ok(random.low < 0 && random.high > 0, `${random.low}, ${random.high}`);
  assert.ok(qini(trial.effect.map((one) => -one)).high < 0);
  assert.ok(upliftAt({ ...trial, scores: trial.effect }, 0.3) > 1.5);
  assert.throws(() => checkTrial({ ...trial, treated: new Uint8Array(6_000) }), /nothing to compare/);
});

test("Hillstrom: the nine rates, and a ranking of women's e-mail above chance", {
  skip: absent(hillstromPath),
}, () => {
  const data = readHillstrom();
  const rates = arms.map((arm) => {
    const rows = [...data.arm.keys()].filter((i) => data.arm[i] === arm);
    const mean = (of: Float64Array) => rows.reduce((sum, row) => sum + of[row]!, 0) / rows.length;
    return [
      rows.length,
      (100 * mean(data.visit)).toFixed(2),
      (100 * mean(data.conversion)).toFixed(3),
      mean(data.spend).toFixed(4),
    ];
  });
  assert.deepEqual(rates, [
    [21307, "18.28", "1.253", "1.4226"],
    [21387, "15.14", "0.884", "1.0772"],
    [21306, "10.62", "0.573", "0.6528"],
  ]);
  const { train, test } = contrast(data, "Womens E-Mail");
  const model = fitTLearner(train, fitLogistic);
  const { qini } = qiniOf({ ...test, scores: model.effectAll(test.facts) }, { draws: 100 });
  assert.ok(qini.low > 0 && qini.mean > 0.007, `${qini.mean}, from ${qini.low}`);
});
