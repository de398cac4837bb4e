import assert from "node:assert/strict";
import test from "node:test";
import { dayMs } from "@trato/base";
import { addPurchase, noPurchases } from "@trato/predict";
import { pagesOf, shopStartMs, smallShop, sourcesOf } from "../../testing/small-shop.ts";
import { collect, type Purchase } from "../../training/collect.ts";
import type { Trained } from "../../training/family.ts";
import { readFacts } from "../../training/sources.ts";
import { splitOf } from "../../training/split.ts";
import { trainingThread } from "../../training/thread.ts";
import { judge } from "../../training/verdict.ts";
import { openScores } from "../../view.ts";
import { fitAndMeasure } from "./fit.ts";

const collectAll = async (shop: readonly Purchase[], page?: number) =>
  (await collect(pagesOf(shop, page))).orders;
const scoresOf = (bytes: Uint8Array) => openScores("1", [{ version: "1", family: "purchases", bytes }]);

const collected = await collectAll(smallShop({ people: 120, days: 240, seed: 7 }));
const fitted = fitAndMeasure(collected, null, () => undefined);

test("an order that two systems told of is one basket, and nothing depends on the size of a page", async () => {
  const once = [{ personId: "ana", orderId: "A", timeMs: 5, lines: [{ sku: "coffee", quantity: 1 }] }];
  const twice = [...once, { ...once[0]!, timeMs: 9, lines: [{ sku: "filters", quantity: 2 }] }];
  const { basketOf, personCount, basketCount, skus, fromMs, untilMs } = await collectAll(twice, 1);
  assert.deepEqual([...basketOf], [0, 0]);
  assert.deepEqual(
    { personCount, basketCount, skus, fromMs, untilMs },
    { personCount: 1, basketCount: 1, skus: ["coffee", "filters"], fromMs: 5, untilMs: 9 },
  );
});

test("the last 30 days are kept aside to measure with, or the last fifth of a short log", () => {
  const split = (days: number) => (days * dayMs - splitOf({ fromMs: 0, untilMs: days * dayMs })) / dayMs;
  assert.deepEqual([400, 150, 100, 10].map(split), [30, 30, 20, 2]);
});

test("the card compares the blend with popularity and with the last basket again", () => {
  const { nextBasket, nextPurchase, split } = fitted.card;
  assert.ok(split.people > 80);
  assert.ok(nextBasket != null && nextPurchase != null);
  for (const { recall10, ndcg10 } of Object.values(nextBasket)) {
    for (const { low, mean, high } of [recall10, ndcg10])
      assert.ok(0 <= low && low <= mean && mean <= high && high <= 1);
  }
  assert.ok(nextBasket.blend.ndcg10.mean > nextBasket.repeatLastBasket.ndcg10.low);
  assert.ok(nextPurchase.rhythm.lossDays < nextPurchase.personMean.lossDays, "intervals beat a single date");
  assert.ok(nextPurchase.coverage80 > 0.7 && nextPurchase.coverage80 < 0.9);
});

test("the model knows what goes with coffee, and when whoever buys it every 14 days needs it again", () => {
  const scores = scoresOf(fitted.bytes);
  assert.equal(scores.neighbours("coffee", "with")[0]?.sku, "filters");
  const lifts = scores.neighbours("coffee", "with").map((one) => one.lift);
  assert.deepEqual(
    lifts,
    [...lifts].sort((a, b) => b - a),
  );
  assert.deepEqual(scores.contributions("filters", ["coffee", "never seen"], "with"), [lifts[0], 0]);
  assert.equal([...scores.popularity.keys()][0], "coffee");
  assert.deepEqual([scores.itemIndex("coffee") >= 0, scores.itemIndex("never seen")], [true, -1]);

  const bought = noPurchases();
  for (let i = 0; i < 6; i++) addPurchase(bought, shopStartMs + 14 * i * dayMs);
  const due = scores.due("coffee", bought)!;
  const days = [due.lowMs, due.medianMs, due.highMs].map((ms) => (ms - bought.lastMs) / dayMs);
  assert.ok(
    days[0]! > 8 && days[0]! < 14 && days[1]! > 12 && days[1]! < 16 && days[2]! > 14 && days[2]! < 22,
    String(days),
  );
  const soon = scores.rhythm("coffee", bought, bought.lastMs + 12 * dayMs, 7).propensity;
  const early = scores.rhythm("coffee", bought, bought.lastMs + 2 * dayMs, 7).propensity;
  assert.ok(soon > 0.5 && early < 0.1, `${soon}, ${early}`);
  assert.ok(
    scores.rhythm("never seen", bought, bought.lastMs + 12 * dayMs, 7).propensity > 0.1,
    "own purchases suffice",
  );
  assert.equal(scores.rhythm("coffee", noPurchases(), shopStartMs, 7).propensity, 0);
});

