import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { OrderAnswer, PaymentAnswer } from "@trato/contract";
import { stripeServer } from "../payments/testing/stripe-server.ts";
import { assertSound } from "../testing/sound.ts";
import { followHub } from "../testing/stream.ts";
import { add, levels, openOrdersShop } from "./testing/shop.ts";

const bank = await stripeServer({ secret: "whsec_unpaid" });
const shop = await openOrdersShop({ stripe: bank.config });
after(async () => {
  await shop.stop();
  await bank.stop();
});

type Asked = OrderAnswer & { code?: string; detail?: string };
const act = (orderId: string, deed: string, body: object = {}) =>
  shop.ask<Asked>("POST", `/v1/orders/${orderId}/${deed}`, body);

async function buyByCard(sku: string): Promise<{ order: OrderAnswer; paymentId: string }> {
  const cart = await shop.open();
  await shop.change(cart.cartId, [add(sku)]);
  const { totalMinor } = await shop.cart(cart.cartId);
  const tender = { kind: "provider", provider: "stripe", amountMinor: totalMinor };
  const { paymentId } = await shop.done<PaymentAnswer>("POST", "/v1/payments", { currency: "USD", tender });
  await shop.done("POST", `/v1/payments/${paymentId}/authorise`, { token: "pm_card_visa" });
  const intent = [...bank.intents.values()].at(-1)!;
  if (sku === "filter") intent.status = "canceled"; // As when what was set aside ran out.
  const tenders = [{ kind: "payment", paymentId }];
  const order = await shop.done<OrderAnswer>("POST", `/v1/carts/${cart.cartId}/order`, { tenders });
  return { order, paymentId };
}

test("an order whose card was not charged after all says so, does not leave, and can be called off", async () => {
  const { order, paymentId } = await buyByCard("filter");
  const paidState = async () => (await shop.done<PaymentAnswer>("GET", `/v1/payments/${paymentId}`)).state;
  while ((await paidState()) !== "voided") await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal((await shop.order(order.orderId)).unpaidMinor, order.totalMinor);
  const shipped = await act(order.orderId, "shipments");
  assert.deepEqual(
    [shipped.status, shipped.body.code, shipped.body.detail],
    [409, "order_unpaid", `${order.totalMinor} USD`],
  );
  const cancelled = await act(order.orderId, "cancellations");
  assert.deepEqual(
    [cancelled.status, cancelled.body.state, cancelled.body.refundedMinor],
    [201, "cancelled", 0],
    cancelled.text,
  );
  assert.equal((await levels(shop, "filter"))["A"], "1000/0/0");
  await assertSound(shop.at);
});

test("the part that was never paid is called off without touching what was paid for the rest", async () => {
  const cart = await shop.open();
  await shop.change(cart.cartId, [add("filter"), add("coffee")]);
  const tender = { kind: "provider", provider: "stripe", amountMinor: 210 };
  const { paymentId } = await shop.done<PaymentAnswer>("POST", "/v1/payments", { currency: "USD", tender });
  await shop.done("POST", `/v1/payments/${paymentId}/authorise`, { token: "pm_card_visa" });
  [...bank.intents.values()].at(-1)!.status = "canceled";
  const tenders = [
    { kind: "payment", paymentId },
    { kind: "cash", amountMinor: 599 },
  ];
  const order = await shop.done<OrderAnswer>("POST", `/v1/carts/${cart.cartId}/order`, { tenders });
  while ((await shop.order(order.orderId)).unpaidMinor === undefined)
    await new Promise((resolve) => setTimeout(resolve, 20));
  const called = await act(order.orderId, "cancellations", { lines: [{ line: 1, quantity: 1 }] });
  assert.deepEqual([called.status, called.body.refundedMinor], [201, 0], called.text);
  assert.equal((await shop.order(order.orderId)).unpaidMinor, undefined);
  assert.equal((await act(order.orderId, "shipments")).status, 201, "the rest is paid, and leaves");
  await assertSound(shop.at);
});

test("what went back before, out of goodwill, does not keep the rest from going back", async () => {
  const { order, paymentId } = await buyByCard("coffee");
  const goodwill = { amountMinor: 10, currency: "USD", reason: "goodwill" };
  await shop.done("POST", `/v1/payments/${paymentId}/refund`, goodwill);
  assert.equal((await act(order.orderId, "shipments")).status, 201);
  const back = await act(order.orderId, "returns", {
    ...{ placeId: "B", channel: "pos" },
    lines: [{ line: 1, quantity: 1 }],
  });
  assert.deepEqual([back.status, back.body.refundedMinor], [201, order.totalMinor - 10], back.text);
  const paid = await shop.done<PaymentAnswer>("GET", `/v1/payments/${paymentId}`);
  assert.deepEqual([paid.state, paid.refundedMinor], ["refunded", order.totalMinor]);
  await assertSound(shop.at);
});

test("a cart whose hold ended without its knowing is bought all the same, as long as there is enough", async () => {
  const cart = await shop.open();
  await shop.change(cart.cartId, [add("coffee", 2)]);
  await shop.hub.database.transaction(async (tx) => {
    await tx.query({
      name: "",
      text: "update stock_hold set expires_ms = 1 where hold_id = $1",
      values: [cart.cartId],
    });
  });
  const bought = await shop.buy(cart.cartId);
  assert.equal(bought.status, 201, bought.text);
  assert.deepEqual(
    bought.body.parts.map(({ sku, quantity }) => [sku, quantity]),
    [["coffee", 2]],
  );
  await assertSound(shop.at);
});

test("who follows a place or a person hears of the payments of their orders, also of a refund by itself", async () => {
  const cart = await shop.open({ identities: { email: "paula@example.com" } });
  await shop.change(cart.cartId, [add("coffee")]);
  const { personId, totalMinor } = await shop.cart(cart.cartId);
  const following = await Promise.all([
    followHub(shop.at, { topic: "payment.changed", place: "A" }),
    followHub(shop.at, { topic: "payment.changed", personId: personId! }),
    followHub(shop.at, { topic: "payment.changed", place: "B" }),
  ]);
  for (const one of following) await one.next();
  const { body: order } = await shop.buy(cart.cartId);
  const { tenders } = await shop.done<{ tenders: { payment: PaymentAnswer }[] }>(
    "GET",
    `/v1/orders/${order.orderId}/why`,
  );
  const { paymentId } = tenders[0]!.payment;
  await shop.done("POST", `/v1/payments/${paymentId}/refund`, { amountMinor: 1, currency: "USD" });
  // What was written a moment before may be heard late: only this payment is looked at.
  const states = async (one: (typeof following)[number]): Promise<unknown[]> => {
    const heard: unknown[] = [];
    while (heard.length < 2) {
      const [next] = await one.take(1);
      if (next?.data.key === paymentId) heard.push(next.data.data["state"]);
    }
    return heard;
  };
  const told = ["captured", "partly_refunded"];
  assert.deepEqual(await states(following[0]!), told);
  assert.deepEqual(await states(following[1]!), told);
  assert.equal(totalMinor, 599);
  for (const one of following) one.close();
});
