import assert from "node:assert/strict";
import { test } from "node:test";
import { chance, dayMs, normal } from "@trato/base";
import { evaluateNextPurchase } from "../evaluate/next-purchase.ts";
import { flatten, type PlainBasket } from "../testing/arbitraries.ts";
import { everyRhythm } from "../testing/every-rhythm.ts";
import { fitRhythm } from "./fit.ts";
import { rhythmFromBytes } from "./rhythm.ts";

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