test("chances mean what they say: over all people they add up to about what is bought in a week", () => {
  const { split, settings } = fitted.card;
  assert.equal(settings["horizonDays"], 7);
  const scores = scoresOf(fitted.bytes);
  const until = Date.parse(split.at) + split.days * dayMs;
  const people = new Map<string, ReturnType<typeof noPurchases>>();
  const shop = smallShop({ people: 120, days: 247, seed: 7 });
  let bought = 0;
  for (const { personId, timeMs } of shop.sort((a, b) => a.timeMs - b.timeMs)) {
    if (timeMs > until) bought += 1;
    else {
      const stats = people.get(personId) ?? noPurchases();
      addPurchase(stats, timeMs);
      people.set(personId, stats);
    }
  }
  const foretold = [...people.values()].reduce(
    (sum, stats) => sum + scores.rhythm("coffee", stats, until, 7).propensity,
    0,
  );
  assert.ok(Math.abs(foretold - bought) < 0.25 * bought, `${foretold} foretold, ${bought} bought`);
});

const { facts } = await readFacts(
  sourcesOf(() => pagesOf(smallShop({ people: 120, days: 240, seed: 7 }))),
  new Set(["orders"] as const),
  0,
);
const asked = { family: "purchases", facts, champion: null, work: "train" } as const;

test("the same purchases give the same bytes, in this thread and in another", async () => {
  const steps: string[] = [];
  const thread = trainingThread();
  const again = await thread.ask(asked, (step) => steps.push(step));
  await thread.end();
  assert.deepEqual(steps, ["fitting", "measuring", "fitting again"]);
  assert.ok(again.kind === "trained");
  assert.deepEqual(again.trained.card, fitted.card);
  assert.ok(Buffer.from(again.trained.bytes).equals(Buffer.from(fitted.bytes)));
});

test("a training that is told to stop stops", async () => {
  const stop = new AbortController();
  const thread = trainingThread(stop.signal);
  const running = thread.ask(asked, () => stop.abort(new Error("the hub stops")));
  await assert.rejects(running, /the hub stops/);
});

function against(champion: Trained, untilMs: number, challenger = collected) {
  return fitAndMeasure(challenger, { untilMs, bytes: champion.bytes }, () => undefined);
}

test("a model is compared with the one in charge, whether that one saw these days or not", async () => {
  const { untilMs } = collected;
  const sameRecipe = against(fitted, untilMs);
  assert.deepEqual(sameRecipe.gain, { mean: 0, low: 0, high: 0 });
  assert.equal(judge("1", sameRecipe.gain).promoted, true);

  const early = await collectAll(smallShop({ people: 120, days: 200, seed: 7 }));
  const old = fitAndMeasure(early, null, () => undefined);
  const newer = against(old, early.untilMs);
  assert.ok(newer.gain !== null && newer.gain.low <= newer.gain.high);
});

test("a model that learnt from a broken log does not take charge", async () => {
  const shop = smallShop({ people: 120, days: 240, seed: 7 });
  const good = fitAndMeasure(
    await collectAll(shop.filter((one) => one.timeMs < shopStartMs + 200 * dayMs)),
    null,
    () => undefined,
  );
  const splitMs = splitOf(collected);
  // Before the split every order says it held the same odd thing; what is bought afterwards is right.
  const broken = shop.map((one) =>
    one.timeMs >= splitMs
      ? one
      : { ...one, lines: one.lines.map((_, i) => ({ sku: `lost-${i}`, quantity: 1 })) },
  );
  const known = await collectAll(broken);
  const { gain } = against(good, shopStartMs + 200 * dayMs, known);
  const verdict = judge("1", gain);
  assert.equal(verdict.promoted, false, JSON.stringify(verdict));
  assert.equal(verdict.against, "1");
});

test("the verdict says in words why a model takes charge or does not", () => {
  const cases = [
    ["none in charge", null, null, true, /first/],
    ["better", "4", { mean: 0.02, low: 0.01, high: 0.03 }, true, /not worse than model 4/],
    ["as far as one can tell the same", "4", { mean: -0.01, low: -0.03, high: 0.01 }, true, /not worse/],
    ["worse", "4", { mean: -0.02, low: -0.03, high: -0.01 }, false, /worse than model 4, which stays/],
    ["nothing to compare on", "4", null, false, /could not be compared/],
  ] as const;
  for (const [what, version, gain, promoted, why] of cases) {
    const verdict = judge(version, gain);
    assert.equal(verdict.promoted, promoted, what);
    assert.match(verdict.why.en, why, what);
  }
});
