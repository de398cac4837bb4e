import { type Chance, chance, pickInt, systemClock, uuid7 } from "@trato/base";
import pg from "pg";
import { bigintArray, jsonArray, textArray, uuidArray } from "../packages/hub/platform/index.ts";
import type { Report } from "./lib/figure.ts";
import { startBenchHub } from "./lib/hub.ts";
import { drive, quantile, requestBytes } from "./lib/load.ts";

const people = 50_000;
const perBatch = 100;
const connections = 16;
const warmBatches = 800;
const batches = 1_600;

type Wire = {
  id: string;
  type: string;
  time: string;
  channel: string;
  session: string;
  identities: object;
  data: object;
};

/** Each connection speaks for its own people, in the order of time, as each shop's client does. */
function createBatches(draw: Chance): (connection: number) => Wire[] {
  let count = 0;
  const startMs = systemClock.nowMs() - 300_000;
  return (connection) =>
    Array.from({ length: perBatch }, () => {
      const person = pickInt(draw, people / connections) * connections + connection;
      count += 1;
      const kind = draw();
      const sku = `sku-${pickInt(draw, 10_000)}`;
      return {
        id: `event-${count}`,
        ...(kind < 0.8
          ? {
              type: "item.viewed",
              data: { sku, title: "Café molido 400 g", priceMinor: 450, currency: "USD" },
            }
          : kind < 0.95
            ? { type: "cart.item_added", data: { sku, quantity: 1 } }
            : {
                type: "order.placed",
                data: {
                  orderId: `o-${count}`,
                  currency: "USD",
                  totalMinor: 900,
                  lines: [{ sku, quantity: 2, amountMinor: 900 }],
                },
              }),
        time: new Date(startMs + count).toISOString(),
        channel: "web",
        session: `session-${person}`,
        identities: { email: `person-${person}@example.com`, anonymous: `anonymous-${person}` },
      };
    });
}

/** Events through HTTP, against the same rows into the same table by bare SQL over two connections. */
export async function intake(report: Report): Promise<void> {
  const next = createBatches(chance(1));
  const hub = await startBenchHub();
  const send = async (count: number) => {
    const requests = Array.from({ length: connections }, (_, connection) =>
      Array.from({ length: count / connections }, () =>
        requestBytes("POST", "/v1/events", hub.key, JSON.stringify({ events: next(connection) })),
      ).reverse(),
    );
    return drive({ port: hub.port, connections, next: (one) => requests[one]!.pop(), secondsMax: 120 });
  };
  try {
    await send(warmBatches);
    const before = hub.cpuUs();
    const load = await send(batches);
    const after = hub.cpuUs();
    if (load.failed > 0) throw new Error(`${load.failed} batches were refused`);
    const counters = await hub.call<{ adds: boolean; inLog: number }>("GET", "/v1/events/counters");
    if (!counters.adds || counters.inLog !== (warmBatches + batches) * perBatch)
      throw new Error("events are missing");
    const floor = await bareSql(hub.databaseUrl, next);
    report("events_per_s", (load.done * perBatch) / load.seconds, "events/s", { floor, atLeast: 20_000 });
    report("p50_ms", quantile(load.latenciesMs, 0.5), "ms");
    report("p99_ms", quantile(load.latenciesMs, 0.99), "ms");
    report("hub_cpu_us_per_event", (after.hub - before.hub) / (load.done * perBatch), "µs");
    report("postgres_cpu_us_per_event", (after.postgres - before.postgres) / (load.done * perBatch), "µs");
    report("hub_rss_mb", hub.residentBytes() / 2 ** 20, "MB");
  } finally {
    await hub.stop();
  }
}

async function bareSql(url: string, next: (connection: number) => Wire[]): Promise<number> {
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  await pool.query("create table bench_log (like events_log including all)");
  const draw = chance(2);
  const ids = Array.from({ length: people }, () => uuid7(1.7e12 + pickInt(draw, 1e9)));
  const rows = Array.from({ length: batches / 10 }, () =>
    Array.from({ length: 10 }, (_, connection) => next(connection)).flat(),
  );
  const startMs = performance.now();
  const work = async (): Promise<void> => {
    for (let batch = rows.pop(); batch !== undefined; batch = rows.pop())
      await insert(pool, batch, ids, draw);
  };
  await Promise.all([work(), work()]);
  const perSecond = (batches * perBatch * 1_000) / (performance.now() - startMs);
  await pool.query("drop table bench_log");
  await pool.end();
  return perSecond;
}

async function insert(
  pool: pg.Pool,
  batch: readonly Wire[],
  ids: readonly string[],
  draw: Chance,
): Promise<void> {
  await pool.query({
    name: "bench",
    text: `insert into bench_log
             (person_id, source, id, type, time_ms, received_ms, channel, store, session, identities, data)
           select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[],
                                $7::text[], $8::text[], $9::text[], $10::json[], $11::json[])`,
    values: [
      uuidArray(batch.map(() => ids[pickInt(draw, people)]!)),
      textArray(batch.map(() => "bench")),
      textArray(batch.map((one) => one.id)),
      textArray(batch.map((one) => one.type)),
      bigintArray(batch.map((one) => Date.parse(one.time))),
      bigintArray(batch.map((one) => Date.parse(one.time))),
      textArray(batch.map((one) => one.channel)),
      textArray(batch.map(() => null)),
      textArray(batch.map((one) => one.session)),
      jsonArray(batch.map((one) => one.identities)),
      jsonArray(batch.map((one) => one.data)),
    ],
  });
}
