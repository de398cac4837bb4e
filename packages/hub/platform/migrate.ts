import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Database, Queries } from "./database.ts";

const lockKey = 7_267_486; // "trato" on a telephone, near enough; two hubs that start at once migrate once

/**
 * Applies the numbered SQL files of `folder` that the database has not seen, each in one transaction, in order.
 * Forward only. Refuses a database that holds a migration this program does not know: it is older than its data.
 *
 * @returns the names applied now.
 */
export async function migrate(database: Database, folder: string): Promise<string[]> {
  const files = (await readdir(folder)).filter((name) => /^\d{6}_[a-z_]+\.sql$/.test(name)).sort();
  await database.transaction(async (tx) => {
    await lock(tx);
    await tx.query({
      name: "",
      text: `create table if not exists platform_migration (
        name text primary key, applied_at timestamptz not null default now())`,
      values: [],
    });
    await tx.query({
      name: "",
      text: `comment on table platform_migration is 'Owner: platform. Retention: for ever. Personal data: none.'`,
      values: [],
    });
  });
  const applied: string[] = [];
  for (const file of files) {
    const text = await readFile(join(folder, file), "utf8");
    if (await applyOne(database, file, text)) applied.push(file);
  }
  const unknown = await database.query<{ name: string }>({
    name: "",
    text: "select name from platform_migration where not name = any($1)",
    values: [files],
  });
  if (unknown[0] !== undefined) {
    throw new Error(
      `The database holds migration ${unknown[0].name}, which this version does not know: start a newer Trato.`,
    );
  }
  return applied;
}

async function lock(tx: Queries): Promise<void> {
  await tx.query({ name: "", text: "select pg_advisory_xact_lock($1)", values: [lockKey] });
}

function applyOne(database: Database, file: string, text: string): Promise<boolean> {
  return database.transaction(async (tx) => {
    await lock(tx);
    const seen = await tx.query({
      name: "",
      text: "select 1 from platform_migration where name = $1",
      values: [file],
    });
    if (seen.length > 0) return false;
    await tx.script(text);
    await tx.query({ name: "", text: "insert into platform_migration (name) values ($1)", values: [file] });
    return true;
  });
}
