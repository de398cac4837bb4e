import assert from "node:assert/strict";
import { after, test } from "node:test";
import { systemClock } from "@trato/base";
import { ask, send } from "./testing/ask.ts";
import { testHub } from "./testing/hub.ts";
import { assertSound, countersOf } from "./testing/sound.ts";

const hub = await testHub();
after(() => hub.stop());

const time = new Date(systemClock.nowMs() - 60_000).toISOString();
const view = (id: string, sku: string, more: object = {}) => {
  return { id, type: "item.viewed", time, identities: { email: "ana@example.com" }, data: { sku }, ...more };
};

test("a batch sent a hundred times at once has one effect, and every sender hears that it was taken", async () => {
  const batch = [
    ...Array.from({ length: 20 }, (_, i) =>
      view(`b1-${i}`, `sku-${i}`, { identities: { device: `tablet-${i % 5}` } }),
    ),
    { id: "b1-wrong", type: "item.viewed", time: "yesterday", data: { sku: "x" } },
  ];
  const answers = await Promise.all(Array.from({ length: 100 }, () => send(hub, batch)));
  const sum = { accepted: 0, applied: 0, repeat: 0, quarantined: 0, erased: 0 };
  for (const { status, body } of answers) {
    assert.equal(status, 200);
    assert.equal(body.accepted, batch.length);
    for (const fate of Object.keys(sum) as (keyof typeof sum)[]) sum[fate] += body[fate];
  }
  assert.deepEqual(sum, { accepted: 2_100, applied: 20, repeat: 2_079, quarantined: 1, erased: 0 });
  const { total, inLog } = await countersOf(hub);
  assert.deepEqual([inLog, total], [20, { ...sum }]);
  await assertSound(hub);
});

test("the same id with other words is put aside, and never overwrites what was kept", async () => {
  assert.equal((await send(hub, [view("b2", "coffee")])).body.applied, 1);
  assert.equal((await send(hub, [view("b2", "tea")])).body.quarantined, 1);
  assert.equal((await send(hub, [view("b2", "coffee")])).body.repeat, 1);
  assert.equal((await send(hub, [view("b2", "tea")])).body.repeat, 1, "the same conflict again is a repeat");
  const together = await send(hub, [
    view("b2-pair", "coffee"),
    view("b2-pair", "tea"),
    view("b2-pair", "coffee"),
  ]);
  assert.deepEqual([together.body.applied, together.body.quarantined, together.body.repeat], [1, 1, 1]);

  const found = await ask<{ personId: string }>(hub, "GET", "/v1/people?kind=email&value=ana@example.com");
  const events = await ask<{ items: { id: string; data: { sku: string } }[] }>(
    hub,
    "GET",
    `/v1/people/${found.body.personId}/events`,
  );
  const kept = events.body.items.map(({ id, data }) => [id, data.sku]);
  assert.deepEqual(kept.sort(), [
    ["b2", "coffee"],
    ["b2-pair", "coffee"],
  ]);
  const { body } = await ask<{ items: { reason: string; eventId: string; bytes: string }[] }>(
    hub,
    "GET",
    "/v1/quarantine?reason=id_conflict",
  );
  assert.deepEqual(
    body.items.map(({ eventId, bytes }) => [eventId, JSON.parse(bytes).data.sku]),
    [
      ["b2", "tea"],
      ["b2-pair", "tea"],
    ],
  );
  await assertSound(hub);
});

test("an id belongs to its source: another source may use it for another event", async () => {
  const made = await ask<{ secret: string }>(hub, "POST", "/v1/keys", {
    source: "till",
    kind: "secret",
    label: "Till",
  });
  assert.equal((await send(hub, [view("b2-shared", "coffee")])).body.applied, 1);
  const other = await send(hub, [view("b2-shared", "tea")], { key: made.body.secret });
  assert.equal(other.body.applied, 1);
  const { sources } = await assertSound(hub);
  assert.deepEqual(sources.map(({ source }) => source).sort(), ["local", "till"]);
});

test("the same bad events sent at once, in any order, are put aside once", async () => {
  const bad = Array.from({ length: 50 }, (_, i) => ({ id: `bad-${i}`, type: "Not A Type", time }));
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, i) => send(hub, i % 2 === 0 ? bad : bad.toReversed())),
  );
  assert.ok(answers.every(({ status, body }) => status === 200 && body.accepted === 50));
  assert.equal(
    answers.reduce((sum, { body }) => sum + body.quarantined, 0),
    50,
  );
  await assertSound(hub);
});
