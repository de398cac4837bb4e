import { setTimeout as delay } from "node:timers/promises";
import { limits } from "@trato/base";
import { type Run, within } from "./processes.ts";

export type PostgresLog = (level: "info" | "warn" | "error", message: string, more?: object) => void;

export type Supervisor = {
  pid(): number | undefined;
  state(): "up" | "restarting" | "stopped";
  stop(): Promise<void>;
};

/** The wait before try number `failures` (from 0): none at first, then doubling from 0.1 s to the longest. */
export function restartWaitMs(failures: number): number {
  return failures === 0 ? 0 : Math.min(limits.postgresRestartWaitMsMax, 50 * 2 ** failures);
}

/** Ends a postmaster: fast shutdown first, then without a last checkpoint, then by force. Throws when all fail. */
export async function end(run: Run, log: PostgresLog): Promise<void> {
  const steps = [
    ["SIGINT", limits.postgresStopMsMax],
    ["SIGQUIT", limits.postgresQuitMsMax],
    ["SIGKILL", limits.postgresQuitMsMax],
  ] as const;
  for (const [signal, waitMs] of steps) {
    run.kill(signal);
    if (await within(run.gone, waitMs)) return;
    log("warn", "PostgreSQL did not end in time", { pid: run.pid, signal, waitMs });
  }
  throw new Error(`PostgreSQL (pid ${run.pid}) could not be stopped.`);
}

/**
 * Keeps a postmaster running: whenever it ends unasked, `bringUp` starts another, at most `triesMax` times without
 * a calm stretch of `calmMs` in between; then it gives up, says so in the log and the state is "stopped".
 * `bringUp` must end what it started and throw when its signal aborts.
 */
export function supervise(
  first: Run,
  options: {
    readonly bringUp: (signal: AbortSignal) => Promise<Run>;
    readonly log: PostgresLog;
    readonly triesMax?: number;
    readonly calmMs?: number;
    readonly waitMs?: (failures: number) => number;
  },
): Supervisor {
  const { bringUp, log, triesMax = limits.postgresRestartTriesMax, waitMs = restartWaitMs } = options;
  const calmMs = options.calmMs ?? limits.postgresCalmMs;
  const stopping = new AbortController();
  let current: Run | undefined = first;
  let failures = 0;
  let stopped: Promise<void> | undefined;

  const bringBack = async (): Promise<Run | undefined> => {
    while (failures < triesMax && !stopping.signal.aborted) {
      try {
        await delay(waitMs(failures++), undefined, { signal: stopping.signal });
        return await bringUp(stopping.signal);
      } catch (cause) {
        if (!stopping.signal.aborted)
          log("error", "PostgreSQL could not be restarted", { cause: String(cause), failures });
      }
    }
    if (!stopping.signal.aborted)
      log("error", `PostgreSQL ended ${failures} times in a row; giving up. Restart the hub.`);
    return undefined;
  };

  const watch = async (): Promise<void> => {
    for (let run: Run | undefined = first; run !== undefined; ) {
      const upAtMs = performance.now();
      const how = await run.gone;
      current = undefined;
      if (stopping.signal.aborted) break;
      if (performance.now() - upAtMs >= calmMs) failures = 0;
      log("warn", "PostgreSQL ended unexpectedly and is being restarted", { how });
      run = await bringBack();
      if (run !== undefined && stopping.signal.aborted) await end(run, log);
      else current = run;
      if (current !== undefined) log("info", "PostgreSQL is up again", { pid: current.pid });
    }
    stopping.abort();
  };
  const watched = watch();

  return {
    pid: () => current?.pid,
    state: () => (current !== undefined ? "up" : stopping.signal.aborted ? "stopped" : "restarting"),
    stop: () => {
      stopped ??= (async () => {
        stopping.abort();
        if (current !== undefined) await end(current, log);
        await watched;
      })();
      return stopped;
    },
  };
}
