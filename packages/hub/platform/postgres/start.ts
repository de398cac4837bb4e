import { mkdir, readFile, stat } from "node:fs/promises";
import { totalmem } from "node:os";
import { resolve } from "node:path";
import { limits } from "@trato/base";
import pg from "pg";
import { type Account, chooseAccount, give, nameFor } from "./account.ts";
import { type Binaries, findBinaries } from "./binaries.ts";
import { ensureCluster, type Places, placesIn, writePrivate } from "./cluster.ts";
import { takeLock } from "./lock.ts";
import { boundLog } from "./logfile.ts";
import { freePort } from "./port.ts";
import { bringUp, endLeftovers, PortTaken, type Recipe } from "./postmaster.ts";
import { type Run, signalTo } from "./processes.ts";
import { run } from "./run.ts";
import { argumentsOf, settingsFor } from "./settings.ts";
import { end, type PostgresLog, supervise } from "./supervise.ts";

export type PostgresOptions = {
  /** TRATO_HOME: data, password, port, log and lock live here. */
  readonly home: string;
  readonly log: PostgresLog;
  /** PostgreSQL settings over our own; durability and addresses can't be changed. */
  readonly settings?: Readonly<Record<string, string>>;
  /** The port of a first start, when it is free; later starts prefer the port of the last. */
  readonly portHint?: number;
};

export type EmbeddedPostgres = {
  /** postgres://trato:<password>@127.0.0.1:<port>/trato; stays the same for as long as this hub runs. */
  readonly url: string;
  /** The same through a socket file that only the owner of the data and root reach, at half the cost; else `url`. */
  readonly nearUrl: string;
  /** The postmaster's process id; undefined while there is none. */
  pid(): number | undefined;
  /** "restarting" while a postmaster that died is replaced; "stopped" after stop() or when that was given up. */
  state(): "up" | "restarting" | "stopped";
  /** Fast shutdown; resolves when no process is left and the home is free for another hub. May be called twice. */
  stop(): Promise<void>;
};

/**
 * Starts the embedded PostgreSQL of this home, creating it the first time (about a second), and keeps it running
 * until stop(). Throws, with the remedy, when the home is used by another hub, can't be used, or PostgreSQL doesn't
 * start; nothing is left running then.
 */
export async function startPostgres(options: PostgresOptions): Promise<EmbeddedPostgres> {
  const settings = settingsFor(memoryBytes(), options.settings ?? {});
  const home = resolve(options.home);
  const at = placesIn(home);
  await mkdir(home, { recursive: true, mode: 0o711 });
  const unlock = await takeLock(at.lock);
  try {
    return await startLocked(home, at, { ...options, settings }, unlock);
  } catch (cause) {
    await unlock();
    throw cause;
  }
}

async function startLocked(
  home: string,
  at: Places,
  options: PostgresOptions,
  unlock: () => Promise<void>,
): Promise<EmbeddedPostgres> {
  const { log } = options;
  const account = await chooseAccount(home, at.data);
  const binaries = await findBinaries(account);
  const password = await ensureCluster(home, at, binaries, account);
  if ((await stat(at.data)).uid === 0) await give(at.data, account);
  await endLeftovers(at.data, log);
  await boundLog(at.log);

  const compression = await walCompression(binaries, at, account);
  const settings = { wal_compression: compression, ...options.settings };
  const recipe = { postgres: binaries.postgres, at, account, log };
  const { first, port, again } = await firstStart(recipe, settings, options.portHint);
  const urlOf = (database: string) => `postgres://trato:${password}@127.0.0.1:${port}/${database}`;
  try {
    await writePrivate(at.port, `${port}\n`, account);
    await give(at.log, account);
    await ensureDatabase(urlOf("postgres"), at);
  } catch (cause) {
    await end(first, log);
    throw cause;
  }

  const supervisor = supervise(first, { bringUp: again, log });
  const bounding = setInterval(
    () => void boundLog(at.log).catch(() => undefined),
    limits.postgresLogCheckMs,
  ).unref();
  // A hub that ends without stop() asks PostgreSQL to end too; one that is killed can't, and the next hub does it.
  const onExit = () => {
    const pid = supervisor.pid();
    if (pid !== undefined) signalTo(pid, "SIGINT");
  };
  process.once("exit", onExit);
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    clearInterval(bounding);
    await supervisor.stop();
    process.off("exit", onExit);
    await unlock();
  };
  log("info", "PostgreSQL is up", { pid: first.pid, port, data: at.data });
  return {
    url: urlOf("trato"),
    nearUrl: urlOf("trato") + (isNear(at) ? `?host=${encodeURIComponent(at.data)}` : ""),
    pid: supervisor.pid,
    state: supervisor.state,
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}

/** The system holds a socket's path to 107 bytes (103 on macOS), and PostgreSQL adds its own name for it. */
const isNear = (at: Places): boolean => Buffer.byteLength(at.data) <= limits.socketFolderBytesMax;

function memoryBytes(): number {
  return Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);
}

/** lz4 costs the least; the builds for Linux lack it, and every build has pglz. */
async function walCompression(binaries: Binaries, at: Places, account: Account): Promise<string> {
  const ask = ["-D", nameFor(at.data, account), "-C", "wal_compression", "-c", "wal_compression=lz4"];
  return (await run(binaries.postgres, ask, account, at.data)).code === 0 ? "lz4" : "pglz";
}

/** Starts on the last port, the hinted one or any free one; a port taken at the last moment is exchanged. */
async function firstStart(
  recipe: Omit<Recipe, "arguments">,
  settings: Readonly<Record<string, string>>,
  portHint: number | undefined,
): Promise<{ first: Run; port: number; again: (signal: AbortSignal) => Promise<Run> }> {
  const lastPort = Number(await readFile(recipe.at.port, "utf8").catch(() => "0"));
  for (let attempt = 1; ; attempt++) {
    const port = await freePort(attempt === 1 ? [lastPort, portHint] : []);
    const near = isNear(recipe.at) ? nameFor(recipe.at.data, recipe.account) : "";
    const placed = { listen_addresses: "127.0.0.1", port: String(port), unix_socket_directories: near };
    const whole = { ...recipe, arguments: argumentsOf({ ...settings, ...placed }) };
    try {
      return { first: await bringUp(whole), port, again: (signal) => bringUp(whole, signal) };
    } catch (cause) {
      if (!(cause instanceof PortTaken) || attempt >= limits.postgresPortTriesMax) throw cause;
    }
  }
}

/** Proves that our password opens this PostgreSQL, and creates the database trato the first time. */
async function ensureDatabase(url: string, at: Places): Promise<void> {
  const client = new pg.Client({ connectionString: url, ssl: false, application_name: "trato/start" });
  client.on("error", () => undefined);
  try {
    await client.connect();
    const { rowCount } = await client.query("select from pg_database where datname = 'trato'");
    if (rowCount === 0) await client.query("create database trato");
  } catch (cause) {
    if ((cause as { code?: string }).code !== "28P01") throw cause;
    throw new Error(
      `The password in ${at.password} is not the one of ${at.data}. Restore both from one backup.`,
      {
        cause,
      },
    );
  } finally {
    await client.end().catch(() => undefined);
  }
}
