import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Clock, limits, systemClock } from "@trato/base";
import type { Refusal } from "@trato/contract";
import type { FastifyInstance } from "fastify";
import { createJobs } from "./jobs.ts";
import {
  type Config,
  countOn,
  createKey,
  createKeyRing,
  createLog,
  createMetrics,
  createServer,
  type Database,
  diskFreeBytes,
  type EmbeddedPostgres,
  type Log,
  migrate,
  openDatabase,
  type Queries,
  serveReference,
  startJobs,
  startPostgres,
  watchDisk,
} from "./platform/index.ts";
import { openRooms, type Rooms } from "./rooms.ts";
import { hubRoutes } from "./routes.ts";

export { type Config, ConfigError, readConfig } from "./platform/index.ts";
export { folder } from "./rooms.ts";

export type Hub = {
  /** Where the API answers, such as http://127.0.0.1:4100. */
  readonly url: string;
  /** The local key with every scope, also in TRATO_HOME/key for this machine's command line. */
  readonly key: string;
  /** For programs that hold the hub in their own process; others speak HTTP. */
  readonly rooms: Rooms;
  readonly databaseUrl: string;
  /** The embedded database's process id, when there is one. */
  readonly postgresPid: () => number | undefined;
  /** Refuses new requests, finishes those under way, closes the database. */
  stop(): Promise<void>;
};

const migrations = new URL("./migrations/", import.meta.url).pathname;

/**
 * Starts a hub: database (embedded, or the one given), migrations, rooms, jobs, HTTP. Throws with the remedy when it
 * cannot, and leaves nothing running then.
 */
export async function startHub(options: {
  readonly config: Config;
  readonly clock?: Clock;
  readonly quiet?: boolean;
}): Promise<Hub> {
  const { config } = options;
  const clock = options.clock ?? systemClock;
  const log = createLog(options.quiet === true ? "error" : config.logLevel);
  const undo: (() => Promise<unknown>)[] = [];
  try {
    return await startParts(config, clock, log, undo);
  } catch (cause) {
    for (const step of undo.reverse()) await step().catch(() => undefined);
    throw cause;
  }
}

async function openMigrated(url: string, log: Log, undo: (() => Promise<unknown>)[]): Promise<Database> {
  const database = openDatabase({ url, log });
  undo.push(() => database.stop());
  await migrate(database, migrations);
  await countOn(database, log);
  return database;
}

async function startParts(
  config: Config,
  clock: Clock,
  log: Log,
  undo: (() => Promise<unknown>)[],
): Promise<Hub> {
  await mkdir(config.home, { recursive: true });
  const postgres = await openPostgres(config, log, undo);
  const url = postgres?.url ?? config.databaseUrl!;
  const nearUrl = postgres?.nearUrl ?? url;
  const database = await openMigrated(nearUrl, log, undo);

  const metrics = createMetrics();
  const stopping = new AbortController();
  const rooms = await openRooms({ config, database, clock, log, metrics });
  undo.push(() => rooms.stop());
  const jobs = await startJobs({
    url: nearUrl,
    log,
    jobs: createJobs({ rooms, database, clock, log, stopping: stopping.signal }),
  });
  undo.push(() => jobs.stop());
  const onTrainingAsked = () => void jobs.add("train", {}, "train").catch(() => undefined);
  // One may have been left waiting by a hub that stopped.
  onTrainingAsked();

  const disk =
    config.databaseUrl === undefined
      ? watchDisk({ path: config.home, onChange: ({ low, freeBytes }) => sayDisk(log, low, freeBytes) })
      : undefined;
  undo.push(async () => disk?.stop());
  const refusesWrites = (): Omit<Refusal, "ok"> | undefined => {
    if (stopping.signal.aborted) return { problem: "stopping" };
    return disk?.isLow() === true ? { problem: "disk_low" } : undefined;
  };
  const keys = createKeyRing(database, () => performance.now());
  const freeBytes = () => diskFreeBytes(config.home);
  const routes = hubRoutes({
    rooms,
    database,
    clock,
    keys,
    metrics,
    refusesWrites,
    freeBytes,
    onTrainingAsked,
    ...{ country: config.country, webhooksLoopback: config.webhooksLoopback },
  });
  const app = createServer(
    { database, keys, clock, log, metrics, refusesWrites, trustProxy: config.trustProxy },
    routes,
  );
  undo.push(() => app.close());
  await serveReference(app, routes, metrics);
  const address = await app.listen({ host: config.host, port: config.port });
  const key = await localKey(config, database);
  await writeFile(join(config.home, "url"), address);
  log.info({ url: address, database: postgres === undefined ? "given" : "embedded" }, "the hub is up");
  const parts = { app, jobs, rooms, database, postgres, disk, log, stopping };
  return {
    url: address,
    key,
    rooms,
    databaseUrl: url,
    postgresPid: () => postgres?.pid(),
    stop: once(() => stopParts(parts)),
  };
}

