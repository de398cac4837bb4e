import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { systemClock } from "@trato/base";
import { chromium } from "playwright-core";
import { openOrdersShop } from "../hub/orders/testing/shop.ts";
import { announce } from "../hub/platform/index.ts";
import { ask } from "../hub/testing/ask.ts";
import { testHub } from "../hub/testing/hub.ts";
import { bundle } from "./build.ts";
import { cable } from "./testing/cable.ts";

const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
  (path) => existsSync(path),
);
const skip = executablePath === undefined ? "no Chromium here: apt-get install -y chromium" : false;

/** A shop's page on an origin of its own, with the SDK as a shop would ship it. */
async function shopPage() {
  const script = await bundle();
  const server = createServer((request, response) => {
    const isScript = request.url === "/trato.js";
    response.setHeader("content-type", isScript ? "text/javascript" : "text/html");
    response.end(isScript ? script : "<!doctype html><title>shop</title>");
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop: () => server.close() };
}

async function openPage() {
  const shop = await shopPage();
  const browser = await chromium.launch({ executablePath: executablePath!, args: ["--no-sandbox"] });
  after(async () => {
    await browser.close();
    shop.stop();
  });
  const page = await browser.newPage();
  await page.goto(shop.url);
  return page;
}

test("in a browser, events wait out a closed network and a reload of the page, and arrive once", {
  skip,
}, async () => {
  const hub = await testHub();
  after(() => hub.stop());
  const page = await openPage();
  const wanted = { source: "web", kind: "public", label: "web" };
  const made = await ask<{ secret: string }>(hub, "POST", "/v1/keys", wanted);
  const at = { url: hub.url, key: made.body.secret };
  const left = await page.evaluate(
    async (connect) => {
      const { createTrato } = await import("/trato.js" as string);
      const { events } = createTrato(connect);
      for (let i = 0; i < 7; i++)
        events.record("item.viewed", { sku: `s${i}` }, { identities: { device: "d" } });
      return (await events.flush()) as number;
    },
    { ...at, url: "http://127.0.0.1:9" },
  );
  assert.equal(left, 7);
  await page.reload();
  const kept = await page.evaluate(async (connect) => {
    const { createTrato } = await import("/trato.js" as string);
    const { events } = createTrato(connect);
    await events.flush();
    return [events.waiting(), localStorage.length] as number[];
  }, at);
  assert.deepEqual(kept, [0, 0]);
  type Counters = { sources: { source: string; applied: number }[] };
  const { body } = await ask<Counters>(hub, "GET", "/v1/events/counters");
  assert.deepEqual(
    body.sources.map(({ source, applied }) => [source, applied]),
    [["web", 7]],
  );
});

type Seen = { readonly heard: string[]; readonly ready: number };

test("in a browser, changes are followed with a key; what happens while the cable is out is heard after it", {
  skip,
}, async () => {
  const hub = await testHub();
  after(() => hub.stop());
  const network = await cable(hub.url);
  after(() => network.stop());
  const page = await openPage();
  await page.evaluate(
    async (connect) => {
      const { createTrato } = await import("/trato.js" as string);
      const seen = { heard: [] as string[], ready: 0 };
      Object.assign(globalThis, { seen });
      createTrato(connect).follow(
        { topic: "cart.changed" },
        { onChange: ({ key }: { key: string }) => seen.heard.push(key), onReady: () => seen.ready++ },
      );
    },
    { url: network.url, key: hub.key },
  );
  const until = async (reached: (now: Seen) => boolean) => {
    const look = () => page.evaluate(() => (globalThis as unknown as { seen: Seen }).seen);
    for (let i = 0; i < 300 && !reached(await look()); i++) await delay(50);
    return look();
  };
  const tell = (key: string) =>
    announce(
      hub.database,
      [{ topic: "cart.changed", key, place: null, personId: null, data: {} }],
      systemClock.nowMs(),
    );
  assert.equal((await until(({ ready }) => ready === 1)).ready, 1);
  await tell("first");
  assert.deepEqual((await until(({ heard }) => heard.length === 1)).heard, ["first"]);
  network.pull();
  await tell("meanwhile");
  assert.equal((await until(({ ready }) => ready === 2)).ready, 2);
  await tell("last");
  assert.deepEqual((await until(({ heard }) => heard.length === 3)).heard, ["first", "meanwhile", "last"]);
});

test("in a browser, a page fills its own cart with a public key, finds it after a reload and sees the till change it", {
  skip,
}, async () => {
  const shop = await openOrdersShop();
  after(() => shop.stop());
  const page = await openPage();
  const wanted = { source: "web", kind: "public", label: "web" };
  const { secret } = await shop.done<{ secret: string }>("POST", "/v1/keys", wanted);
  const at = { url: shop.at.url, key: secret };
  const cartId = await page.evaluate(async (connect) => {
    const { createTrato } = await import("/trato.js" as string);
    const { ownCart } = createTrato(connect);
    const opened = await ownCart.open({ body: { channel: "web", placeId: "A", currency: "USD" } });
    localStorage.setItem("cart", opened.value.token);
    const changes = [{ do: "add", sku: "coffee", quantity: 2 }];
    await ownCart.change({ body: { token: opened.value.token, changes } });
    return opened.value.cartId as string;
  }, at);
  await page.reload();
  type Told = { total: number; refused: string; seen: number[] };
  await page.evaluate(async (connect) => {
    const { createTrato } = await import("/trato.js" as string);
    const trato = createTrato(connect);
    const token = localStorage.getItem("cart");
    const told: Told = { total: 0, refused: "", seen: [] };
    Object.assign(globalThis, { told });
    told.total = (await trato.ownCart.open({ body: { token } })).value.totalMinor;
    told.refused = (await trato.cart.open({ body: { token } })).code;
    await new Promise<void>((onReady) => {
      const onChange = ({ data }: { data: { lines: { quantity: number }[] } }) =>
        told.seen.push(data.lines[0]?.quantity ?? 0);
      trato.follow({ cart: token }, { onChange, onReady });
    });
  }, at);
  await shop.change(cartId, [{ do: "add", sku: "coffee", quantity: 1 }]);
  const look = () => page.evaluate(() => (globalThis as unknown as { told: Told }).told);
  for (let i = 0; i < 200 && (await look()).seen.at(-1) !== 3; i++) await delay(50);
  const { total, refused, seen } = await look();
  assert.deepEqual([total, refused, seen.at(-1)], [2 * 599, "scope_missing", 3]);
});
