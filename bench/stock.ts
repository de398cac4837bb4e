import { setTimeout as delay } from "node:timers/promises";
import { chance, pickInt } from "@trato/base";
import pg from "pg";
import type { Report } from "./lib/figure.ts";
import { type BenchHub, startBenchHub } from "./lib/hub.ts";
import { drive, openConnection, quantile, requestBytes } from "./lib/load.ts";

const items = 20_000;
const places = 5;
const rowsPerBatch = 1_000;
const feedSeconds = 10;
const holdSeconds = 8;
const storm = { clients: 200, rounds: 50 } as const;

/** The feed, holds of many items, and the storm after a last unit; database, hub and load on this machine together. */
export async function stock(report: Report): Promise<void> {
  const hub = await startBenchHub();
  try {
    await makePlaces(hub);
    await driveFeed(hub, { rounds: 1, nth: 0 });
    await measureFeed(hub, report);
    await measureHolds(hub, report);
    await measureStorm(hub, report);
  } finally {
    await hub.stop();
  }
}

const placeOf = (n: number) => ({
  placeId: `place-${n}`,
  kind: "store",
  name: `Place ${n}`,
  country: "EC",
  timezone: "America/Guayaquil",
  channels: ["web", "pos"],
  priority: n,
});

async function makePlaces(hub: BenchHub): Promise<void> {
  await hub.call("PUT", "/v1/places", { places: Array.from({ length: places }, (_, n) => placeOf(n)) });
}

const pairOf = (n: number) => ({
  sku: `sku-${n % items}`,
  placeId: `place-${Math.floor(n / items) % places}`,
});

/** Counts of every item in every place, batch after batch; each count differs from the one before. */
async function driveFeed(
  hub: BenchHub,
  { rounds, nth, seconds = 3_600 }: { rounds: number; nth: number; seconds?: number },
): Promise<number> {
  const pairs = items * places;
  const batches = Math.ceil((pairs * rounds) / rowsPerBatch);
  const bodies = Array.from({ length: Math.min(batches, pairs / rowsPerBatch) }, (_, batch) =>
    Array.from({ length: rowsPerBatch }, (_, i) => pairOf(batch * rowsPerBatch + i)),
  );
  let sent = 0;
  const next = (): Buffer | undefined => {
    if (sent >= batches) return undefined;
    const round = nth + Math.floor(sent / bodies.length);
    const levels = bodies[sent % bodies.length]!.map((pair) => ({ ...pair, onHand: 1_000 + (round % 7) }));
    sent += 1;
    return requestBytes("PUT", "/v1/stock", hub.key, JSON.stringify({ levels }));
  };
  const load = await drive({ port: hub.port, connections: 4, next, secondsMax: seconds });
  if (load.failed > 0) throw new Error(`${load.failed} batches were refused`);
  return (load.done * rowsPerBatch) / load.seconds;
}

/** The floor: the same rows, upserted by bare SQL with a movement each, over the same number of connections. */
async function bareFeed(hub: BenchHub): Promise<number> {
  const pool = new pg.Pool({ connectionString: hub.databaseUrl, max: 4 });
  await pool.query(`create table bench_level (sku text, place_id text, on_hand bigint, counted_ms bigint,
                      primary key (sku, place_id)) with (fillfactor = 70)`);
  await pool.query(`create table bench_movement (sku text, place_id text, at_ms bigint, id bigint generated always
                      as identity, units bigint, primary key (sku, place_id, at_ms, id))`);
  const write = async (batch: number, round: number): Promise<void> => {
    const rows = Array.from({ length: rowsPerBatch }, (_, i) => pairOf(batch * rowsPerBatch + i));
    await pool.query({
      name: "bare",
      text: `with given as (select * from unnest($1::text[], $2::text[]) as g (sku, place_id)),
                  moved as (insert into bench_movement (sku, place_id, at_ms, units)
                            select sku, place_id, $3, 1 from given)
             insert into bench_level select sku, place_id, $3, $3 from given order by sku, place_id
             on conflict (sku, place_id) do update
               set on_hand = excluded.on_hand, counted_ms = excluded.counted_ms`,
      values: [rows.map(({ sku }) => sku), rows.map(({ placeId }) => placeId), round],
    });
  };
  const batches = (items * places) / rowsPerBatch;
  const run = async (round: number, secondsMax: number): Promise<number> => {
    let sent = 0;
    const startMs = performance.now();
    const elapsed = (): number => (performance.now() - startMs) / 1_000;
    const work = async (): Promise<void> => {
      while (elapsed() < secondsMax && (secondsMax < 3_600 || sent < batches)) {
        const batch = sent++;
        await write(batch % batches, round + Math.floor(batch / batches));
      }
    };
    await Promise.all(Array.from({ length: 4 }, work));
    return (sent * rowsPerBatch) / elapsed();
  };
  await run(0, 3_600);
  const perSecond = await run(1, feedSeconds);
  await pool.query("drop table bench_level, bench_movement");
  await pool.end();
  return perSecond;
}

