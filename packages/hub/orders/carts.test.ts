import assert from "node:assert/strict";
import { after, test } from "node:test";
import { dayMs, limits } from "@trato/base";
import type { CartAnswer } from "@trato/contract";
import { assertSound, countersOf } from "../testing/sound.ts";
import { followHub } from "../testing/stream.ts";
import { add, openOrdersShop, profileOf, quantities, take } from "./testing/shop.ts";

const shop = await openOrdersShop();
after(() => shop.stop());

const cartInProfile = async (email: string) => (await profileOf(shop, email)).cart?.lines ?? null;
const ana = { identities: { email: "ana@example.com" } };

test("a person has one cart in every channel: by any identity, by its code, by its token", async () => {
  const first = await shop.open({ ...ana, channel: "app" });
  await shop.change(first.cartId, [add("coffee", 2)]);
  const again = await shop.open({ ...ana, channel: "web" });
  assert.equal(again.cartId, first.cartId);
  assert.deepEqual([again.channel, quantities(again)], ["web", { coffee: 2 }]);
  const byCode = await shop.done<CartAnswer>("POST", "/v1/carts", { code: first.code.toLowerCase() });
  const byToken = await shop.done<CartAnswer>("POST", "/v1/carts", { token: first.token, channel: "pos" });
  assert.deepEqual([byCode.cartId, byToken.cartId, byToken.channel], [first.cartId, first.cartId, "pos"]);
  const wrong = await shop.ask("POST", "/v1/carts", { code: "AAA-AAAA" });
  assert.deepEqual([wrong.status, wrong.body.code], [404, "cart_unknown"]);
});

test("a public key follows one cart by its token, and hears of no other", async () => {
  const wanted = { source: "phone", kind: "public", label: "The phone" };
  const { secret: key } = await shop.done<{ secret: string }>("POST", "/v1/keys", wanted);
  const [mine, other] = [await shop.open(), await shop.open()];
  const following = await followHub(shop.at, { cart: mine.token }, { key });
  assert.equal((await following.next())?.event, "ready");
  for (const { cartId } of [other, mine, other, mine]) await shop.change(cartId, [add("repair")]);
  // What was announced just before it began may still come: the opening itself.
  const heard: Awaited<ReturnType<typeof following.take>> = [];
  while (heard.length < 2) {
    const some = await following.take(1);
    heard.push(...some.filter(({ data }) => Number(data.data["version"]) > mine.version));
  }
  following.close();
  assert.deepEqual(
    heard.map(({ event, data }) => [event, data.key, data.data["version"]]),
    [mine.version + 1, mine.version + 2].map((version) => ["cart.changed", mine.cartId, version]),
  );
  const forged = `${mine.token.slice(0, -2)}${mine.token.endsWith("AA") ? "BB" : "AA"}`;
  for (const [query, code] of [
    [`cart=${forged}`, "cart_unknown"],
    [`cart=${mine.token}&topic=order.changed`, "request_invalid"],
    [`cart=${mine.token}&key=${other.cartId}`, "request_invalid"],
    [`topic=cart.changed&key=${mine.cartId}`, "topic_forbidden"],
  ] as const) {
    const refused = await shop.ask("GET", `/v1/stream?${query}`, undefined, { key });
    assert.equal(refused.body.code, code, query);
  }
});

test("lines are added, taken and set; each with its price, and the goods are held", async () => {
  const { cartId } = await shop.open();
  const { body } = await shop.change(cartId, [
    add("coffee", 2),
    add("filter", 3),
    take("filter", 1),
    add("repair"),
  ]);
  assert.deepEqual(quantities(body), { coffee: 2, filter: 2, repair: 1 });
  assert.equal(body.totalMinor, 2 * 599 + 2 * 210 + 2_000);
  assert.deepEqual(
    body.held.map(({ placeId, sku, quantity }) => `${quantity} ${sku} ${placeId}`).sort(),
    ["2 coffee A", "2 filter A"],
    "a service needs no stock",
  );
  const set = await shop.change(cartId, [{ do: "set", sku: "coffee", quantity: 0 }, take("filter", 9)]);
  assert.deepEqual(quantities(set.body), { repair: 1 });
  const empty = await shop.change(cartId, [{ do: "empty" }]);
  assert.deepEqual([empty.body.lines, empty.body.held, empty.body.totalMinor], [[], [], 0]);
});

