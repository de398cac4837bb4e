import assert from "node:assert/strict";
import { after, test } from "node:test";
import { systemClock, uuid7 } from "@trato/base";
import { ask } from "../testing/ask.ts";
import { testHub } from "../testing/hub.ts";
import { type Call, rudderClient, type ShopClient, segmentClient } from "../testing/shop-clients.ts";
import { assertSound } from "../testing/sound.ts";

const hub = await testHub();
after(() => hub.stop());

const timestamp = new Date(systemClock.nowMs() - 60_000);
const product = {
  product_id: "507f",
  sku: "G-32",
  name: "Monopoly",
  price: 18.99,
  quantity: 2,
  category: "Games",
};
const order = { order_id: "o-1", total: 40.5, tax: 2.52, currency: "USD", products: [product] };

/** What a shop's backend says of one visitor who becomes a customer, and what our catalogue calls it. */
const journey: readonly [Omit<Call, "userId">, string][] = [
  [
    { kind: "identify", traits: { email: "Ana@Example.com", name: "Ana", phone: "0987654321" } },
    "person.described",
  ],
  [{ kind: "page", name: "Home", properties: { url: "https://shop.ec/", path: "/" } }, "page.viewed"],
  [{ kind: "group", groupId: "club-7", traits: { name: "Club" } }, "person.grouped"],
  [{ kind: "track", event: "Product Viewed", properties: product }, "item.viewed"],
  [{ kind: "track", event: "Products Searched", properties: { query: "games" } }, "item.searched"],
  [
    { kind: "track", event: "Product List Viewed", properties: { list_id: "l", products: [product] } },
    "list.viewed",
  ],
  [{ kind: "track", event: "Product Added", properties: product }, "cart.item_added"],
  [{ kind: "track", event: "Product Removed", properties: product }, "cart.item_removed"],
  [{ kind: "track", event: "Cart Viewed", properties: { cart_id: "c", products: [product] } }, "cart.viewed"],
  [{ kind: "track", event: "Checkout Started", properties: order }, "checkout.started"],
  [{ kind: "track", event: "Order Completed", properties: order }, "order.placed"],
  [
    { kind: "track", event: "Order Refunded", properties: { order_id: "o-1", total: 10, currency: "USD" } },
    "order.returned",
  ],
  [{ kind: "track", event: "Order Cancelled", properties: { order_id: "o-2" } }, "order.cancelled"],
  [{ kind: "track", event: "Coupon Applied", properties: { coupon_id: "MAY" } }, "coupon.applied"],
  [{ kind: "track", event: "Email Opened", properties: { email_id: "m-1" } }, "message.opened"],
  [{ kind: "track", event: "Liked the new shelf", properties: { shelf: 7 } }, "custom.liked_the_new_shelf"],
];

type Kept = { id: string; type: string; channel: string; data: Record<string, unknown> };
type Person = {
  personId: string;
  identities: { kind: string; value: string }[];
  slices: Record<string, unknown>;
};

async function personOf(kind: string, value: string): Promise<Person> {
  const { status, body } = await ask<Person>(hub, "GET", `/v1/people?kind=${kind}&value=${value}`);
  assert.equal(status, 200, `${kind} ${value}`);
  return body;
}

const clients: readonly ((at: typeof hub) => ShopClient)[] = [
  segmentClient,
  (at) => rudderClient(at),
  (at) => rudderClient(at, false),
];

for (const start of clients) {
  const client = start(hub);
  const { name } = client;
  const anonymousId = uuid7(systemClock.nowMs());
  test(`what the library of ${name} says of a visitor lands as events of the catalogue on one person`, async () => {
    const userId = `user-${name}`;
    const who = (call: object, i: number) =>
      ({ ...call, userId, messageId: `${name}-${i}`, timestamp }) as unknown as Call;
    const email = { ...journey[0]![0], traits: { email: `Ana-${name}@Example.com`, name: "Ana" } };
    const calls = journey.map(([call], i) => who(i === 0 ? email : call, i));
    await Promise.all(calls.map((call) => client.call(call)));
    await client.call({
      kind: "track",
      event: "Product Viewed",
      anonymousId,
      properties: product,
      timestamp,
    });
    await client.call({ kind: "alias", userId, previousId: anonymousId, timestamp });
    await client.stop();

    const person = await personOf("user", userId);
    assert.equal((await personOf("email", `ana-${name}@example.com`)).personId, person.personId);
    const { body } = await ask<{ items: Kept[] }>(
      hub,
      "GET",
      `/v1/people/${person.personId}/events?limit=1000`,
    );
    const byId = new Map(body.items.map((event) => [event.id, event]));
    for (const [i, [, type]] of journey.entries()) assert.equal(byId.get(`${name}-${i}`)?.type, type);
    const types = body.items.map(({ type }) => type);
    const before = types.filter((type) => type === "item.viewed").length;
    assert.deepEqual(
      [types.length, before],
      [journey.length + 2, 2],
      "the alias made the visitor the customer",
    );
    const placed = body.items.find(({ type }) => type === "order.placed")!;
    assert.deepEqual(
      { orderId: placed.data["orderId"], totalMinor: placed.data["totalMinor"], channel: placed.channel },
      { orderId: "o-1", totalMinor: 4050, channel: "server" },
    );
  });
}

test("nothing that these libraries send is put aside, and a batch sent twice counts once", async () => {
  const call = {
    type: "track",
    event: "Product Viewed",
    userId: "twice",
    messageId: "twice-1",
    timestamp,
    properties: product,
  };
  const batch = (sentAt: string) =>
    ask<{ applied: number; repeat: number }>(hub, "POST", "/v1/batch", {
      batch: [{ ...call, sentAt }],
      sentAt,
    });
  assert.equal((await batch(new Date(systemClock.nowMs()).toISOString())).body.applied, 1);
  assert.equal(
    (await batch(new Date(systemClock.nowMs() + 5_000).toISOString())).body.repeat,
    1,
    "sent later, still the same",
  );
  const { total } = await assertSound(hub);
  assert.equal(total.quarantined, 0);
});
