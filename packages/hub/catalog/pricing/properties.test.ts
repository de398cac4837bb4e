import assert from "node:assert/strict";
import { test } from "node:test";
import { type Currency, currencyScale } from "@trato/base";
import type { Promotion, Tax } from "@trato/contract";
import fc from "fast-check";
import { item, price, promo, viewsOf } from "../testing/pricing.ts";

const currencies = Object.keys(currencyScale) as Currency[];
const skus = ["a", "b", "c", "d"];
const rate = fc.integer({ min: 1, max: 1_000_000 });
const amountMinor = fc.integer({ min: 1, max: 3_000 });

const effects = (currency: Currency): fc.Arbitrary<Promotion["effect"]> =>
  fc.oneof(
    rate.map((ratePpm) => ({ kind: "percent" as const, ratePpm })),
    amountMinor.map((off) => ({ kind: "amount" as const, amountMinor: off, currency })),
    amountMinor.map((priceMinor) => ({ kind: "price" as const, priceMinor, currency })),
    fc
      .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 2 }), rate)
      .map(([buy, get, ratePpm]) => ({
        ...{ kind: "buy_get" as const, buy, get, ratePpm },
      })),
    rate.map((ratePpm) => ({ kind: "cart_percent" as const, ratePpm })),
    amountMinor.map((off) => ({ kind: "cart_amount" as const, amountMinor: off, currency })),
  );

const promotions = (currency: Currency) =>
  fc
    .array(
      fc.record({
        effect: effects(currency),
        skus: fc.option(fc.subarray(skus, { minLength: 1 }), { nil: undefined }),
        combines: fc.constantFrom("stacks" as const, "alone" as const),
      }),
      { maxLength: 7 },
    )
    .map((some) =>
      some.map(({ effect, skus: named, combines }, i) =>
        promo(`p${i}`, effect, { combines, ...(named === undefined ? {} : { skus: named }) }),
      ),
    );

const taxes = fc
  .array(
    fc.record({ ratePpm: fc.nat(400_000), mode: fc.constantFrom("included" as const, "added" as const) }),
    {
      maxLength: 3,
    },
  )
  .map((some): Tax[] =>
    some.map((one, i) => ({ ...one, id: `t${i}`, name: { es: "x", en: "x" }, country: "EC" })),
  );

const shop = fc.constantFrom(...currencies).chain((currency) =>
  fc.record({
    currency: fc.constant(currency),
    prices: fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 4, maxLength: 4 }),
    quantities: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 4, maxLength: 4 }),
    promotions: promotions(currency),
    taxes,
  }),
);

type Shop = typeof shop extends fc.Arbitrary<infer T> ? T : never;
const cartOf = ({ currency, prices, quantities, promotions: some, taxes: due }: Shop) => {
  const items = skus.map((sku, i) => item(sku, prices[i]!, { currency }));
  const wanted = Object.fromEntries(skus.map((sku, i) => [sku, quantities[i]!]));
  return price(viewsOf({ items, promotions: some, taxes: due }), wanted, { currency });
};
const sum = (parts: readonly number[]) => parts.reduce((total, part) => total + part, 0);

test("in every currency the parts add up to the totals to the minor unit, and nothing is below zero", () => {
  fc.assert(
    fc.property(shop, (one) => {
      const cart = cartOf(one);
      for (const line of cart.lines) {
        assert.equal(line.discountMinor, sum(line.discounts.map((part) => part.amountMinor)));
        assert.ok(
          line.discounts.every((part) => part.amountMinor > 0 && Number.isSafeInteger(part.amountMinor)),
        );
        const added = line.taxes.filter(({ mode }) => mode === "added").map((part) => part.amountMinor);
        assert.equal(line.totalMinor, line.grossMinor - line.discountMinor + sum(added));
        assert.ok(line.discountMinor <= line.grossMinor && line.totalMinor >= 0);
        const included = line.taxes.filter(({ mode }) => mode === "included").map((part) => part.amountMinor);
        assert.ok(sum(included) <= line.grossMinor - line.discountMinor + included.length);
      }
      assert.equal(cart.totalMinor, sum(cart.lines.map((line) => line.totalMinor)));
      assert.equal(cart.totalMinor, cart.grossMinor - cart.discountMinor + cart.addedTaxMinor);
      assert.equal(cart.discountMinor, sum(cart.promotions.map((part) => part.amountMinor)));
      assert.equal(
        cart.includedTaxMinor + cart.addedTaxMinor,
        sum(cart.taxes.map((part) => part.amountMinor)),
      );
    }),
    { numRuns: 500 },
  );
});

test("a promotion that stands alone shares no line with another", () => {
  fc.assert(
    fc.property(shop, (one) => {
      const alone = new Set(
        one.promotions.filter(({ combines }) => combines === "alone").map(({ id }) => id),
      );
      for (const { discounts } of cartOf(one).lines) {
        if (discounts.some(({ promotionId }) => alone.has(promotionId))) assert.equal(discounts.length, 1);
      }
    }),
    { numRuns: 500 },
  );
});

test("the shopper pays no more than under any choice of promotions over several lines", () => {
  fc.assert(
    fc.property(shop, fc.nat(), (one, pick) => {
      const isShared = ({ effect }: Promotion) => /buy_get|cart/.test(effect.kind);
      fc.pre(one.promotions.some(({ combines }) => combines === "alone"));
      fc.pre(one.promotions.filter(isShared).length <= 5);
      const some = one.promotions.filter((promotion, i) => !isShared(promotion) || (pick >> i) & 1);
      const without = cartOf({ ...one, promotions: some, taxes: [] });
      const discountOf = cartOf({ ...one, taxes: [] }).discountMinor;
      assert.ok(discountOf >= without.discountMinor, `${discountOf} < ${without.discountMinor}`);
    }),
    { numRuns: 500 },
  );
});

test("the order in which promotions, taxes and prices were told does not matter", () => {
  fc.assert(
    fc.property(shop, (one) => {
      const turned = { ...one, promotions: [...one.promotions].reverse(), taxes: [...one.taxes].reverse() };
      assert.deepEqual(cartOf(turned), cartOf(one));
    }),
  );
});
