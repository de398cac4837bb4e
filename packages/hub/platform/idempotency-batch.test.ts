import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ok, refuse } from "@trato/contract";
import { testDatabase } from "../testing/database.ts";
import { onceOf } from "./idempotency.ts";
import { type Acted, type Asked, actOnce } from "./idempotency-batch.ts";

const { database, stop } = await testDatabase();
after(stop);
before(() => database.query({ name: "", text: "create table effects (what text)", values: [] }));

const asked = (what: string, key: string | undefined): Asked<string> => ({
  command: what,
  once:
    key === undefined
      ? undefined
      : onceOf({ keyId: "k", route: "POST /v1/things", key, request: { body: what } }),
});

/** Writes a row for each command; what begins with "no" is refused. */
function run(batch: readonly Asked<string>[]): Promise<readonly Acted<{ what: string }>[]> {
  return database.transaction((tx) =>
    actOnce(tx, batch, 201, async (commands) => {
      const done = commands.filter((what) => !what.startsWith("no"));
      await tx.query({
        name: "",
        text: "insert into effects select unnest($1::text[])",
        values: [done],
      });
      return commands.map((what) => (what.startsWith("no") ? refuse("item_unknown") : ok({ what })));
    }),
  );
}

async function effectsOf(what: string): Promise<number> {
  const rows = await database.query<{ n: string }>({
    name: "",
    text: "select count(*) as n from effects where what = $1",
    values: [what],
  });
  return Number(rows[0]!.n);
}

test("in one batch the same key acts once, another body under it is refused, and no key acts each time", async () => {
  const done = await run([
    asked("a", "1"),
    asked("a", "1"),
    asked("b", "1"),
    asked("c", undefined),
    asked("c", undefined),
  ]);
  assert.deepEqual(
    done.map((one) => (one.ok ? [one.value.what, one.replayed] : one.problem)),
    [["a", false], ["a", true], "idempotency_mismatch", ["c", false], ["c", false]],
  );
  assert.deepEqual([await effectsOf("a"), await effectsOf("b"), await effectsOf("c")], [1, 0, 2]);
});

test("a later batch hears what the first was answered; what was refused may try again", async () => {
  await run([asked("d", "2"), asked("no-e", "3")]);
  const again = await run([asked("d", "2"), asked("x", "2"), asked("e", "3")]);
  assert.deepEqual(
    again.map((one) => (one.ok ? [one.value.what, one.replayed] : one.problem)),
    [["d", true], "idempotency_mismatch", ["e", false]],
  );
  assert.equal(await effectsOf("d"), 1);
});

test("of fifty batches at once with one key one acts; the others hear the same, or that it still runs", async () => {
  const all = (await Promise.all(Array.from({ length: 50 }, () => run([asked("f", "4")])))).flat();
  assert.equal(all.filter((one) => one.ok && !one.replayed).length, 1);
  for (const one of all) assert.ok(one.ok || one.problem === "idempotency_running");
  assert.equal(await effectsOf("f"), 1);
});

test("when the transaction fails, neither the effect nor the answer is kept", async () => {
  const failing = database.transaction(async (tx) => {
    await actOnce(tx, [asked("g", "5")], 201, async () => [ok({ what: "g" })]);
    throw new Error("cut off");
  });
  await assert.rejects(failing, /cut off/);
  const [first] = await run([asked("g", "5")]);
  assert.equal(first!.ok && first!.replayed, false);
  assert.equal(await effectsOf("g"), 1);
});
