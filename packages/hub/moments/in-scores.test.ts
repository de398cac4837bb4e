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
  await say("ana@x.ec", "asset.serviced", { assetId: "m-2", service: "descale" });
  assert.equal((await openOf("ana@x.ec")).length, 1, "another machine");
  await say("ana@x.ec", "asset.serviced", { assetId: "m-1", service: "descale" });
  assert.deepEqual(await openOf("ana@x.ec"), []);
});
