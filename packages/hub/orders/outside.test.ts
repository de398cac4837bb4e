import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { OrderAnswer } from "@trato/contract";
import { assertSound } from "../testing/sound.ts";
import { add, openOrdersShop, profileOf } from "./testing/shop.ts";

const shop = await openOrdersShop();
after(() => shop.stop());

const profile = (email: string) => profileOf(shop, email);
const act = (orderId: string, what: string, body: object = {}) =>
  shop.ask("POST", `/v1/orders/${orderId}/${what}`, body);

const outside = (id: string, type: string, minutesAgo: number, data: object, email = "out@example.com") => {
  const time = new Date(shop.clock.nowMs() - minutesAgo * 60_000).toISOString();
  return { id, type, time, channel: "pos", store: "B", identities: { email }, data };
};
const heard = async () => {
  for (const consumer of shop.hub.hub.rooms.consumers) await consumer.drain();
};

test("what other systems sold is listed with ours; a return told of before its order waits for it", async () => {
  const lines = [{ sku: "coffee", quantity: 2, amountMinor: 1_200 }];
  const sale = { orderId: "old/1", currency: "USD", totalMinor: 1_200, lines };
  const back = {
    returnId: "r-1",
    orderId: "old/1",
    currency: "USD",
    totalMinor: 600,
    lines: [{ ...lines[0], quantity: 1, amountMinor: 600 }],
  };
  await shop.done("POST", "/v1/events", { events: [outside("e-2", "order.returned", 1, back)] });
  await heard();
  assert.equal((await shop.ask("GET", "/v1/orders/old%2F1")).status, 404);
  await shop.done("POST", "/v1/events", { events: [outside("e-1", "order.placed", 2, sale)] });
  await heard();
  const order = await shop.order("old/1");
  assert.deepEqual([order.origin, order.state, order.refundedMinor], ["event", "partly_returned", 600]);
  assert.equal((await act("old%2F1", "cancellations")).body.code, "order_foreign");
  const page = await shop.done<{ orders: OrderAnswer[] }>("GET", `/v1/orders?personId=${order.personId}`);
  assert.deepEqual(
    page.orders.map(({ orderId }) => orderId),
    ["old/1"],
  );
});

test("a till that sends its whole day again, under new event ids, changes nothing (B3)", async () => {
  const day = Array.from({ length: 12 }, (_, i) => {
    const lines = [{ sku: "coffee", quantity: 1 + (i % 3), amountMinor: 599 * (1 + (i % 3)) }];
    const sale = { orderId: `day/${i}`, currency: "USD", totalMinor: lines[0]!.amountMinor, lines };
    return { sale, minutesAgo: 500 - i, email: `day-${i % 4}@example.com` };
  });
  const send = (round: string) =>
    shop.done("POST", "/v1/events", {
      events: day.map(({ sale, minutesAgo, email }, i) =>
        outside(`${round}-${i}`, "order.placed", minutesAgo, sale, email),
      ),
    });
  const seen = async () => {
    await heard();
    const profiles = [];
    for (let i = 0; i < 4; i++) profiles.push(await profile(`day-${i}@example.com`));
    const page = await shop.done<{ orders: OrderAnswer[] }>("GET", "/v1/orders?placeId=B&limit=100");
    return { profiles, orders: page.orders.map(({ version: _, ...order }) => order) };
  };
  await send("first");
  const before = await seen();
  assert.equal(before.orders.filter(({ orderId }) => orderId.startsWith("day/")).length, 12);
  await send("again");
  assert.deepEqual(await seen(), before);
});

test("an echo of one of our own orders, told by another system, counts nowhere twice", async () => {
  const email = "echo@example.com";
  const { cartId } = await shop.open({ identities: { email } });
  await shop.change(cartId, [add("coffee")]);
  const { body: order } = await shop.buy(cartId);
  const known = async () => {
    const { orders, spentMinor, cart, bought } = await profile(email);
    return { orders, spentMinor, cart, pieces: bought["coffee"]?.quantity };
  };
  const before = await known();
  assert.deepEqual(before, { orders: 1, spentMinor: { USD: 599 }, cart: null, pieces: 1 });
  const { orderId, currency, totalMinor } = order;
  const echo = {
    orderId,
    currency,
    totalMinor,
    lines: [{ sku: "coffee", quantity: 1, amountMinor: totalMinor }],
  };
  await shop.done("POST", "/v1/events", { events: [outside("echo-1", "order.placed", 0, echo, email)] });
  await heard();
  assert.deepEqual(await known(), before);
  assert.deepEqual(await shop.order(orderId), order);
  await assertSound(shop.at);
});
