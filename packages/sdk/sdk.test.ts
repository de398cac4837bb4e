import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { systemClock } from "@trato/base";
import * as contract from "@trato/contract";
import { announce } from "../hub/platform/index.ts";
import { ask } from "../hub/testing/ask.ts";
import { testHub } from "../hub/testing/hub.ts";
import { bundle } from "./build.ts";
import { calls } from "./calls.ts";
import { createTrato, memoryStore } from "./index.ts";

const hub = await testHub();
after(() => hub.stop());

async function until(reached: () => boolean): Promise<void> {
  for (let i = 0; i < 1_500 && !reached(); i++) await delay(20);
  assert.ok(reached(), "it came to pass within thirty seconds");
}

/** A network that can be away. */
function network() {
  const state = { isAway: false, requests: 0 };
  const through: typeof fetch = async (...args) => {
    state.requests += 1;
    if (state.isAway) throw new TypeError("fetch failed");
    return fetch(...args);
  };
  return { state, through };
}

test("every call of the SDK is an endpoint of the contract, with its method and path", () => {
  const endpoints = new Map(Object.entries(contract));
  for (const [name, [method, path]] of Object.entries(calls)) {
    const declared = endpoints.get(name) as { method: string; path: string } | undefined;
    assert.deepEqual([declared?.method, declared?.path], [method, path], name);
  }
});

