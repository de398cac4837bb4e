import assert from "node:assert/strict";
import { mock } from "node:test";
import { chance, fakeClock } from "@trato/base";
import { Webhook } from "standardwebhooks";
import { announce, type Change, silentLog } from "../../platform/index.ts";
import { testDatabase } from "../../testing/database.ts";
import { serve } from "../../testing/serve.ts";
import { resolveBySystem } from "../post.ts";
import { deliveryRoutes } from "../routes/deliveries.ts";
import { webhookRoutes } from "../routes/webhooks.ts";
import { createSender } from "../sender.ts";
import { type Received, receiver } from "./receiver.ts";

export type Made = { readonly webhookId: string; readonly secret: string };
type Said = { state: string; why: string | null; failures: number; webhookId: string };
type Delivery = { deliveryId: string; state: string; attempts: number };

/** The room over a database and a clock of its own, and a shop that receives. */
export async function stage() {
  const { database, stop } = await testDatabase();
  const clock = fakeClock(Date.UTC(2026, 10, 25));
  const allow = { loopback: true };
  const shop = await receiver();
  const app = serve(
    database,
    [...webhookRoutes({ database, allow }), ...deliveryRoutes({ database })],
    clock,
  );
  const openSender = (seed: number) =>
    createSender({
      ...{ database, clock, log: silentLog, draw: chance(seed) },
      http: { allow, resolve: resolveBySystem, answerMsMax: 400 },
    });
  const sender = openSender(7);
  return {
    ...{ database, clock, shop, sender, openSender, ask: app.ask },
    async make(path: string, topics = ["order.changed"], url = shop.url): Promise<Made> {
      const { status, body } = await app.ask<Made>("POST", "/v1/webhooks", {
        url: url + path,
        topics,
        label: path,
      });
      assert.equal(status, 201, JSON.stringify(body));
      return body;
    },
    async remove(...made: readonly Made[]) {
      for (const { webhookId } of made) await app.ask("DELETE", `/v1/webhooks/${webhookId}`);
    },
    tell: (...changes: Change[]) => announce(database, changes, clock.nowMs()),
    async advance(ms: number) {
      clock.advance(ms);
      await sender.sendDue();
    },
    stateOf: async ({ webhookId }: Made) =>
      (await app.ask<{ webhooks: Said[] }>("GET", "/v1/webhooks")).body.webhooks.find(
        (one) => one.webhookId === webhookId,
      )!,
    deliveriesOf: async ({ webhookId }: Made) =>
      (await app.ask<{ deliveries: Delivery[] }>("GET", `/v1/webhooks/${webhookId}/deliveries`)).body
        .deliveries,
    async stop() {
      await sender.stop();
      await Promise.all([shop.stop(), app.stop()]);
      await stop();
    },
  };
}

export const change = (key: string, topic: Change["topic"] = "order.changed"): Change => ({
  ...{ topic, key, place: "quito", personId: null },
  data: { state: "placed" },
});

export const keyOf = ({ body }: Received) => (JSON.parse(body) as { data: { key: string } }).data.key;

/** Verifies as the published library does, at a time. */
export function verify(secret: string, { headers, body }: Received, atMs: number): unknown {
  mock.timers.enable({ apis: ["Date"], now: atMs });
  try {
    return new Webhook(secret).verify(body, headers as Record<string, string>);
  } finally {
    mock.timers.reset();
  }
}
