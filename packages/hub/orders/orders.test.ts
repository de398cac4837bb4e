import assert from "node:assert/strict";
import { after, afterEach, test } from "node:test";
import type { OrderAnswer } from "@trato/contract";
import { add, levels, openOrdersShop, profileOf } from "./testing/shop.ts";

type Problem = { readonly code: string; readonly detail?: string };
type Answer = OrderAnswer & Problem;
const shop = await openOrdersShop({ onHand: 10 });
after(() => shop.stop());

/** What a test has left behind is put back, so that the next one finds nothing held or put aside. */
const opened = new Set<string>();
afterEach(async () => {
  for (const cartId of opened) await shop.change(cartId, [{ do: "empty" }]);
  opened.clear();
  const { orders } = await shop.done<{ orders: OrderAnswer[] }>("GET", "/v1/orders?limit=100");
  for (const { orderId, state } of orders) {
    if (["placed", "partly_shipped"].includes(state)) await act(encodeURIComponent(orderId), "cancellations");
  }
});
const openCart = async (body: object = {}) => {
  const cart = await shop.open(body);
  opened.add(cart.cartId);
  return cart;
};

let people = 0;
/** Somebody's cart with some lines, at a place. */
async function cartWith(lines: Readonly<Record<string, number>>, more: object = {}) {
  const email = `buyer-${people++}@example.com`;
  const { cartId } = await openCart({ identities: { email }, ...more });
  const changed = await shop.change(
    cartId,
    Object.entries(lines).map(([sku, quantity]) => add(sku, quantity)),
  );
  assert.equal(changed.status, 200, changed.text);
  return { ...changed.body, email };
}
async function placed(lines: Readonly<Record<string, number>>, more: object = {}): Promise<OrderAnswer> {
  const { cartId } = await cartWith(lines);
  const { status, body, text } = await shop.buy(cartId, more);
  assert.equal(status, 201, text);
  return body;
}
const act = (orderId: string, what: string, body: object = {}) =>
  shop.ask<Answer>("POST", `/v1/orders/${orderId}/${what}`, body);
const profile = (email: string) => profileOf(shop, email);

test("a cart becomes an order: what was held is allocated, the order is told of, the cart is closed", async () => {
  await shop.count("A", { coffee: 10 });
  const { cartId, email } = await cartWith({ coffee: 2, repair: 1 });
  assert.equal((await levels(shop, "coffee"))["A"], "10/2/0");
  const { body } = await shop.buy(cartId);
  assert.deepEqual([body.state, body.totalMinor, body.lines.length], ["placed", 2 * 599 + 2_000, 2]);
  assert.equal((await levels(shop, "coffee"))["A"], "10/0/2");
  assert.deepEqual(await shop.order(body.orderId), body);
  assert.deepEqual(
    [(await profile(email)).orders, (await profile(email)).spentMinor],
    [1, { USD: body.totalMinor }],
  );
  const again = await shop.buy(cartId);
  assert.deepEqual([again.status, again.body.code], [409, "cart_closed"]);
});

test("tenders that do not add up, an empty cart and an order's number that is taken are refused, and nothing happens", async () => {
  const { cartId } = await cartWith({ filter: 1 });
  const pay = (amountMinor: number, more: object = {}) =>
    shop.ask<Answer>("POST", `/v1/carts/${cartId}/order`, {
      tenders: [{ kind: "cash", amountMinor }],
      ...more,
    });
  assert.equal((await pay(209)).body.code, "tenders_mismatch");
  assert.equal((await pay(210, { ifVersion: 0 })).body.code, "cart_changed");
  const { cartId: empty } = await openCart();
  assert.equal(
    (await shop.ask<Answer>("POST", `/v1/carts/${empty}/order`, { tenders: [] })).body.code,
    "cart_empty",
  );
  assert.equal((await shop.cart(cartId)).state, "open");
  assert.equal((await pay(210, { orderId: "till-7/1" })).status, 201);
  const other = await cartWith({ filter: 1 });
  assert.equal((await shop.buy(other.cartId, { orderId: "till-7/1" })).body.code, "order_exists");
  assert.equal((await shop.cart(other.cartId)).state, "open");
});

