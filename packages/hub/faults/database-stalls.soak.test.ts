import assert from "node:assert/strict";
import { after, test } from "node:test";
import { systemClock } from "@trato/base";
import { ask, send } from "../testing/ask.ts";
import { assertProblem } from "../testing/endpoints.ts";
import { testHub } from "../testing/hub.ts";
import { assertSound } from "../testing/sound.ts";

const hub = await testHub();
after(() => hub.stop());

const time = new Date(systemClock.nowMs() - 60_000).toISOString();
/** From a device of her own each: what tells of a new identity does not wait in the log, her profile is written with it. */
const view = (id: string) => {
  const identities = { email: "ana@example.com", device: id };
  return { id, type: "item.viewed", time, identities, data: { sku: "x" } };
};

test("when rows are held for longer than a statement may take, senders are put off and nothing is put aside", async () => {
  assert.equal((await send(hub, [view("before")])).body.applied, 1);
  const { promise: held, resolve: isHeld } = Promise.withResolvers<void>();
  const { promise: done, resolve: letGo } = Promise.withResolvers<void>();
  const holding = hub.database.transaction(async (tx) => {
    const say = (text: string) => tx.query({ name: "", text, values: [] });
    await say("set local idle_in_transaction_session_timeout = 0");
    await say("select 1 from people_person for update");
    isHeld();
    await done;
  });
  await held;
  const answer = await send(hub, [view("one"), view("two")]).finally(letGo);
  assert.equal(assertProblem(answer, "stalled"), "database_away");
  await holding;
  assert.equal((await send(hub, [view("one"), view("two")])).body.applied, 2);
  const { body } = await ask<{ items: unknown[] }>(hub, "GET", "/v1/quarantine");
  assert.deepEqual(body.items, []);
  await assertSound(hub);
});