async function openPostgres(
  config: Config,
  log: Log,
  undo: (() => Promise<unknown>)[],
): Promise<EmbeddedPostgres | undefined> {
  if (config.databaseUrl !== undefined) return undefined;
  const postgres = await startPostgres({
    home: config.home,
    log: (level, message, more) => log[level]({ from: "postgres", ...more }, message),
  });
  undo.push(() => postgres.stop());
  return postgres;
}

/** The key for whoever sits at this machine: made at the first start, kept where only this account reads it. */
async function localKey(config: Config, database: Queries): Promise<string> {
  const file = join(config.home, "key");
  const kept = await readFile(file, "utf8").catch(() => "");
  const ring = createKeyRing(database, () => 0);
  if (kept !== "" && (await ring.find(kept.trim())) !== undefined) return kept.trim();
  const { secret } = await createKey(database, {
    source: "local",
    kind: "secret",
    label: "This machine's command line",
  });
  await writeFile(file, secret, { mode: 0o600 });
  await chmod(file, 0o600);
  return secret;
}

function sayDisk(log: Log, low: boolean, freeBytes: number): void {
  if (low) log.error({ freeBytes }, "the disk is nearly full: writes are refused until there is room");
  else log.info({ freeBytes }, "the disk has room: writes are taken");
}

type Parts = {
  readonly app: FastifyInstance;
  readonly jobs: { stop(): Promise<void> };
  readonly rooms: Rooms;
  readonly database: Database;
  readonly postgres: EmbeddedPostgres | undefined;
  readonly disk: { stop(): void } | undefined;
  readonly log: Log;
  readonly stopping: AbortController;
};

/** In this order: no new work, the work under way, the jobs, the database. No step can hold up the next for ever. */
async function stopParts({
  app,
  jobs,
  rooms,
  database,
  postgres,
  disk,
  log,
  stopping,
}: Parts): Promise<void> {
  stopping.abort();
  disk?.stop();
  const deadline = setTimeout(() => app.server.closeAllConnections(), limits.stopMsMax / 2);
  const steps = [
    ["streams", () => rooms.streams.stop()],
    ["requests", () => app.close()],
    ["jobs", () => jobs.stop()],
    ["rooms", () => rooms.stop()],
    ["database connections", () => database.stop()],
  ] as const;
  for (const [what, stop] of steps) await within(limits.stopMsMax, what, stop, log);
  clearTimeout(deadline);
  await postgres?.stop();
  log.info("the hub has stopped");
}

async function within(ms: number, what: string, stop: () => Promise<unknown>, log: Log): Promise<void> {
  const late = new AbortController();
  const timer = delay(ms, "late" as const, { signal: late.signal }).catch(() => "done" as const);
  const done = stop().then(
    () => "done" as const,
    (cause: unknown) => {
      log.warn({ what, cause: String(cause) }, "a part of the hub did not stop cleanly");
      return "done" as const;
    },
  );
  if ((await Promise.race([done, timer])) === "late")
    log.warn({ what }, "a part of the hub takes too long to stop");
  late.abort();
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= work();
    return done;
  };
}
