import assert from "node:assert/strict";
import { test } from "node:test";
import { chance, dayMs } from "@trato/base";
import fc from "fast-check";
import { flatten, type PlainBasket } from "../testing/arbitraries.ts";
import { everyRhythm } from "../testing/every-rhythm.ts";
import { noCalibration } from "./calibration.ts";
import { erlangLaw, erlangRhythmFromBytes } from "./erlang.ts";
import { fitErlangRhythm } from "./fit.ts";
import { othersInTime, othersOf } from "./others.ts";
import { seriesFrom } from "./series.ts";
import { addPurchase, noPurchases } from "./stats.ts";

everyRhythm(
  "Erlang renewal",
  (baskets, untilMs) => fitErlangRhythm(baskets, untilMs === undefined ? {} : { untilMs }),
  erlangRhythmFromBytes,
);

type World = { households: number; items: number; k: number; paceOf?: (household: number) => number };

/** Households that buy every item at Erlang-k intervals of 20 days on average, each at a pace of its own. */
function world({ households, items, k, paceOf = () => 1 }: World) {
  const draw = chance(4);
  const plain: PlainBasket[] = [];
  for (let person = 0; person < households; person++) {
    for (let item = 0; item < items; item++) {
      for (let day = 20 * draw(); day < 500; ) {
        plain.push({ person, timeMs: (20_000 + day) * dayMs, items: [item] });
        for (let phase = 0; phase < k; phase++) day -= (Math.log(1 - draw()) * 20 * paceOf(person)) / k;
      }
    }
  }
  return flatten(
    plain.sort((a, b) => a.person - b.person || a.timeMs - b.timeMs),
    households,
    items,
  );
}

const once = (() => {
  const stats = noPurchases();
  addPurchase(stats, 20_000 * dayMs);
  return stats;
})();

test("chance is found to be chance, and a regular rhythm as regular as it is", () => {
  for (const k of [1, 3]) {
    const found = fitErlangRhythm(world({ households: 300, items: 2, k })).parts.k;
    assert.ok(Math.abs(found - k) <= 1, `${found} for ${k}`);
  }
});

test("the chance of an interval is that of all rates, weighed by how likely the history makes them", () => {
  const parts = { k: 2, shape: 3.5, level: 1, pull: 10, usualOf: Float64Array.of(20, 20) };
  const law = erlangLaw(parts, noCalibration());
  fc.assert(
    fc.property(fc.array(fc.double({ min: 1, max: 60, noNaN: true }), { maxLength: 5 }), (gaps) => {
      const stats = noPurchases();
      let day = 20_000;
      addPurchase(stats, day * dayMs);
      for (const gap of gaps) {
        day += gap;
        addPurchase(stats, day * dayMs);
      }
      const scale = ((parts.shape - 1) / parts.k) * 20 + (stats.lastMs - stats.firstMs) / dayMs;
      const shape = parts.shape + parts.k * (stats.count - 1);
      let [within, all] = [0, 0];
      for (let rate = 0.0005; rate < 3; rate += 0.001) {
        const weight = rate ** (shape - 1) * Math.exp(-scale * rate);
        within += weight * (1 - Math.exp(-15 * rate) * (1 + 15 * rate));
        all += weight;
      }
      assert.ok(Math.abs(law.below(0, stats, 15) - within / all) < 2e-3);
      const middle = law.daysAt(0, stats, 1);
      assert.ok(Math.abs(law.below(0, stats, middle) - 0.5) < 1e-9);
    }),
    { numRuns: 30 },
  );
});

test("a household whose other items come twice as fast is due sooner with a new one, and no table ends", () => {
  const baskets = world({
    households: 200,
    items: 5,
    k: 2,
    paceOf: (household) => 0.5 + (household % 3) / 2,
  });
  const model = fitErlangRhythm(baskets);
  const of = (intervals: number, pace: number) =>
    model.due(0, once, { intervals, lasted: intervals * pace }).medianMs - once.lastMs;
  assert.ok(of(900, 0.5) < 0.7 * of(900, 1) && of(900, 1) < 0.8 * of(900, 1.5));
  assert.ok(of(1, 0.5) > 0.95 * of(0, 1), "few intervals say little");
  const daysAfter = (times: number) => {
    const often = noPurchases();
    for (let i = 0; i < times; i++) addPurchase(often, (20_000 + 7 * i) * dayMs);
    return (model.due(0, often).medianMs - often.lastMs) / dayMs;
  };
  assert.ok(Math.abs(daysAfter(65) - daysAfter(66)) < 0.1, "the same beyond what is tabled");
});

test("what others show is the household's closed intervals but for the item's own, at the end and in time", () => {
  const baskets = world({ households: 6, items: 4, k: 1 });
  const usualOf = Float64Array.of(10, 20, 30, 40, 20);
  const series = seriesFrom(baskets);
  const at = othersOf(series, usualOf);
  for (let row = 0; row < series.length; row++) {
    let [intervals, lasted] = [0, 0];
    for (let other = 0; other < series.length; other++) {
      if (other === row || series.personOf[other] !== series.personOf[row]) continue;
      intervals += series.rows[5 * other]! - 1;
      const days = (series.rows[5 * other + 2]! - series.rows[5 * other + 1]!) / dayMs;
      lasted += days / usualOf[series.itemOf[other]!]!;
    }
    assert.equal(at(row).intervals, intervals);
    assert.ok(Math.abs(at(row).lasted - lasted) < 1e-9);
  }
  const inTime = othersInTime(usualOf);
  seriesFrom(baskets, (stats, item, timeMs, person) => {
    const shown = inTime(stats, item, timeMs, person);
    assert.equal(shown === undefined, stats.count === 1);
    if (shown) assert.ok(shown.intervals <= 500 && shown.lasted >= 0);
  });
});