test("what is unknown, has no price here, or is asked with an old version is refused, and nothing has changed", async () => {
  const { cartId } = await shop.open();
  const { body } = await shop.change(cartId, [add("coffee")]);
  const cases = [
    [[add("nothing")], {}, "item_unknown"],
    [[add("coffee"), add("filter")], { currency: "EUR" }, "price_unknown"],
    [[add("coffee")], { ifVersion: body.version - 1 }, "cart_changed"],
  ] as const;
  for (const [changes, more, code] of cases) {
    assert.equal((await shop.change(cartId, changes, more)).body.code, code);
  }
  assert.deepEqual(quantities(await shop.cart(cartId)), { coffee: 1 });
  assert.equal((await shop.change(cartId, [add("coffee")], { ifVersion: body.version })).status, 200);
});

test("a cart is where a place is, and is served from its country", async () => {
  const where = { kind: "store", timezone: "America/Bogota", channels: ["web"], priority: 1 };
  await shop.done("PUT", "/v1/places", {
    places: [{ ...where, placeId: "bogota", name: "Bogotá", country: "CO" }],
  });
  await shop.count("bogota", { filter: 500 });
  const { cartId } = await shop.open();
  const nowhere = await shop.change(cartId, [], { placeId: "quitoo" });
  assert.deepEqual(
    [nowhere.status, nowhere.body.code, nowhere.body.detail],
    [404, "place_unknown", "quitoo"],
  );
  const abroad = await shop.change(cartId, [add("filter", 2_001)]);
  assert.equal(abroad.body.detail, "of filter, 2001 were asked for and 2000 are available");
});

test("signing in makes two carts one: no line is lost, none is doubled, and signing in again changes nothing", async () => {
  const identities = { email: "eva@example.com" };
  const theirs = await shop.open({ identities });
  await shop.change(theirs.cartId, [add("coffee", 2)]);
  const guest = await shop.open();
  await shop.change(guest.cartId, [add("coffee", 1), add("filter", 4)]);
  const signIn = () => shop.done<CartAnswer>("POST", `/v1/carts/${guest.cartId}/sign-in`, { identities });
  const merged = await signIn();
  assert.deepEqual([merged.cartId, quantities(merged)], [theirs.cartId, { coffee: 2, filter: 4 }]);
  const again = await signIn();
  assert.deepEqual([again.version, quantities(again)], [merged.version, quantities(merged)]);
  for (const name of [{ code: guest.code }, { token: guest.token }]) {
    const { cartId } = await shop.done<CartAnswer>("POST", "/v1/carts", name);
    assert.equal(cartId, theirs.cartId, "what led to the one leads to what it became");
  }
  assert.equal((await shop.cart(guest.cartId)).cartId, theirs.cartId, "the other id leads there");
  assert.deepEqual(await cartInProfile("eva@example.com"), { coffee: 2, filter: 4 });
  const other = await shop.ask("POST", `/v1/carts/${theirs.cartId}/sign-in`, ana);
  assert.deepEqual([other.status, other.body.code], [409, "cart_of_another"]);
});

test("who signs in with a cart and has none keeps it as theirs", async () => {
  const guest = await shop.open();
  await shop.change(guest.cartId, [add("filter", 2)]);
  const identities = { loyalty: "90017" };
  const signed = await shop.done<CartAnswer>("POST", `/v1/carts/${guest.cartId}/sign-in`, { identities });
  assert.notEqual(signed.personId, null);
  assert.equal((await shop.open({ identities })).cartId, guest.cartId);
});

test("two people who turn out to be one have one cart", async () => {
  const one = await shop.open({ identities: { email: "leo@example.com" } });
  shop.clock.advance(1_000);
  const two = await shop.open({ identities: { phone: "+593987654321" } });
  await shop.change(one.cartId, [add("coffee", 1)]);
  await shop.change(two.cartId, [add("filter", 1)]);
  const both = { email: "leo@example.com", phone: "+593987654321" };
  const time = new Date(shop.clock.nowMs()).toISOString();
  const seen = { id: "leo-1", type: "item.viewed", time, identities: both, data: { sku: "coffee" } };
  await shop.done("POST", "/v1/events", { events: [seen] });
  const cart = await shop.open({ identities: both });
  assert.deepEqual([cart.cartId, quantities(cart)], [one.cartId, { coffee: 1, filter: 1 }]);
});

