import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { chance, pickInt, systemClock } from "@trato/base";
import { isAlive, readPostmaster, workersOn, worksOn } from "../platform/postgres/processes.ts";
import { until } from "../platform/postgres/testing/start.ts";
import { send } from "../testing/ask.ts";
import { assertSound } from "../testing/sound.ts";
import { homeFor, portOf, spawnHub, startAndKill } from "../testing/spawn-hub.ts";

const time = new Date(systemClock.nowMs() - 60_000).toISOString();
const view = (id: string) => ({
  id,
  type: "item.viewed",
  time,
  identities: { user: "u" },
  data: { sku: "x" },
});

test("a hub that was killed is started again on the same home: what it acknowledged is there, one postmaster runs", async (t) => {
  const home = await homeFor(t);
  const data = join(home, "postgres");
  const first = await spawnHub(t, { home });
  assert.equal((await send(first, [view("first")])).body.applied, 1);
  const left = first.postgresPid()!;
  await first.kill();
  assert.ok(isAlive(left), "PostgreSQL outlives the hub");

  const second = await spawnHub(t, { home, port: portOf(first) });
  assert.deepEqual([second.url, second.key], [first.url, first.key]);
  assert.ok(!isAlive(left) || left === second.postgresPid(), "no second postmaster on the data");
  assert.equal((await send(second, [view("first"), view("second")])).body.repeat, 1);
  process.kill(second.postgresPid()!, "SIGKILL");
  await second.kill();

  const third = await spawnHub(t, { home, port: portOf(first) });
  assert.equal((await send(third, [view("second"), view("third")])).body.repeat, 1);
  assert.equal(third.postgresPid(), readPostmaster(data)?.pid);
  assert.ok(workersOn(data).every((pid) => worksOn(pid, data)));
  const { inLog } = await assertSound(third);
  assert.equal(inLog, 3);
  await third.stop();
  await until(() => workersOn(data).length === 0);
});

test("a hub killed at any point of its start, even of its first, does not keep the next one from starting", async (t) => {
  const home = await homeFor(t);
  const seed = systemClock.nowMs() % 100_000;
  const draw = chance(seed);
  for (let round = 0; round < 3; round++) await startAndKill(home, 300 + pickInt(draw, 3_000));
  const hub = await spawnHub(t, { home }).catch((cause: unknown) => assert.fail(`seed ${seed}: ${cause}`));
  assert.equal((await send(hub, [view("after")])).body.applied, 1, `seed ${seed}`);
  await assertSound(hub);
});
