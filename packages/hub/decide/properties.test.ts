import assert from "node:assert/strict";
import { test } from "node:test";
import { limits } from "@trato/base";
import { scoreParts } from "@trato/contract";
import fc from "fast-check";
import { type DecideInput, decide } from "./decide.ts";
import { makePolicy } from "./policy.ts";
import type { DecisionRecord } from "./record.ts";
import { sumOf } from "./score.ts";
import { prepareShelf } from "./shelf.ts";
import { context, offers, placementName, profile, slices } from "./testing/arbitraries.ts";
import { bought, decisionNo, items, offer, person, shelfOf, today, yes } from "./testing/shop.ts";

const exploring = makePolicy({ holdoutShare: 0, explorationShare: 0.3, explorationAmong: 3 });

const situation = fc
  .record({
    profile: fc.option(profile),
    context,
    offers,
    placement: placementName,
    number: fc.integer({ min: 1, max: 1_000_000 }),
    limit: fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }),
  })
  .map(
    ({ profile: who, context: said, offers: all, placement, number, limit }): DecideInput => ({
      decisionId: decisionNo(number),
      nowMs: today,
      request: { placement, ...(limit === undefined ? {} : { limit }), context: said },
      profile: who,
      shelf: shelfOf({ offers: all, policy: exploring }),
      spent: new Set(),
      soldOut: new Set<string>(),
      foldVersion: "orders:1",
    }),
  );

const refusedKeys = (record: DecisionRecord): string[] =>
  Object.values(record.refused).flatMap(([, ...keys]) => keys);

test("the parts of every score add up to it exactly", () => {
  fc.assert(
    fc.property(situation, (input) => {
      for (const shown of decide(input).shown) assert.equal(sumOf(shown.parts), shown.score);
    }),
  );
});

test("nothing that was refused is shown, nothing is shown or refused twice, and every candidate has one fate", () => {
  fc.assert(
    fc.property(situation, (input) => {
      const record = decide(input);
      const fates = [...record.shown.map((one) => one.key), ...refusedKeys(record)];
      assert.equal(new Set(fates).size, fates.length);
      const { counts, shown } = record;
      const ended = shown.length + counts.refused + counts.outranked + counts.leftOut;
      assert.equal(ended, counts.items + counts.offers);
      const skus = shown.flatMap((one) => one.sku ?? []);
      assert.equal(new Set(skus).size, skus.length);
    }),
  );
});

test("the same input gives the same bytes, however it was read: another sequence, a trip through JSON", () => {
  fc.assert(
    fc.property(situation, (input) => {
      const record = JSON.stringify(decide(input));
      const { offers: shop } = input.shelf;
      const turned = shelfOf({
        goods: [...items].reverse(),
        offers: [...shop.offers.values()].reverse(),
        policy: exploring,
      });
      const again = { ...input, shelf: turned, profile: JSON.parse(JSON.stringify(input.profile)) };
      assert.equal(JSON.stringify(decide(again)), record);
      const renewed = prepareShelf(turned.catalogue, turned.offers, turned.scores, exploring, input.shelf);
      assert.equal(JSON.stringify(decide({ ...again, shelf: renewed })), record);
      assert.equal(JSON.stringify(JSON.parse(record)), record);
    }),
  );
});

test("without consent nothing the person did matters, only that they are protected", () => {
  fc.assert(
    fc.property(situation, slices, (input, what) => {
      const { pressure } = what;
      const known = person({ ...what, consent: {} });
      const bare = person({ consent: {}, ...(pressure === undefined ? {} : { pressure }) });
      const record = decide({ ...input, profile: known });
      assert.equal(record.basis, "no_consent");
      assert.equal(JSON.stringify(record), JSON.stringify(decide({ ...input, profile: bare })));
      for (const { parts } of record.shown)
        for (const [part] of parts) assert.equal(scoreParts[part].personal, false);
    }),
  );
});

test("nobody sends a mail or a push to somebody who has not agreed to marketing there", () => {
  fc.assert(
    fc.property(situation, fc.constantFrom("email.slot", "push"), (input, placement) => {
      const record = decide({ ...input, request: { ...input.request, placement } });
      if (record.consent.marketing !== "given") assert.deepEqual(record.shown, []);
    }),
  );
});