test("the file for browsers holds nothing but the SDK", async () => {
  const text = await bundle();
  assert.ok(text.length < 20_000, `${text.length} characters`);
  assert.doesNotMatch(text, /typebox|node:|require\(/);
});

test("events go in batches, and what the network kept back arrives later, once", async () => {
  const { state, through } = network();
  const store = memoryStore();
  const taken: number[] = [];
  const events = {
    store,
    batchEvents: 10,
    batchMs: 10,
    onTaken: ({ applied }: { applied: number }) => void taken.push(applied),
  };
  const trato = createTrato({ ...hub, fetch: through, events });
  state.isAway = true;
  for (let i = 0; i < 25; i++) {
    trato.events.record("item.viewed", { sku: `s${i}` }, { identities: { device: "tablet" } });
  }
  assert.equal(await trato.events.flush(), 25);
  trato.events.stop();
  const later = createTrato({ ...hub, fetch: through, events });
  state.isAway = false;
  await later.events.flush();
  await until(() => later.events.waiting() === 0);
  later.events.stop();
  assert.deepEqual(taken, [10, 10, 5]);
  const { body } = await ask<{ sources: { applied: number }[] }>(hub, "GET", "/v1/events/counters");
  assert.ok(JSON.stringify(body).includes('"applied":25'), JSON.stringify(body));
});

test("a queue keeps so many events and no more: the oldest make room, and that is told", async () => {
  const { state, through } = network();
  state.isAway = true;
  let lost = 0;
  const onLost = (count: number): void => {
    lost += count;
  };
  const events = { store: memoryStore(), keptMax: 5, onLost };
  const trato = createTrato({ ...hub, fetch: through, events });
  for (let i = 0; i < 8; i++) trato.events.recordCustom("custom.note", { i });
  trato.events.stop();
  assert.deepEqual([trato.events.waiting(), lost], [5, 3]);
});

test("a decision is made and explained; a refusal is a value with its code", async () => {
  const trato = createTrato(hub);
  const made = await trato.decisions.make({ body: { placement: "web.home", personId: randomUUID() } });
  assert.equal(made.ok === false && made.code, "person_unknown");
  const answer = await trato.decisions.make({
    body: { placement: "web.home", identities: { email: "nobody@example.com" } },
  });
  assert.ok(answer.ok, JSON.stringify(answer));
  const why = await trato.decisions.why({ params: { decisionId: answer.value.decisionId } });
  assert.ok(why.ok);
  trato.events.stop();
});

test("a cart begun in one channel is found by its code in another, bought there, and the order read", async () => {
  const [app, till] = [createTrato(hub), createTrato(hub)];
  const coffee = { sku: "coffee", title: "Coffee", category: "goods", priceMinor: 599, currency: "USD" };
  const put = await ask(hub, "PUT", "/v1/items", { items: [{ ...coffee, kind: "service" }] });
  assert.equal(put.status, 200, put.text);
  const begun = await app.cart.open({ body: { channel: "app", currency: "USD" } });
  assert.ok(begun.ok, JSON.stringify(begun));
  const { cartId, code } = begun.value;
  const changes = [{ do: "add" as const, sku: "coffee", quantity: 2 }];
  const added = await app.cart.change({ params: { cartId }, body: { changes } });
  assert.ok(added.ok, JSON.stringify(added));
  const found = await till.cart.open({ body: { code, channel: "pos" } });
  assert.ok(found.ok, JSON.stringify(found));
  const { totalMinor, lines } = found.value;
  assert.deepEqual([found.value.cartId, totalMinor, lines[0]?.quantity], [cartId, 1_198, 2]);
  const tenders = [{ kind: "cash" as const, amountMinor: totalMinor, givenMinor: 2_000 }];
  const placed = await till.orders.place({ params: { cartId }, body: { tenders } });
  assert.ok(placed.ok, JSON.stringify(placed));
  const order = await app.orders.read({ params: { orderId: placed.value.orderId } });
  assert.ok(order.ok, JSON.stringify(order));
  assert.deepEqual([order.value.cartId, order.value.totalMinor, order.value.channel], [cartId, 1_198, "pos"]);
  const again = await app.cart.change({ params: { cartId }, body: { changes } });
  assert.equal(again.ok === false && again.code, "cart_closed");
  for (const one of [app, till]) one.events.stop();
});

test("a call that got no answer is made again, and happens once", async () => {
  let cuts = 2;
  const keys = new Set<string>();
  const cutting: typeof fetch = async (...args) => {
    const response = await fetch(...args);
    keys.add(new Headers(args[1]?.headers).get("idempotency-key") ?? "");
    if (cuts-- > 0) throw new TypeError("the connection broke before the answer came");
    return response;
  };
  const trato = createTrato({ ...hub, fetch: cutting });
  const made = await trato.decisions.make({
    body: { placement: "web.home", identities: { email: "ana@example.com" } },
  });
  assert.ok(made.ok, JSON.stringify(made));
  assert.equal(keys.size, 1, "every try bears the same Idempotency-Key");
  const away = createTrato({ ...hub, url: "http://127.0.0.1:9", tries: 1 });
  const refused = await away.stock.levels({ query: { sku: "x" } });
  assert.equal(refused.ok === false && refused.code, "unreachable");
  for (const one of [trato, away]) one.events.stop();
});

test("changes are followed through a broken network and a hub that stops, none missed and none twice", async (t) => {
  const sockets = new Set<AbortController>();
  const fragile: typeof fetch = (input, init) => {
    const cut = new AbortController();
    sockets.add(cut);
    return fetch(input, { ...init, signal: AbortSignal.any([cut.signal, init!.signal!]) });
  };
  const trato = createTrato({ ...hub, fetch: fragile });
  const keys: string[] = [];
  const breaks: string[] = [];
  let ready = 0;
  const following = trato.follow(
    { topic: "cart.changed" },
    { onChange: ({ key }) => keys.push(key), onReady: () => ready++, onBreak: (why) => breaks.push(why) },
  );
  t.after(() => following.stop());
  await until(() => ready === 1);
  const tell = (key: string) =>
    announce(
      hub.database,
      [{ topic: "cart.changed", key, place: null, personId: null, data: {} }],
      systemClock.nowMs(),
    );
  for (let i = 0; i < 30; i++) {
    await tell(String(i));
    if (i % 10 === 5) for (const cut of sockets) cut.abort();
  }
  await until(() => keys.length === 30);
  assert.deepEqual(
    keys,
    Array.from({ length: 30 }, (_, i) => String(i)),
  );
  assert.ok(breaks.length > 0);
  following.stop();
  const again: string[] = [];
  await tell("later");
  const resumed = trato.follow(
    { topic: "cart.changed" },
    { onChange: ({ key }) => again.push(key) },
    following.lastId(),
  );
  t.after(() => resumed.stop());
  await until(() => again.length > 0);
  assert.deepEqual(again, ["later"]);
  const refusals: string[] = [];
  const odd = trato.follow(
    { topic: "weather" },
    { onChange: assert.fail, onRefused: ({ code }) => refusals.push(code) },
  );
  t.after(() => odd.stop());
  await until(() => refusals.length === 1);
  assert.deepEqual(refusals, ["request_invalid"]);
  trato.events.stop();
});
