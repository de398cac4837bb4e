import { setTimeout } from "node:timers/promises";
import { assert, limits } from "@trato/base";
import pg from "pg";
import { type CopyRows, copyIn } from "./copy.ts";
import { askAlone, type CarriedOut, journeysOn } from "./journey.ts";
import type { Log } from "./log.ts";
import { createNotifier } from "./notifier.ts";
import { ended, type HowWritten, writeAhead } from "./write-ahead.ts";

/** A named query. The name is the prepared statement's, and says room and deed: "people/lock_persons". */
export type Statement = { readonly name: string; readonly text: string; readonly values: readonly unknown[] };

/**
 * Statements asked for without waiting in between travel together (`Promise.all`): each begins after the one before it
 * has ended and sees what it did, but only one journey is waited for.
 */
export type Queries = {
  /** Runs one statement. Times come back as Date, bigint as text, json as values. */
  query<Row>(statement: Statement): Promise<Row[]>;
  /**
   * Runs a statement whose rows nobody waits for. In a transaction it travels with what is asked next, or with the
   * commit, and the promise is kept at once: that it failed is what the transaction ends with. What must hold
   * afterwards it judges itself (`platform_assert`, `platform_begin_again_unless`).
   */
  write(statement: Statement, how?: HowWritten): Promise<void>;
  /** Wakes whoever listens to `channel`: after the commit in a transaction, which may be rolled back, else at once. */
  notify(channel: string): void;
  /** Does `work` when all else of the transaction is done, before its commit; without a transaction at once. */
  atEnd(work: () => Promise<void>): Promise<void>;
};

/** What one transaction may do. */
export type Transaction = Queries & {
  /** Brings rows to a table by `copy … from stdin (format binary)`. */
  copyIn(statement: string, rows: CopyRows): Promise<void>;
  /** Carries out several statements without values, such as a file of them. */
  script(text: string): Promise<void>;
};

export type Database = Queries & {
  /**
   * Runs `work` in one transaction. A serialization failure or deadlock (40001, 40P01) starts it again, at most
   * `limits.transactionTriesMax` times; anything else rolls back and throws.
   */
  transaction<T>(work: (tx: Transaction, attempt: number) => Promise<T>): Promise<T>;
  /** Hears `NOTIFY channel`; reconnects by itself. Returns what stops it. */
  listen(channel: string, hear: (payload: string) => void): Promise<() => Promise<void>>;
  stop(): Promise<void>;
};

const againCodes = new Set(["40001", "40P01"]);
const awayCodes = new Set("57014 57P01 57P02 57P03 08000 08001 08003 08004 08006 53300".split(" "));
const awayMessages = [
  "Connection terminated",
  "timeout exceeded when trying to connect",
  "Client has encountered a connection error",
  "the database system is",
];
const awaySystemCodes = new Set(["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "ENOENT"]);

/**
 * True when the database is gone, full of connections, starting or stopping, or did not carry out a statement in
 * `limits.statementMsMax`, such as one that waits for rows somebody holds: the caller may try again later.
 */
export function isDatabaseAway(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false;
  const code = (cause as Error & { code?: string }).code ?? "";
  if (awayCodes.has(code) || awaySystemCodes.has(code)) return true;
  return awayMessages.some((part) => cause.message.includes(part));
}

/** True when the database refused for want of disk (53100): nothing was kept. */
export function isDiskFull(cause: unknown): boolean {
  return cause instanceof Error && (cause as Error & { code?: string }).code === "53100";
}

/** Thrown in a transaction that finds what it planned on changed by another one: it begins again. */
export class BeginAgain extends Error {
  readonly code = "40001";
}

/** True when the transaction lost to another one (serialization failure, deadlock) and may simply run again. */
export function mayTryAgain(cause: unknown): boolean {
  return cause instanceof Error && againCodes.has((cause as Error & { code?: string }).code ?? "");
}

/**
 * Every statement of ours reaches its rows by an index. Fresh tables have no statistics, and a plan made then (read
 * everything, hash it, or collect it in a bitmap and sort it) would stay in the prepared statement while the table
 * grows: 31 ms against 2 ms for the identities of a batch, 190 ms against 0.2 ms for a page of 20,000 profiles. One
 * plan per statement also saves planning it again for each call.
 */
const plansByIndex = [
  "plan_cache_mode=force_generic_plan",
  "enable_seqscan=off",
  "enable_hashjoin=off",
  "enable_mergejoin=off",
  "enable_bitmapscan=off",
]
  .map((setting) => `-c ${setting}`)
  .join(" ");

const [begin, commit, rollback] = ["begin", "commit", "rollback"].map((text): Statement => {
  return { name: `platform/${text}`, text, values: [] };
}) as [Statement, Statement, Statement];

function queriesOf(
  ask: (statement: Statement) => Promise<CarriedOut>,
  { notify, atEnd }: Pick<Queries, "notify" | "atEnd">,
): Queries {
  const query = async <Row>(statement: Statement): Promise<Row[]> => (await ask(statement)).rows as Row[];
  return {
    notify,
    atEnd,
    query,
    write: (statement, how) => ended(ask(statement), how),
  };
}

export type DatabaseOptions = {
  readonly url: string;
  readonly log: Log;
  readonly connectionsMax?: number;
  readonly name?: string;
};

/** Statements do not wait for the answer to the one before; see `Queries`. */
const together = { pipeline: true };

/** A connection that breaks while idle is dropped and logged; it never ends the process. */
function openPool(options: DatabaseOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.connectionsMax ?? limits.poolConnectionsMax,
    connectionTimeoutMillis: limits.poolWaitMsMax,
    idleTimeoutMillis: 30_000,
    // Plans are made anew whenever a table is analyzed; what else a connection gathers goes with it. Rarely: those that
    // began together end together, and who finds none open waits until every statement is prepared again.
    maxLifetimeSeconds: limits.connectionLifeSecondsMax,
    application_name: options.name ?? "trato",
    statement_timeout: limits.statementMsMax,
    keepAlive: true,
    options: plansByIndex,
    ...together,
  });
  pool.on("error", (cause) =>
    options.log.warn({ cause: cause.message }, "an idle database connection broke"),
  );
  return pool;
}

