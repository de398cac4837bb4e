import assert from "node:assert/strict";
import { test } from "node:test";
import { chance, dayMs } from "@trato/base";
import { basketsFrom } from "../arrays/baskets.ts";
import { scoreChances } from "../evaluate/chances.ts";
import { intentTable } from "../intent/intent.ts";
import { chanceFromBytes, fitChance } from "../trees/chance-model.ts";
import { tableOf } from "../trees/table.ts";
import { churnFromBytes, fitChurn } from "./churn.ts";
import { personColumns, personTable } from "./person-table.ts";

/** People who buy every `gap` days; each leaves for good after an order with chance 0.1. */
function town(people: number, seed: number) {
  const draw = chance(seed);
  const lines = {
    personOf: [] as number[],
    basketOf: [] as number[],
    itemOf: [] as number[],
    timeOf: [] as number[],
  };
  let basket = 0;
  for (let person = 0; person < people; person++) {
    const gap = 5 + 25 * draw();
    for (let day = 60 * draw(); day < 400; day += gap * (0.7 + 0.6 * draw())) {
      lines.personOf.push(person);
      lines.basketOf.push(basket++);
      lines.itemOf.push(person % 7);
      lines.timeOf.push(day * dayMs);
      if (draw() < 0.1) break;
    }
  }
  const flat = {
    personOf: Int32Array.from(lines.personOf),
    basketOf: Int32Array.from(lines.basketOf),
    itemOf: Int32Array.from(lines.itemOf),
    timeOf: Float64Array.from(lines.timeOf),
  };
  return basketsFrom(flat, { personCount: people, itemCount: 7 });
}

test("who will come back is told, with chances that hold, from orders before the moment alone", () => {
  const baskets = town(1_500, 1);
  const nowMs = 340 * dayMs;
  const model = fitChurn(baskets, { untilMs: nowMs, horizonMs: 60 * dayMs, rounds: 80 });
  const { persons, table } = personTable(baskets, nowMs);
  const rowAt = (at: number) => table.columns.map(({ values }) => values[at]!);
  const said = Float64Array.from(persons, (_, at) => model.returns(rowAt(at)));
  const after = new Set<number>();
  for (const [b, timeMs] of baskets.timeOfBasket.entries()) {
    if (timeMs >= nowMs && timeMs < nowMs + 60 * dayMs) after.add(baskets.personOfBasket[b]!);
  }
  const scored = scoreChances(
    said,
    Float64Array.from(persons, (person) => (after.has(person) ? 1 : 0)),
  );
  assert.ok(scored.auc > 0.9, `${scored.auc}`);
  assert.ok(scored.calibrationError < 0.04, `${scored.calibrationError}`);
  const parts = new Float64Array(personColumns.length);
  const base = model.parts(rowAt(0), parts);
  const sum = parts.reduce((a, b) => a + b, base);
  assert.ok(Math.abs(1 / (1 + Math.exp(-sum)) - said[0]!) < 1e-9, "shares add up to the log-odds");
  assert.equal(churnFromBytes(model.toBytes()).returns(rowAt(3)), said[3]);
});

test("a person's row is what their orders say", () => {
  const line = {
    personOf: [0, 0, 0, 0],
    basketOf: [0, 0, 1, 2],
    itemOf: [1, 2, 1, 3],
    timeOf: [0, 0, 10, 40],
  };
  const flat = {
    personOf: Int32Array.from(line.personOf),
    basketOf: Int32Array.from(line.basketOf),
    itemOf: Int32Array.from(line.itemOf),
    timeOf: Float64Array.from(line.timeOf, (day) => day * dayMs),
  };
  const { persons, table } = personTable(basketsFrom(flat, { personCount: 2, itemCount: 5 }), 50 * dayMs);
  assert.deepEqual([...persons], [0]);
  const row = Object.fromEntries(table.columns.map(({ name, values }) => [name, values[0]]));
  assert.deepEqual(row, {
    recencyDays: 10,
    orders: 3,
    tenureDays: 50,
    meanGapDays: 20,
    gapDeviationDays: Math.sqrt(200),
    lastGapDays: 30,
    recencyInGaps: 0.5,
    ordersIn30Days: 1,
    ordersIn90Days: 3,
    ordersIn365Days: 3,
    itemsPerOrder: 4 / 3,
    itemsInLastOrder: 1,
    distinctItems: 3,
  });
});

test("a horizon before which nobody ordered is refused", () => {
  assert.throws(() => fitChurn(town(20, 2), { horizonMs: 4_000 * dayMs }), /a shorter one/);
});

test("chances learnt from noise keep to the mean, and their bytes bring them back", () => {
  const draw = chance(3);
  const x = Float64Array.from({ length: 900 }, draw);
  const came = x.map(() => (draw() < 0.2 ? 1 : 0));
  const model = fitChance(tableOf({ x }), came, { rounds: 200, rate: 0.3 });
  const said = x.map((value) => model.chance([value]));
  assert.ok(
    said.every((one) => one > 0.05 && one < 0.45),
    "calibration undoes what was learnt by heart",
  );
  const again = chanceFromBytes(model.toBytes());
  assert.equal(again.chance([0.4]), model.chance([0.4]));
});

test("a session's table holds its facts, then ratios, missing where nothing stands below", () => {
  const one = (value: number) => Float64Array.of(value);
  const facts = {
    productPages: one(6),
    productSeconds: one(120),
    accountPages: one(0),
    accountSeconds: one(0),
    infoPages: one(2),
    infoSeconds: one(30),
    bounceRate: one(0.01),
    exitRate: one(0.05),
  };
  const { columns } = intentTable(facts);
  const row = Object.fromEntries(columns.map(({ name, values }) => [name, values[0]]));
  assert.equal(row.secondsPerProductPage, 20);
  assert.ok(Number.isNaN(row.secondsPerAccountPage));
  assert.equal(row.productShare, 0.75);
  assert.ok(Math.abs(row.exits! - 0.4) < 1e-12);
  assert.throws(() => intentTable({ ...facts, infoPages: new Float64Array(2) }), /infoPages/);
});
