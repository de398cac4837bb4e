import assert from "node:assert/strict";
import test from "node:test";
import { dayMs, hash32 } from "@trato/base";
import { allModelFamilies, modelFamilies } from "@trato/contract";
import { addPurchase, noPurchases } from "@trato/predict";
import { appliances } from "../testing/appliances.ts";
import { browsing, trailItem } from "../testing/browsing.ts";
import { pagesOf, shopStartMs, smallShop, sourcesOf } from "../testing/small-shop.ts";
import type { Purchase } from "../training/collect.ts";
import type { Chosen } from "../training/collect-trial.ts";
import type { Champion, Facts, Trained } from "../training/family.ts";
import { readFacts } from "../training/sources.ts";
import { noScores, openScores } from "../view.ts";
import { families } from "./index.ts";
import { readIntent } from "./intent.ts";
import { readPrice } from "./price.ts";
import { readSession } from "./session.ts";

const familyOf = (name: string) => families.find((one) => one.name === name)!;
const idle = () => undefined;
const every = new Set(["orders", "assets", "visits", "trial"] as const);

/** Every fourth person goes to another shop one day. */
function beforeTheyLeft({ personId, timeMs }: Purchase): boolean {
  const person = Number(personId.slice(-12));
  return person % 4 > 0 || timeMs < shopStartMs + (40 + ((7 * person) % 100)) * dayMs;
}

/** In every fourth week or so, an odd thing costs 400 instead of 500, and who buys it takes two. */
function pricedLine(sku: string, week: number) {
  const isCheap = sku.startsWith("other") && hash32(`${sku}/${week}`) % 4 === 0;
  return isCheap ? { sku, quantity: 2, amountMinor: 800 } : { sku, quantity: 1, amountMinor: 500 };
}

async function factsOf(days: number, people = 120): Promise<Facts> {
  const shop = smallShop({ people, days, seed: 7 }).filter(beforeTheyLeft);
  const priced = shop.map((one, nth) => {
    const store = nth % 2 === 0 ? "quito" : "lima";
    const week = Math.floor(one.timeMs / (7 * dayMs));
    const lines = one.lines.map(({ sku }) => pricedLine(sku, week));
    const channel = nth % 3 === 0 ? "web" : "pos";
    return { ...one, currency: "USD", totalMinor: 500 * lines.length, store, channel, lines };
  });
  const machines = appliances({ machines: 40, days, seed: 5 });
  const browsed = browsing({ visits: 4 * days, days, seed: 9 });
  const sources = {
    ...sourcesOf(() => pagesOf(priced)),
    assets: () => pagesOf(machines),
    browsed: () => pagesOf(browsed),
    decided: () => pagesOf(chosenOf(shop, days)),
    traits: () => pagesOf(saidBy([...priced, ...machines, ...browsed])),
    countryOfPlace: (place: string) => (place === "quito" ? "EC" : "PE"),
  };
  return (await readFacts(sources, every, shopStartMs + days * dayMs)).facts;
}

/** Somebody new is decided for every day or so, half of them kept out. */
function chosenOf(shop: readonly Purchase[], days: number): Chosen[] {
  const people = [...new Set(shop.map(({ personId }) => personId))].map((personId, nth) => ({
    personId,
    arm: nth % 4 < 2 ? ("treated" as const) : ("holdout" as const),
    firstMs: shopStartMs + (120 + ((37 * nth) % 120)) * dayMs,
  }));
  return people.filter(({ firstMs }) => firstMs < shopStartMs + days * dayMs);
}

/** Half of them live in Ecuador and half in Peru; two in three told when they were born. */
function saidBy(all: readonly { readonly personId: string }[]) {
  return [...new Set(all.map(({ personId }) => personId))].map((personId, nth) => ({
    personId,
    country: nth % 2 === 0 ? "EC" : "PE",
    birthday: nth % 3 === 0 ? null : `${1950 + 5 * (nth % 9)}-06-01`,
  }));
}

const facts = await factsOf(240);
const made = new Map(families.map((one) => [one.name, one.train(facts, null, idle)]));
const trainedOf = (name: string): Trained => made.get(name as (typeof families)[number]["name"])!;

test("every family of the contract can be trained, and says what it lacks in an empty shop", async () => {
  assert.deepEqual(families.map(({ name }) => name).sort(), [...allModelFamilies].sort());
  const empty = (
    await readFacts(
      sourcesOf(() => pagesOf([])),
      every,
      0,
    )
  ).facts;
  for (const family of families) {
    const lacking = family.lack(empty);
    assert.ok(lacking !== null && /\d|no/i.test(lacking.en) && lacking.es !== lacking.en, family.name);
    assert.equal(family.lack(facts), null, family.name);
  }
});

