import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Price, Promotion } from "@trato/contract";
import { item, now, price, promo, viewsOf } from "../testing/pricing.ts";

const rice = { sku: "rice", currency: "USD" as const };
const here = { placeId: "gye", channel: "pos" };
const items = [
  item("rice", 100),
  item("beans", 250),
  item("tea", 399, { category: "drinks" }),
  item("milk", 125, { category: "dairy", taxClass: "exempt" }),
  item("cheese", 899, { category: "dairy" }),
];
const percent = (share: number) => ({ kind: "percent" as const, ratePpm: share * 10_000 });
const buyGet = (buy: number, get: number, share = 100) => ({
  ...{ kind: "buy_get" as const, buy, get },
  ratePpm: share * 10_000,
});
const off = (amountMinor: number) => ({ kind: "amount" as const, amountMinor, currency: "USD" as const });
const fixed = (priceMinor: number) => ({ kind: "price" as const, priceMinor, currency: "USD" as const });
const cartOff = (amountMinor: number) => ({ ...off(amountMinor), kind: "cart_amount" as const });
const cartPercent = (share: number) => ({ ...percent(share), kind: "cart_percent" as const });
const on = (...skus: string[]) => ({ skus });
const alone = (...skus: string[]) => ({ skus, combines: "alone" as const });
const from = (amountMinor: number) => ({ minimum: { currency: "USD" as const, amountMinor } });

describe("which price row is in force", () => {
  const rows: readonly [name: string, prices: readonly Price[], asked: object, unitMinor: number][] = [
    ["none: the item's own", [], {}, 100],
    ["one for everybody", [{ ...rice, priceMinor: 95 }], {}, 95],
    ["a channel before everybody, though dearer", [{ ...rice, priceMinor: 95 }, { ...rice, channel: "pos", priceMinor: 97 }], {}, 97],
    ["a place before a channel", [{ ...rice, placeId: "gye", priceMinor: 98 }, { ...rice, channel: "pos", priceMinor: 91 }], {}, 98],
    ["a place and channel before a place", [{ ...rice, placeId: "gye", priceMinor: 98 }, { ...rice, ...here, priceMinor: 99 }], {}, 99],
    ["a group before a place and channel", [{ ...rice, ...here, priceMinor: 80 }, { ...rice, group: "staff", priceMinor: 90 }], { groups: ["staff"] }, 90],
    ["a group nobody here is in", [{ ...rice, group: "staff", priceMinor: 90 }], { groups: ["vip"] }, 100],
    ["of two groups the cheaper", [{ ...rice, group: "staff", priceMinor: 90 }, { ...rice, group: "vip", priceMinor: 85 }], { groups: ["staff", "vip"] }, 85],
    ["another place's", [{ ...rice, placeId: "uio", priceMinor: 80 }], {}, 100],
    ["the one that began last", [{ ...rice, priceMinor: 95 }, { ...rice, priceMinor: 93, validFrom: "2026-11-01T00:00:00Z" }], {}, 93],
    ["a superseded one of a group does not come back through another group",
      [
        { ...rice, group: "a", priceMinor: 70 },
        { ...rice, group: "a", priceMinor: 90, validFrom: "2026-11-01T00:00:00Z" },
        { ...rice, group: "b", priceMinor: 80 },
      ],
      { groups: ["a", "b"] }, 80],
    ["one that begins tomorrow", [{ ...rice, priceMinor: 93, validFrom: "2026-11-23T00:00:00Z" }], {}, 100],
    ["one that begins this instant", [{ ...rice, priceMinor: 93, validFrom: "2026-11-22T15:00:00Z" }], {}, 93],
    ["one that ends this instant", [{ ...rice, priceMinor: 93, validUntil: "2026-11-22T15:00:00Z" }], {}, 100],
    ["one that was withdrawn", [{ ...rice, priceMinor: 93, withdrawn: true }], {}, 100],
  ]; // biome-ignore format: a table
  for (const [name, prices, asked, unitMinor] of rows) {
    test(name, () => {
      const cart = price(viewsOf({ items, prices }), { rice: 1 }, asked);
      assert.equal(cart.lines[0]?.unitMinor, unitMinor);
      const turned = price(viewsOf({ items, prices: [...prices].reverse() }), { rice: 1 }, asked);
      assert.deepEqual(turned, cart, "the order in which rows were sent does not matter");
    });
  }

  test("what is weighed is priced by the kilogram and counted in grams", () => {
    const prices = [{ ...rice, priceMinor: 199, perQuantity: 1_000 }];
    assert.equal(price(viewsOf({ items, prices }), { rice: 1_256 }).totalMinor, 250);
  });

  test("a line without item or price in the currency is named, and the others are priced", () => {
    const sold = [...items, item("gone", 5, { sellable: false })];
    const cart = price(viewsOf({ items: sold }), { rice: 2, nothing: 1, gone: 1 });
    assert.deepEqual(cart.unpriced, [
      { lineId: "nothing", sku: "nothing", problem: "item_unknown" },
      { lineId: "gone", sku: "gone", problem: "price_unknown" },
    ]);
    assert.equal(cart.totalMinor, 200);
    const euros = price(viewsOf({ items }), { rice: 1 }, { currency: "EUR" });
    assert.deepEqual(euros.unpriced, [{ lineId: "rice", sku: "rice", problem: "price_unknown" }]);
    const large = price(viewsOf({ items: [item("rice", 1e12)] }), { rice: 1e6 });
    assert.equal(large.unpriced[0]?.problem, "amount_too_large");
  });
});

