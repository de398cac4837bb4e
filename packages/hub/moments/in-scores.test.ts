import assert from "node:assert/strict";
import { test } from "node:test";
import { dayMs } from "@trato/base";
import type { PersonScore } from "../scores/index.ts";
import { testDatabase } from "../testing/database.ts";
import { momentHub } from "./testing/hub.ts";

test("who may be leaving is found once after everybody was scored, and any purchase ends it", async (context) => {
  const at = await testDatabase();
  context.after(() => at.stop());
  const { clock, watcher, world, say, profile, openOf } = momentHub(at);
  const buy = (orderId: string) =>
    say("ana@x.ec", "order.placed", {
      ...{ orderId, currency: "USD", totalMinor: 5, lines: [{ sku: "coffee", quantity: 1 }] },
    });
  await buy("A");
  clock.advance(60 * dayMs);
  const { personId } = await profile("ana@x.ec");
  const score = { alive: 0.3, repeats: 6, usualGapDays: 14, silentDays: 60 };
  const expected = (scoredMs: number): PersonScore => {
    return { personId, family: "lifetime", subject: "", version: "7", scoredMs, score };
  };
  assert.equal((await watcher().tick()).inScores, null, "nobody was scored yet");
  [world.scoredMs, world.expected] = [clock.nowMs(), [expected(clock.nowMs())]];
  assert.equal((await watcher().tick()).inScores, 1);
  assert.equal((await watcher().tick()).inScores, null, "not again for the same scores");
  const [open] = await openOf("ana@x.ec");
  assert.deepEqual([open?.kind, open?.subject, open?.confidence], ["may_leave", "person", 0.7]);
  assert.equal(open?.evidence["usualGapDays"], 14);
  clock.advance(dayMs);
  world.scoredMs = clock.nowMs();
  assert.equal((await watcher().tick()).inScores, 0, "found once for the silence since one purchase");

  await buy("B");
  assert.deepEqual(await openOf("ana@x.ec"), []);
  world.scoredMs += 1;
  assert.equal((await watcher().tick()).inScores, 0, "came since they were scored");
});

test("who will hardly order again in time is leaving, where that is known better than lifetimes say", async (context) => {
  const at = await testDatabase();
  context.after(() => at.stop());
  const { clock, watcher, world, say, profile, openOf } = momentHub(at);
  const often = { usualGapDays: 14, silentDays: 40 };
  const seldom = { usualGapDays: 90, silentDays: 120 };
  const people = [
    { email: "ana@x.ec", gap: often, returns: 0.2 },
    { email: "late@x.ec", gap: { ...often, silentDays: 9 }, returns: 0.2 },
    { email: "comes@x.ec", gap: often, returns: 0.8 },
    { email: "gone@x.ec", gap: { ...often, silentDays: 100 }, returns: 0.01 },
    { email: "seldom@x.ec", gap: seldom, returns: 0.1 },
  ];
  world.expected = [];
  for (const { email } of people) {
    const lines = [{ sku: "coffee", quantity: 1 }];
    await say(email, "order.placed", { orderId: email, currency: "USD", totalMinor: 5, lines });
  }
  clock.advance(dayMs);
  for (const { email, gap, returns } of people) {
    const of = { personId: (await profile(email)).personId, subject: "", scoredMs: clock.nowMs() };
    const churn = { returns, horizonDays: 30, orders: 6, ...gap };
    const lifetime = { alive: 0.3, repeats: 5, ...gap };
    world.expected.push({ ...of, family: "churn", version: "8", score: churn });
    world.expected.push({ ...of, family: "lifetime", version: "7", score: lifetime });
  }
  world.expected.sort((a, b) => (a.personId < b.personId ? -1 : 1));
  [world.scoredMs, world.churnHorizonDays] = [clock.nowMs(), 30];
  assert.equal((await watcher().tick()).inScores, 2);
  const [ana] = await openOf("ana@x.ec");
  assert.deepEqual([ana?.kind, ana?.confidence, ana?.evidence["modelVersion"]], ["may_leave", 0.8, "8"]);
  assert.deepEqual(ana?.evidence["reason"], {
    en: "Usually comes every 14 days and has been silent for 40; the chance of an order within 30 days is 20 %.",
    es: "Suele venir cada 14 días y lleva 40 sin hacerlo; la probabilidad de un pedido en 30 días es del 20 %.",
  });
  const [seldomComes] = await openOf("seldom@x.ec");
  assert.equal(
    seldomComes?.evidence["modelVersion"],
    "7",
    "a month says little of who comes four times a year",
  );

  [world.scoredMs, world.churnHorizonDays] = [clock.nowMs() + 1, null];
  assert.equal((await watcher().tick()).inScores, 3, "lifetimes alone take the other three for leaving");
});

test("a machine that needs care is a moment until it is looked after", async (context) => {
  const at = await testDatabase();
  context.after(() => at.stop());
  const { clock, watcher, world, say, profile, openOf } = momentHub(at);
  await say("ana@x.ec", "asset.registered", { assetId: "m-1", sku: "coffee-machine" });
  const { personId } = await profile("ana@x.ec");
  const nowMs = clock.nowMs();
  const due = { lowMs: nowMs + 2 * dayMs, medianMs: nowMs + 20 * dayMs, highMs: nowMs + 40 * dayMs };
  const score = { sku: "coffee-machine", careMs: nowMs - 50 * dayMs, chance30: 0.6, ...due };
  world.expected = [{ personId, family: "care", subject: "m-1", version: "9", scoredMs: nowMs, score }];
  world.scoredMs = nowMs;
  assert.equal((await watcher().tick()).inScores, 1);
  const [open] = await openOf("ana@x.ec");
  assert.deepEqual([open?.kind, open?.subject, open?.confidence], ["needs_care", "coffee-machine", 0.6]);
  assert.deepEqual([open?.windowStartMs, open?.windowEndMs], [nowMs, due.highMs]);
  // At the same instant, chance names would say which of the two came first.
  clock.advance(1_000);
  await say("ana@x.ec", "asset.serviced", { assetId: "m-2", service: "descale" });
  assert.equal((await openOf("ana@x.ec")).length, 1, "another machine");
  await say("ana@x.ec", "asset.serviced", { assetId: "m-1", service: "descale" });
  assert.deepEqual(await openOf("ana@x.ec"), []);
});
