import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import pg from "pg";

export type BenchHub = {
  readonly url: string;
  readonly port: number;
  readonly key: string;
  /** Resident memory of the hub's process, without PostgreSQL. */
  residentBytes(): number;
  /** Processor time used so far, in microseconds: by the hub, and by PostgreSQL with all its processes. */
  cpuUs(): { readonly hub: number; readonly postgres: number };
  call<T>(method: string, path: string, body?: unknown): Promise<T>;
  /**
   * Resolves when the hub has nothing left to do by itself, such as looking through all profiles after a training, and
   * the database has had a checkpoint: files of its log are used again from then on, as in a shop that has run a while.
   */
  quiet(): Promise<void>;
  readonly home: string;
  readonly databaseUrl: string;
  stop(): Promise<void>;
};

type Ready = { url: string; key: string; databaseUrl: string; postgresPid: number };

const statOf = (pid: number): string[] =>
  readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ");

/** User and system time; the kernel counts in hundredths of a second. */
function cpuUsOf(pid: number): number {
  const stat = statOf(pid);
  return (Number(stat[11]) + Number(stat[12])) * 10_000;
}

/** The same of children that ended and were waited for: connections come and go. */
function cpuUsOfEnded(pid: number): number {
  const stat = statOf(pid);
  return (Number(stat[13]) + Number(stat[14])) * 10_000;
}

/** The same of a process that may have ended since it was listed. */
function cpuUsOfChild(pid: number): number {
  try {
    return cpuUsOf(pid);
  } catch {
    return 0;
  }
}

function childrenOf(parent: number): number[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => {
    try {
      return Number(statOf(pid)[1]) === parent;
    } catch {
      return false;
    }
  });
}

/** As the commands of the CLI start it. */
const engine = ["--max-semi-space-size=16", "--no-allocation-site-pretenuring", "--heap-growing-percent=150"];

/** A hub in a process of its own with an embedded PostgreSQL, as a pilot runs it. */
export async function startBenchHub(): Promise<BenchHub> {
  const home = await mkdtemp(join(tmpdir(), "trato-bench-"));
  const entry = new URL("./hub-process.ts", import.meta.url).pathname;
  const child = spawn(process.execPath, [...engine, entry], {
    env: { ...process.env, TRATO_HOME: home, TRATO_PORT: "0", TRATO_LOG: "error" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ready = await firstLine(child);
  const { url, key, databaseUrl, postgresPid } = JSON.parse(ready) as Ready;
  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${key}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path} → ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  };
  const cpuUs = () => ({
    hub: cpuUsOf(child.pid!),
    postgres: [postgresPid, ...childrenOf(postgresPid)].reduce(
      (sum, pid) => sum + cpuUsOfChild(pid),
      cpuUsOfEnded(postgresPid),
    ),
  });
  return {
    url,
    key,
    databaseUrl,
    home,
    port: Number(new URL(url).port),
    residentBytes: () =>
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1]) * 1_024,
    call,
    cpuUs,
    quiet: async () => {
      await becomeQuiet(() => cpuUs().hub);
      await checkpoint(databaseUrl);
    },
    stop: async () => {
      child.stdin?.end();
      if (child.exitCode === null) await once(child, "exit");
      await rm(home, { recursive: true, force: true });
    },
  };
}

async function checkpoint(url: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  await client.query("checkpoint");
  await client.end();
}

const quietMsMax = 10 * 60_000;

/** Waits for three seconds in a row in which the hub used less than 8 % of a processor. */
async function becomeQuiet(usedUs: () => number): Promise<void> {
  const deadlineMs = performance.now() + quietMsMax;
  for (let calm = 0; calm < 3; ) {
    if (performance.now() > deadlineMs) throw new Error("the hub does not come to rest");
    const beforeUs = usedUs();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    calm = usedUs() - beforeUs < 80_000 ? calm + 1 : 0;
  }
}

async function firstLine(child: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: child.stdout! })) return line;
  throw new Error("the hub ended before it was ready");
}
