/**
 * # 13. Money moves once, and a price explains itself
 *
 * What somebody pays is made of three kinds of rows, each sent with a `PUT` that changes nothing when it is sent again:
 *
 * - **Prices** (`PUT /v1/prices`) for a place, a channel, a group of customers, a while. The most specific wins, even where
 *   a wider one is lower: group before place before channel before none. Where none is in force, the item's own price holds.
 * - **Promotions** (`PUT /v1/promotions`). Those that stack all apply; one that stands `alone` shares its lines with no other,
 *   and the shopper gets the cheapest choice.
 * - **Taxes** (`PUT /v1/taxes`), in the price or on top of it, computed on the sum of a class of items and shared out over its
 *   lines to the cent.
 *
 * `GET /v1/prices/{sku}/why` names the rules that made a price, and the lowest price of the 30 days before it was reduced.
 *
 * Money moves from one bucket to another (`outside`, `authorised`, `captured`, `refunded`, `released`), and only ever moves:
 * what was wrong goes back by a movement of its own. Whatever is sent twice, lost or killed in between, it moves once:
 * commands take an `Idempotency-Key`, and a provider is asked under a key that the hub wrote down before it asked. A refund
 * is never above what is left of what was taken. No field takes a card number, and a text that holds one is refused.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { dayMs } from "@trato/base";
import type { GiftCardAnswer, PaymentAnswer } from "@trato/contract";
import { items, openShop } from "./testing/shop.ts";

const shop = await openShop();
after(() => shop.stop());

type Why = {
  readonly totalMinor: number;
  readonly row: string | null;
  readonly passedOver: readonly string[];
  readonly discounts: readonly { readonly promotionId: string; readonly amountMinor: number }[];
  readonly taxes: readonly { readonly taxId: string; readonly amountMinor: number }[];
  readonly lowest: { readonly lowestMinor: number };
};
const why = (query: string) => shop.get<Why>(`/v1/prices/coffee-500g/why${query}`);
const coffee = { sku: "coffee-500g", currency: "USD" };
before(async () => {
  await shop.put("/v1/items", { items });
});

test("a price says which row made it, and which it passed over", async () => {
  assert.equal((await why("?channel=web")).totalMinor, 599);
  const here = { ...coffee, placeId: "GYE-01", priceMinor: 579 };
  await shop.put("/v1/prices", { prices: [{ ...coffee, channel: "web", priceMinor: 549 }, here] });
  const told = await why("?channel=web&placeId=GYE-01");
  assert.deepEqual([told.totalMinor, told.row], [579, "coffee-500g?currency=USD&placeId=GYE-01"]);
  assert.deepEqual(told.passedOver, ["coffee-500g?currency=USD&channel=web"], "cheaper, but less specific");
});

test("promotions and taxes stand beside it, to the cent", async () => {
  await shop.put("/v1/promotions", {
    promotions: [
      {
        ...{
          id: "coffee-week",
          title: { es: "10 % en café", en: "10 % off coffee" },
          categories: ["coffee"],
        },
        effect: { kind: "percent", ratePpm: 100_000 },
      },
    ],
  });
  const vat = { id: "vat-15", name: { es: "IVA 15 %", en: "VAT 15 %" }, country: "EC", ratePpm: 150_000 };
  await shop.put("/v1/taxes", { taxes: [{ ...vat, mode: "included" }] });
  const told = await why("?channel=pos&placeId=GYE-01");
  assert.deepEqual(told.discounts, [{ promotionId: "coffee-week", amountMinor: 58 }]);
  assert.equal(told.totalMinor, 521);
  assert.equal(told.taxes[0]?.amountMinor, 68, "15 % included in 5.21 is 0.68");
});

test("raising a price before a sale does not raise the price that has to be shown beside it", async () => {
  shop.clock.advance(40 * dayMs);
  await shop.put("/v1/prices", { prices: [{ ...coffee, placeId: "UIO-01", priceMinor: 900 }] });
  shop.clock.advance(10 * dayMs);
  await shop.put("/v1/prices", { prices: [{ ...coffee, placeId: "UIO-01", priceMinor: 700 }] });
  const told = await why("?channel=pos&placeId=UIO-01");
  assert.equal(told.totalMinor, 630);
  assert.equal(told.lowest.lowestMinor, 539, "5.99 less 10 %, asked within the 30 days before");
});

test("cash and a gift card pay; the till hears the change, and a refund goes back the way it came", async () => {
  const card = { giftCardId: "present-1", currency: "USD", amountMinor: 500 };
  const { code } = await shop.post<{ code: string }>("/v1/gift-cards", card);
  const pay = (tender: object) => shop.post<PaymentAnswer>("/v1/payments", { currency: "USD", tender });
  const cash = await pay({ kind: "cash", amountMinor: 790, givenMinor: 1_000 });
  assert.deepEqual([cash.state, cash.details.changeMinor], ["captured", 210]);
  const gift = await pay({ kind: "gift_card", code, amountMinor: 500 });
  const spent = await shop.ask<{ code: string }>("POST", "/v1/payments", {
    ...{ currency: "USD", tender: { kind: "gift_card", code, amountMinor: 1 } },
  });
  assert.equal(spent.body.code, "gift_card_short");
  await shop.post(`/v1/payments/${gift.paymentId}/refund`, { amountMinor: 200, currency: "USD" });
  assert.equal((await shop.get<GiftCardAnswer>("/v1/gift-cards/present-1")).balanceMinor, 200);
});

test("a refund sent twice gives back once, and never more than is left", async () => {
  const tender = { kind: "cash", amountMinor: 1_000 };
  const { paymentId } = await shop.post<PaymentAnswer>("/v1/payments", { currency: "USD", tender });
  const refund = (amountMinor: number, key: string) =>
    shop.ask<{ code?: string }>(
      ...(["POST", `/v1/payments/${paymentId}/refund`, { amountMinor, currency: "USD" }] as const),
      { headers: { "idempotency-key": key } },
    );
  const first = await refund(600, "return-1");
  const again = await refund(600, "return-1");
  assert.deepEqual([again.status, again.text], [200, first.text]);
  assert.equal((await refund(600, "return-2")).body.code, "refund_exceeds_captured");
  const told = await shop.get<{ movements: { from: string; to: string; amountMinor: number }[] }>(
    `/v1/payments/${paymentId}/why`,
  );
  assert.deepEqual(
    told.movements.map(({ from, to, amountMinor }) => `${from} → ${to} ${amountMinor}`),
    ["outside → captured 1000", "captured → refunded 600"],
  );
});

test("a card number is refused wherever somebody types it", async () => {
  const tender = { kind: "transfer", amountMinor: 100, reference: "4111 1111 1111 1111" };
  const answer = await shop.ask<{ code: string }>("POST", "/v1/payments", { currency: "USD", tender });
  assert.deepEqual([answer.status, answer.body.code], [400, "card_number_sent"]);
});

test("the books can be added up at any time: every balance is the sum of its movements", async () => {
  const { ok, books } = await shop.post<{ ok: boolean; books: string[] }>("/v1/verify");
  assert.deepEqual([ok, books], [true, []]);
});
