import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { bases } from "@trato/contract";
import { answerOf, whyOf } from "./answer.ts";
import { makePolicy } from "./policy.ts";
import { consent, people } from "./testing/people.ts";
import { decideHere, offer, person, readTable, seen, shelfOf, yes } from "./testing/shop.ts";

describe("what is shown first, and what the shopper is told", () => {
  const shelf = shelfOf();
  const lookup = { item: (sku: string) => shelf.catalogue.items.get(sku), offer: () => undefined };
  const table = `
    who                  page     cart     first         because (es)                                     basis
    nobody               -        -        coffee        Popular esta semana en la tienda                 nobody
    nobody               filters  -        coffee        Combina con filtros                              nobody
    nobody               -        filters  coffee        Combina con filtros, que está en el carrito      nobody
    a stranger           -        -        coffee        Popular esta semana en la tienda                 no_consent
    agreed, no more      -        -        coffee        Popular esta semana en la tienda                 personal
    coffee is about due  -        -        coffee        Suele comprarlo cada 3 semanas; ya casi le toca  personal
    coffee is about due  coffee   -        filters       Combina con café                                 personal
    due, never asked     -        -        coffee        Popular esta semana en la tienda                 no_consent
    due, said no         -        -        coffee        Popular esta semana en la tienda                 no_consent
    due, no to the web   -        -        coffee        Popular esta semana en la tienda                 no_consent
    looked at coffee     -        -        coffee        Popular esta semana en la tienda                 personal
    ordered a fridge     -        -        installation  Porque compró fridge                             personal
    coffee in the cart   -        -        filters       Combina con café, que tiene en su carrito        personal
    coffee in the cart   -        coffee   filters       Combina con café, que está en el carrito         personal
    left filters         -        -        coffee        Combina con filtros, que tiene en su carrito     personal
    is out of tea        -        -        coffee        Popular esta semana en la tienda                 personal
  `;
  for (const row of readTable(table)) {
    const { who = "", page, cart, first, "because (es)": because, basis } = row;
    test(`${who}; page ${page}; cart ${cart}: ${first}, because: ${because}`, () => {
      const context = {
        ...(page === "-" ? {} : { sku: page! }),
        ...(cart === "-" ? {} : { cart: [{ sku: cart!, quantity: 1 }] }),
      };
      const record = decideHere({
        profile: people[who]!,
        shelf,
        request: { placement: "web.home", context },
      });
      const answer = answerOf(record, lookup);
      assert.equal(answer.items[0]?.sku, first);
      assert.equal(answer.items[0]?.reason.es, because);
      assert.equal(answer.basis, basis);
      assert.deepEqual(answer.disclosure, bases[record.basis]);
      assert.equal(answer.aiInvolved, true);
    });
  }

  test("a person who looked at coffee is shown what goes with it, and told so", () => {
    const record = decideHere({ profile: people["looked at coffee"]!, shelf });
    const filters = answerOf(record, lookup).items.find((one) => one.sku === "filters");
    assert.equal(filters?.reason.es, "Porque vio café");
    assert.equal(filters?.reason.en, "Because you looked at coffee");
    assert.equal(filters?.personalised, true);
  });

  test("an item left in the cart may be shown again, and is said to be left there", () => {
    const record = decideHere({ profile: people["left filters"]!, shelf });
    const filters = answerOf(record, lookup).items.find((one) => one.sku === "filters");
    assert.equal(filters?.reason.en, "You left this in your cart");
  });

  test("an item that runs out is said to run out", () => {
    const record = decideHere({ profile: people["is out of tea"]!, shelf });
    const tea = answerOf(record, lookup).items.find((one) => one.sku === "tea");
    assert.equal(tea?.reason.es, "Se le puede estar acabando");
  });
});

