import assert from "node:assert/strict";
import { test } from "node:test";
import { dayMs } from "@trato/base";
import fc from "fast-check";
import { anyBaskets, unflatten } from "../testing/arbitraries.ts";
import { readStats, seriesFrom } from "./series.ts";
import { addPurchase, noPurchases, type RhythmStats } from "./stats.ts";

/** Statistics of sorted purchase times, written out: days first, then the intervals between them. */
function slowStats(times: readonly number[]): RhythmStats {
  const days = Map.groupBy(times, (timeMs) => Math.floor(timeMs / dayMs));
  const visits = [...days.values()].map((day) => ({ firstMs: day[0]!, lastMs: day.at(-1)! }));
  const logs = visits
    .slice(1)
    .map(({ firstMs }, i) => Math.log(Math.max(0.5, (firstMs - visits[i]!.lastMs) / dayMs)));
  return {
    count: visits.length,
    firstMs: times[0]!,
    lastMs: times.at(-1)!,
    sumLogDays: logs.reduce((a, b) => a + b, 0),
    sumLogDays2: logs.reduce((a, b) => a + b * b, 0),
  };
}

test("statistics are those of the distinct days, per person and item", () => {
  fc.assert(
    fc.property(anyBaskets, (baskets) => {
      const bought = unflatten(baskets).flatMap(({ person, timeMs, items }) =>
        items.map((item) => ({ key: `${person}/${item}`, timeMs })),
      );
      const expected = Map.groupBy(bought, ({ key }) => key);
      const series = seriesFrom(baskets);
      assert.equal(series.length, expected.size);
      for (let s = 0; s < series.length; s++) {
        const times = expected.get(`${series.personOf[s]}/${series.itemOf[s]}`)!.map(({ timeMs }) => timeMs);
        const [found, slow] = [readStats(series, s, noPurchases()), slowStats(times)];
        for (const name of Object.keys(slow) as (keyof RhythmStats)[]) {
          assert.ok(
            Math.abs(found[name] - slow[name]) < 1e-9,
            `${name}: ${found[name]} is not ${slow[name]}`,
          );
        }
      }
    }),
  );
});

test("each closed interval is told once, with what was known before", () => {
  fc.assert(
    fc.property(anyBaskets, (baskets) => {
      let told = 0;
      const series = seriesFrom(baskets, (before, _item, timeMs) => {
        told++;
        assert.ok(before.count >= 1 && before.lastMs < timeMs);
      });
      let closed = 0;
      for (let s = 0; s < series.length; s++) closed += series.rows[5 * s]! - 1;
      assert.equal(told, closed);
    }),
  );
});

test("a purchase that comes too late to be sorted changes nothing", () => {
  const stats = noPurchases();
  addPurchase(stats, 100 * dayMs);
  addPurchase(stats, 110 * dayMs);
  const before = { ...stats };
  addPurchase(stats, 105 * dayMs);
  assert.deepEqual(stats, before);
});

test("two purchases around midnight are two days, half a day apart at least", () => {
  const stats = noPurchases();
  addPurchase(stats, 100 * dayMs - 60_000);
  addPurchase(stats, 100 * dayMs + 60_000);
  assert.equal(stats.count, 2);
  assert.equal(stats.sumLogDays, Math.log(0.5));
});