test("the same facts give the same bytes, and a card with a figure and its interval", () => {
  for (const family of families) {
    const { bytes, card } = trainedOf(family.name);
    const { measured } = card;
    assert.ok(measured !== null, family.name);
    assert.equal(measured.name, modelFamilies[family.name].measure.name);
    const { low, mean, high } = measured.value;
    assert.ok(low <= mean && mean <= high, `${family.name}: ${low} ${mean} ${high}`);
    assert.ok(Buffer.from(family.train(facts, null, idle).bytes).equals(Buffer.from(bytes)), family.name);
  }
});

test("every figure is told by country, those about people by age, those about orders by channel; small groups are named", () => {
  for (const { name } of families) {
    const { groups, leftOut, split } = trainedOf(name).card;
    const of = (by: string) =>
      [...groups, ...leftOut].filter((one) => one.by === by).map(({ is, people }) => [is, people] as const);
    assert.deepEqual(
      of("country")
        .map(([is]) => is)
        .sort(),
      ["EC", "PE"],
      name,
    );
    assert.equal(
      of("country").reduce((sum, [, people]) => sum + people, 0),
      split.people,
      name,
    );
    assert.ok(
      of("age").length >= 3 || ["demand", "price", "anomaly"].includes(name),
      `${name}: ${of("age").length} age bands`,
    );
    // Things have no channel; items are told apart by place.
    if (!["care", "demand", "price"].includes(name))
      assert.deepEqual(
        of("channel")
          .map(([is]) => is)
          .sort(),
        ["pos", "web"],
        name,
      );
    for (const { value, people } of groups) assert.ok(people >= 20 && value.low <= value.high, name);
  }
});

test("nothing does worse, beyond chance, than what it must beat", () => {
  for (const { name } of families) {
    const { better, value, rivals } = trainedOf(name).card.measured!;
    for (const rival of rivals) {
      const behind = better === "more" ? value.high < rival.value.low : value.low > rival.value.high;
      assert.ok(!behind, `${name} ${value.mean}, ${rival.name} ${rival.value.mean}`);
    }
  }
});

test("a champion that saw less is compared as it stands, and its figure since then is told", async () => {
  const early = await factsOf(200);
  for (const family of families) {
    const old = family.train(early, null, idle);
    const measuredMs = old.card.split.days * dayMs;
    const champion: Champion = { version: "1", recipe: old.card.recipe, ...old, measuredMs };
    const { gain } = family.train(facts, champion, idle);
    assert.ok(gain !== null && gain.low <= gain.high, family.name);
    const since = family.since(facts, champion);
    assert.ok(since !== null && since.values.length > 10, family.name);
    assert.equal(family.since(early, champion), null, "nothing happened since");
  }
});

const scores = openScores(
  "1+2+3",
  (["purchases", "affinity", "basket"] as const).map((family, i) => {
    return { version: String(i + 1), family, bytes: trainedOf(family).bytes };
  }),
);

test("what goes with coffee is found by whichever way to learn did best, in chances of a week", () => {
  const [first] = scores.neighbours("coffee");
  assert.ok(first !== undefined && first.lift > 0 && first.lift < 0.5);
  assert.deepEqual(scores.contributions(first.sku, ["coffee"]), [first.lift]);
  assert.deepEqual(scores.neighbours("never seen"), []);
});

test("the chance to buy coffee again grows as it becomes due, and is one that holds", () => {
  const bought = noPurchases();
  for (let i = 0; i < 8; i++) addPurchase(bought, shopStartMs + 14 * i * dayMs);
  const past = { bought: new Map([["coffee", bought]]), lastOrder: ["coffee"] };
  const chanceAfter = (days: number): number => {
    const at = { nowMs: bought.lastMs + days * dayMs, horizonDays: 7 };
    return scores.again(["coffee", "never seen"], past, at)!.get("coffee")!;
  };
  assert.ok(chanceAfter(11) > 0.3, `${chanceAfter(11)}`);
  assert.ok(chanceAfter(11) <= 1 && chanceAfter(1) >= 0);
  assert.equal(
    scores.again(["coffee"], past, { nowMs: 0, horizonDays: 30 }),
    null,
    "of another horizon it knows nothing",
  );
  assert.equal(noScores.again([], past, { nowMs: 0, horizonDays: 7 }), null);
});

test("who buys every fortnight and has been silent for months has hardly a chance to be a customer still", () => {
  const lifetime = familyOf("lifetime");
  const { bytes } = trainedOf("lifetime");
  const rows = lifetime.score!(facts, bytes);
  assert.equal(rows.length, facts.orders.personCount);
  const later = lifetime.score!({ ...facts, nowMs: facts.nowMs + 200 * dayMs }, bytes);
  const mean = (all: typeof rows, name: string) =>
    all.reduce((sum, { score }) => sum + (score[name] as number), 0) / all.length;
  assert.ok(mean(rows, "alive") > mean(later, "alive"));
  assert.ok(mean(rows, "purchases") > 0 && mean(rows, "valueMinor") > 0);
});

