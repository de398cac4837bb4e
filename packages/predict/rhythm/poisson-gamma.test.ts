import assert from "node:assert/strict";
import { test } from "node:test";
import { chance, dayMs } from "@trato/base";
import fc from "fast-check";
import type { Baskets } from "../arrays/baskets.ts";
import { anyBaskets, flatten, type PlainBasket, smallWorld } from "../testing/arbitraries.ts";
import { fitPoissonGamma, poissonGammaFromBytes } from "./poisson-gamma.ts";
import { addPurchase, noPurchases } from "./stats.ts";

const startMs = 20_000 * dayMs;

/** People who buy item 0 about every ten days and item 1 about every forty, at rates of their own, or only once. */
function shop(seed: number): Baskets {
  const draw = chance(seed);
  const plain: PlainBasket[] = [];
  for (let person = 0; person < 600; person++) {
    const item = person % 2;
    const isRepeater = draw() < (item === 0 ? 0.9 : 0.3);
    const meanDays = (item === 0 ? 10 : 40) * (0.5 + draw());
    for (let day = 300 * draw(); day < 400; day += -Math.log(1 - draw()) * meanDays) {
      plain.push({ person, timeMs: startMs + day * dayMs, items: [item] });
      if (!isRepeater) break;
    }
  }
  return flatten(plain, 600, 2);
}

test("the gate tells what is bought again, and foretold purchases come as often as foretold", () => {
  const baskets = shop(3);
  const untilMs = startMs + 340 * dayMs;
  const model = fitPoissonGamma(baskets, { untilMs, modified: false });
  assert.ok(model.repeatOf[0]! > 0.8 && model.repeatOf[1]! < 0.5, `${model.repeatOf}`);
  const before = new Map<number, { item: number; stats: ReturnType<typeof noPurchases> }>();
  const came = new Set<number>();
  for (let b = 0; b < baskets.timeOfBasket.length; b++) {
    const [person, timeMs] = [baskets.personOfBasket[b]!, baskets.timeOfBasket[b]!];
    const own = before.get(person) ?? { item: baskets.itemOf[b]!, stats: noPurchases() };
    before.set(person, own);
    if (timeMs < untilMs) addPurchase(own.stats, timeMs);
    else if (timeMs < untilMs + 30 * dayMs && own.stats.count >= 2) came.add(person);
  }
  let foretold = 0;
  for (const { item, stats } of before.values()) {
    if (stats.count < 2) continue;
    foretold += model.within(item, stats, untilMs, 30 * dayMs) / model.repeatOf[item]!;
  }
  assert.ok(Math.abs(foretold / came.size - 1) < 0.1, `${foretold} foretold, ${came.size} came`);
});

test("counts and days are all the plain model knows; the modified one is likeliest as the mean interval comes round", () => {
  const baskets = shop(5);
  const [plain, modified] = [false, true].map((is) => fitPoissonGamma(baskets, { modified: is }));
  const stats = noPurchases();
  for (let times = 0; times < 12; times++) addPurchase(stats, startMs + 10 * times * dayMs);
  const rates = (model: typeof plain) =>
    [0, 5, 10, 15, 40].map((days) => model!.rate(0, stats, stats.lastMs + days * dayMs));
  const [now, five, due, late, gone] = rates(modified) as [number, number, number, number, number];
  assert.ok(now < five && five < due && due > late && late > gone);
  const falling = rates(plain);
  assert.ok(falling.every((rate, at) => at === 0 || rate < falling[at - 1]!));
  assert.ok(Math.abs(gone - falling[4]!) < 1e-12);
});

test("it is total on any baskets, its bytes give it back, and a longer horizon is not less likely", () => {
  fc.assert(
    fc.property(anyBaskets, fc.boolean(), fc.nat(400), fc.nat(60), (baskets, modified, away, days) => {
      const model = fitPoissonGamma(baskets, { modified });
      const same = poissonGammaFromBytes(model.toBytes());
      const stats = noPurchases();
      addPurchase(stats, startMs);
      addPurchase(stats, startMs + 9 * dayMs);
      for (let item = -1; item < smallWorld.itemCount; item++) {
        const nowMs = stats.lastMs + away * dayMs;
        const within = model.within(item, stats, nowMs, days * dayMs);
        assert.ok(
          within >= 0 && within < 1 && within <= model.within(item, stats, nowMs, (days + 1) * dayMs),
        );
        assert.equal(same.within(item, stats, nowMs, days * dayMs), within);
      }
    }),
    { numRuns: 40 },
  );
});

test("unknown items, absent purchases and foreign bytes are refused", () => {
  const model = fitPoissonGamma(flatten([], 1, 1));
  const stats = noPurchases();
  assert.throws(() => model.rate(0, stats, 0), /never bought/);
  addPurchase(stats, 0);
  assert.throws(() => model.within(1, stats, 0, dayMs), /item is -1 or below/);
  assert.throws(() => model.within(0, stats, 0, -1), /not negative/);
  assert.throws(() => poissonGammaFromBytes(new Uint8Array(64)), /Expected/);
});
