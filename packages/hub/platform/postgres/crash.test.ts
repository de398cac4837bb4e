import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { startPostgres } from "./index.ts";
import { isAlive, workersOn } from "./processes.ts";
import { ask, type Logged, startFor, startHub, until } from "./testing/start.ts";

// One home for all: each test finds what the one before left, as a hub does.
const home = await mkdtemp(join(tmpdir(), "trato-postgres-"));
after(() => rm(home, { recursive: true }));

/** Writes rows until told to stop, over failures; `acknowledged` holds the numbers whose commit was answered. */
function writeRows(url: string) {
  const pool = new pg.Pool({ connectionString: url, max: 6 });
  pool.on("error", () => undefined);
  const acknowledged: number[] = [];
  let next = 0;
  let going = true;
  const write = async (): Promise<void> => {
    while (going) {
      const number = next++;
      try {
        await pool.query("insert into written values ($1)", [number]);
        acknowledged.push(number);
      } catch {
        await delay(20);
      }
    }
  };
  const writers = Array.from({ length: 6 }, write);
  const stop = async () => {
    going = false;
    await Promise.all(writers);
    await pool.end();
  };
  return { acknowledged, stop };
}

test("a killed postmaster comes back at the same address, and no acknowledged row is lost", async (t) => {
  const logged: Logged[] = [];
  const postgres = await startFor(t, { home, logged });
  await ask(postgres.url, "create table written (number bigint primary key)");
  // Busy without ever waiting, so it does not notice by itself that the postmaster is gone.
  const busy = ask(postgres.url, "do $$ begin loop end loop; end $$").catch(() => "ended");
  const load = writeRows(postgres.url);

  for (let round = 1; round <= 3; round++) {
    const before = load.acknowledged.length;
    await until(() => load.acknowledged.length > before + 60);
    const killed = postgres.pid()!;
    process.kill(killed, "SIGKILL");
    await until(() => postgres.state() === "restarting");
    await until(() => postgres.state() === "up");
    assert.notEqual(postgres.pid(), killed);
  }
  const before = load.acknowledged.length;
  await until(() => load.acknowledged.length > before + 60);
  await load.stop();

  const rows = await ask<{ number: string }>(postgres.url, "select number from written");
  const kept = new Set(rows.map(({ number }) => Number(number)));
  assert.deepEqual(
    load.acknowledged.filter((number) => !kept.has(number)),
    [],
  );
  assert.equal(await busy, "ended");
  assert.equal(logged.filter(({ message }) => message.includes("up again")).length, 3);
});

test("when a hub is killed, the next one stops the PostgreSQL it left and starts with the data there", async (t) => {
  const hub = await startHub(t, home);
  await ask(hub.url, "create table kept as select 42 as answer");
  await assert.rejects(startPostgres({ home, log: () => undefined }), new RegExp(`pid ${hub.child.pid}\\b`));
  hub.child.kill("SIGKILL");
  await once(hub.child, "exit");
  assert.ok(isAlive(hub.postgresPid), "PostgreSQL outlives the hub");

  const next = await startFor(t, { home });
  assert.ok(!isAlive(hub.postgresPid), "the old postmaster is gone");
  assert.deepEqual(await ask(next.url, "select answer from kept"), [{ answer: 42 }]);
  assert.equal(next.url, hub.url);
  await next.stop();

  await t.test("also when both were killed and their pids belong to other programs now", async () => {
    const file = join(home, "postgres/postmaster.pid");
    const second = await startHub(t, home);
    const text = await readFile(file, "utf8");
    process.kill(second.postgresPid, "SIGKILL");
    second.child.kill("SIGKILL");
    await once(second.child, "exit");
    await until(() => workersOn(join(home, "postgres")).length === 0);
    const other = String(process.ppid);
    await writeFile(file, text.replace(/^\d+/, other));
    const lock = join(home, "hub.lock");
    await writeFile(lock, (await readFile(lock, "utf8")).replace(/"pid":\d+/, `"pid":${other}`));

    const third = await startFor(t, { home });
    assert.deepEqual(await ask(third.url, "select answer from kept"), [{ answer: 42 }]);
    assert.ok(isAlive(process.ppid), "the other program was left alone");
  });
});

test("Ctrl-C in the terminal reaches the hub, which can still use the database before it stops", async (t) => {
  const hub = await startHub(t, home, {
    program: `process.once("SIGINT", async () => {
      await new Promise((resolve) => setTimeout(resolve, 200));
      say(JSON.stringify(await ask(postgres.url, "select 'still here' as says")));
      await postgres.stop();
      say(postgres.state());
      process.exit();
    });`,
  });
  process.kill(-hub.child.pid!, "SIGINT");
  assert.equal(await hub.nextLine(), '[{"says":"still here"}]');
  assert.equal(await hub.nextLine(), "stopped");
  assert.ok(!isAlive(hub.postgresPid));
});

test("a hub that ends without stopping takes PostgreSQL with it", async (t) => {
  const hub = await startHub(t, home, {
    program: `setTimeout(() => process.exit(1), 50)`,
  });
  await once(hub.child, "exit");
  await until(() => !isAlive(hub.postgresPid));
});
