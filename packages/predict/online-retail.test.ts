import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import {
  bootstrapMean,
  evaluateNextBasket,
  evaluateNextPurchase,
  fitAffinity,
  fitBlend,
  fitPersonMean,
  historiesFrom,
  type NextBasketReport,
  repeatLast,
} from "./index.ts";
import { type OnlineRetail, onlineRetailPath, readOnlineRetail, splitMs } from "./testing/online-retail.ts";

const path = fileURLToPath(onlineRetailPath);
const skip = existsSync(path) ? false : `the online retail log is not at ${path}`;

describe("on a real shop's log, learnt until 9 November 2011 and measured on the month after", {
  skip,
}, () => {
  let log: OnlineRetail;
  let blend: ReturnType<typeof fitBlend>;
  let report: NextBasketReport;
  const of = (name: string) => report.rankers.find((ranker) => ranker.name === name)!;

  before(() => {
    log = readOnlineRetail();
    blend = fitBlend(log.train, { untilMs: splitMs });
    const histories = historiesFrom(log.train);
    const again = repeatLast(blend.models.popularity);
    const rankers = [
      {
        name: "popularity",
        scores: (_: number, out: Float64Array) => blend.models.popularity.scores(1, out),
      },
      { name: "repeat last", scores: (person: number, out: Float64Array) => again(histories[person]!, out) },
      {
        name: "blend",
        scores: (person: number, out: Float64Array) => blend.scores(histories[person]!, splitMs, out),
      },
    ];
    report = evaluateNextBasket({ train: log.train, test: log.test, rankers, k: 10 });
  });

  test("the log is the one that the figures are about", () => {
    assert.equal(log.trainLines, 332_343);
    assert.equal(log.train.personCount, 4_070);
    assert.equal(log.train.itemCount, 3_625);
    assert.equal(report.people, 1_380);
    const { codes } = log;
    for (let item = 1; item < log.train.itemCount; item++) assert.ok(codes[item - 1]! < codes[item]!);
  });

  test("the blend beats popularity and the last basket, by more than chance", (t) => {
    for (const { name, recall, ndcg } of report.rankers) {
      const shown = (e: typeof recall) => `${e.mean.toFixed(4)} [${e.low.toFixed(4)}, ${e.high.toFixed(4)}]`;
      t.diagnostic(`${name}: recall@10 ${shown(recall)}, ndcg@10 ${shown(ndcg)}`);
    }
    for (const baseline of ["popularity", "repeat last"]) {
      for (const metric of ["recallOf", "ndcgOf"] as const) {
        const gains = of("blend")[metric].map((value, row) => value - of(baseline)[metric][row]!);
        assert.ok(bootstrapMean(gains, { seed: 1 }).low > 0, `${metric} over ${baseline}`);
      }
    }
  });

  test("the blend reaches NDCG@10 0.37 and recall@10 0.185", () => {
    assert.ok(of("blend").ndcg.mean >= 0.37, `${of("blend").ndcg.mean}`);
    assert.ok(of("blend").recall.mean >= 0.185, `${of("blend").recall.mean}`);
  });

  test("the rhythm's 80 % interval holds, and it loses less than the person's mean interval", (t) => {
    const { rhythm } = blend.models;
    const mean = fitPersonMean(log.train);
    const { purchases, forecasters } = evaluateNextPurchase({
      baskets: log.all,
      fromMs: splitMs,
      known: log.train,
      forecasters: [
        { name: "rhythm", due: (item, stats) => rhythm.due(item, stats) },
        {
          name: "person's mean",
          due: (_item, stats, person) => {
            const atMs = mean(stats, person);
            return { lowMs: atMs, medianMs: atMs, highMs: atMs };
          },
        },
      ],
    });
    const [ours, theirs] = forecasters;
    t.diagnostic(`${purchases} repurchases: ${JSON.stringify(forecasters)}`);
    assert.ok(ours!.coverage >= 0.75 && ours!.coverage <= 0.85, `${ours!.coverage}`);
    assert.ok(ours!.medianLossDays < theirs!.medianLossDays);
    assert.ok(ours!.lossDays < theirs!.lossDays);
  });

  test("affinity finds what a shopkeeper would put together", () => {
    const { with: together } = fitAffinity(log.train, { untilMs: splitMs });
    // Regency tea cup and saucer: the roses one stands beside the green and the pink one.
    const [roses, green, pink] = ["22699", "22697", "22698"].map((code) => log.codes.indexOf(code));
    assert.deepEqual(new Set(together.of(roses!).items.subarray(0, 2)), new Set([green, pink]));
  });
});
