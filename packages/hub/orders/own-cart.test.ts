import assert from "node:assert/strict";
import { after, test } from "node:test";
import { limits } from "@trato/base";
import type { CartAnswer, OwnCartAnswer } from "@trato/contract";
import { assertSound } from "../testing/sound.ts";
import { add, levels, openOrdersShop, quantities } from "./testing/shop.ts";

const shop = await openOrdersShop();
after(() => shop.stop());
const wanted = { source: "web", kind: "public", label: "The shop's page" };
const { secret: key } = await shop.done<{ secret: string }>("POST", "/v1/keys", wanted);

type Answer = OwnCartAnswer & { readonly code: string; readonly detail?: string };
/** As a page asks: with the public key that stands in it. */
const page = (path: string, body: object, headers: Readonly<Record<string, string>> = {}) =>
  shop.ask<Answer>("POST", `/v1/own-cart${path}`, body, { key, headers });
const here = { channel: "web", placeId: "A", currency: "USD" };
const openOwn = async (): Promise<OwnCartAnswer> => {
  const { status, body, text } = await page("", here);
  assert.equal(status, 200, text);
  return body;
};

test("a page makes a cart, fills it and finds it again by its token; the goods are set aside", async () => {
  const { token } = await openOwn();
  const filled = await page("/changes", { token, changes: [add("coffee", 2), add("repair")] });
  assert.deepEqual([filled.status, filled.body.totalMinor], [200, 2 * 599 + 2_000]);
  assert.equal((await levels(shop, "coffee"))["A"], "1000/2/0");
  const again = await page("", { token });
  assert.deepEqual(again.body, filled.body);
  const moved = await page("", { token, placeId: "B", channel: "app" });
  assert.deepEqual(
    [moved.body.placeId, moved.body.channel, quantities(moved.body as CartAnswer)],
    ["B", "app", { coffee: 2, repair: 1 }],
  );
  const emptied = await page("/changes", { token, changes: [{ do: "empty" }] });
  assert.deepEqual([emptied.body.lines, (await levels(shop, "coffee"))["A"]], [[], "1000/0/0"]);
});

test("the server gives the page's cart to who signed in; the page goes on with it and is not told whose it is", async () => {
  const { token, cartId } = await openOwn();
  await page("/changes", { token, changes: [add("filter", 3)] });
  const own = await shop.open({ identities: { email: "rosa@example.com" } });
  await shop.change(own.cartId, [add("coffee")]);
  const identities = { email: "rosa@example.com" };
  await shop.done("POST", `/v1/carts/${cartId}/sign-in`, { identities, groups: ["gold"] });
  const { body } = await page("/changes", { token, changes: [add("coffee")] });
  assert.equal(body.cartId, own.cartId);
  assert.deepEqual(quantities(body as CartAnswer), { coffee: 2, filter: 3 });
  assert.equal("personId" in body || "groups" in body, false);
  const ofShop = await shop.done<CartAnswer>("GET", `/v1/carts/${own.cartId}`);
  assert.deepEqual(ofShop.groups, ["gold"], "the person's groups stay theirs");
  await shop.change(own.cartId, [{ do: "empty" }]);
});

