import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { OrderAnswer } from "@trato/contract";
import { assertSound } from "../testing/sound.ts";
import { add, levels, openOrdersShop } from "./testing/shop.ts";

const shop = await openOrdersShop();
after(() => shop.stop());

test("a bundle that was exchanged after its parts changed comes back as the parts it was taken with", async () => {
  const { cartId } = await shop.open();
  await shop.change(cartId, [add("breakfast")]);
  const { body: order } = await shop.buy(cartId, { handOver: true });
  const parts = ["coffee", "filter"].map((sku) => ({ sku, quantity: 2 }));
  const changed = {
    sku: "breakfast",
    title: "b",
    category: "goods",
    priceMinor: 750,
    currency: "USD",
    parts,
  };
  await shop.done("PUT", "/v1/items", { items: [changed] });
  const back = (line: number, more: object = {}) =>
    shop.ask<OrderAnswer>("POST", `/v1/orders/${order.orderId}/returns`, {
      ...{ placeId: "B", channel: "pos", lines: [{ line, quantity: 1 }] },
      ...more,
    });
  const onHand = async () =>
    Promise.all(["coffee", "filter"].map(async (sku) => (await levels(shop, sku))["B"]));
  const exchanged = await back(1, { exchange: [{ sku: "breakfast", quantity: 1 }] });
  assert.equal(exchanged.status, 201, exchanged.text);
  assert.deepEqual(await onHand(), ["999/0/0", "1000/0/0"], "one and two came, two and two went");
  const returned = await back(2);
  assert.equal(returned.status, 201, returned.text);
  assert.deepEqual([returned.body.state, await onHand()], ["returned", ["1001/0/0", "1002/0/0"]]);
  await assertSound(shop.at);
});

test("what became goods while it lay in a cart is held before it is bought, or not sold", async () => {
  const { cartId } = await shop.open();
  await shop.change(cartId, [add("coffee"), add("repair", 5)]);
  const goods = { sku: "repair", title: "r", category: "goods", priceMinor: 2_000, currency: "USD" };
  await shop.done("PUT", "/v1/items", { items: [goods] });
  const bought = await shop.buy(cartId);
  assert.deepEqual([bought.status, bought.body.code], [409, "out_of_stock"], bought.text);
});