test("who has just ordered is likelier to order again than the same person after months of silence", () => {
  const { bytes, card } = trainedOf("churn");
  assert.deepEqual(card.measured!.rivals.map(({ name }) => name).sort(), ["as before", "lifetime"]);
  const { score } = familyOf("churn");
  const rows = score!(facts, bytes);
  const later = score!({ ...facts, nowMs: facts.nowMs + 200 * dayMs }, bytes);
  assert.equal(rows.length, facts.orders.personCount);
  const mean = (all: typeof rows) =>
    all.reduce((sum, one) => sum + (one.score["returns"] as number), 0) / all.length;
  assert.ok(mean(rows) > mean(later), `${mean(rows)} ${mean(later)}`);
  assert.ok([...rows, ...later].every(({ score }) => Math.abs((score["returns"] as number) - 0.5) <= 0.5));
  assert.equal(rows[0]!.score["horizonDays"], 30);
});

test("in a shop that nobody leaves, who will order again is not guessed at, and the reason is told", async () => {
  const faithful = sourcesOf(() => pagesOf(smallShop({ people: 120, days: 240, seed: 7 })));
  const read = await readFacts(faithful, every, shopStartMs + 240 * dayMs);
  assert.match(familyOf("churn").lack(read.facts)!.en, /10 who did not; there are 119 and 1\.$/);
});

test("a machine that is used more is due for care sooner, within an interval", () => {
  const rows = familyOf("care").score!(facts, trainedOf("care").bytes);
  assert.equal(rows.length, 40);
  const waits = rows.map(({ score }) => {
    const [low, median, high] = ["lowMs", "medianMs", "highMs"].map((name) => score[name] as number);
    assert.ok(low! <= median! && median! <= high!);
    return { use: score["usePerDay"] as number, days: (median! - (score["careMs"] as number)) / dayMs };
  });
  waits.sort((a, b) => a.use - b.use);
  const mean = (some: typeof waits) => some.reduce((sum, { days }) => sum + days, 0) / some.length;
  assert.ok(mean(waits.slice(0, 10)) > mean(waits.slice(-10)));
});

test("whoever walks along the trail is foretold their next step, with a chance that they buy it", () => {
  const { card, bytes } = trainedOf("session");
  assert.ok(card.measured!.value.low > 0.5, JSON.stringify(card.measured));
  const { chances } = readSession(bytes);
  assert.equal(chances.length, 3);
  assert.ok(chances[1]! > chances[2]! && chances.every((one) => one > 0 && one < 0.5), `${chances}`);
});

test("a visit that has looked at several things is likelier to end with buying, and what was kept says the same", () => {
  const { bytes, card } = trainedOf("intent");
  const { chance, usual } = readIntent(bytes);
  const visit = (looks: number) => ({
    skus: Array.from({ length: looks }, (_, at) => trailItem(at)),
    startMs: shopStartMs + 100 * dayMs,
  });
  assert.ok(usual > 0.05 && usual < 0.3, `${usual}`);
  assert.ok(chance(visit(4)) > chance(visit(1)), `${chance(visit(4))} ${chance(visit(1))}`);
  assert.ok(chance({ skus: ["never seen"], startMs: shopStartMs }) < 0.5);
  assert.equal(
    openScores("7", [{ version: "7", family: "intent", bytes }]).intent!.chance(visit(3)),
    chance(visit(3)),
  );
  assert.deepEqual(
    card.measured!.rivals.map(({ name }) => name),
    ["usual"],
  );
});

test("what is sold twice as often at four fifths of the price is told to be, and the price is not nothing", () => {
  const { bytes, card } = trainedOf("price");
  const [nothing] = card.measured!.rivals;
  assert.ok(card.measured!.value.high < nothing!.value.low, JSON.stringify(card.measured));
  const answers = readPrice(bytes);
  const { elasticity, units } = answers.of("other-3", 0.8);
  assert.ok(units.low < 2 && 1.6 < units.value && units.value < 2.4, JSON.stringify(units));
  const told = Math.log(2) / Math.log(0.8);
  assert.ok(Math.abs(elasticity.value - told) < 0.8, `${elasticity.value} beside ${told}`);
  assert.ok(elasticity.low < elasticity.value && elasticity.value < elasticity.high);
  const unseen = answers.of("never seen", 0.8).units;
  assert.ok(unseen.value > 1 && unseen.high - unseen.low >= units.high - units.low - 1e-9);
});

test("what will be asked for is told for four weeks, within points in the right sequence", () => {
  const weeks = familyOf("demand").forecast!(facts, trainedOf("demand").bytes);
  const coffee = weeks.filter(({ sku, place }) => sku === "coffee" && place === "quito");
  assert.equal(coffee.length, 4);
  assert.ok(weeks.every(({ low, median, high }) => 0 <= low && low <= median && median <= high));
  const lines = facts.orders.itemOf.filter((item) => facts.orders.skus[item] === "coffee").length;
  const aWeek = (7 * lines) / 240 / 2;
  for (const { low, high } of coffee) assert.ok(low < aWeek && aWeek < high, `${low} ${aWeek} ${high}`);
});
