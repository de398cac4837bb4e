import assert from "node:assert/strict";
import { test } from "node:test";
import { systemClock } from "@trato/base";
import { until } from "../platform/postgres/testing/start.ts";
import { ask, send } from "../testing/ask.ts";
import { eventsInLog } from "../testing/dump.ts";
import { type Met, startSenders, untilReady } from "../testing/senders.ts";
import { assertSound } from "../testing/sound.ts";
import { homeFor, type SpawnedHub, spawnHub } from "../testing/spawn-hub.ts";

const time = new Date(systemClock.nowMs() - 60_000).toISOString();

test("a hub whose PostgreSQL is killed", async (t) => {
  const hub = await spawnHub(t, { home: await homeFor(t) });
  await t.test("tells senders when to try again, and loses or doubles nothing it acknowledged", () =>
    underLoad(hub),
  );
  await t.test("works again in every part once it is back", () => everyPart(hub));
  await assertSound(hub);
  await hub.stop();
  assert.match(hub.log(), /PostgreSQL ended unexpectedly/);
});

async function underLoad(hub: SpawnedHub): Promise<void> {
  const met: Met[] = [];
  const load = startSenders(hub, {
    senders: 8,
    batch: 5,
    hear: (one) => met.push(one),
    eventOf: (sender, n) => ({
      id: `s${sender}-${n}`,
      type: n % 3 === 0 ? "cart.item_added" : "item.viewed",
      time,
      // Some people have one sender, some several, some two identities: locks, merges and late events.
      identities:
        n % 7 === 0 ? { device: `d${n % 40}`, email: `p${n % 40}@example.com` } : { device: `d${n % 40}` },
      data: { sku: `sku-${n % 20}`, quantity: 1 },
    }),
  });
  const moreAcknowledged = async () => {
    const before = load.acknowledged.length;
    await until(() => load.acknowledged.length > before + 300, 60_000);
  };
  const pids: (number | undefined)[] = [];
  for (let round = 1; round <= 3; round++) {
    await moreAcknowledged();
    pids.push(hub.postgresPid());
    process.kill(pids.at(-1)!, "SIGKILL");
  }
  await moreAcknowledged();
  await load.stop();
  await untilReady(hub);

  assert.equal(new Set([...pids, hub.postgresPid()]).size, 4, "each time another postmaster came");
  assert.ok(met.length > 0, "some senders met the outage");
  for (const { status, code, retryAfter } of met) {
    assert.ok(status === 503 && (code === "database_away" || code === "overloaded"), `${status} ${code}`);
    assert.match(retryAfter ?? "", /^[1-9]\d*$/);
  }
  const kept = await eventsInLog(hub.databaseUrl);
  assert.deepEqual(
    load.acknowledged.filter((id) => kept.get(id) !== 1),
    [],
  );
  assert.deepEqual(
    [...kept.values()].filter((count) => count !== 1),
    [],
  );
  const { total } = await assertSound(hub);
  assert.deepEqual([total.applied, total.quarantined], [kept.size, 0]);
}

/** Decisions, commands, jobs and the readers of the log: each holds connections of its own. */
async function everyPart(hub: SpawnedHub): Promise<void> {
  const decide = async () =>
    (await ask(hub, "POST", "/v1/decisions", { placement: "web.home" }).catch(() => undefined))?.status;
  const train = async () => {
    const { body } = await ask<{ jobId: string }>(hub, "POST", "/v1/models/train");
    await until(async () => {
      const { body: job } = await ask<{ state: string }>(hub, "GET", `/v1/models/training/${body.jobId}`);
      return job.state === "refused";
    }, 60_000);
  };
  const useOffer = async (id: string) => {
    const more = {
      text: { es: "Oferta", en: "Offer" },
      placements: ["web.home"],
      leverMinor: 1,
      budgetUnits: 10,
    };
    assert.equal(
      (await ask(hub, "PUT", "/v1/offers", { offers: [{ id, kind: "discount", ...more }] })).status,
      200,
    );
    const data = { decisionId: `decision-${id}`, outcome: "used", key: `offer:${id}` };
    const used = { id: `use-${id}`, type: "decision.outcome", time, identities: { user: "u" }, data };
    assert.equal((await send(hub, [used])).body.applied, 1);
    await until(async () => {
      const { body } = await ask<{ offers: { id: string; usedUnits: number }[] }>(
        hub,
        "GET",
        "/v1/offers?limit=1000",
      );
      return body.offers.some((one) => one.id === id && one.usedUnits === 1);
    });
  };
  assert.equal(await decide(), 200);
  await train();
  await useOffer("before");
  process.kill(hub.postgresPid()!, "SIGKILL");
  await until(async () => (await decide()) !== 200);
  await untilReady(hub);
  await until(async () => (await decide()) === 200);
  await train();
  await useOffer("after");
}
