import { Logger, type Runner, run, type TaskList } from "graphile-worker";
import pg from "pg";
import type { Log } from "./log.ts";

/** Work that outlives a request, or comes back by the clock. Kept in the database, done once by whichever hub is free. */
export type Job = {
  readonly name: string;
  /** When it comes by itself, in crontab words ("0 * * * *"); without it, only when asked for. */
  readonly schedule?: string;
  readonly work: (payload: unknown) => Promise<void>;
};

export type Jobs = {
  /** Asks for a job. Two asks with the same `jobKey` are one while the first waits. */
  add(name: string, payload: object, jobKey?: string): Promise<void>;
  stop(): Promise<void>;
};

/** Starts the job runner (graphile-worker): two jobs at once, five tries each with growing pauses. */
export async function startJobs(options: {
  readonly url: string;
  readonly log: Log;
  readonly jobs: readonly Job[];
}): Promise<Jobs> {
  const taskList: TaskList = Object.fromEntries(
    options.jobs.map((job) => [job.name, (payload: unknown) => job.work(payload)]),
  );
  const scheduled = options.jobs.filter((job) => job.schedule !== undefined);
  // A pool of our own: when the database goes away, the library's would end the process.
  const pool = new pg.Pool({ connectionString: options.url, max: 4, application_name: "trato/jobs" });
  const heard = (cause: Error) =>
    options.log.warn({ from: "jobs", cause: cause.message }, "a database connection broke");
  pool.on("error", heard);
  pool.on("connect", (client) => client.on("error", heard));
  const runner: Runner = await run({
    pgPool: pool,
    concurrency: 2,
    noHandleSignals: true,
    pollInterval: 2_000,
    taskList,
    crontab: scheduled.map((job) => `${job.schedule} ${job.name} ?max=5`).join("\n"),
    logger: loggerOf(options.log),
  });
  runner.promise.catch((cause: unknown) =>
    options.log.warn({ cause: String(cause) }, "the job runner stopped"),
  );
  return {
    add: async (name, payload, jobKey) => {
      await runner.addJob(name, payload, { maxAttempts: 5, ...(jobKey === undefined ? {} : { jobKey }) });
    },
    stop: async () => {
      await runner.stop().catch(() => undefined);
      await pool.end();
    },
  };
}

function loggerOf(log: Log): Logger {
  return new Logger(() => (level, message) => {
    if (level === "error") log.error({ from: "jobs" }, message);
    else if (level === "warning") log.warn({ from: "jobs" }, message);
    else log.debug({ from: "jobs" }, message);
  });
}
