import assert from "node:assert/strict";
import { after, test } from "node:test";
import { systemClock } from "@trato/base";
import type { DecisionAnswer } from "@trato/contract";
import { ask, send } from "./testing/ask.ts";
import { testHub } from "./testing/hub.ts";

const hub = await testHub();
after(() => hub.stop());

const skus = ["best", "second", "third"];
const now = () => new Date(systemClock.nowMs()).toISOString();
const at = now();

async function put(path: string, body: unknown): Promise<void> {
  const { status, text } = await ask(hub, "PUT", path, body);
  assert.equal(status, 200, text);
  assert.ok(!text.includes('"refused":1'), text);
}

const level = (placeId: string, sku: string, onHand: number, countedAt = at) => {
  return { placeId, sku, onHand, countedAt };
};

async function decide(more: object = {}): Promise<DecisionAnswer> {
  const { status, body, text } = await ask<DecisionAnswer>(hub, "POST", "/v1/decisions", {
    placement: "web.home",
    ...more,
  });
  assert.equal(status, 200, text);
  return body;
}

const shown = (answer: DecisionAnswer): (string | undefined)[] => answer.items.map(({ sku }) => sku);

test("where no stock is kept, the item's own flag is all there is", async () => {
  const items = skus.map((sku, i) => {
    return { sku, title: sku, category: sku, priceMinor: 900 - 100 * i, currency: "USD" };
  });
  await put("/v1/items", { items });
  assert.deepEqual(shown(await decide({ limit: 3 })).sort(), [...skus].sort());
});

test("an item nobody can promise at this instant is not shown, and the record says why", async () => {
  const place = (placeId: string, channels: string[]) => {
    return { placeId, kind: "store", name: placeId, country: "EC", timezone: "America/Guayaquil", channels };
  };
  await put("/v1/places", { places: [place("north", ["web", "pos"]), place("south", ["pos"])] });
  const levels = [level("north", "best", 0), level("south", "best", 5), level("north", "second", 1)];
  await put("/v1/stock", { levels });
  const answer = await decide({ limit: 3 });
  assert.deepEqual(
    shown(answer).sort(),
    ["second", "third"],
    "the south does not serve the site; the third is not kept",
  );
  const why = await ask<{ refused: { reason: string; keys: string[] }[] }>(
    hub,
    "GET",
    `/v1/decisions/${answer.decisionId}/why`,
  );
  assert.ok(why.text.includes("out_of_stock") && why.text.includes("item:best"), why.text);
});

test("a promised unit is nobody else's until the promise is over, and a replay needs no stock", async () => {
  const first = await decide({ limit: 3, hold: true });
  assert.deepEqual(shown(first).sort(), ["second", "third"]);
  assert.equal(first.hold?.expiresAt, first.expiresAt);
  assert.deepEqual(shown(await decide({ limit: 3 })), ["third"], "the last one is promised");
  const released = await ask(hub, "DELETE", `/v1/holds/${first.hold?.holdId}`);
  assert.equal(released.status, 200, released.text);
  assert.deepEqual(shown(await decide({ limit: 3 })).sort(), ["second", "third"]);
  await put("/v1/stock", { levels: [level("north", "best", 9, now())] });
  assert.ok(shown(await decide({ limit: 3 })).includes("best"), "what came in is shown at once");
  const replayed = await ask<{ matches: boolean }>(hub, "POST", `/v1/decisions/${first.decisionId}/replay`);
  assert.equal(replayed.body.matches, true, replayed.text);
});

test("what was promised to somebody is theirs: their cart gets the last unit, nobody else's does", async () => {
  await put("/v1/items", {
    items: [{ sku: "only", title: "only", category: "only", priceMinor: 99_900, currency: "USD" }],
  });
  await put("/v1/stock", { levels: [level("north", "only", 1)] });
  const ana = { identities: { email: "ana@example.com" } };
  await send(hub, [{ id: "ana-1", type: "item.viewed", time: at, ...ana, data: { sku: "only" } }]);
  const promised = await ask<DecisionAnswer>(hub, "POST", "/v1/decisions", {
    ...{ placement: "web.home", limit: 20, hold: true },
    ...ana,
  });
  assert.ok(shown(promised.body).includes("only"), promised.text);
  const addOnly = async (who: object) => {
    const cart = await ask<{ cartId: string }>(hub, "POST", "/v1/carts", {
      ...{ channel: "web", currency: "USD" },
      ...who,
    });
    const changes = [{ do: "add", sku: "only", quantity: 1 }];
    return (await ask(hub, "POST", `/v1/carts/${cart.body.cartId}/changes`, { changes })).status;
  };
  assert.deepEqual(
    [await addOnly({ identities: { email: "luis@example.com" } }), await addOnly(ana)],
    [409, 200],
  );
});

test("what was promised to nobody in particular is for the cart that names the decision", async () => {
  await put("/v1/items", {
    items: [{ sku: "once", title: "once", category: "once", priceMinor: 99_000, currency: "USD" }],
  });
  await put("/v1/stock", { levels: [level("north", "once", 1)] });
  await send(hub, []);
  const { decisionId, items } = await decide({ limit: 20, hold: true });
  assert.ok(items.some(({ sku }) => sku === "once"));
  const cart = await ask<{ cartId: string }>(hub, "POST", "/v1/carts", { channel: "web", currency: "USD" });
  const add = (more: object) =>
    ask(hub, "POST", `/v1/carts/${cart.body.cartId}/changes`, {
      changes: [{ do: "add", sku: "once", quantity: 1 }],
      ...more,
    });
  assert.deepEqual([(await add({})).status, (await add({ decisionId })).status], [409, 200]);
});

test("fifty ask for the last unit at once: one is promised it", async () => {
  await put("/v1/items", {
    items: [{ sku: "last", title: "last", category: "last", priceMinor: 9_900, currency: "USD" }],
  });
  await put("/v1/stock", { levels: [level("north", "last", 1)] });
  await send(hub, []);
  const answers = await Promise.all(Array.from({ length: 50 }, () => decide({ limit: 1, hold: true })));
  const promised = answers.filter((answer) => shown(answer)[0] === "last" && answer.hold !== undefined);
  assert.equal(promised.length, 1);
});

test("the price that is shown is the one a cart charges, and a decision that is read again shows what it showed", async () => {
  await put("/v1/prices", {
    prices: [
      { sku: "third", currency: "USD", priceMinor: 333 },
      { sku: "third", currency: "USD", priceMinor: 111, channel: "pos" },
    ],
  });
  const priceOf = (answer: DecisionAnswer) => answer.items.find(({ sku }) => sku === "third")?.priceMinor;
  const answer = await decide({ limit: 20 });
  assert.equal(priceOf(answer), 333);
  await put("/v1/prices", { prices: [{ sku: "third", currency: "USD", priceMinor: 444 }] });
  const read = await ask<DecisionAnswer>(hub, "GET", `/v1/decisions/${answer.decisionId}`);
  assert.deepEqual([priceOf(read.body), priceOf(await decide({ limit: 20 }))], [333, 444]);
  const replayed = await ask<{ matches: boolean }>(hub, "POST", `/v1/decisions/${answer.decisionId}/replay`);
  assert.equal(replayed.body.matches, true, replayed.text);
});