/** What a shopkeeper would check: rules, a cart, and what is taken off in all. */
describe("what promotions take off", () => {
  const wanted = { rice: 3, beans: 2, tea: 1 }; // 3 × 1.00 + 2 × 2.50 + 3.99 = 11.99
  const threeOnRice = [
    promo("a", off(2), on("rice")),
    promo("b", percent(10), on("rice")),
    promo("c", fixed(80), on("rice")),
  ];
  const twoOnBeans = [promo("b", percent(10), on("beans")), promo("c", off(20), on("beans"))];
  const rows: readonly [name: string, rules: readonly Promotion[], discountMinor: number, cart?: object][] = [
    ["10 % off everything", [promo("a", percent(10))], 30 + 50 + 40],
    ["10 % off drinks", [promo("a", percent(10), { categories: ["drinks"] })], 40],
    ["10 % off drinks and rice", [promo("a", percent(10), { categories: ["drinks"], skus: ["rice"] })], 70],
    ["0.20 off each bag of rice", [promo("a", off(20), on("rice"))], 60],
    ["5.00 off tea at 3.99: it costs nothing, not less", [promo("a", off(500), on("tea"))], 399],
    ["rice for 0.79", [promo("a", fixed(79), on("rice"))], 63],
    ["rice for 1.20 is no reduction", [promo("a", fixed(120), on("rice"))], 0],
    ["rice 3 for 2", [promo("a", buyGet(2, 1), on("rice"))], 100],
    ["pantry 3 for 2 over five units: the cheapest is free", [promo("a", buyGet(2, 1), { categories: ["pantry"] })], 100],
    ["everything 3 for 2 over six units: the two cheapest are free", [promo("a", buyGet(2, 1))], 200],
    ["beans, the second at half price", [promo("a", buyGet(1, 1, 50), on("beans"))], 125],
    ["tea 2 for 1 with one tea", [promo("a", buyGet(1, 1), on("tea"))], 0],
    ["2.00 off carts from 10.00", [promo("a", cartOff(200), from(1_000))], 200],
    ["2.00 off carts from 12.00", [promo("a", cartOff(200), from(1_200))], 0],
    ["10 % off pantry from 8.00 of pantry", [promo("a", cartPercent(10), { categories: ["pantry"], ...from(800) })], 80],
    ["20.00 off 11.99: nothing is paid, not less", [promo("a", cartOff(2_000))], 1_199],
    ["in another channel", [promo("a", percent(10), { channels: ["web"] })], 0],
    ["in this channel", [promo("a", percent(10), { channels: ["web", "pos"], skus: ["beans"] })], 50],
    ["for staff", [promo("a", percent(10), { groups: ["staff"], skus: ["beans"] })], 0],
    ["for staff, who is staff", [promo("a", percent(10), { groups: ["staff"], skus: ["beans"] })], 50, { groups: ["staff"] }],
    ["at another place", [promo("a", percent(10), { placeIds: ["uio"] })], 0],
    ["until this instant", [promo("a", percent(10), { until: "2026-11-22T15:00:00Z" })], 0],
    ["from this instant", [promo("a", percent(10), { skus: ["beans"], from: "2026-11-22T15:00:00Z" })], 50],
    ["withdrawn", [promo("a", percent(10), { withdrawn: true })], 0],
    ["in euros", [promo("a", { ...off(20), currency: "EUR" })], 0],
    ["stacked: rice for 0.80, then 10 %, then 0.02 each", threeOnRice, 300 - 240 + 24 + 6],
    ["two that stand alone: the better", [promo("a", percent(10), alone("beans")), promo("b", percent(20), alone("beans"))], 100],
    ["one alone against two that stack to more", [promo("a", percent(15), alone("beans")), ...twoOnBeans], 50 + 40],
    ["one alone against two that stack to less", [promo("a", percent(30), alone("beans")), ...twoOnBeans], 150],
    ["alone on beans, and what stacks on rice", [promo("a", percent(30), alone("beans")), promo("b", percent(10))], 150 + 30 + 40],
    ["a cart promotion alone gives way where others are worth more", [promo("a", cartOff(100), { combines: "alone" }), promo("b", percent(10))], 120],
    ["a cart promotion alone where others are worth less", [promo("a", cartOff(130), { combines: "alone" }), promo("b", percent(10))], 130],
    ["3 for 2 alone on rice beats 10 % there, and 10 % stays elsewhere", [promo("a", buyGet(2, 1), alone("rice")), promo("b", percent(10))], 100 + 50 + 40],
    ["the cart's share comes after the lines'", [promo("a", percent(10), on("beans")), promo("b", cartPercent(10))], 50 + 115],
    ["the minimum looks at the cart before promotions", [promo("a", percent(50)), promo("b", cartOff(100), from(1_000))], 150 + 250 + 200 + 100],
  ]; // biome-ignore format: a table
  for (const [name, promotions, discountMinor, more = {}] of rows) {
    test(name, () => {
      const cart = price(viewsOf({ items, promotions }), wanted, more);
      assert.equal(cart.discountMinor, discountMinor);
      assert.equal(cart.totalMinor, 1_199 - discountMinor);
    });
  }

  test("each line says which promotion took off how much", () => {
    const promotions = [promo("tea-week", percent(10), on("tea")), promo("over-ten", cartOff(100))];
    const cart = price(viewsOf({ items, promotions }), { rice: 3, tea: 1 });
    assert.deepEqual(
      cart.lines.map(({ discounts }) => discounts),
      [
        [{ promotionId: "over-ten", amountMinor: 46 }],
        [
          { promotionId: "tea-week", amountMinor: 40 },
          { promotionId: "over-ten", amountMinor: 54 },
        ],
      ],
    );
  });
});

