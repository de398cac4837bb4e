import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { TestContext } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { freePort } from "../platform/postgres/port.ts";
import { readPostmaster, signalTo, workersOn } from "../platform/postgres/processes.ts";
import { atEnd, until } from "../platform/postgres/testing/start.ts";
import type { HubAt } from "./ask.ts";

export type SpawnedHub = HubAt & {
  readonly home: string;
  readonly pid: number;
  readonly databaseUrl: string;
  /** The postmaster of this hub's home at this moment. */
  postgresPid(): number | undefined;
  /** What it has logged so far. */
  log(): string;
  /** kill -9, and waits until the process is gone. Its PostgreSQL is left as it is. */
  kill(): Promise<void>;
  /** Asks it to stop, and waits until it has. */
  stop(): Promise<void>;
};

/** A home for hubs that are killed: at the test's end nothing of it runs or exists. */
export async function homeFor(t: TestContext, parent: string = tmpdir()): Promise<string> {
  const home = await mkdtemp(join(parent, "trato-hub-"));
  atEnd(t, async () => {
    await endPostgresOf(home);
    await rm(home, { recursive: true, force: true });
  });
  return home;
}

async function endPostgresOf(home: string): Promise<void> {
  const data = join(home, "postgres");
  for (const pid of workersOn(data)) signalTo(pid, "SIGKILL");
  await until(() => workersOn(data).length === 0);
}

/**
 * Starts a hub as a process of its own, ended with the test, and waits until it answers. Start it again with the same `home` and the port
 * of its `url`, as a supervisor would. Ports are chosen below those of outgoing connections, so that none takes it.
 */
export async function spawnHub(
  t: TestContext,
  options: {
    readonly home: string;
    readonly port?: number;
    readonly databaseUrl?: string;
    readonly logLevel?: string;
    /** Further settings, as the environment has them. */
    readonly env?: Readonly<Record<string, string>>;
  },
): Promise<SpawnedHub> {
  const { home } = options;
  const child = launch(home, {
    TRATO_PORT: String(options.port ?? (await freePort([]))),
    TRATO_LOG: options.logLevel ?? "warn",
    DATABASE_URL: options.databaseUrl ?? "",
    ...options.env,
  });
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill(signal);
    await gone;
  };
  atEnd(t, () => end("SIGTERM"));
  const said = keepWhatItSays(child);
  const answer = await firstLine(child, said);
  return {
    ...(JSON.parse(answer) as { url: string; key: string; databaseUrl: string }),
    home,
    pid: child.pid!,
    postgresPid: () => readPostmaster(join(home, "postgres"))?.pid,
    log: said,
    kill: () => end("SIGKILL"),
    stop: () => end("SIGTERM"),
  };
}

function launch(home: string, env: Readonly<Record<string, string>>) {
  return spawn(process.execPath, [new URL("hub-process.ts", import.meta.url).pathname], {
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...process.env, TRATO_HOME: home, ...env },
  });
}

/** Starts a hub and kills it after so many milliseconds, however far it has come. */
export async function startAndKill(home: string, afterMs: number): Promise<void> {
  const child = launch(home, { TRATO_PORT: "0", TRATO_LOG: "silent", DATABASE_URL: "" });
  const gone = once(child, "exit");
  await delay(afterMs);
  child.kill("SIGKILL");
  await gone;
}

const logCharsMax = 4_000_000;

function keepWhatItSays(child: ChildProcess): () => string {
  let said = "";
  child.stderr!.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-logCharsMax);
  });
  return () => said;
}

async function firstLine(child: ChildProcess, said: () => string): Promise<string> {
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  const { value, done } = (await lines.next()) as IteratorResult<string, undefined>;
  if (done === true || value === undefined) throw new Error(`The hub did not start: ${said().slice(-2_000)}`);
  return value;
}

export const portOf = (at: HubAt): number => Number(new URL(at.url).port);