describe("offers", () => {
  test("an offer on an item stands for it, with the lever on top, and the item is not shown twice", () => {
    const shelf = shelfOf({ offers: [offer("tea-time", { skus: ["tea"], leverMinor: 500 })] });
    const record = decideHere({ shelf });
    assert.equal(record.shown[0]?.key, "offer:tea-time");
    assert.equal(record.shown[0]?.sku, "tea");
    assert.deepEqual(
      record.shown[0]?.parts.map(([part]) => part),
      ["popularity", "lever"],
    );
    assert.deepEqual(record.refused.duplicate_subject, [1, "item:tea"]);
  });

  test("an offer on a category stands on the item of it that is worth most, and lifts the others", () => {
    const shelf = shelfOf({ offers: [offer("breakfast", { categories: ["breakfast"], leverMinor: 50 })] });
    const record = decideHere({ shelf });
    assert.deepEqual(record.shown.find((one) => one.key === "offer:breakfast")?.sku, "coffee");
    const tea = record.shown.find((one) => one.key === "item:tea");
    assert.equal(tea?.offerId, "breakfast");
  });

  test("an offer meant for a kind of person is personal, and needs consent to be shown", () => {
    const owners = offer("filters-for-owners", {
      skus: ["filters"],
      leverMinor: 900,
      eligibility: { anyOf: [{ fact: "boughtSku", is: "coffee" }] },
    });
    const shelf = shelfOf({ offers: [owners] });
    const lookup = {
      item: (sku: string) => shelf.catalogue.items.get(sku),
      offer: (id: string) => shelf.offers.offers.get(id),
    };
    const known = decideHere({ shelf, profile: people["coffee is about due"]! });
    assert.equal(answerOf(known, lookup).items[0]?.offerId, "filters-for-owners");
    assert.equal(answerOf(known, lookup).items[0]?.personalised, true);
    const unasked = decideHere({ shelf, profile: people["due, never asked"]! });
    assert.deepEqual(unasked.refused.not_eligible, [1, "offer:filters-for-owners"]);
  });

  test("what the request itself says may be looked at for anybody", () => {
    const english = offer("english", { eligibility: { allOf: [{ fact: "language", is: "en" }] } });
    const shelf = shelfOf({ offers: [english] });
    const context = { language: "en-GB" };
    const record = decideHere({ shelf, request: { placement: "web.home", context } });
    assert.ok(record.shown.some((one) => one.key === "offer:english"));
    assert.equal(answerOf(record, { item: () => undefined, offer: () => english }).personalised, false);
  });
});

describe("holdout and pressure", () => {
  test("a person held out gets what everybody gets, and the answer says so", () => {
    const shelf = shelfOf({ policy: makePolicy({ holdoutShare: 1, explorationShare: 0 }) });
    const record = decideHere({ shelf, profile: people["coffee is about due"]! });
    const answer = answerOf(record, {
      item: (sku) => shelf.catalogue.items.get(sku),
      offer: () => undefined,
    });
    assert.equal(answer.basis, "holdout");
    assert.equal(answer.holdout, true);
    assert.equal(answer.personalised, false);
    assert.deepEqual(record.shown, decideHere({ shelf }).shown);
  });

  test("a person held out is protected by the caps like everybody", () => {
    const shelf = shelfOf({
      offers: [offer("once-a-day", { capPerPersonPerDay: 1 })],
      policy: makePolicy({ holdoutShare: 1, explorationShare: 0 }),
    });
    const profile = person({ consent, pressure: { exposures: seen("offer:once-a-day", 1) } });
    assert.deepEqual(decideHere({ shelf, profile }).refused.cap_person, [1, "offer:once-a-day"]);
  });

  test("what was seen three times is worth three tenths less", () => {
    const profile = person({ consent, pressure: { exposures: seen("item:coffee", 3) } });
    const shown = decideHere({ profile }).shown.find((one) => one.key === "item:coffee");
    const fresh = decideHere({}).shown.find((one) => one.key === "item:coffee");
    assert.equal(shown?.score, Math.round(fresh!.score * 0.7));
    assert.deepEqual(shown?.parts.at(-1), ["pressure", -Math.round(fresh!.score * 0.3), "seen:3"]);
  });

  test("a mail has no more slots than the person has room for today", () => {
    const profile = person({
      consent: yes("marketing/any"),
      pressure: { exposures: seen("item:tea", 1, { placement: "email.slot", channel: "email" }) },
    });
    assert.equal(decideHere({ profile, placement: "email.slot" }).shown.length, 1);
  });
});

test("staff are told the parts, what the score would be without each, and who was refused", () => {
  const shelf = shelfOf();
  const record = decideHere({ profile: people["coffee is about due"]!, shelf });
  const why = whyOf(record, { item: (sku) => shelf.catalogue.items.get(sku), offer: () => undefined });
  const first = why.shown[0]!;
  assert.deepEqual(
    first.parts.map(({ part, value, evidence, scoreWithout }) => ({ part, value, evidence, scoreWithout })),
    [
      { part: "rhythm", value: 90_000_000, evidence: "gap:21", scoreWithout: 15_000_000 },
      { part: "popularity", value: 15_000_000, evidence: "sales", scoreWithout: 90_000_000 },
    ],
  );
  assert.equal(first.score, 105_000_000);
  assert.match(
    first.counterfactuals[0]!.es,
    /^Sin «cada cuánto lo compra la persona», su valor sería 15000000/,
  );
  const refused = why.refused.map(({ reason, keys }) => ({ reason, keys }));
  assert.deepEqual(refused, [
    { reason: "not_sellable", keys: ["item:lard"] },
    { reason: "out_of_stock", keys: ["item:chocolate"] },
  ]);
});