test("what one place has not enough of comes from several, and each ships its own part", async () => {
  await shop.count("A", { filter: 3 });
  await shop.count("B", { filter: 4 });
  const order = await placed({ filter: 5 });
  assert.deepEqual(
    order.parts.map(({ placeId, quantity }) => `${quantity} ${placeId}`),
    ["3 A", "2 B"],
  );
  const first = await act(order.orderId, "shipments", { placeId: "A", tracking: "SE-1" });
  assert.deepEqual([first.body.state, first.body.lines[0]!.shipped], ["partly_shipped", 3]);
  const second = await act(order.orderId, "shipments", { lines: [{ line: 1, quantity: 1 }] });
  assert.equal(second.body.state, "partly_shipped");
  const third = await act(order.orderId, "shipments");
  assert.deepEqual([third.body.state, third.body.lines[0]!.shipped], ["shipped", 5]);
  const more = await act(order.orderId, "shipments");
  assert.deepEqual([more.status, more.body.code], [409, "quantity_not_open"]);
  assert.deepEqual(
    [(await levels(shop, "filter"))["A"], (await levels(shop, "filter"))["B"]],
    ["0/0/0", "2/0/0"],
  );
});

test("cancelling a line gives its goods and its money back, and cancelling the rest takes the order back", async () => {
  await shop.count("A", { coffee: 10, filter: 10 });
  const { cartId, email } = await cartWith({ coffee: 3, filter: 1 });
  const { body: order } = await shop.buy(cartId);
  const one = await act(order.orderId, "cancellations", {
    lines: [{ line: 1, quantity: 2 }],
    reason: "too many",
  });
  assert.deepEqual([one.body.state, one.body.refundedMinor], ["placed", 2 * 599]);
  assert.equal((await levels(shop, "coffee"))["A"], "10/0/1");
  assert.deepEqual((await profile(email)).spentMinor, { USD: 599 + 210 });
  const rest = await act(order.orderId, "cancellations");
  assert.deepEqual([rest.body.state, rest.body.refundedMinor], ["cancelled", order.totalMinor]);
  assert.equal((await levels(shop, "coffee"))["A"], "10/0/0");
  assert.deepEqual([(await profile(email)).orders, (await profile(email)).spentMinor], [0, { USD: 0 }]);
  assert.equal((await act(order.orderId, "cancellations")).body.code, "quantity_not_open");
});

test("what was bought in one place comes back in another, is on hand there, and its money goes back", async () => {
  await shop.count("A", { coffee: 10 });
  await shop.count("B", { coffee: 10 });
  const order = await placed({ coffee: 2 }, { handOver: true });
  assert.deepEqual([order.state, (await levels(shop, "coffee"))["A"]], ["shipped", "8/0/0"]);
  const lines = [{ line: 1, quantity: 1 }];
  const back = await act(order.orderId, "returns", { placeId: "B", channel: "pos", lines });
  assert.deepEqual([back.body.state, back.body.refundedMinor], ["partly_returned", 599]);
  assert.deepEqual(
    [(await levels(shop, "coffee"))["A"], (await levels(shop, "coffee"))["B"]],
    ["8/0/0", "11/0/0"],
  );
  const broken = await act(order.orderId, "returns", { placeId: "B", channel: "pos", lines, restock: false });
  assert.deepEqual([broken.body.state, broken.body.refundedMinor], ["returned", 2 * 599]);
  assert.equal((await levels(shop, "coffee"))["B"], "11/0/0", "what is broken is not sold again");
  assert.equal(
    (await act(order.orderId, "returns", { placeId: "B", channel: "pos", lines })).body.code,
    "quantity_not_open",
  );
  assert.equal(
    (await act(order.orderId, "returns", { placeId: "Z", channel: "pos", lines })).body.code,
    "place_unknown",
  );
});

