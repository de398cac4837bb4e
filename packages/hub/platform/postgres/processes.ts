import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { plainEnvironment } from "./account.ts";

const linux = process.platform === "linux";
const lookMs = 25;

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** The fields of /proc/<pid>/stat after the name (which may hold spaces): [state, parent, …]; [] when there is none. */
function statFields(pid: number): string[] {
  const text = read(`/proc/${pid}/stat`);
  return text === "" ? [] : text.slice(text.lastIndexOf(")") + 2).split(" ");
}

/** True while the process runs. One that has ended and only waits to be collected (a zombie) counts as ended. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  return !linux || !["Z", "X"].includes(statFields(pid)[0] ?? "");
}

/** Asks ps for one column of a process; "" when there is no such process. */
function psOf(pid: number, column: string): string {
  const asked = spawnSync("ps", ["-p", String(pid), "-o", `${column}=`], {
    encoding: "utf8",
    env: plainEnvironment,
  });
  return asked.stdout?.trim() ?? "";
}

/** Tells a process from a later one that was given the same pid: boot and start time. */
export function bornAt(pid: number): string {
  if (!linux) return psOf(pid, "lstart");
  return `${read("/proc/sys/kernel/random/boot_id").trim()}/${statFields(pid)[19] ?? ""}`;
}

/**
 * True when `pid` is a PostgreSQL process of this data directory. On Linux it is known by its working directory,
 * which every PostgreSQL process keeps in its data directory; elsewhere by the command that started it.
 */
export function worksOn(pid: number, dataDir: string): boolean {
  if (!linux) {
    const command = psOf(pid, "command");
    return command.includes("postgres") && command.includes(dataDir);
  }
  try {
    const here = readlinkSync(`/proc/${pid}/cwd`) === realpathSync(dataDir);
    return here && read(`/proc/${pid}/comm`).startsWith("postgres");
  } catch {
    return false;
  }
}

/** Every PostgreSQL process of this data directory. Linux only; elsewhere []. Cost: one look at each process. */
export function workersOn(dataDir: string): number[] {
  if (!linux) return [];
  const pids = readdirSync("/proc").map(Number).filter(Number.isInteger);
  return pids.filter((pid) => worksOn(pid, dataDir));
}

/** What a postmaster says of itself in its postmaster.pid, with the text as found. */
export type Said = { readonly pid: number; readonly ready: boolean; readonly text: string };

/** Reads postmaster.pid, which a killed postmaster leaves behind; undefined when there is none. */
export function readPostmaster(dataDir: string): Said | undefined {
  const text = read(join(dataDir, "postmaster.pid"));
  const lines = text.split("\n");
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  return { pid, ready: lines[7]?.trim() === "ready", text };
}

/** A process that we watch: `gone` resolves with how it ended. */
export type Run = {
  readonly pid: number;
  readonly gone: Promise<string>;
  kill(signal: NodeJS.Signals): void;
};

/** Watches a process that is not our child, by asking again and again. */
export function runOf(pid: number): Run {
  const gone = async (): Promise<string> => {
    while (isAlive(pid)) await delay(lookMs);
    return "ended";
  };
  return { pid, gone: gone(), kill: (signal) => void signalTo(pid, signal) };
}

/** Signals a process; false when it is already gone. */
export function signalTo(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ESRCH") return false;
    throw cause;
  }
}

/** Waits for `gone`, at most `ms`; says whether it came. */
export async function within(gone: Promise<unknown>, ms: number): Promise<boolean> {
  const timer = new AbortController();
  const late = delay(ms, false, { signal: timer.signal }).catch(() => false);
  const came = await Promise.race([gone.then(() => true), late]);
  timer.abort();
  return came;
}