test("taking away what a part rests on lowers the score by exactly that part", () => {
  const policy = makePolicy({ holdoutShare: 0, explorationShare: 0, varietyShare: 0, valueFloor: 0 });
  const shelf = shelfOf({ policy });
  const few = fc.uniqueArray(fc.constantFrom("coffee", "filters", "tea", "fridge"), {
    minLength: 1,
    maxLength: 4,
  });
  fc.assert(
    fc.property(few, (looked) => {
      const decideFor = (skus: readonly string[]) => {
        const views = skus.map((sku) => ({ sku, timeMs: today - 1_000 }));
        const who = person({ consent: yes("personalise/any"), interest: { views } });
        const request = { placement: "web.home" };
        const made = {
          decisionId: decisionNo(1),
          nowMs: today,
          request,
          spent: new Set<string>(),
          soldOut: new Set<string>(),
          foldVersion: "x",
        };
        const { shown, next } = decide({ ...made, profile: who, shelf });
        const scores = new Map(next.map(([key, score]) => [key, score]));
        for (const one of shown) scores.set(one.key, one.score);
        return { shown, scores };
      };
      const whole = decideFor(looked);
      for (const { key, score, parts } of whole.shown) {
        for (const [part, micros, evidence] of parts) {
          if (part !== "affinity") continue;
          const without = decideFor(looked.filter((sku) => `view:${sku}` !== evidence)).scores.get(key);
          if (without !== undefined) assert.equal(without, score - micros);
        }
      }
    }),
  );
});

test("the recorded chance of each thing at each rank is how often it stands there", () => {
  const draws = 6_000;
  const single = offer("one", { leverMinor: 40 });
  const shelf = shelfOf({ policy: exploring, offers: [single, offer("two", { leverMinor: 20 })] });
  const stood = new Map<string, number>();
  const recorded = new Map<string, number>();
  for (let n = 0; n < draws; n++) {
    const request = { placement: "web.home" };
    const made = {
      decisionId: decisionNo(n),
      nowMs: today,
      request,
      spent: new Set<string>(),
      soldOut: new Set<string>(),
      foldVersion: "x",
    };
    const { shown } = decide({ ...made, profile: null, shelf });
    for (const [rank, { key, propensity }] of shown.entries()) {
      const place = `${rank}/${key}`;
      stood.set(place, (stood.get(place) ?? 0) + 1);
      assert.equal(recorded.get(place) ?? propensity, propensity, `${place} has one propensity`);
      recorded.set(place, propensity);
    }
  }
  for (let rank = 0; rank < 4; rank++) {
    const chances = [...recorded]
      .filter(([place]) => place.startsWith(`${rank}/`))
      .map(([, chance]) => chance);
    assert.ok(
      Math.abs(chances.reduce((sum, one) => sum + one, 0) - 1) < 1e-6,
      `rank ${rank} is one thing for sure`,
    );
  }
  for (const [place, chance] of recorded) {
    const deviation = Math.sqrt((chance * (1 - chance)) / draws);
    const often = stood.get(place)! / draws;
    assert.ok(
      Math.abs(often - chance) < 4.5 * deviation + 1e-9,
      `${place}: stood ${often}, recorded ${chance}`,
    );
  }
});

test("a decision stays within its bounds however much there is to choose from", () => {
  const goods = Array.from({ length: 2_000 }, (_, i) => ({
    ...items[0]!,
    sku: `g${i}`,
    category: `c${i % 9}`,
  }));
  const many = Array.from({ length: 2_000 }, (_, i) =>
    offer(`o${i}`, { leverMinor: i % 50, skus: [`g${i}`, `g${(i * 7) % 2_000}`], categories: [`c${i % 9}`] }),
  );
  const shelf = shelfOf({ goods, offers: many, policy: exploring });
  const names = goods.map((one) => one.sku);
  const known = person({
    consent: yes("personalise/any"),
    orders: {
      cart: { lines: names.slice(0, limits.cartLinesMax).map((sku) => ({ sku })) },
      bought: names.slice(-limits.boughtItemsKept).map((sku, i) => ({ sku, ...bought(4, 10 + i, 12) })),
      lastOrder: { skus: names.slice(0, 1_000) },
    },
    interest: { views: names.slice(0, limits.viewsKept).map((sku) => ({ sku, timeMs: today })) },
  });
  const request = { placement: "web.home" };
  const made = {
    decisionId: decisionNo(1),
    nowMs: today,
    request,
    spent: new Set<string>(),
    soldOut: new Set<string>(),
    foldVersion: "x",
  };
  const record = decide({ ...made, profile: known, shelf });
  const { items: gathered, offers: looked, leftOut } = record.counts;
  assert.equal(looked, 2_000);
  assert.ok(gathered + looked - leftOut <= limits.decisionCandidatesMax);
  assert.ok(refusedKeys(record).length <= limits.refusedKeysKept);
});
