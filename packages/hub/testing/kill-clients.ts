import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { chance, pickInt, systemClock } from "@trato/base";
import { until } from "../platform/postgres/testing/start.ts";
import { eventsInLog } from "./dump.ts";
import { untilReady } from "./senders.ts";
import { type Call, rudderClient, type ShopClient, segmentClient } from "./shop-clients.ts";
import { assertSound } from "./sound.ts";
import { homeFor, portOf, type SpawnedHub, spawnHub } from "./spawn-hub.ts";

export type Kill = "hub" | "postgres" | "both";

const people = 50;

/** The nth call of a client: several people, known by two names, who look, fill carts and buy. */
function callOf(client: string, n: number): Call {
  const person = `${n % people}`;
  const who = n % 5 === 0 ? { userId: `u-${person}`, anonymousId: `a-${person}` } : { userId: `u-${person}` };
  const base = { ...who, messageId: `${client}-${n}`, timestamp: new Date(systemClock.nowMs()) };
  const properties = {
    sku: `sku-${n % 30}`,
    quantity: 1,
    price: 1.5,
    order_id: `${client}-${n}`,
    currency: "USD",
  };
  if (n % 11 === 0) return { kind: "identify", ...base, traits: { email: `p${person}@example.com` } };
  const event = n % 3 === 0 ? "Product Added" : n % 10 === 1 ? "Order Completed" : "Product Viewed";
  return { kind: "track", ...base, event, properties: { ...properties, total: 1.5, products: [properties] } };
}

/** Calls in a steady stream until `count` were handed over, never more than 500 unacknowledged ones at a time. */
async function stream(
  client: ShopClient,
  name: string,
  count: number,
  acknowledged: string[],
): Promise<void> {
  const open = new Set<Promise<void>>();
  const failed: unknown[] = [];
  for (let n = 0; n < count; n++) {
    const call = callOf(name, n);
    const done: Promise<void> = client
      .call(call)
      .then(
        () => void acknowledged.push(String(call["messageId"])),
        (cause: unknown) => void failed.push(cause),
      )
      .finally(() => open.delete(done));
    open.add(done);
    if (n % 20 === 19) await delay(5);
    while (open.size >= 500) await Promise.race(open);
  }
  await Promise.all(open);
  assert.deepEqual(failed, [], `${name} gave up`);
  await client.stop();
}

/**
 * Four clients of two makes send to a hub that is killed under way, or whose PostgreSQL is, and started again at the
 * same address. Asserts that every event is in the log exactly once, and that all is sound. The seed says when is killed.
 */
export async function proveClients(
  t: TestContext,
  {
    seed,
    events,
    kills,
  }: { readonly seed: number; readonly events: number; readonly kills: readonly Kill[] },
): Promise<void> {
  const draw = chance(seed);
  const home = await homeFor(t);
  let hub: SpawnedHub = await spawnHub(t, { home });
  const port = portOf(hub);
  const acknowledged: string[] = [];
  const clients = {
    s1: segmentClient(hub),
    s2: segmentClient(hub),
    r1: rudderClient(hub),
    r2: rudderClient(hub, false),
  };
  const each = Math.ceil(events / 4);
  const streams = Promise.all(
    Object.entries(clients).map(([name, one]) => stream(one, name, each, acknowledged)),
  );
  streams.catch(() => undefined);

  for (const [round, kill] of kills.entries()) {
    const from = ((round + 0.5) / kills.length) * events * 0.8;
    await until(() => acknowledged.length >= from, 120_000);
    await delay(pickInt(draw, 60));
    if (kill !== "hub") process.kill(hub.postgresPid()!, "SIGKILL");
    if (kill === "postgres") continue;
    await hub.kill();
    hub = await spawnHub(t, { home, port });
  }
  await streams;
  await untilReady(hub);

  const kept = await eventsInLog(hub.databaseUrl);
  const about = `seed ${seed}`;
  assert.equal(acknowledged.length, 4 * each, about);
  assert.deepEqual(
    acknowledged.filter((id) => kept.get(id) !== 1),
    [],
    about,
  );
  assert.equal(kept.size, 4 * each, about);
  const { total } = await assertSound(hub);
  assert.deepEqual([total.applied, total.quarantined], [4 * each, 0], about);
}
