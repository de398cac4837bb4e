import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import RudderAnalytics from "@rudderstack/rudder-sdk-node";
import { Analytics } from "@segment/analytics-node";
import { limits, systemClock } from "@trato/base";
import { checkEvent, readBatch, readBody } from "../check/index.ts";
import type { KeptEvent } from "../event.ts";
import { segment } from "./index.ts";

/** Listens as the hub does: bytes → text → pieces → our words → checked events. */
async function listen() {
  const kept: KeptEvent[] = [];
  const seen: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { "content-encoding": encoding, "content-type": type } = request.headers;
    seen.push(`${request.url} ${type} ${encoding ?? "plain"}`);
    const body = readBody(Buffer.concat(chunks), encoding, limits);
    const text = body.ok ? body.text : "";
    const batch = readBatch(text, { list: "batch", eventBytesMax: limits.publicEventBytesMax });
    if (!batch.ok) return response.writeHead(500).end();
    const calls = batch.pieces.map((piece) => (piece.ok ? piece.value : null));
    const receivedAtMs = systemClock.nowMs();
    for (const event of segment({ ...batch.frame, batch: calls }, request.url ?? "", receivedAtMs).events) {
      const checked = checkEvent(event, { source: "site", receivedAtMs, trusted: false });
      if (checked.ok) kept.push(checked.event);
      else seen.push(`${checked.reason} ${checked.detail}`);
    }
    return response.writeHead(200, { "content-type": "application/json" }).end('{"success":true}');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { host, kept, seen, close: () => new Promise((resolve) => server.close(resolve)) };
}

const properties = {
  order_id: "o1",
  total: 37.98,
  currency: "USD",
  products: [{ sku: "G-32", price: 18.99, quantity: 2 }],
};
const timestamp = new Date(systemClock.nowMs() - 60_000);

function assertOrder(kept: readonly KeptEvent[]): void {
  const order = kept.find((event) => event.type === "order.placed");
  assert.equal(order?.data["totalMinor"], 3798);
  assert.deepEqual(order?.identities, [{ kind: "user", value: "u1" }]);
  assert.equal(order?.channel, "server");
  assert.equal(
    kept.find((event) => event.type === "person.described")?.identities[0]?.value,
    "ana@example.com",
  );
}

test("Segment's own library for Node is understood", async () => {
  const hub = await listen();
  const analytics = new Analytics({ writeKey: "wk", host: hub.host, flushAt: 2 });
  analytics.identify({ userId: "u1", traits: { email: "Ana@example.com" }, timestamp });
  analytics.track({ userId: "u1", event: "Order Completed", properties, timestamp });
  await analytics.closeAndFlush();
  assert.deepEqual(hub.seen, ["/v1/batch application/json plain"]);
  assertOrder(hub.kept);
  await hub.close();
});

test("RudderStack's own library for Node is understood, gzip under the name of a form", async () => {
  const hub = await listen();
  const analytics = new RudderAnalytics("wk", {
    dataPlaneUrl: hub.host,
    flushAt: 2,
    flushInterval: 100,
    logLevel: "none",
  });
  analytics.identify({ userId: "u1", traits: { email: "Ana@example.com" }, timestamp });
  analytics.track({ userId: "u1", event: "Order Completed", properties, timestamp });
  await analytics.flush();
  assert.ok(hub.seen.includes("/v1/batch application/x-www-form-urlencoded gzip"), hub.seen.join());
  assertOrder(hub.kept);
  await hub.close();
});
