import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { TestContext } from "node:test";
import pg from "pg";
import { type EmbeddedPostgres, type PostgresOptions, startPostgres } from "../index.ts";

export type Logged = { readonly level: string; readonly message: string };

/** Runs `work` when the test ends; what was asked for last runs first, as for anything that is opened and closed. */
const endings = new WeakMap<TestContext, (() => unknown)[]>();
export function atEnd(t: TestContext, work: () => unknown): void {
  const known = endings.get(t);
  if (known !== undefined) return void known.unshift(work);
  const works = [work];
  endings.set(t, works);
  t.after(async () => {
    for (const one of works) await one();
  });
}

/** A folder of the test's own under `parent`, removed at its end. */
export async function temporaryFolder(t: TestContext, parent: string = tmpdir()): Promise<string> {
  const folder = await mkdtemp(join(parent, "trato-postgres-"));
  atEnd(t, () => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Starts PostgreSQL for one test and stops it at its end. */
export async function startFor(
  t: TestContext,
  options: Omit<PostgresOptions, "log"> & { readonly logged?: Logged[] },
): Promise<EmbeddedPostgres> {
  const { logged = [], ...rest } = options;
  const started = await startPostgres({
    ...rest,
    log: (level, message) => void logged.push({ level, message }),
  });
  atEnd(t, () => started.stop());
  return started;
}

/** Asks one question over a connection of its own. */
export async function ask<Row extends object>(url: string, text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}

export type Hub = { readonly child: ChildProcess; readonly url: string; readonly postgresPid: number };

/**
 * Starts a hub's PostgreSQL in a Node process of its own, so that a test can kill the owner. `program` is run there
 * after the start, with `postgres`, `ask` and `say(line)` in reach. `nextLine` waits for what it says.
 */
export async function startHub(
  t: TestContext,
  home: string,
  more: { readonly uid?: number; readonly gid?: number; readonly program?: string } = {},
): Promise<Hub & { readonly nextLine: () => Promise<string> }> {
  const { program: after = "", ...account } = more;
  const program = `
    import { startPostgres } from ${JSON.stringify(import.meta.resolve("../index.ts"))};
    import { ask } from ${JSON.stringify(import.meta.url)};
    const say = (line) => process.stdout.write(line + "\\n");
    const postgres = await startPostgres({ home: ${JSON.stringify(home)}, log: () => undefined });
    setInterval(() => undefined, 1_000);
    ${after}
    say(JSON.stringify({ url: postgres.url, postgresPid: postgres.pid() }));`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program], {
    ...account,
    cwd: "/",
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
  });
  atEnd(t, async () => {
    if (child.exitCode === null && child.signalCode === null && child.kill("SIGKILL"))
      await once(child, "exit");
  });
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  const nextLine = async () => String((await lines.next()).value);
  const said = JSON.parse(await nextLine()) as { url: string; postgresPid: number };
  return { child, ...said, nextLine };
}

/** Waits until `holds` is true, asking every 20 ms; throws after `waitMsMax`. */
export async function until(holds: () => boolean | Promise<boolean>, waitMsMax = 15_000): Promise<void> {
  for (let waitedMs = 0; !(await holds()); waitedMs += 20) {
    if (waitedMs > waitMsMax) throw new Error(`It did not become true within ${waitMsMax} ms: ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export const isRoot = process.geteuid?.() === 0;
