import assert from "node:assert/strict";
import test from "node:test";
import type { Run } from "./processes.ts";
import { restartWaitMs, supervise } from "./supervise.ts";
import { type Logged, until } from "./testing/start.ts";

/** A process that ends when told to, or at the first signal. */
function fakeRun(pid: number): Run & { die(): void } {
  const { promise, resolve } = Promise.withResolvers<string>();
  return { pid, gone: promise, kill: (signal) => resolve(signal), die: () => resolve("SIGKILL") };
}

function watcher(
  bringUp: (signal: AbortSignal) => Promise<Run>,
  more: { triesMax?: number; calmMs?: number } = {},
) {
  const first = fakeRun(1);
  const logged: Logged[] = [];
  const log = (level: string, message: string) => void logged.push({ level, message });
  const supervisor = supervise(first, { bringUp, log, waitMs: () => 1, ...more });
  return { first, logged, supervisor };
}

test("a process that keeps dying is given up after the last try, and that is said once", async () => {
  let tries = 0;
  const { first, logged, supervisor } = watcher(
    async () => {
      tries++;
      const run = fakeRun(tries + 1);
      setTimeout(run.die, 1);
      return run;
    },
    { triesMax: 5 },
  );
  first.die();
  await until(() => supervisor.state() === "stopped");
  assert.equal(tries, 5);
  assert.equal(logged.filter(({ message }) => message.includes("giving up")).length, 1);
  assert.equal(supervisor.pid(), undefined);
  await supervisor.stop();
});

test("failures to start count as well, and a calm stretch forgets them", async () => {
  let tries = 0;
  let latest = fakeRun(0);
  const { first, supervisor } = watcher(
    async () => {
      tries++;
      if (tries % 2 === 1) throw new Error("not yet");
      latest = fakeRun(tries);
      return latest;
    },
    { triesMax: 2, calmMs: 0 },
  );
  first.die();
  for (let death = 1; death <= 4; death++) {
    await until(() => supervisor.state() === "up" && supervisor.pid() === 2 * death);
    latest.die();
  }
  await until(() => supervisor.pid() === 10);
  await supervisor.stop();
  assert.equal(supervisor.state(), "stopped");
});

test("stopping in the middle of a restart leaves nothing running", async () => {
  const late = fakeRun(2);
  let started: (run: Run) => void = () => undefined;
  const { first, supervisor } = watcher(() => new Promise((resolve) => (started = resolve)));
  first.die();
  await until(() => supervisor.state() === "restarting");
  await new Promise((resolve) => setTimeout(resolve, 5));
  const stopped = supervisor.stop();
  started(late);
  await stopped;
  assert.equal(await late.gone, "SIGINT");
  assert.equal(supervisor.state(), "stopped");
});

test("the first restart is at once, later ones wait longer, never beyond the longest", () => {
  assert.deepEqual([0, 1, 2, 3, 7, 8, 29].map(restartWaitMs), [0, 100, 200, 400, 6_400, 10_000, 10_000]);
});
