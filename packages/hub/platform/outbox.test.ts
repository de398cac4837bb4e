import assert from "node:assert/strict";
import { after, test } from "node:test";
import { limits, type PersonId } from "@trato/base";
import { testDatabase } from "../testing/database.ts";
import { announce, type Change, eraseChangesOf, outboxChannel, pruneOutbox } from "./outbox.ts";
import { until } from "./postgres/testing/start.ts";

const { database, stop } = await testDatabase();
after(stop);

const ana = "0199c0de-0000-7000-8000-000000000001" as PersonId;
const change = (more: Partial<Change>): Change => ({
  topic: "cart.changed",
  key: "cart-1",
  place: null,
  personId: null,
  data: {},
  ...more,
});

const kept = async (): Promise<string[]> =>
  (
    await database.query<{ key: string }>({
      name: "",
      text: "select key from platform_outbox order by tx, position",
      values: [],
    })
  ).map(({ key }) => key);

test("changes are kept in the order given, with a place and a person or without", async () => {
  const changes = [
    change({ key: "a", personId: ana, data: { lines: [1, "ñ"] } }),
    change({ key: "b", place: "quito", topic: "stock.changed" }),
    change({ key: "c" }),
  ];
  await database.transaction((tx) => announce(tx, changes, 7));
  const rows = await database.query({
    name: "",
    text: `select topic, key, place, person_id as "personId", data, at_ms as "atMs" from platform_outbox order by tx, position`,
    values: [],
  });
  assert.deepEqual(
    rows,
    changes.map((one) => ({ ...one, atMs: "7" })),
  );
});

test("what was rolled back is never heard; what was committed wakes a listener in another session", async () => {
  let heard = 0;
  const unlisten = await database.listen(outboxChannel, () => heard++);
  const before = await kept();
  await assert.rejects(
    database.transaction(async (tx) => {
      await announce(tx, [change({ key: "undone" })], 7);
      throw new Error("the command failed");
    }),
  );
  assert.deepEqual(await kept(), before);
  const heardBefore = heard;
  await database.transaction((tx) => announce(tx, [change({ key: "done" }), change({ key: "done too" })], 7));
  await until(async () => heard > heardBefore);
  await unlisten();
});

test("a hundred commits at once wake listeners a few times, and the last one still does", async () => {
  let heard = 0;
  const unlisten = await database.listen(outboxChannel, () => heard++);
  const heardBefore = heard;
  await Promise.all(Array.from({ length: 100 }, (_, i) => announce(database, [change({ key: `n${i}` })], 7)));
  await until(async () => heard > heardBefore);
  assert.ok(heard - heardBefore < 100, `${heard - heardBefore} wake-ups`);
  await unlisten();
});

test("changes are forgotten after their time, and with the person they are about", async () => {
  await database.query({ name: "", text: "delete from platform_outbox", values: [] });
  const nowMs = 1_000 + limits.outboxKeptMs;
  await announce(database, [change({ key: "old" })], 999);
  await announce(database, [change({ key: "young" }), change({ key: "ana's", personId: ana })], 1_000);
  assert.equal(await pruneOutbox(database, nowMs), 1);
  assert.deepEqual(await kept(), ["young", "ana's"]);
  assert.equal(await eraseChangesOf(database, [ana]), 1);
  assert.deepEqual(await kept(), ["young"]);
});