test("an exchange moves only the difference: less is refunded, more is paid", async () => {
  await shop.count("A", { coffee: 10, filter: 10 });
  await shop.count("B", { coffee: 10, filter: 10 });
  const order = await placed({ coffee: 2 }, { handOver: true });
  const at = { placeId: "B", channel: "pos", lines: [{ line: 1, quantity: 1 }] };
  const cheaper = await act(order.orderId, "returns", { ...at, exchange: [{ sku: "filter", quantity: 2 }] });
  assert.equal(cheaper.status, 201, cheaper.text);
  assert.deepEqual([cheaper.body.refundedMinor, cheaper.body.totalMinor], [599 - 420, 2 * 599 + 420]);
  assert.deepEqual(
    cheaper.body.lines.map(({ sku, shipped, returned }) => `${sku} ${shipped}/${returned}`),
    ["coffee 2/1", "filter 2/0"],
  );
  assert.equal((await levels(shop, "filter"))["B"], "8/0/0");
  const dearer = { ...at, exchange: [{ sku: "filter", quantity: 3 }] };
  assert.equal((await act(order.orderId, "returns", dearer)).body.code, "tenders_mismatch");
  const paid = await act(order.orderId, "returns", {
    ...dearer,
    tenders: [{ kind: "cash", amountMinor: 31 }],
  });
  assert.deepEqual([paid.status, paid.body.refundedMinor], [201, 599 - 420], paid.text);
});

test("a bundle holds all its parts or none, leaves with all of them and comes back as them", async () => {
  await shop.count("A", { coffee: 5, filter: 5 });
  await shop.count("B", { coffee: 0, filter: 0 });
  const { cartId } = await openCart();
  const three = await shop.change(cartId, [add("breakfast", 3)]);
  assert.deepEqual([three.status, three.body.code], [409, "out_of_stock"]);
  assert.deepEqual(
    [await levels(shop, "coffee"), await levels(shop, "filter")].map((one) => one["A"]),
    ["5/0/0", "5/0/0"],
  );
  await shop.change(cartId, [add("breakfast", 2)]);
  const { body: order } = await shop.buy(cartId);
  assert.deepEqual(
    [await levels(shop, "coffee"), await levels(shop, "filter")].map((one) => one["A"]),
    ["5/0/2", "5/0/4"],
  );
  const half = await act(order.orderId, "shipments", { lines: [{ line: 1, quantity: 1 }] });
  assert.equal(half.body.state, "partly_shipped");
  assert.deepEqual(
    [await levels(shop, "coffee"), await levels(shop, "filter")].map((one) => one["A"]),
    ["4/0/1", "3/0/2"],
  );
  await act(order.orderId, "returns", { placeId: "B", channel: "pos", lines: [{ line: 1, quantity: 1 }] });
  assert.deepEqual(
    [await levels(shop, "coffee"), await levels(shop, "filter")].map((one) => one["B"]),
    ["1/0/0", "2/0/0"],
  );
});

test("the last unit goes to one of many; the others are told no, and taking out of a cart is never refused", async () => {
  await shop.count("A", { coffee: 1 });
  await shop.count("B", { coffee: 0 });
  const carts = await Promise.all(Array.from({ length: 20 }, () => openCart()));
  const answers = await Promise.all(
    carts.map(({ cartId }) => shop.change(cartId, [add("filter"), add("coffee")])),
  );
  assert.equal(answers.filter(({ status }) => status === 200).length, 1);
  for (const { status, body } of answers) assert.ok(status === 200 || body.code === "out_of_stock");
  const winner = carts[answers.findIndex(({ status }) => status === 200)]!;
  const together = await Promise.all([
    shop.change(winner.cartId, [add("coffee")]),
    shop.change(winner.cartId, [add("repair")]),
  ]);
  assert.deepEqual(
    together.map(({ status }) => status),
    [409, 200],
    "each is judged by itself",
  );
  await shop.count("A", { coffee: 0 });
  assert.equal((await shop.change(winner.cartId, [{ do: "set", sku: "filter", quantity: 0 }])).status, 200);
});

test("why an order is what it is: its prices, its tenders, and all that was done with it", async () => {
  await shop.count("A", { coffee: 10 });
  const order = await placed({ coffee: 2 }, { handOver: true });
  await act(order.orderId, "returns", {
    placeId: "A",
    channel: "pos",
    lines: [{ line: 1, quantity: 1 }],
    reason: "x",
  });
  type Why = { acts: { kind: string; refundMinor: number }[]; priced: { totalMinor: number }[] };
  const why = await shop.done<Why>("GET", `/v1/orders/${order.orderId}/why`);
  assert.deepEqual(
    why.acts.map(({ kind, refundMinor }) => [kind, refundMinor]),
    [["returned", 599]],
  );
  assert.equal(why.priced[0]!.totalMinor, order.totalMinor);
});
