import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { BenchHub } from "./hub.ts";
import { drive, quantile, requestBytes } from "./load.ts";

export type Floor = { readonly perSecond: number; readonly p50Ms: number; readonly p99Ms: number };

/** What a bare server does on the same database: at full load, and its latencies at half of it. */
export async function measureFloor(
  hub: BenchHub,
  bare: { readonly entry: string; readonly path: string; readonly connections: number },
): Promise<Floor> {
  const entry = new URL(`./${bare.entry}`, import.meta.url).pathname;
  const child = spawn(process.execPath, [entry, hub.databaseUrl], { stdio: ["pipe", "pipe", "inherit"] });
  const port = Number(await firstLine(child));
  const next = () => requestBytes("POST", bare.path, "none", "{}");
  const run = (perSecond?: number) => {
    const rate = perSecond === undefined ? {} : { perSecond };
    return drive({ port, connections: bare.connections, next, secondsMax: 6, ...rate });
  };
  await run();
  const full = await run();
  const half = await run(Math.floor(full.done / full.seconds / 2));
  child.stdin?.end();
  await once(child, "exit");
  const { latenciesMs } = half;
  return {
    perSecond: full.done / full.seconds,
    p50Ms: quantile(latenciesMs, 0.5),
    p99Ms: quantile(latenciesMs, 0.99),
  };
}

async function firstLine(child: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: child.stdout! })) return line;
  throw new Error("the server ended before it was ready");
}
