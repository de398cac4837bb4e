import assert from "node:assert/strict";
import { test } from "node:test";
import { chance, dayMs, normal } from "@trato/base";
import { evaluateNextPurchase } from "../evaluate/next-purchase.ts";
import { flatten, type PlainBasket } from "../testing/arbitraries.ts";
import { everyRhythm } from "../testing/every-rhythm.ts";
import { fitRhythm } from "./fit.ts";
import { rhythmFromBytes } from "./rhythm.ts";
import { addPurchase, noPurchases } from "./stats.ts";

everyRhythm(
  "log-normal renewal",
  (baskets, untilMs) => fitRhythm(baskets, untilMs === undefined ? {} : { untilMs }),
  rhythmFromBytes,
);

test("when people begin to come more often, the time kept aside notices", () => {
  const draw = chance(6);
  const plain: PlainBasket[] = [];
  for (let person = 0; person < 400; person++) {
    const mean = 2.7 + 0.3 * normal(draw);
    for (let day = 20 * draw(); day < 460; ) {
      plain.push({ person, timeMs: (20_000 + day) * dayMs, items: [0] });
      day += Math.exp(mean + 0.4 * normal(draw)) * (day > 350 ? 0.4 : 1);
    }
  }
  const baskets = flatten(plain, 400, 1);
  const fromMs = 20_400 * dayMs;
  const forecasters = [30 * dayMs, 0].map((calibrationMs) => {
    const model = fitRhythm(baskets, { untilMs: fromMs, calibrationMs });
    return { name: `${calibrationMs}`, due: model.due };
  });
  const report = evaluateNextPurchase({ baskets, fromMs, known: baskets, forecasters });
  const [calibrated, stated] = report.forecasters;
  assert.ok(Math.abs(calibrated!.coverage - 0.8) < 0.05, `${calibrated!.coverage}`);
  assert.ok(Math.abs(calibrated!.coverage - 0.8) < Math.abs(stated!.coverage - 0.8), `${stated!.coverage}`);
  assert.ok(calibrated!.lossDays < stated!.lossDays);
});

test("an item that nobody bought twice is expected as its category is, and no worse by an unseen category", () => {
  const draw = chance(9);
  const plain: PlainBasket[] = [];
  for (let person = 0; person < 60; person++) {
    for (let item = 0; item < 10; item++) {
      const gapDays = item % 2 === 0 ? 7 : 60;
      for (let day = gapDays * draw(); day < 360; day += gapDays * Math.exp(0.2 * normal(draw))) {
        plain.push({ person, timeMs: (20_000 + day) * dayMs, items: [item] });
      }
    }
  }
  const baskets = flatten(plain, 60, 13);
  const categoryOf = Int32Array.from({ length: 13 }, (_, item) => (item === 12 ? 2 : item % 2));
  const once = noPurchases();
  addPurchase(once, 20_000 * dayMs);
  const days = (model: ReturnType<typeof fitRhythm>, item: number) =>
    model.due(item, once).medianMs / dayMs - 20_000;
  const model = fitRhythm(baskets, { categoryOf });
  assert.ok(Math.abs(days(model, 10) - 7) < 3, `${days(model, 10)}`);
  assert.ok(Math.abs(days(model, 11) - 60) < 20, `${days(model, 11)}`);
  const without = days(fitRhythm(baskets), 10);
  assert.ok(without > 12 && without < 40, `${without}: between the two, without categories`);
  assert.ok(days(model, 12) > 7 && days(model, 12) < 60);
  assert.throws(() => fitRhythm(baskets, { categoryOf: Int32Array.of(0) }), /every item has a category/);
});
