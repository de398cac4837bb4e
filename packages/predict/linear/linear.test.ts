import assert from "node:assert/strict";
import { test } from "node:test";
import { chance, normal } from "@trato/base";
import fc from "fast-check";
import { tableOf } from "../trees/table.ts";
import { linearFromBytes } from "./linear.ts";
import { fitLogistic } from "./logistic.ts";
import { fitRidge } from "./ridge.ts";

const near = (found: number, expected: number, by: number) =>
  assert.ok(Math.abs(found - expected) <= by, `${found} is not ${expected}`);

/** Two numbers and a category of three, and a target that is their sum. */
function world(count: number, seed: number) {
  const draw = chance(seed);
  const x = Float64Array.from({ length: count }, () => 5 + 2 * normal(draw));
  const y = Float64Array.from({ length: count }, () => 100 * normal(draw));
  const kind = Float64Array.from({ length: count }, (_, i) => i % 3);
  const raw = x.map((one, i) => 1 + 2 * (one - 5) - 0.01 * y[i]! + [0, 1.5, -1][kind[i]!]!);
  return { table: tableOf({ x, y, kind }, ["kind"]), raw, draw };
}

test("ridge finds the sum that its target is, in the columns' own units", () => {
  const { table, raw } = world(300, 1);
  const model = fitRidge(table, { target: raw }, { l2: 1e-6 });
  assert.deepEqual(model.names, ["constant", "x", "y", "kind=1", "kind=2"]);
  for (const [i, expected] of [-9, 2, -0.01, 1.5, -1].entries()) near(model.coefficients[i]!, expected, 1e-4);
  near(model.predict([6, 50, 2]), 1 + 2 - 0.5 - 1, 1e-4);
});

test("the slope of ridge's loss is nothing at what it finds, with any weights", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1e6 }),
      fc.double({ min: 0.01, max: 50, noNaN: true }),
      (seed, l2) => {
        const { table, raw, draw } = world(40, seed);
        const weights = raw.map(() => 0.2 + draw());
        const target = raw.map((one) => one + normal(draw));
        const loss = (move: number, column: number) => {
          const model = fitRidge(table, { target, weights }, { l2 });
          model.coefficients[column]! += move;
          const deviation = (values: ArrayLike<number>) => {
            const list = Array.from(values);
            const mean = list.reduce((a, b) => a + b, 0) / list.length;
            return Math.sqrt(list.reduce((sum, v) => sum + (v - mean) ** 2, 0) / list.length);
          };
          const [x, y] = [deviation(table.columns[0]!.values), deviation(table.columns[1]!.values)];
          const kinds = [1, 2].map((k) =>
            deviation(Array.from(table.columns[2]!.values, (v) => Number(v === k))),
          );
          const pulled = [0, x, y, ...kinds].reduce(
            (sum, d, j) => sum + (d * model.coefficients[j]!) ** 2,
            0,
          );
          return model
            .predictAll(table)
            .reduce((sum, said, i) => sum + weights[i]! * (said - target[i]!) ** 2, l2 * pulled);
        };
        for (let column = 0; column < 5; column++) {
          const least = loss(0, column);
          assert.ok(loss(0.01, column) > least - 1e-9 && loss(-0.01, column) > least - 1e-9);
        }
      },
    ),
    { numRuns: 15 },
  );
});

test("logistic says the chances that its targets were drawn with, and its mean is theirs", () => {
  const { table, raw, draw } = world(6_000, 3);
  const chances = raw.map((one) => 1 / (1 + Math.exp(-one / 2)));
  const target = chances.map((one) => Number(draw() < one));
  const model = fitLogistic(table, { target }, { l2: 1e-6 });
  const said = model.predictAll(table);
  near(said.reduce((sum, one, i) => sum + Math.abs(one - chances[i]!), 0) / said.length, 0, 0.015);
  near(
    said.reduce((a, b) => a + b, 0),
    target.reduce((a, b) => a + b, 0),
    1e-3,
  );
  const again = linearFromBytes(model.toBytes());
  assert.deepEqual(again.predictAll(table), said);
  assert.throws(() => linearFromBytes(model.toBytes().slice(0, 50)), /bytes/);
});

test("missing numbers are taken for the mean, and unknown categories for the first", () => {
  const { table, raw } = world(300, 4);
  const model = fitRidge(table, { target: raw });
  const mean = Array.from(table.columns[0]!.values).reduce((a, b) => a + b, 0) / 300;
  near(model.predict([Number.NaN, 0, 9]), model.predict([mean, 0, 0]), 1e-9);
});

test("no rows, one answer, or a column that tells everything: still a number", () => {
  const none = tableOf({ x: new Float64Array(0) });
  assert.equal(fitRidge(none, { target: [] }).predict([3]), 0);
  assert.equal(fitLogistic(none, { target: [] }).predict([3]), 0.5);
  const two = tableOf({ x: Float64Array.of(1, 2, 3, 4) });
  assert.ok(fitLogistic(two, { target: [1, 1, 1, 1] }).predict([2]) > 0.99);
  const told = fitLogistic(two, { target: [0, 0, 1, 1] });
  assert.ok(told.predict([4]) > 0.6 && told.coefficients.every(Number.isFinite));
  assert.throws(() => fitLogistic(two, { target: [0, 2, 1, 1] }), /0 or 1/);
});
