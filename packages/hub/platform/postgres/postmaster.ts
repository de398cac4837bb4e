import { spawn } from "node:child_process";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { limits } from "@trato/base";
import { type Account, nameFor, serverEnvironment } from "./account.ts";
import type { Places } from "./cluster.ts";
import { openLog, reasonsIn } from "./logfile.ts";
import {
  isAlive,
  type Run,
  readPostmaster,
  runOf,
  signalTo,
  within,
  workersOn,
  worksOn,
} from "./processes.ts";
import { end, type PostgresLog } from "./supervise.ts";

/** All that is needed to start the same postmaster again. */
export type Recipe = {
  readonly postgres: string;
  readonly arguments: readonly string[];
  readonly at: Places;
  readonly account: Account;
  readonly log: PostgresLog;
};

/** Another process listens on the port: another port may do. */
export class PortTaken extends Error {}

const lookMs = 20;
const againMs = 100;
const heldBefore = /"postmaster\.pid" already exists|shared memory block .* is still in use/;
const portHeld = /could not bind|could not create any TCP\/IP sockets/;

/**
 * Ends what an earlier hub or postmaster left running on the data: its postmaster by a fast shutdown, workers
 * without a postmaster at once (one busy with a long query would not notice by itself and would hold the shared
 * memory). Only the holder of the home's lock may call it, with no postmaster of its own.
 */
export async function endLeftovers(dataDir: string, log: PostgresLog): Promise<void> {
  const said = readPostmaster(dataDir);
  const alive = said !== undefined && isAlive(said.pid);
  const working = alive && worksOn(said.pid, dataDir);
  if (working) {
    log("info", "PostgreSQL of an earlier hub is still running; stopping it", { pid: said.pid });
    await end(runOf(said.pid), log);
  }
  for (const pid of workersOn(dataDir)) {
    const worker = runOf(pid);
    signalTo(pid, "SIGQUIT");
    if (!(await within(worker.gone, limits.postgresQuitMsMax))) signalTo(pid, "SIGKILL");
  }
  // The pid in the file was given to another program since (usual after a container restarts), and PostgreSQL
  // would not start for as long as that program runs.
  if (alive && !working) await rm(join(dataDir, "postmaster.pid"), { force: true });
  // So may the pid in the lock of the socket file.
  const names = await readdir(dataDir).catch(() => []);
  for (const name of names) if (name.startsWith(".s.PGSQL.")) await rm(join(dataDir, name), { force: true });
}

/** Starts a postmaster in a process group of its own: Ctrl-C in the terminal is for the hub to hear, not for it. */
async function launch(recipe: Recipe): Promise<{ run: Run; since(): string }> {
  const { at, account } = recipe;
  const log = await openLog(at.log);
  const child = spawn(recipe.postgres, ["-D", nameFor(at.data, account), ...recipe.arguments], {
    ...account,
    cwd: at.data,
    env: serverEnvironment,
    detached: true,
    stdio: ["ignore", log.fd, log.fd],
  });
  log.close();
  const gone = new Promise<string>((resolve) => {
    child.once("error", (cause) => resolve(cause.message));
    child.once("exit", (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  if (child.pid === undefined) throw new Error(`PostgreSQL could not be started: ${await gone}`);
  child.unref();
  return { run: { pid: child.pid, gone, kill: (signal) => void child.kill(signal) }, since: log.since };
}

/** Waits until `run` accepts connections: true; false when it ended first. Throws when stopped or too slow. */
async function becomesReady(
  run: Run,
  recipe: Recipe,
  stale: string | undefined,
  stop?: AbortSignal,
): Promise<boolean> {
  const lateAtMs = performance.now() + limits.postgresReadyMsMax;
  while (!(await within(run.gone, lookMs))) {
    const said = readPostmaster(recipe.at.data);
    // A new postmaster may have the pid of the old one, whose file says "ready" until it is written anew.
    if (said !== undefined && said.pid === run.pid && said.ready && said.text !== stale) return true;
    if (!stop?.aborted && performance.now() < lateAtMs) continue;
    await end(run, recipe.log);
    throw new Error(
      stop?.aborted ? "PostgreSQL was stopped while starting." : "PostgreSQL took too long to start.",
    );
  }
  return false;
}

/**
 * Starts a postmaster and waits until it accepts connections. What an earlier one left is ended first; while the
 * system still holds its lock file or shared memory it tries again, for at most `limits.postgresLeftoverMsMax`.
 * Throws PortTaken, or an error with PostgreSQL's own reasons.
 */
export async function bringUp(recipe: Recipe, stop?: AbortSignal): Promise<Run> {
  const lateAtMs = performance.now() + limits.postgresLeftoverMsMax;
  for (;;) {
    await endLeftovers(recipe.at.data, recipe.log);
    const stale = readPostmaster(recipe.at.data)?.text;
    const { run, since } = await launch(recipe);
    if (await becomesReady(run, recipe, stale, stop)) return run;
    const said = since();
    const reasons = `PostgreSQL did not start: ${reasonsIn(said) || (await run.gone)} (more in ${recipe.at.log})`;
    if (portHeld.test(said)) throw new PortTaken(reasons);
    if (!heldBefore.test(said) || performance.now() > lateAtMs || stop?.aborted) throw new Error(reasons);
    await delay(againMs);
  }
}