test("the profile follows the cart, and buying empties it", async () => {
  const identities = { email: "mia@example.com" };
  const { cartId } = await shop.open({ identities });
  await shop.change(cartId, [add("coffee", 3)]);
  await shop.change(cartId, [take("coffee", 1), add("filter")]);
  assert.deepEqual(await cartInProfile("mia@example.com"), { coffee: 2, filter: 1 });
  assert.equal((await shop.buy(cartId)).status, 201);
  assert.equal(await cartInProfile("mia@example.com"), null);
  const next = await shop.open({ identities });
  assert.notEqual(next.cartId, cartId, "the next one is new");
  assert.equal((await shop.change(cartId, [add("coffee")])).body.code, "cart_closed");
});

test("a change whose event has an id that the log holds already goes through; the event is put aside", async () => {
  const { cartId } = await shop.open({ identities: { email: "noa@example.com" } });
  const { body } = await shop.change(cartId, [add("coffee")]);
  const idOf = (version: number): string => `cart/${cartId}/${version}/0`;
  const moved = await shop.hub.database.query({
    name: "",
    text: "update events_log set id = $2 where id = $1 returning 1",
    values: [idOf(body.version), idOf(body.version + 1)],
  });
  assert.equal(moved.length, 1);
  const putAside = async (): Promise<number> => (await countersOf(shop.hub)).total.quarantined;
  const before = await putAside();
  const next = await shop.change(cartId, [add("filter")]);
  assert.deepEqual([next.status, quantities(next.body)], [200, { coffee: 1, filter: 1 }]);
  assert.equal(await putAside(), before + 1);
  assert.equal((await shop.change(cartId, [add("filter")])).status, 200);
  assert.equal(await putAside(), before + 1, "the next one is new");
});

test("with an Idempotency-Key a change that is sent again happens once", async () => {
  const { cartId } = await shop.open();
  const send = (quantity: number) =>
    shop.ask<CartAnswer & { code: string }>(
      "POST",
      `/v1/carts/${cartId}/changes`,
      { changes: [add("coffee", quantity)] },
      { headers: { "idempotency-key": `add-${cartId}` } },
    );
  const answers = await Promise.all(Array.from({ length: 50 }, () => send(1)));
  const done = answers.filter(({ status }) => status === 200);
  for (const one of answers) assert.ok(one.status === 200 || one.body.code === "idempotency_running");
  assert.equal(new Set(done.map(({ text }) => text)).size, 1, "all are answered the same");
  assert.equal(done.filter(({ headers }) => !headers.has("idempotency-replayed")).length, 1);
  assert.deepEqual(quantities(await shop.cart(cartId)), { coffee: 1 });
  const other = await send(2);
  assert.deepEqual([other.status, other.body.code], [422, "idempotency_mismatch"]);
});

test("two hundred clients change one cart at once, and no line of any is lost", async () => {
  const { cartId } = await shop.open({ identities: { email: "fair@example.com" } });
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, i) => shop.change(cartId, [add(i % 2 === 0 ? "coffee" : "filter")])),
  );
  assert.ok(answers.every(({ status }) => status === 200));
  assert.deepEqual(quantities(await shop.cart(cartId)), { coffee: 100, filter: 100 });
  assert.deepEqual(await cartInProfile("fair@example.com"), { coffee: 100, filter: 100 });
});

test("an untouched cart is over after thirty days; its person gets a new one, and its row is deleted", async () => {
  const identities = { email: "old@example.com" };
  const { cartId } = await shop.open({ identities });
  await shop.change(cartId, [add("coffee")]);
  shop.clock.advance(limits.cartKeptMs + dayMs);
  const gone = await shop.ask("GET", `/v1/carts/${cartId}`);
  assert.deepEqual([gone.status, gone.body.code], [404, "cart_unknown"]);
  const next = await shop.open({ identities });
  assert.notEqual(next.cartId, cartId);
  assert.ok((await shop.hub.hub.rooms.orders.prune()) > 0);
  assert.equal((await shop.cart(next.cartId)).state, "open");
  await assertSound(shop.at);
});
