import assert from "node:assert/strict";
import test from "node:test";
import { chance, dayMs } from "@trato/base";
import { qiniOf } from "@trato/predict";
import fc from "fast-check";
import { pagesOf, personNo, shopStartMs, sourcesOf } from "../testing/small-shop.ts";
import type { Purchase } from "../training/collect.ts";
import type { Chosen } from "../training/collect-trial.ts";
import { readFacts } from "../training/sources.ts";
import { enteredOf, gainOf, horizonMs } from "./trial.ts";
import { uplift } from "./uplift.ts";

const wanted = new Set(["trial"] as const);
const days = 300;

/** Deciding makes those who bought much come; whoever bought once comes as often without it. */
function shop(people: number, seed: number) {
  const draw = chance(seed);
  const purchases: Purchase[] = [];
  const chosen: Chosen[] = [];
  for (let person = 0; person < people; person++) {
    const personId = personNo(person);
    const firstMs = shopStartMs + Math.round((160 + 130 * draw()) * dayMs);
    const arm = draw() < 0.5 ? ("treated" as const) : ("holdout" as const);
    const before = person % 2 === 0 ? 1 : 6;
    const buy = (timeMs: number) =>
      purchases.push({
        ...{ personId, timeMs: Math.round(timeMs), orderId: `${person} ${timeMs}` },
        lines: [{ sku: "coffee", quantity: 1 }],
      });
    for (let order = 0; order < before; order++) buy(firstMs - (5 + 150 * draw()) * dayMs);
    if (draw() < (arm === "treated" && before > 1 ? 0.6 : 0.2)) buy(firstMs + 6 * draw() * dayMs);
    chosen.push({ personId, arm, firstMs });
  }
  return { purchases, chosen };
}

const factsOf = async ({ purchases, chosen }: ReturnType<typeof shop>) =>
  readFacts(
    { ...sourcesOf(() => pagesOf(purchases)), decided: () => pagesOf(chosen) },
    wanted,
    shopStartMs + days * dayMs,
  );

const idle = () => undefined;
const given = shop(1_200, 3);
const { facts, personIds } = await factsOf(given);

test("it is found whom deciding makes buy, beyond chance and beyond naming those who buy most", () => {
  const { card, bytes } = uplift.train(facts, null, idle);
  const { value } = card.measured!;
  assert.ok(value.low > 0, JSON.stringify(card.measured));
  const raises = [0, 0];
  for (const { person, score } of uplift.score!(facts, bytes)) {
    const nth = Number(personIds.trial[person]!.slice(-12));
    raises[nth % 2]! += Number(score["raises"]) / (personIds.trial.length / 2);
    assert.equal(score["horizonDays"], 7);
  }
  assert.ok(Math.abs(raises[0]!) < 0.15 && raises[1]! > 0.15 && raises[1]! < 0.55, raises.join());
});

test("where the arms bought alike nobody is said to be changed much, and the interval holds chance", async () => {
  const alike = given.chosen.map((one, nth) => ({
    ...one,
    arm: (nth >> 1) % 2 === 0 ? ("treated" as const) : ("holdout" as const),
  }));
  const { card } = uplift.train((await factsOf({ ...given, chosen: alike })).facts, null, idle);
  const { low, high } = card.measured!.value;
  assert.ok(low < 0 && high > 0, `${low} ${high}`);
});

test("what somebody ordered once they were decided for says nothing of them, and who was in both arms is left out", async () => {
  const [first, second, third] = given.chosen;
  const both = { ...second!, arm: second!.arm === "treated" ? ("holdout" as const) : ("treated" as const) };
  const late = { ...third!, firstMs: shopStartMs + days * dayMs };
  const found = await factsOf({ ...given, chosen: [first!, second!, both, late] });
  const { persons, table, treated, bought } = enteredOf(found.facts);
  assert.deepEqual(
    [...persons].map((person) => found.personIds.trial[person]),
    [first!.personId],
    "the third has not had their week",
  );
  assert.equal(treated[0], first!.arm === "treated" ? 1 : 0);
  const orders = table.columns.find(({ name }) => name === "orders")!.values[0];
  assert.equal(orders, 1);
  const came = given.purchases.some(
    ({ personId, timeMs }) =>
      personId === first!.personId && timeMs >= first!.firstMs && timeMs < first!.firstMs + horizonMs,
  );
  assert.equal(bought[0], came ? 1 : 0);
});

test("with nobody kept out it says what it lacks", async () => {
  const all = given.chosen.map((one) => ({ ...one, arm: "treated" as const }));
  const lacking = uplift.lack((await factsOf({ ...given, chosen: all })).facts);
  assert.match(lacking!.en, /10 of the holdout.*and 0\./);
  assert.match(lacking!.es, /grupo de control/);
});

test("the parts of people add up to Qini when as many are left alone as are treated, in every stretch", () => {
  const pair = fc.tuple(fc.nat(1), fc.nat(1));
  fc.assert(
    fc.property(fc.array(pair, { minLength: 2, maxLength: 30 }), (pairs) => {
      const rows = pairs.flatMap(([ofTreated, ofLeft], at) => [
        { score: -at, treated: 1, outcome: ofTreated },
        { score: -at, treated: 0, outcome: ofLeft },
      ]);
      const ranked = {
        scores: rows.map(({ score }) => score),
        treated: Uint8Array.from(rows, ({ treated }) => treated),
        outcome: Float64Array.from(rows, ({ outcome }) => outcome),
      };
      const parts = gainOf(ranked);
      const mean = parts.reduce((sum, one) => sum + one, 0) / parts.length;
      assert.ok(Math.abs(mean - qiniOf(ranked, { draws: 10 }).qini.mean) < 1e-9);
    }),
  );
});
