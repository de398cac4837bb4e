import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { type TestDatabase, testDatabase } from "../testing/database.ts";
import { tryTrainingLock } from "./training-store.ts";

let at: TestDatabase;
before(async () => {
  at = await testDatabase();
});
after(() => at.stop());

test("whoever trains keeps the right to while the connection idles, and gives it back at the end", async () => {
  const { database } = at;
  await database.transaction(async (lock) => {
    const text = "set local idle_in_transaction_session_timeout = 50";
    await lock.query({ name: "", text, values: [] });
    assert.ok(await tryTrainingLock(lock));
    await setTimeout(300);
    assert.equal(await database.transaction(tryTrainingLock), false, "another hub trains at the same time");
    await lock.query({ name: "", text: "select 1", values: [] });
  });
  assert.ok(await database.transaction(tryTrainingLock));
});
