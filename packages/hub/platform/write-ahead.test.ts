import assert from "node:assert/strict";
import { after, test } from "node:test";
import { testDatabase } from "../testing/database.ts";
import { copyRows } from "./copy.ts";
import { isDatabaseAway, type Queries } from "./database.ts";

const { database, stop } = await testDatabase();
after(stop);

const sql = (text: string, values: readonly unknown[] = []) => ({ name: "", text, values });
await database.query(sql("create table kept (n bigint primary key)"));
const put = (n: number) => sql("insert into kept values ($1) returning n", [n]);
const kept = async (queries: Queries = database): Promise<number[]> =>
  (await queries.query<{ n: string }>(sql("select n from kept order by n"))).map(({ n }) => Number(n));

test("what was written ahead is seen by what is asked next, and is there after the commit", async () => {
  await database.transaction(async (tx) => {
    await tx.write(put(1));
    assert.deepEqual(await kept(tx), [1]);
    const [two, , both] = await Promise.all([tx.query(put(2)), tx.write(put(3)), kept(tx)]);
    assert.deepEqual([two, both], [[{ n: "2" }], [1, 2, 3]], "they travel together, in their order");
    const rows = copyRows(64);
    rows.row(1);
    rows.bigint(4);
    await tx.copyIn("copy kept from stdin (format binary)", rows);
    await tx.write(put(5));
  });
  assert.deepEqual(await kept(), [1, 2, 3, 4, 5]);
});

test("a transaction ends with what it wrote ahead and failed, not with what followed from it", async () => {
  const twice = database.transaction(async (tx) => {
    await tx.write(put(10));
    await tx.write(put(1));
    await kept(tx);
  });
  await assert.rejects(twice, /duplicate key/);
  const atTheEnd = database.transaction(async (tx) => {
    await tx.write(put(11));
    await tx.write(put(1), { meaning: () => new Error("one was there") });
  });
  await assert.rejects(atTheEnd, /one was there/);
  const silenced = database.transaction(async (tx) => {
    await tx.write(put(12));
    await tx.query(put(1)).catch(() => undefined);
  });
  await assert.rejects(silenced, /not taken for committed/);
  assert.deepEqual(await kept(), [1, 2, 3, 4, 5]);
});

test("nothing is committed of which a statement says that it must not be; when another was faster it begins again", async () => {
  let tries = 0;
  await database.transaction(async (tx) => {
    tries += 1;
    await tx.write(put(20));
    await tx.write(sql("select platform_begin_again_unless($1)", [tries > 1]));
  });
  assert.equal(tries, 2);
  const wrong = database.transaction(async (tx) => {
    await tx.write(put(21));
    await tx.write(sql("select platform_assert(count(*) = 1, 'one is kept') from kept"));
    await tx.write(put(22));
  });
  await assert.rejects(wrong, /It must hold that one is kept/);
  assert.deepEqual(await kept(), [1, 2, 3, 4, 5, 20]);
});

test("a statement that waits longer than it may, such as for a row that somebody holds, is the database's fault", async () => {
  const { promise: done, resolve: letGo } = Promise.withResolvers<void>();
  const { promise: held, resolve: isHeld } = Promise.withResolvers<void>();
  const holding = database.transaction(async (tx) => {
    await tx.query(sql("select n from kept where n = 1 for update"));
    isHeld();
    await done;
  });
  await held;
  const waiting = database.transaction(async (tx) => {
    await tx.write(sql("set local statement_timeout = 50"));
    await tx.write(sql("update kept set n = 99 where n = 1"));
  });
  await assert.rejects(waiting, isDatabaseAway);
  letGo();
  await holding;
  assert.deepEqual(await kept(), [1, 2, 3, 4, 5, 20]);
});

test("whoever waits for several statements at once hears what failed, not what was left out because of it", async () => {
  let tries = 0;
  await database.transaction(async (tx) => {
    tries += 1;
    // The one that fails is awaited through more promises than the one behind it.
    const fails = async () => {
      await tx.query(sql("select platform_begin_again_unless($1)", [tries > 1]));
    };
    await Promise.all([(async () => await fails())(), kept(tx)]);
  });
  assert.equal(tries, 2, "a transaction that lost to another one begins again");
  const late = database.transaction(async (tx) => {
    const fails = tx.query(put(1)).catch(() => undefined);
    await fails;
    await tx.write(put(30));
    await kept(tx);
  });
  await assert.rejects(late, /duplicate key/, "also in a journey after the one that failed");
  const behind = database.transaction(async (tx) => {
    await Promise.all([tx.query(put(1)), tx.write(put(31))]);
  });
  await assert.rejects(behind, /duplicate key/, "also when a write travelled behind it");
});