/** A wake-up may get lost, so nobody waits for it to be on the disk: else each would be a write to it of its own. */
const wake = (channel: string): Statement => {
  const text = "select set_config('synchronous_commit', 'off', true), pg_notify($1, '')";
  return { name: "platform/wake", text, values: [channel] };
};

/** Opens a pool of connections on `url`. */
export function openDatabase(options: DatabaseOptions): Database {
  const pool = openPool(options);
  const notifier = createNotifier((channel) => askAlone(pool, wake(channel)));
  const open = queriesOf((statement) => askAlone(pool, statement), {
    notify: notifier.notify,
    atEnd: (work) => work(),
  });

  const once = async <T>(work: (tx: Transaction) => Promise<T>): Promise<T> => {
    const client = await pool.connect();
    let broken: Error | undefined;
    const onError = (cause: Error) => {
      broken = cause;
    };
    client.on("error", onError);
    const channels = new Set<string>();
    const last: (() => Promise<void>)[] = [];
    const ahead = writeAhead();
    const { ask, leave, causeOf } = journeysOn(client);
    try {
      ahead.send(ask(begin));
      const asked = queriesOf(ask, {
        notify: (channel) => channels.add(channel),
        atEnd: async (one) => void last.push(one),
      });
      const value = await work({
        ...asked,
        write: async (statement, how) => ahead.send(ask(statement), how),
        copyIn: (statement, rows) => ahead.answered().then(() => copyIn(client, statement, rows)),
        script: (text) => ahead.answered().then(async () => void (await client.query(text))),
      });
      for (const one of last) await one();
      const { command } = await ask(commit);
      ahead.throwFailure();
      // What failed was perhaps caught by somebody: a commit of it is none.
      assert(command === "COMMIT", "a transaction that failed is not taken for committed");
      for (const channel of channels) notifier.notify(channel);
      return value;
    } catch (cause) {
      leave();
      await ask(rollback).catch((rollbackCause: Error) => {
        broken = rollbackCause;
      });
      ahead.throwFailure(causeOf);
      throw causeOf(cause);
    } finally {
      client.off("error", onError);
      client.release(broken);
    }
  };

  return {
    ...open,
    transaction: (work) => untilItHolds((attempt) => once((tx) => work(tx, attempt))),
    listen: (channel, hear) => listen({ url: options.url, log: options.log }, channel, hear),
    stop: () => {
      notifier.stop();
      return pool.end();
    },
  };
}

async function untilItHolds<T>(work: (attempt: number) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work(attempt);
    } catch (cause) {
      if (!mayTryAgain(cause) || attempt >= limits.transactionTriesMax) throw cause;
      await setTimeout(attempt * attempt);
    }
  }
}

async function listen(
  at: { readonly url: string; readonly log: Log },
  channel: string,
  hear: (payload: string) => void,
): Promise<() => Promise<void>> {
  let stopped = false;
  let client: pg.Client | undefined;
  let again: NodeJS.Timeout | undefined;
  const connect = async (): Promise<void> => {
    const next = new pg.Client({
      connectionString: at.url,
      application_name: `trato/listen/${channel}`,
      keepAlive: true,
    });
    next.on("error", () => undefined);
    next.on("end", () => {
      if (!stopped) again = globalThis.setTimeout(() => void connect().catch(() => undefined), 500);
    });
    next.on("notification", (note) => hear(note.payload ?? ""));
    await next.connect();
    await next.query(`listen ${pg.escapeIdentifier(channel)}`);
    client = next;
    hear("");
  };
  await connect();
  return async () => {
    stopped = true;
    clearTimeout(again);
    await client?.end().catch(() => undefined);
  };
}
