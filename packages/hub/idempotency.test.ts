import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { systemClock } from "@trato/base";
import { type Answer, ask, send } from "./testing/ask.ts";
import { testDatabase } from "./testing/database.ts";
import { type TestHub, testHub } from "./testing/hub.ts";
import { assertSound } from "./testing/sound.ts";

const database = await testDatabase();
const home = await mkdtemp(join(tmpdir(), "trato-hub-"));
let hub = await testHub({ database, home });
after(async () => {
  await hub.stop();
  await database.stop();
  await rm(home, { recursive: true });
});

const time = new Date(systemClock.nowMs() - 60_000).toISOString();
type Problem = { code: string };

/** Two people seen together, and the id of the merge that made them one. */
async function mergeOf(name: string): Promise<string> {
  const view = (id: string, identities: object) => ({
    id,
    type: "item.viewed",
    time,
    identities,
    data: { sku: "x" },
  });
  const email = `${name}@example.com`;
  await send(hub, [view(`${name}-1`, { email }), view(`${name}-2`, { device: name })]);
  await send(hub, [view(`${name}-3`, { email, device: name })]);
  const { body } = await ask<{ merges: { mergeId: string }[] }>(
    hub,
    "GET",
    `/v1/people?kind=email&value=${email}`,
  );
  return body.merges[0]!.mergeId;
}

/** An event that was put aside for want of a time. */
async function quarantined(id: string): Promise<string> {
  await send(hub, [{ id, type: "item.viewed", data: { sku: "x" } }]);
  const { body } = await ask<{ items: { eventId: string; quarantineId: string }[] }>(
    hub,
    "GET",
    "/v1/quarantine?reason=time_missing",
  );
  return body.items.find(({ eventId }) => eventId === id)!.quarantineId;
}

const use = (key: string, path: string, body?: unknown) =>
  ask<Problem>(hub, "POST", path, body, { headers: { "idempotency-key": key } });

/** Of fifty at once one acted; whoever was answered heard the same, the others that it was still running. */
async function fiftyAtOnce(key: string, path: string, body?: unknown): Promise<Answer<Problem>> {
  const answers = await Promise.all(Array.from({ length: 50 }, () => use(key, path, body)));
  const done = answers.filter(({ status }) => status < 300);
  for (const one of answers.filter(({ status }) => status >= 300)) {
    assert.deepEqual([one.status, one.body.code], [409, "idempotency_running"]);
  }
  assert.equal(done.filter(({ headers }) => headers.get("idempotency-replayed") === null).length, 1);
  assert.equal(new Set(done.map(({ text }) => text)).size, 1);
  const again = await use(key, path, body);
  assert.deepEqual([again.status, again.text], [done[0]!.status, done[0]!.text]);
  assert.equal(again.headers.get("idempotency-replayed"), "true");
  return again;
}

test("a merge undone by fifty requests with one key is undone once, and all who are answered hear the same", async () => {
  const mergeId = await mergeOf("undo");
  const answer = await fiftyAtOnce("undo-1", `/v1/people/merges/${mergeId}/undo`);
  const { kept, split } = answer.body as unknown as { kept: string; split: string };
  assert.notEqual(kept, split);
  const other = await use("undo-2", `/v1/people/merges/${mergeId}/undo`);
  assert.equal(other.body.code, "merge_already_undone", "another key is another request");
  await assertSound(hub);
});

test("a repair sent fifty times with one key keeps one event; the same key with another event is refused", async () => {
  const path = `/v1/quarantine/${await quarantined("late")}/repair`;
  const repaired = { event: { id: "late", type: "item.viewed", time, data: { sku: "x" } } };
  await fiftyAtOnce("repair-1", path, repaired);
  const other = await use("repair-1", path, { event: { ...repaired.event, data: { sku: "y" } } });
  assert.deepEqual([other.status, other.body.code], [422, "idempotency_mismatch"]);
  await assertSound(hub);
});

test("a refused command leaves nothing behind its key: the same key may try again, with what is right", async () => {
  const path = `/v1/quarantine/${await quarantined("wrong-first")}/repair`;
  const wrong = await use("repair-2", path, { event: { id: "wrong-first", type: "Nothing", time } });
  assert.deepEqual([wrong.status, wrong.body.code], [422, "repair_invalid"]);
  const right = await use("repair-2", path, {
    event: { id: "wrong-first", type: "item.viewed", time, data: { sku: "x" } },
  });
  assert.deepEqual(right.body, { fate: "applied" });
  await assertSound(hub);
});

test("a key belongs to who uses it and to the endpoint: others may use the same words", async () => {
  const made = await ask<{ secret: string }>(hub, "POST", "/v1/keys", {
    source: "desk",
    kind: "secret",
    label: "Desk",
  });
  const path = `/v1/quarantine/${await quarantined("shared-key")}/drop`;
  assert.equal((await use("shared", path)).status, 200);
  const elsewhere = await use("shared", `/v1/people/merges/${await mergeOf("shared")}/undo`);
  assert.equal(elsewhere.status, 200);
  const else_ = await ask<Problem>(hub, "POST", path, undefined, {
    key: made.body.secret,
    headers: { "idempotency-key": "shared" },
  });
  assert.equal(else_.body.code, "quarantine_settled", "the desk's own request, not the answer to another's");
});

test("an Idempotency-Key without a character, or longer than 255, is refused before anything happens", async () => {
  const path = `/v1/quarantine/${await quarantined("bad-keys")}/drop`;
  for (const key of ["", '""', "x".repeat(256)]) {
    const { status, body } = await use(key, path);
    assert.deepEqual([status, body.code], [400, "request_invalid"], JSON.stringify(key));
  }
  assert.equal((await use("x".repeat(255), path)).status, 200);
});

test("what a key was answered is still answered after the hub was started again", async () => {
  const mergeId = await mergeOf("restart");
  const path = `/v1/people/merges/${mergeId}/undo`;
  const first = await use("restart-1", path);
  assert.equal(first.status, 200);
  const before: TestHub = hub;
  await before.stop();
  hub = await testHub({ database, home });
  assert.equal(hub.key, before.key);
  const again = await use("restart-1", path);
  assert.deepEqual([again.status, again.text], [200, first.text]);
  const other = await use("restart-1", path, { why: "another body" });
  assert.equal(other.status, 200, "an endpoint without a body looks at none");
  await assertSound(hub);
});
