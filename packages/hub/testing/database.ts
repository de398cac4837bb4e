import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { type Database, migrate, openDatabase, silentLog } from "../platform/index.ts";
import { startPostgres } from "../platform/postgres/index.ts";

const migrations = new URL("../migrations/", import.meta.url).pathname;
const template = "trato_template";

export type TestDatabase = { readonly database: Database; readonly url: string; stop(): Promise<void> };

let serverUrl: Promise<{ url: string; stop: () => Promise<void> }> | undefined;

/** The server of the whole test run, or one of this file's own when it is run alone. */
function server(): Promise<{ url: string; stop: () => Promise<void> }> {
  serverUrl ??= (async () => {
    const given = process.env["TRATO_TEST_DATABASE_URL"];
    if (given !== undefined) return { url: given, stop: async () => undefined };
    const home = await mkdtemp(join(tmpdir(), "trato-test-"));
    const postgres = await startPostgres({ home, log: () => undefined });
    const stop = async () => {
      await postgres.stop();
      await rm(home, { recursive: true, force: true });
    };
    return { url: postgres.url, stop };
  })();
  return serverUrl;
}

async function withAdmin<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const urlOf = (url: string, name: string): string => {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
};

/** Migrates a template once per server; whoever comes second waits for the first. */
async function prepareTemplate(url: string): Promise<void> {
  await withAdmin(url, async (client) => {
    await client.query("select pg_advisory_lock(77)");
    const made = await client.query("select 1 from pg_database where datname = $1 and datistemplate", [
      template,
    ]);
    if (made.rowCount === 0) {
      await client.query(`drop database if exists ${template}`);
      await client.query(`create database ${template}`);
      const database = openDatabase({ url: urlOf(url, template), log: silentLog, connectionsMax: 1 });
      await migrate(database, migrations);
      await database.stop();
      await client.query(`alter database ${template} is_template true`);
    }
    await client.query("select pg_advisory_unlock(77)");
  });
}

let count = 0;
let open = 0;

/** A migrated database of the test's own, cloned from a template in some hundredths of a second. */
export async function testDatabase(): Promise<TestDatabase> {
  const { url } = await server();
  await prepareTemplate(url);
  return makeDatabase(template);
}

/** A database of the test's own with nothing in it, as a hub finds it at its very first start. */
export function emptyDatabase(): Promise<TestDatabase> {
  return makeDatabase("template0");
}

async function makeDatabase(like: string): Promise<TestDatabase> {
  const { url, stop } = await server();
  const name = `t_${process.pid}_${count++}`;
  open += 1;
  await withAdmin(url, (client) => client.query(`create database ${name} template ${like}`));
  const database = openDatabase({ url: urlOf(url, name), log: silentLog });
  return {
    database,
    url: urlOf(url, name),
    stop: async () => {
      await database.stop();
      await withAdmin(url, (client) => drop(client, name));
      if (process.env["TRATO_TEST_DATABASE_URL"] === undefined && --open === 0) {
        serverUrl = undefined;
        await stop();
      }
    },
  };
}

/**
 * Drops a database. That waits until all of the server is on the disk, as a transaction, and what is announced in other
 * databases meanwhile is heard after it: so nearly all is put there before.
 */
async function drop(client: pg.Client, name: string): Promise<void> {
  await client.query("checkpoint");
  await client.query(`drop database ${name} with (force)`);
}
