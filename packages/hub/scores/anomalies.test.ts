import assert from "node:assert/strict";
import { after, test } from "node:test";
import { chance, dayMs, hourMs } from "@trato/base";
import type { Model } from "@trato/contract";
import { testDatabase } from "../testing/database.ts";
import { type Purchase, trainWaiting } from "./index.ts";
import { clock, scoreHub } from "./testing/score-hub.ts";
import { personNo } from "./testing/small-shop.ts";

const at = await testDatabase();
after(at.stop);

const startMs = Date.UTC(2026, 4, 4);
const days = Math.floor((clock.nowMs() - startMs) / dayMs);
const week = [20, 22, 20, 24, 30, 55, 40];
/** Quito's till was out of order for a day; a rumour trebled what Lima's site sold on another. */
const outage = days - 20;
const rumour = days - 12;

function ordersOn(day: number, store: string, share: number): number {
  if (store === "quito" && day === outage) return 0;
  return Math.round(week[day % 7]! * share * (store === "lima" && day === rumour ? 3.5 : 1));
}

/** Two shops with a week of their own, a little more or less each day. */
function sales(): Purchase[] {
  const draw = chance(4);
  const all: Purchase[] = [];
  for (let day = 0; day < days; day++) {
    for (const [store, channel] of [
      ["quito", "pos"],
      ["lima", "web"],
    ] as const) {
      const count = ordersOn(day, store, 0.9 + 0.2 * draw());
      for (let nth = 0; nth < count; nth++) {
        const about = { personId: personNo(all.length % 400), orderId: `o${all.length}`, store, channel };
        const timeMs = startMs + day * dayMs + 14 * hourMs + nth;
        all.push({ ...about, timeMs, lines: [{ sku: `item-${all.length % 7}`, quantity: 1 }] });
      }
    }
  }
  return all;
}

type Answer = {
  anomalies: {
    day: string;
    about: string;
    place?: string;
    channel?: string;
    orders: number;
    usual: { low: number; high: number };
    direction: string;
    says: { en: string; es: string };
  }[];
  next?: string;
};
const dateOf = (day: number) => new Date(startMs + day * dayMs).toISOString().slice(0, 10);

test("an outage and a flood are told with what would have been usual; ordinary days and weekends are not", async () => {
  const { call, ask, needs, server } = scoreHub(at.database, sales());
  const untrained = await call<{ code: string }>("GET", "/v1/anomalies");
  assert.equal(untrained.body.code, "model_unknown", "silence would say that all is well");
  await ask("?family=anomaly");
  await trainWaiting(needs);
  const { anomalies } = (await call<Answer>("GET", "/v1/anomalies")).body;
  const told = anomalies.map(({ day, about, place, channel, direction }) => [
    day,
    about,
    place,
    channel,
    direction,
  ]);
  assert.deepEqual(
    told.filter(([, about]) => about === "part"),
    [
      [dateOf(rumour), "part", "lima", "web", "more"],
      [dateOf(outage), "part", "quito", "pos", "fewer"],
    ],
  );
  assert.ok(
    told.every(([day]) => day === dateOf(rumour) || day === dateOf(outage)),
    JSON.stringify(told),
  );

  const dark = anomalies.find(({ place }) => place === "quito")!;
  assert.equal(dark.orders, 0);
  assert.ok(dark.usual.low > 5 && dark.usual.high < 60, JSON.stringify(dark));
  assert.match(dark.says.en, /^quito, pos: 0 orders on \w+day 2026-08-12, where \d+ to \d+ are usual\.$/);
  assert.match(dark.says.es, /^quito, pos: 0 pedidos el miércoles 2026-08-12; lo usual es de \d+ a \d+\.$/);

  const first = (await call<Answer>("GET", "/v1/anomalies?limit=1")).body;
  const rest = (await call<Answer>("GET", `/v1/anomalies?limit=100&after=${first.next}`)).body;
  assert.deepEqual([...first.anomalies, ...rest.anomalies], anomalies);
  const ofLima = (await call<Answer>("GET", `/v1/anomalies?place=lima&since=${dateOf(rumour)}`)).body;
  assert.deepEqual(
    ofLima.anomalies.map(({ day }) => day),
    [dateOf(rumour)],
  );
  const wrong = await call<{ code: string; errors: { path: string }[] }>(
    "GET",
    "/v1/anomalies?since=yesterday",
  );
  assert.deepEqual([wrong.status, wrong.body.code], [400, "request_invalid"]);

  const { card } = (await call<Model>("GET", "/v1/models/anomaly")).body;
  assert.equal(card.recipe, "usual");
  assert.ok(card.measured!.value.mean > card.measured!.rivals[0]!.value.mean, "better than three deviations");
  assert.ok(card.measured!.value.mean > 0.7, JSON.stringify(card.measured));
  await server.close();
});

test("a log that is too short says what it lacks", async () => {
  const { call, ask, needs, server } = scoreHub(
    at.database,
    sales().filter(({ timeMs }) => timeMs < startMs + 30 * dayMs),
  );
  const jobId = await ask("?family=anomaly");
  await trainWaiting(needs);
  const { body } = await call<{ detail: string }>("GET", `/v1/models/training/${jobId}`);
  assert.match(body.detail, /56 days of orders/);
  await server.close();
});