test("a public key reaches no cart without its token, names nobody and no group, and sets no price", async () => {
  const mine = await openOwn();
  const theirs = await shop.open({ identities: { email: "luis@example.com" } });
  await shop.change(theirs.cartId, [add("coffee")]);
  const flipped = (token: string) => `${token.slice(0, -2)}${token.endsWith("AA") ? "BB" : "AA"}`;
  const changes = [add("coffee")];
  for (const [path, body, status, code] of [
    ["", { ...here, token: flipped(theirs.token) }, 404, "cart_unknown"],
    ["", { ...here, token: theirs.code }, 404, "cart_unknown"],
    ["", { ...here, token: theirs.cartId }, 404, "cart_unknown"],
    ["/changes", { token: flipped(mine.token), changes }, 404, "cart_unknown"],
    ["", { ...here, code: theirs.code }, 400, "request_invalid"],
    ["", { ...here, identities: { email: "luis@example.com" } }, 400, "request_invalid"],
    ["", { ...here, personId: theirs.personId }, 400, "request_invalid"],
    ["", { ...here, groups: ["staff"] }, 400, "request_invalid"],
    ["", { ...here, placeId: "Mars" }, 404, "place_unknown"],
    ["/changes", { token: mine.token, changes, placeId: "Mars" }, 404, "place_unknown"],
    ["", { ...here, channel: "pos" }, 400, "request_invalid"],
    ["/changes", { token: mine.token, changes, groups: ["staff"] }, 400, "request_invalid"],
    ["/changes", { token: mine.token, changes: [{ ...changes[0], unitMinor: 1 }] }, 400, "request_invalid"],
    ["/changes", { token: mine.token, changes: [add("coffee", 101)] }, 400, "request_invalid"],
    ["/changes", { token: mine.token, changes: [add("unknown")] }, 404, "item_unknown"],
  ] as const) {
    const refused = await page(path, body);
    assert.deepEqual([refused.status, refused.body.code], [status, code], `${path} ${JSON.stringify(body)}`);
  }
  for (const [method, path, body] of [
    ["GET", `/v1/carts/${theirs.cartId}`, undefined],
    ["POST", "/v1/carts", { code: theirs.code }],
    ["POST", `/v1/carts/${theirs.cartId}/changes`, { changes }],
    ["POST", `/v1/carts/${mine.cartId}/sign-in`, { personId: theirs.personId }],
    ["POST", `/v1/carts/${mine.cartId}/order`, {}],
  ] as const) {
    const refused = await shop.ask(method, path, body, { key });
    assert.deepEqual([refused.status, refused.body.code], [403, "scope_missing"], path);
  }
  await shop.change(theirs.cartId, [{ do: "empty" }]);
});

test("one shopper cannot set a shop's goods aside: lines are bounded, and so are carts from one address", async () => {
  const first = await openOwn();
  await page("/changes", { token: first.token, changes: [add("coffee", limits.ownCartQuantityMax)] });
  const more = await page("/changes", { token: first.token, changes: [add("coffee")] });
  assert.deepEqual([more.status, more.body.code], [409, "cart_full"]);
  // What the shop's own staff put in may stay, and be taken out.
  await shop.change(first.cartId, [add("coffee", 50)]);
  const less = await page("/changes", {
    token: first.token,
    changes: [{ do: "take", sku: "coffee", quantity: 20 }],
  });
  assert.equal(less.body.lines[0]?.quantity, 130);
  await page("/changes", { token: first.token, changes: [{ do: "empty" }] });

  const opened = await Promise.all(
    Array.from({ length: limits.ownCartsPerAddressHour + 20 }, () => page("", here)),
  );
  const refused = opened.filter(({ status }) => status !== 200);
  assert.ok(refused.length >= 20, `${refused.length} of ${opened.length} were refused`);
  assert.ok(refused.every(({ status, body }) => status === 429 && body.code === "carts_too_many"));
  assert.ok(refused.every(({ headers }) => Number(headers.get("retry-after")) >= 30));
  const still = await page("/changes", { token: first.token, changes: [add("filter")] });
  assert.equal(still.status, 200, "who has a cart goes on with it");
  await page("/changes", { token: first.token, changes: [{ do: "empty" }] });
});

test("a change that is sent again happens once; a cart that was bought takes none", async () => {
  const mine = await shop.open();
  const headers = { "idempotency-key": "page-1" };
  const asked = { token: mine.token, changes: [add("coffee")] };
  const [once, again] = [await page("/changes", asked, headers), await page("/changes", asked, headers)];
  assert.deepEqual([again.body, again.headers.get("idempotency-replayed")], [once.body, "true"]);
  assert.equal((await shop.buy(mine.cartId)).status, 201);
  const late = await page("/changes", { token: mine.token, changes: [add("coffee")] });
  assert.deepEqual([late.status, late.body.code], [409, "cart_closed"]);
  await assertSound(shop.at);
});
