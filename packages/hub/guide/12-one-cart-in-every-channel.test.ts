/**
 * # 12. One cart in every channel
 *
 * A person has one open cart, whichever channel asks: the app, the site and the till see the same lines, the same prices and
 * the same goods set aside. It is found by any identity of the person, by a short code that can be read out (a wrong
 * character is noticed), or by a token that fits in a QR code.
 *
 * - **Changes commute.** `add` and `take` count from what is there, so two channels at once lose nothing; all changes of a
 *   request happen or none. Goods are held for the cart for half an hour after it was last changed.
 * - **Signing in** makes two carts one: every line of both is kept, and an item in both keeps the larger quantity.
 * - **A page** has no secret. With the public key that stands in it, `POST /v1/own-cart` makes a cart of nobody and answers
 *   its token, and `/v1/own-cart/changes` changes the cart whose token is shown. It names no person, no group and no price;
 *   signing in and buying are for the shop's server.
 * - **Buying** is one transaction: what was held is allocated, the tenders taken, the order written, told of in the log and
 *   announced; or nothing of it happens.
 * - **After that** orders are shipped in parts, called off by line, returned and exchanged in any store. What goes back for
 *   all of a line together is exactly what was paid for it, to the minor unit.
 *
 * [The shopper's script](../../examples/one-cart.ts) plays it from the first line to the return; its
 * [transcript](../examples/one-cart.md) is printed from a run.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { CartAnswer, OrderAnswer } from "@trato/contract";
import { items, openShop } from "./testing/shop.ts";

const shop = await openShop();
after(() => shop.stop());

const ana = { email: "ana@example.com" };
const add = (sku: string, quantity = 1) => ({ do: "add", sku, quantity });
const change = (cartId: string, ...changes: object[]) =>
  shop.post<CartAnswer>(`/v1/carts/${cartId}/changes`, { changes });
const told = ({ lines }: CartAnswer) => lines.map(({ sku, quantity }) => `${quantity} ${sku}`);

before(async () => {
  const store = {
    kind: "store",
    country: "EC",
    timezone: "America/Guayaquil",
    channels: ["app", "web", "pos"],
  };
  const places = ["GYE-01", "UIO-02"].map((placeId) => ({ ...store, placeId, name: placeId }));
  await shop.put("/v1/places", { places });
  await shop.put("/v1/items", { items });
  const levels = places.flatMap(({ placeId }) => items.map(({ sku }) => ({ sku, placeId, onHand: 10 })));
  await shop.put("/v1/stock", { levels });
});

test("what is begun in the app goes on at the site and at the till, by identity, code or token", async () => {
  const app = { identities: ana, channel: "app", placeId: "GYE-01", currency: "USD" };
  const begun = await shop.post<CartAnswer>("/v1/carts", app);
  await change(begun.cartId, add("coffee-500g", 2));
  const site = await shop.post<CartAnswer>("/v1/carts", { identities: ana, channel: "web" });
  await change(site.cartId, add("coffee-filters"));
  const till = await shop.post<CartAnswer>("/v1/carts", { code: site.code, channel: "pos" });
  assert.equal(till.cartId, begun.cartId);
  assert.deepEqual(told(till), ["2 coffee-500g", "1 coffee-filters"]);
  assert.equal(till.totalMinor, 2 * 599 + 210);
  assert.deepEqual(
    till.held.map(({ placeId, sku, quantity }) => `${quantity} ${sku} at ${placeId}`),
    ["2 coffee-500g at GYE-01", "1 coffee-filters at GYE-01"],
  );
});

test("a page fills a cart with a public key and the cart's token, and the server gives it to who signs in", async () => {
  const wanted = { kind: "public", source: "web", label: "the shop's page" };
  const { secret: key } = await shop.post<{ secret: string }>("/v1/keys", wanted);
  const page = async (path: string, body: object) =>
    (await shop.ask<CartAnswer>("POST", `/v1/own-cart${path}`, body, { key })).body;
  const { token, cartId } = await page("", { channel: "web", placeId: "UIO-02", currency: "USD" });
  assert.deepEqual(told(await page("/changes", { token, changes: [add("softener-1l", 2)] })), [
    "2 softener-1l",
  ]);
  const identities = { email: "eva@example.com" };
  await shop.post(`/v1/carts/${cartId}/sign-in`, { identities });
  const till = await shop.post<CartAnswer>("/v1/carts", { identities, channel: "pos" });
  assert.deepEqual([till.cartId, told(till)], [cartId, ["2 softener-1l"]]);
  assert.deepEqual(told(await page("", { token })), ["2 softener-1l"]);
  assert.equal((await shop.ask("POST", `/v1/carts/${cartId}/order`, {}, { key })).status, 403);
});

test("a cart filled before signing in becomes part of the person's own; nothing is lost, nothing doubled", async () => {
  const guest = await shop.post<CartAnswer>("/v1/carts", {
    channel: "web",
    placeId: "GYE-01",
    currency: "USD",
  });
  await change(guest.cartId, add("coffee-500g"), add("whisk"));
  const merged = await shop.post<CartAnswer>(`/v1/carts/${guest.cartId}/sign-in`, { identities: ana });
  assert.deepEqual(told(merged), ["2 coffee-500g", "1 coffee-filters", "1 whisk"]);
});

test("the order takes tenders that add up, and the profile knows what was bought and that the cart is empty", async () => {
  const cart = await shop.post<CartAnswer>("/v1/carts", { identities: ana, channel: "pos" });
  const path = `/v1/carts/${cart.cartId}/order`;
  const short = await shop.ask<{ code: string }>("POST", path, {
    tenders: [{ kind: "cash", amountMinor: 100 }],
  });
  assert.deepEqual([short.status, short.body.code], [422, "tenders_mismatch"]);
  const tenders = [
    { kind: "card", amountMinor: cart.totalMinor - 1_000, reference: "terminal-4/8812", last4: "4242" },
    { kind: "cash", amountMinor: 1_000, givenMinor: 2_000 },
  ];
  const order = await shop.post<OrderAnswer>(path, { tenders, handOver: true });
  assert.deepEqual([order.state, order.totalMinor], ["shipped", 2 * 599 + 210 + 750]);
  const { slices } = await shop.who("email", ana.email);
  assert.equal((slices["orders"] as { cart: unknown }).cart, null);
});

test("one item comes back in another store: it is on hand there, and its money goes back to what paid", async () => {
  const { orders } = await shop.get<{ orders: OrderAnswer[] }>("/v1/orders?limit=1");
  const { orderId } = orders[0]!;
  const back = { placeId: "UIO-02", channel: "pos", lines: [{ line: 1, quantity: 1 }] };
  const order = await shop.post<OrderAnswer>(`/v1/orders/${orderId}/returns`, back);
  assert.deepEqual([order.state, order.refundedMinor], ["partly_returned", 599]);
  type Levels = { levels: { placeId: string; onHand: number }[] };
  const { levels } = await shop.get<Levels>("/v1/stock?sku=coffee-500g");
  assert.deepEqual(
    levels.map(({ placeId, onHand }) => `${placeId} ${onHand}`),
    ["GYE-01 8", "UIO-02 11"],
  );
});

test("more than there is is refused, and nothing has changed; what one place lacks comes from several", async () => {
  const context = { channel: "web", placeId: "GYE-01", currency: "USD" };
  const { cartId } = await shop.post<CartAnswer>("/v1/carts", context);
  const all = await change(cartId, add("rice-2kg", 15));
  assert.deepEqual(
    all.held.map(({ placeId, quantity }) => `${quantity} at ${placeId}`),
    ["10 at GYE-01", "5 at UIO-02"],
  );
  const more = await shop.ask<{ code: string }>("POST", `/v1/carts/${cartId}/changes`, {
    changes: [add("rice-2kg", 6)],
  });
  assert.deepEqual([more.status, more.body.code], [409, "out_of_stock"]);
  assert.deepEqual(told(await shop.get<CartAnswer>(`/v1/carts/${cartId}`)), ["15 rice-2kg"]);
});
