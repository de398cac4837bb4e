import assert from "node:assert/strict";
import { test } from "node:test";
import { chance, dayMs, normal } from "@trato/base";
import fc from "fast-check";
import { anyBaskets, flatten, unflatten } from "../testing/arbitraries.ts";
import { bootstrapMean } from "./bootstrap.ts";
import { coverage, pinball } from "./intervals.ts";
import { hitAtK, ndcgAtK, recallAtK } from "./metrics.ts";
import { evaluateNextBasket } from "./next-basket.ts";
import { evaluateNextPurchase } from "./next-purchase.ts";

const near = (found: number, expected: number, by = 1e-9) =>
  assert.ok(Math.abs(found - expected) <= by, `${found} is not ${expected}`);

test("a shopkeeper's table of rankings", () => {
  const truth = new Set([7, 8, 9]);
  const rows = [
    { ranked: [7, 8, 9, 1], k: 3, recall: 1, ndcg: 1, hit: 1 },
    { ranked: [7, 1, 2, 3], k: 2, recall: 1 / 3, ndcg: 1 / (1 + 1 / Math.log2(3)), hit: 1 },
    { ranked: [1, 2, 3, 7], k: 3, recall: 0, ndcg: 0, hit: 0 },
    { ranked: [1, 7], k: 10, recall: 1 / 3, ndcg: 1 / Math.log2(3) / (1 + 1 / Math.log2(3) + 0.5), hit: 1 },
  ];
  for (const { ranked, k, recall, ndcg, hit } of rows) {
    near(recallAtK(ranked, truth, k), recall);
    near(ndcgAtK(ranked, truth, k), ndcg);
    assert.equal(hitAtK(ranked, truth, k), hit);
  }
});

test("no sequence of the same items beats the one with the truth first, and that one is worth 1", () => {
  const items = [0, 1, 2, 3, 4, 5];
  const anyTruth = fc.uniqueArray(fc.integer({ min: 0, max: 5 }), { minLength: 1 });
  fc.assert(
    fc.property(
      fc.shuffledSubarray(items, { minLength: 6 }),
      anyTruth,
      fc.integer({ min: 1, max: 9 }),
      (ranked, list, k) => {
        const truth = new Set(list);
        const ideal = [...ranked].sort((a, b) => Number(truth.has(b)) - Number(truth.has(a)));
        near(ndcgAtK(ideal, truth, k), 1);
        assert.ok(ndcgAtK(ranked, truth, k) <= 1 + 1e-12);
      },
    ),
  );
});

test("pinball loss is least at the quantile, and coverage counts ends as inside", () => {
  const draw = chance(1);
  const values = Array.from({ length: 4_000 }, () => draw());
  const loss = (quantile: number) => values.reduce((sum, value) => sum + pinball(quantile, value, 0.9), 0);
  assert.ok(loss(0.9) < loss(0.8) && loss(0.9) < loss(0.98));
  near(pinball(3, 5, 0.5), 1);
  near(pinball(5, 3, 0.9), 0.2);
  near(coverage([0, 0, 0, 0], [1, 1, 1, 1], [0, 1, 0.5, 2]), 0.75);
  assert.throws(() => coverage([], [], []), /at least one/);
});

test("the bootstrap interval is that of the normal approximation where that holds", () => {
  const draw = chance(4);
  const values = Float64Array.from({ length: 2_000 }, () => 10 + 2 * normal(draw));
  const { mean, low, high } = bootstrapMean(values, { seed: 9, draws: 2_000 });
  const error = (1.96 * 2) / Math.sqrt(values.length);
  near(low, mean - error, 0.02);
  near(high, mean + error, 0.02);
  assert.deepEqual(bootstrapMean(values, { seed: 9, draws: 2_000 }), { mean, low, high });
  assert.deepEqual(bootstrapMean(Float64Array.of(3), { seed: 1 }), { mean: 3, low: 3, high: 3 });
});

test("rankers are compared as doing it by hand would, on people of both times", () => {
  const anyScores = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 40, maxLength: 40 });
  fc.assert(
    fc.property(
      anyBaskets,
      anyBaskets,
      anyScores,
      fc.integer({ min: 1, max: 5 }),
      (train, test, table, k) => {
        const known = new Set(train.personOfBasket);
        const people = [...new Set(test.personOfBasket)].filter((person) => known.has(person));
        if (people.length === 0) return;
        const scoreOf = (person: number, item: number) => table[person * 8 + item]!;
        const ranker = {
          name: "table",
          scores: (person: number, out: Float64Array) => out.set(table.slice(person * 8, person * 8 + 8)),
        };
        const found = evaluateNextBasket({ train, test, rankers: [ranker], k }).rankers[0]!;
        const bought = unflatten(test);
        for (const [row, person] of people.entries()) {
          const truth = new Set(
            bought.filter((basket) => basket.person === person).flatMap(({ items }) => items),
          );
          const items = Array.from({ length: 8 }, (_, item) => item);
          items.sort((a, b) => scoreOf(person, b) - scoreOf(person, a) || a - b);
          near(found.recallOf[row]!, recallAtK(items, truth, k));
          near(found.ndcgOf[row]!, ndcgAtK(items, truth, k));
        }
        near(found.recall.mean, found.recallOf.reduce((a, b) => a + b, 0) / people.length);
      },
    ),
    { numRuns: 50 },
  );
});

test("what train never had counts as truth that nobody can rank", () => {
  const train = flatten([{ person: 0, timeMs: 0, items: [0] }], 1, 1);
  const test = flatten(
    [
      { person: 0, timeMs: 9, items: [0, 1] },
      { person: 1, timeMs: 9, items: [0] },
    ],
    2,
    2,
  );
  const ranker = { name: "all", scores: (_: number, out: Float64Array) => void out.fill(1) };
  const report = evaluateNextBasket({ train, test, rankers: [ranker], k: 10 });
  assert.equal(report.people, 1);
  assert.equal(report.rankers[0]!.recall.mean, 0.5);
});

test("forecasts are compared on the intervals that ended later, from what was known before", () => {
  const visits = [0, 10, 20, 35].map((day) => ({ person: 0, timeMs: (100 + day) * dayMs, items: [0] }));
  const stranger = [0, 30].map((day) => ({ person: 1, timeMs: (100 + day) * dayMs, items: [0] }));
  const in12Days = ({ lastMs }: { lastMs: number }) => ({
    lowMs: lastMs + 9 * dayMs,
    medianMs: lastMs + 12 * dayMs,
    highMs: lastMs + 14 * dayMs,
  });
  const { purchases, forecasters } = evaluateNextPurchase({
    baskets: flatten([...visits, ...stranger], 2, 1),
    fromMs: 115 * dayMs,
    known: { personCount: 1, itemCount: 1 },
    forecasters: [{ name: "12 days", due: (_item, stats) => in12Days(stats) }],
  });
  assert.equal(purchases, 2);
  near(forecasters[0]!.coverage, 0.5);
  near(forecasters[0]!.medianLossDays, (0.5 * 2 + 0.5 * 3) / 2);
  near(forecasters[0]!.lossDays, (0.1 * 1 + 0.1 * 6 + 0.5 * 5 + 0.1 * 4 + 0.9 * 1) / 6);
});
