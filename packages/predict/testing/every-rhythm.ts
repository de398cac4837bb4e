import assert from "node:assert/strict";
import { test } from "node:test";
import { chance, dayMs, normal } from "@trato/base";
import fc from "fast-check";
import type { Baskets } from "../arrays/baskets.ts";
import type { Rhythm } from "../rhythm/rhythm.ts";
import { seriesFrom } from "../rhythm/series.ts";
import { addPurchase, noPurchases, type RhythmStats } from "../rhythm/stats.ts";
import { anyBaskets, flatten, type PlainBasket, smallWorld } from "./arbitraries.ts";

const startMs = 20_000 * dayMs;
/** Mean of ln(days), and the chance to leave after a purchase, of each item of the population. */
const itemMeans = [2.3, 3, 3.4, 2.7];
const itemLeaves = [0.05, 0.15, 0.3, 0.1];
const population = renewals({ people: 1_500, days: 700, seed: 3 });

type Fit = (baskets: Baskets, untilMs?: number) => Rhythm;
type FromBytes = (bytes: Uint8Array) => Rhythm;

/** The shared suite: what every model of when something is bought again must do. */
export function everyRhythm(name: string, fit: Fit, fromBytes: FromBytes): void {
  const model = fit(population);
  followsThePerson(name, model);
  isAChance(name, model);
  isTrue(name, fit);
  isKept(name, fit, fromBytes);
}

const anyStats = fc.array(fc.double({ min: 0.1, max: 200, noNaN: true }), { maxLength: 12 }).map((gaps) => {
  const stats = noPurchases();
  let atMs = startMs;
  addPurchase(stats, atMs);
  for (const gap of gaps) {
    atMs += gap * dayMs;
    addPurchase(stats, atMs);
  }
  return stats;
});
const anyDays = fc.double({ min: 0, max: 400, noNaN: true });
const anyItem = fc.integer({ min: -1, max: itemMeans.length - 1 });

function everyDays(days: number, times: number): RhythmStats {
  const stats = noPurchases();
  for (let i = 0; i < times; i++) addPurchase(stats, startMs + i * days * dayMs);
  return stats;
}

function followsThePerson(name: string, model: Rhythm): void {
  test(`${name}: whoever comes every ten days is due in about ten days`, () => {
    const stats = everyDays(10, 30);
    const days = (model.due(0, stats).medianMs - stats.lastMs) / dayMs;
    assert.ok(days > 9 && days < 11, `${days}`);
  });

  test(`${name}: the more it has seen, the narrower the interval and the surer the repeat`, () => {
    const [little, much] = [model.due(0, everyDays(10, 3)), model.due(0, everyDays(10, 30))];
    assert.ok(much.highMs - much.lowMs < little.highMs - little.lowMs);
    assert.ok(much.repeat > little.repeat);
  });

  test(`${name}: whoever stays away for long has probably left`, () => {
    const stats = everyDays(10, 20);
    const chanceAfter = (days: number) => model.within(0, stats, stats.lastMs + days * dayMs, 30 * dayMs);
    assert.ok(chanceAfter(8) > 0.5, `${chanceAfter(8)}`);
    assert.ok(chanceAfter(300) < chanceAfter(8) / 2, `${chanceAfter(300)}`);
  });

  test(`${name}: later by whole days is due later by as much`, () => {
    fc.assert(
      fc.property(anyItem, anyStats, fc.integer({ min: -1_000, max: 1_000 }), (item, stats, days) => {
        const shiftMs = days * dayMs;
        const moved = { ...stats, firstMs: stats.firstMs + shiftMs, lastMs: stats.lastMs + shiftMs };
        const [here, there] = [model.due(item, stats), model.due(item, moved)];
        assert.ok(Math.abs(there.highMs - here.highMs - shiftMs) < 1);
      }),
    );
  });
}

function isAChance(name: string, model: Rhythm): void {
  test(`${name}: low, median and high stand in that sequence, after the last purchase`, () => {
    fc.assert(
      fc.property(anyItem, anyStats, (item, stats) => {
        const due = model.due(item, stats);
        assert.ok(stats.lastMs < due.lowMs && due.lowMs < due.medianMs && due.medianMs < due.highMs);
        assert.ok(due.repeat > 0 && due.repeat < 1 && Number.isFinite(due.highMs));
      }),
    );
  });

  test(`${name}: the chance of a purchase by a due point is that point's level of the repeat`, () => {
    fc.assert(
      fc.property(anyItem, anyStats, (item, stats) => {
        const due = model.due(item, stats);
        for (const [atMs, level] of [
          [due.lowMs, 0.1],
          [due.medianMs, 0.5],
          [due.highMs, 0.9],
        ] as const) {
          const within = model.within(item, stats, stats.lastMs, atMs - stats.lastMs);
          assert.ok(
            Math.abs(within - level * due.repeat) < 1e-4,
            `${within} is not ${level} of ${due.repeat}`,
          );
        }
      }),
    );
  });

  test(`${name}: chances of two stretches of time chain`, () => {
    fc.assert(
      fc.property(anyItem, anyStats, anyDays, anyDays, anyDays, (item, stats, waited, one, other) => {
        const nowMs = stats.lastMs + waited * dayMs;
        const first = model.within(item, stats, nowMs, one * dayMs);
        const second = model.within(item, stats, nowMs + one * dayMs, other * dayMs);
        const both = model.within(item, stats, nowMs, (one + other) * dayMs);
        assert.ok(first >= 0 && first <= 1 && both >= first - 1e-12);
        assert.ok(Math.abs(both - (first + (1 - first) * second)) < 1e-9);
      }),
    );
    assert.equal(model.within(0, everyDays(10, 5), startMs + 41 * dayMs, 0), 0);
  });
}