async function measureFeed(hub: BenchHub, report: Report): Promise<void> {
  const floor = await bareFeed(hub);
  // What its connections used must not be missing from the difference below: they are given time to end.
  await delay(1_000);
  const before = hub.cpuUs();
  const startMs = performance.now();
  const perSecond = await driveFeed(hub, { rounds: 1_000, nth: 1, seconds: feedSeconds });
  const rows = (perSecond * (performance.now() - startMs)) / 1_000;
  const after = hub.cpuUs();
  report("levels_per_s", perSecond, "levels/s", { floor, atLeast: 20_000 });
  report("hub_us_per_level", (after.hub - before.hub) / rows, "µs of processor");
  report("postgres_us_per_level", (after.postgres - before.postgres) / rows, "µs of processor");
}

/** Carts of one to three items that grow and are renewed: each request a hold, with its movements. */
async function measureHolds(hub: BenchHub, report: Report): Promise<void> {
  const draw = chance(11);
  let made = 0;
  const next = (): Buffer => {
    const cart = `cart-${Math.floor(made++ / 3)}`;
    const lines = Array.from({ length: 1 + pickInt(draw, 3) }, () => `sku-${pickInt(draw, items)}`);
    const body = {
      ...{ holdId: cart, owner: cart, channel: "web" },
      lines: [...new Set(lines)].map((sku) => ({ sku, quantity: 1 })),
    };
    return requestBytes("POST", "/v1/holds", hub.key, JSON.stringify(body));
  };
  const before = hub.cpuUs();
  const load = await drive({ port: hub.port, connections: 64, next, secondsMax: holdSeconds });
  const after = hub.cpuUs();
  if (load.failed > 0) throw new Error(`${load.failed} holds were refused`);
  report("holds_per_s", load.done / load.seconds, "holds/s");
  report("hold_p50_ms", quantile(load.latenciesMs, 0.5), "ms");
  report("hold_p99_ms", quantile(load.latenciesMs, 0.99), "ms");
  report("hub_us_per_hold", (after.hub - before.hub) / load.done, "µs of processor");
  report("postgres_us_per_hold", (after.postgres - before.postgres) / load.done, "µs of processor");
}

/** 200 clients after one unit, 50 times: what the slowest of them waits, and that one of them gets it. */
async function measureStorm(hub: BenchHub, report: Report): Promise<void> {
  const { clients, rounds } = storm;
  await hub.call("PUT", "/v1/stock", { levels: [{ sku: "last", placeId: "place-0", onHand: 1 }] });
  const open = await Promise.all(Array.from({ length: clients }, () => openConnection(hub.port)));
  const waits: number[] = [];
  let given = 0;
  let refused = 0;
  let stormMs = 0;
  for (let round = 0; round < rounds; round++) {
    const startMs = performance.now();
    const statuses = await Promise.all(
      open.map(async ({ askStatus }, i) => {
        const status = await askStatus(wantBytes(hub, `storm-${round}-${i}`));
        waits.push(performance.now() - startMs);
        return status;
      }),
    );
    stormMs += performance.now() - startMs;
    given += statuses.filter((status) => status === 201).length;
    refused += statuses.filter((status) => status === 409).length;
    await hub.call("DELETE", `/v1/holds/storm-${round}-${statuses.indexOf(201)}`);
  }
  for (const { close } of open) close();
  const sorted = Float64Array.from(waits).sort();
  report("storm_answers_per_s", waits.length / (stormMs / 1_000), "answers/s");
  report("storm_p50_ms", quantile(sorted, 0.5), "ms");
  report("storm_p99_ms", quantile(sorted, 0.99), "ms");
  report("storm_given", given, `units in ${rounds} rounds`, { atMost: rounds });
  report("storm_refused", refused, "clients", { atLeast: rounds * (clients - 1) });
}

const wantBytes = (hub: BenchHub, holdId: string): Buffer => {
  const lines = [{ sku: "last", quantity: 1 }];
  return requestBytes(
    "POST",
    "/v1/holds",
    hub.key,
    JSON.stringify({ holdId, owner: holdId, channel: "web", lines }),
  );
};
