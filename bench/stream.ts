import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import {
  announce,
  type Change,
  type Database,
  openDatabase,
  silentLog,
} from "../packages/hub/platform/index.ts";
import { followHub } from "../packages/hub/testing/stream.ts";
import type { Report } from "./lib/figure.ts";
import { type BenchHub, startBenchHub } from "./lib/hub.ts";

const changes = 1_000;
const subscribers = 200;
const fannedOut = 5_000;

const quantile = (times: readonly number[], share: number): number =>
  times.toSorted((a, b) => a - b)[Math.floor(share * (times.length - 1))]!;

const changeOf = (n: number): Change => ({
  ...{ topic: "cart.changed", key: `cart-${n}`, place: "quito", personId: null },
  data: { n, lines: [{ sku: "coffee-500g", quantity: 2 }] },
});

/**
 * From the commit's answer in this process to the event at a subscriber of a hub in another, and how many events a
 * second 200 subscribers of one hub get. Floor: a bare NOTIFY in one session, heard in another.
 */
export async function stream(report: Report): Promise<void> {
  const hub = await startBenchHub();
  const database = openDatabase({ url: hub.databaseUrl, log: silentLog });
  try {
    const floor = await bareNotify(database);
    const times = await changeToSubscriber(hub, database);
    report("p50_ms", quantile(times, 0.5), "ms", { floor: quantile(floor, 0.5) });
    report("p99_ms", quantile(times, 0.99), "ms", { floor: quantile(floor, 0.99) });
    report("fan_out_events_per_s", await fanOut(hub, database), "events/s");
  } finally {
    await database.stop();
    await hub.stop();
  }
}

/** Milliseconds from sending each NOTIFY to hearing it. */
async function bareNotify(database: Database): Promise<number[]> {
  const times: number[] = [];
  let heard = (_payload: string): void => undefined;
  const unlisten = await database.listen("bench", (payload) => heard(payload));
  for (let n = 0; n < changes; n++) {
    const { promise, resolve } = Promise.withResolvers<void>();
    heard = (payload) => {
      if (payload === String(n)) resolve();
    };
    const beginMs = performance.now();
    await database.query({
      name: "bench/notify",
      text: "select pg_notify('bench', $1)",
      values: [String(n)],
    });
    await promise;
    times.push(performance.now() - beginMs);
  }
  await unlisten();
  return times;
}

/** Milliseconds from beginning each transaction to hearing of its change, one after the other, with pauses. */
async function changeToSubscriber(hub: BenchHub, database: Database): Promise<number[]> {
  const following = await followHub(hub, { topic: "cart.changed" });
  await following.next();
  const times: number[] = [];
  for (let n = 0; n < changes; n++) {
    await delay(12);
    const beginMs = performance.now();
    await database.transaction((tx) => announce(tx, [changeOf(n)], 0));
    await following.take(1);
    times.push(performance.now() - beginMs);
  }
  following.close();
  return times;
}

/** Events a second, of all subscribers together, from the first commit until the last of them has the last event. */
async function fanOut(hub: BenchHub, database: Database): Promise<number> {
  const all = await Promise.all(
    Array.from({ length: subscribers }, () => countBytes(hub, `cart-${fannedOut - 1}"`)),
  );
  const beginMs = performance.now();
  for (let n = 0; n < fannedOut; n += 50) {
    const some = Array.from({ length: 50 }, (_, i) => changeOf(n + i));
    await database.transaction((tx) => announce(tx, some, 0));
  }
  await Promise.all(all.map(({ done }) => done));
  const seconds = (performance.now() - beginMs) / 1_000;
  for (const { close } of all) close();
  return (subscribers * fannedOut) / seconds;
}

/** A subscriber that only looks for the last event, so that the load generator does not measure itself. */
async function countBytes(hub: BenchHub, last: string) {
  const asked = request(`${hub.url}/v1/stream?topic=cart.changed`, {
    headers: { authorization: `Bearer ${hub.key}` },
    agent: false,
  });
  asked.end();
  const [response] = (await once(asked, "response")) as [IncomingMessage];
  const { promise, resolve } = Promise.withResolvers<void>();
  const ready = Promise.withResolvers<void>();
  let rest = "";
  response.setEncoding("latin1").on("data", (text: string) => {
    if (text.includes("event: ready")) ready.resolve();
    if ((rest + text).includes(last)) resolve();
    rest = text.slice(-last.length);
  });
  response.on("error", () => undefined);
  await ready.promise;
  return { done: promise, close: () => asked.destroy() };
}