function isTrue(name: string, fit: Fit): void {
  test(`${name}: on people who behave as it assumes, the 80 % interval holds 80 % and the gate is true`, () => {
    const cut = startMs + 500 * dayMs;
    const early = fit(population, cut);
    let [inside, total] = [0, 0];
    seriesFrom(population, (stats, item, timeMs) => {
      if (timeMs < cut) return;
      const due = early.due(item, stats);
      total++;
      if (timeMs >= due.lowMs && timeMs <= due.highMs) inside++;
    });
    assert.ok(Math.abs(inside / total - 0.8) < 0.03, `${inside} of ${total}`);
    const [foretold, came] = comebacks(early, cut, 30 * dayMs);
    assert.ok(Math.abs(foretold / came - 1) < 0.08, `${foretold} foretold, ${came} came`);
  });
}

function isKept(name: string, fit: Fit, fromBytes: FromBytes): void {
  test(`${name}: it is total on any baskets, and its bytes give it back`, () => {
    fc.assert(
      fc.property(anyBaskets, anyStats, (baskets, stats) => {
        const one = fit(baskets);
        const bytes = one.toBytes();
        const same = fromBytes(bytes);
        assert.deepEqual(fit(baskets).toBytes(), bytes);
        assert.deepEqual(same.toBytes(), bytes);
        for (let item = -1; item < smallWorld.itemCount; item++) {
          const due = one.due(item, stats);
          assert.ok(due.lowMs <= due.medianMs && due.medianMs <= due.highMs && Number.isFinite(due.highMs));
          assert.deepEqual(same.due(item, stats), due);
          const within = one.within(item, stats, stats.lastMs + dayMs, 7 * dayMs);
          assert.ok(within >= 0 && within <= 1);
        }
      }),
      { numRuns: 30 },
    );
  });

  test(`${name}: the baskets are left as they were`, () => {
    const before = structuredClone(population);
    fit(population);
    assert.deepEqual(population, before);
  });

  test(`${name}: unknown items, absent purchases and foreign bytes are refused`, () => {
    const model = fit(population);
    assert.throws(() => model.due(model.itemCount, everyDays(10, 2)), /item is -1 or below/);
    assert.throws(() => model.due(0, noPurchases()), /never bought/);
    assert.throws(() => model.within(0, everyDays(10, 2), startMs, -1), /not negative/);
    const bytes = model.toBytes();
    assert.throws(() => fromBytes(bytes.slice(0, bytes.length - 8)), /end inside/);
    assert.throws(() => fromBytes(new Uint8Array(64)), /Expected/);
  });
}

/** How many come back within the horizon: as foretold, and as it was. */
function comebacks(early: Rhythm, cutMs: number, horizonMs: number): [number, number] {
  const before = new Map<string, { item: number; stats: RhythmStats }>();
  let came = 0;
  const seen = new Set<string>();
  for (let b = 0; b < population.timeOfBasket.length; b++) {
    const timeMs = population.timeOfBasket[b]!;
    const item = population.itemOf[population.basketStart[b]!]!;
    const key = `${population.personOfBasket[b]}/${item}`;
    if (timeMs < cutMs) {
      const entry = before.get(key) ?? { item, stats: noPurchases() };
      before.set(key, entry);
      addPurchase(entry.stats, timeMs);
    } else if (timeMs < cutMs + horizonMs && before.has(key) && !seen.has(key)) {
      seen.add(key);
      came++;
    }
  }
  let foretold = 0;
  for (const { item, stats } of before.values()) foretold += early.within(item, stats, cutMs, horizonMs);
  return [foretold, came];
}

/**
 * People who start at any time, buy one item each at log-normal intervals about a mean of their own, and
 * leave for good after any purchase with a chance of their item.
 */
function renewals({ people, days, seed }: { people: number; days: number; seed: number }): Baskets {
  const draw = chance(seed);
  const plain: PlainBasket[] = [];
  for (let person = 0; person < people; person++) {
    const item = person % itemMeans.length;
    const mean = itemMeans[item]! + 0.4 * normal(draw);
    for (let at = draw() * days; at < days; at += Math.max(1, Math.exp(mean + 0.5 * normal(draw)))) {
      plain.push({ person, timeMs: startMs + at * dayMs, items: [item] });
      if (draw() < itemLeaves[item]!) break;
    }
  }
  return flatten(plain, people, itemMeans.length);
}