describe("taxes", () => {
  const vat = { id: "vat", name: { es: "IVA", en: "VAT" }, country: "EC", ratePpm: 150_000 };
  const included = { ...vat, mode: "included" as const };
  const added = { ...vat, mode: "added" as const };

  test("a tax in the price is what is in it: 15 % of 1.00 is 0.15 in 1.15", () => {
    const cart = price(viewsOf({ items: [item("rice", 115)], taxes: [included] }), { rice: 1 });
    assert.deepEqual([cart.totalMinor, cart.includedTaxMinor, cart.addedTaxMinor], [115, 15, 0]);
  });

  test("a tax that is added is put on top, after promotions", () => {
    const promotions = [promo("a", percent(50))];
    const cart = price(viewsOf({ items, promotions, taxes: [added] }), { beans: 2 });
    assert.deepEqual([cart.totalMinor, cart.addedTaxMinor, cart.discountMinor], [288, 38, 250]);
  });

  test("the tax is that of the sum, and the lines' parts add up to it", () => {
    const cents = [item("a", 3), item("b", 3), item("c", 3)];
    const cart = price(viewsOf({ items: cents, taxes: [added] }), { a: 1, b: 1, c: 1 });
    assert.equal(cart.addedTaxMinor, 1, "15 % of 0.09 is 0.01; of each alone it would be nothing");
    assert.deepEqual(
      cart.lines.map(({ totalMinor }) => totalMinor),
      [4, 3, 3],
    );
  });

  test("a class without a rate bears none, and the others theirs", () => {
    const cart = price(viewsOf({ items, taxes: [added] }), { milk: 4, rice: 1 });
    assert.deepEqual([cart.addedTaxMinor, cart.totalMinor], [15, 615]);
  });

  test("a place with a rate of its own has that, and the country's elsewhere", () => {
    const local = { ...added, id: "galapagos", placeId: "gye", ratePpm: 80_000 };
    const views = viewsOf({ items, taxes: [added, local] });
    assert.equal(price(views, { rice: 1 }).addedTaxMinor, 8);
    assert.equal(price(views, { rice: 1 }, { placeId: "uio" }).addedTaxMinor, 15);
    assert.equal(price(views, { rice: 1 }, { placeId: null }).addedTaxMinor, 15);
  });

  test("two taxes of one class are both on the amount without tax", () => {
    const excise = { ...included, id: "excise", ratePpm: 100_000 };
    const cart = price(viewsOf({ items: [item("beer", 1_250)], taxes: [included, excise] }), { beer: 1 });
    assert.deepEqual(
      cart.taxes.map(({ taxId, amountMinor }) => [taxId, amountMinor]),
      [
        ["excise", 100],
        ["vat", 150],
      ],
    );
  });

  test("a rate ends where the next begins", () => {
    const before = { ...added, id: "12", ratePpm: 120_000, until: "2026-11-22T15:00:00Z" };
    const after = { ...added, id: "15", from: "2026-11-22T15:00:00Z" };
    const views = viewsOf({ items, taxes: [before, after] });
    assert.equal(price(views, { rice: 1 }, { atMs: now - 1 }).addedTaxMinor, 12);
    assert.equal(price(views, { rice: 1 }).addedTaxMinor, 15);
  });
});
