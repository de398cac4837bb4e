import assert from "node:assert/strict";
import { test } from "node:test";
import { chance, normal } from "@trato/base";
import { boostedFromBytes, fitBoosted } from "./boosted.ts";
import { type Panel, panelColumns } from "./panel.ts";

/** Demand falls with price, doubles on promotion, and each item has a size of its own. */
function shop(items: number, periods: number): Panel {
  const draw = chance(1);
  const price: Float64Array[] = [];
  const promotion: Float64Array[] = [];
  const values: Float64Array[] = [];
  for (let item = 0; item < items; item++) {
    const size = 5 + 200 * draw();
    price.push(Float64Array.from({ length: periods }, () => 1 + Math.floor(3 * draw()) / 4));
    promotion.push(Float64Array.from({ length: periods }, () => (draw() < 0.2 ? 1 : 0)));
    values.push(
      Float64Array.from({ length: periods }, (_, t) => {
        return (size * (1 + promotion[item]![t]!) * (1 + 0.1 * normal(draw))) / price[item]![t]! ** 2;
      }),
    );
  }
  const known = {
    price: { kind: "number", rows: price },
    promotion: { kind: "category", rows: promotion },
  } as const;
  return { values, known, groups: { item: Int32Array.from(values, (_, item) => item) } };
}

const panel = shop(40, 60);
const options = {
  untilPeriod: 56,
  ahead: [0, 3] as const,
  origins: 10,
  originsApart: 4,
  sizeRows: 26,
  lags: [4, 5],
  windows: [4, 26],
  trees: { rounds: 120, rate: 0.1 },
};
const asked = panel.values.flatMap((_, series) =>
  [56, 57, 58, 59].map((period) => ({ series, period, origin: 56 })),
);
const came = asked.map(({ series, period }) => panel.values[series]![period]!);
const wrong = (said: Float64Array) =>
  said.reduce((sum, one, i) => sum + Math.abs(one / came[i]! - 1), 0) / said.length;

test("price and promotion of the weeks ahead are used: the error is near that of chance", () => {
  const said = fitBoosted(panel, options).tell(panel, asked);
  assert.ok(wrong(said) < 0.16, `${wrong(said)}`);
  const blind = { ...panel, known: {} };
  assert.ok(wrong(fitBoosted(blind, options).tell(blind, asked)) > 0.3, "without them it cannot be");
});

test("nothing behind the end is looked at", () => {
  const later = {
    ...panel,
    values: panel.values.map((own) => own.map((value, t) => (t >= 56 ? 1e6 : value))),
  };
  assert.deepEqual(
    fitBoosted(later, options).tell(later, asked),
    fitBoosted(panel, options).tell(panel, asked),
  );
});

test("levels ascend and hold their share, and bytes bring all of it back", () => {
  const model = fitBoosted(panel, {
    ...options,
    levels: [0.9, 0.1],
    trees: { ...options.trees, rounds: 60 },
  });
  const [low, high] = model.tellLevels(panel, asked);
  const inside = came.filter((value, i) => value >= low![i]! && value <= high![i]!).length / came.length;
  assert.ok(low!.every((one, i) => one <= high![i]!));
  assert.ok(inside > 0.55 && inside <= 1, `${inside}`);
  const again = boostedFromBytes(model.toBytes());
  assert.deepEqual(again.tell(panel, asked), model.tell(panel, asked));
  assert.deepEqual(again.tellLevels(panel, asked), [low, high]);
});

test("a series of which nothing was seen says nothing; a panel that does not fit is refused", () => {
  const unseen = {
    ...panel,
    values: panel.values.map((own, s) => (s === 0 ? own.map(() => Number.NaN) : own)),
  };
  const said = fitBoosted(unseen, options).tell(unseen, asked);
  assert.ok(Number.isNaN(said[0]) && said.slice(4).every(Number.isFinite));
  assert.throws(() => fitBoosted(panel, { ...options, untilPeriod: 99 }), /periods lie in the panel/);
  const uneven = { ...panel, values: [new Float64Array(3), ...panel.values.slice(1)] };
  assert.throws(() => fitBoosted(uneven, options), /one calendar/);
});

test("what the series did in like periods: those before the origin with the same promotion and price, later ones more", () => {
  const alike = [{ within: { promotion: 0, price: 0.01 }, decay: 0.9 }];
  const sizes = Float64Array.from(asked, () => 2);
  const found = panelColumns(panel, asked, sizes, { lags: [], windows: [], alike })[0]!;
  for (const [i, { series, period, origin }] of asked.entries()) {
    const fact = (name: string, t: number) => panel.known[name]!.rows[series]![t]!;
    let [sum, weights] = [0, 0];
    for (let t = 0; t < origin; t++) {
      if (fact("promotion", t) !== fact("promotion", period)) continue;
      if (Math.abs(fact("price", t) - fact("price", period)) > 0.01) continue;
      sum += 0.9 ** (origin - t) * Math.log(1 + panel.values[series]![t]! / 2);
      weights += 0.9 ** (origin - t);
    }
    const slow = weights === 0 ? Number.NaN : Math.exp(sum / weights) - 1;
    assert.ok(
      Number.isNaN(slow) ? Number.isNaN(found.values[i]!) : Math.abs(found.values[i]! - slow) < 1e-4 * slow,
    );
  }
  assert.throws(
    () =>
      panelColumns(panel, asked, sizes, {
        lags: [],
        windows: [],
        alike: [{ within: { rain: 0 }, decay: 1 }],
      }),
    /names a known fact, not rain/,
  );
});
