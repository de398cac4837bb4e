import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { systemClock } from "@trato/base";
import { chromium } from "playwright-core";
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
