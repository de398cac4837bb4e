/**
 * What stands behind `npm test`: types, lint, the repository's own rules, then every test, on one PostgreSQL that is
 * started once. Stops at the first group that fails.
 *
 *   npm test                    all of it, without the soak tests
 *   npm test -- people decide   only the test files whose path contains one of the words, nothing else
 *   npm run test:soak           only the soak tests (*.soak.test.ts), which run for minutes to hours
 *
 * TRATO_TEST_DATABASE_URL names a PostgreSQL to use instead of starting one.
 */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startPostgres } from "../packages/hub/platform/postgres/index.ts";
import { listFiles, root } from "./tree.ts";

const testMsMax = 10 * 60_000;

/** One command of the run: arguments for Node. */
export type Group = {
  readonly name: string;
  readonly args: readonly string[];
  readonly needsDatabase: boolean;
};
export type Wanted = { readonly soak: boolean; readonly words: readonly string[] };

/** The test files of a run. */
export function choose(paths: readonly string[], { soak, words }: Wanted): string[] {
  return paths
    .filter((path) => path.endsWith(".test.ts") && path.endsWith(".soak.test.ts") === soak)
    .filter((path) => words.length === 0 || words.some((word) => path.includes(word)));
}

/** The groups of a run, in order; naming words or the soak tests leaves out all but the tests. */
export function groupsOf(wanted: Wanted, files: readonly string[]): Group[] {
  const options = ["--test-concurrency=2", "--test-reporter=spec"];
  const timeout = wanted.soak ? [] : [`--test-timeout=${testMsMax}`];
  const tests = { name: "tests", args: ["--test", ...options, ...timeout, ...files], needsDatabase: true };
  if (wanted.soak || wanted.words.length > 0) return [tests];
  const check = (name: string, ...args: string[]): Group => ({ name, args, needsDatabase: false });
  return [
    check("types", "node_modules/typescript/bin/tsc", "--noEmit"),
    check("lint", "node_modules/@biomejs/biome/bin/biome", "check", "--error-on-warnings", "."),
    check("boundaries", "tools/boundaries.ts"),
    check("tidy", "tools/tidy.ts"),
    { name: "generated files", args: ["tools/generate.ts", "--check"], needsDatabase: true },
    tests,
  ];
}

type Server = { readonly url: string; stop(): Promise<void> };

/** Runs the groups one after the other and returns the name of the one that failed, if one did. */
export async function runGroups(
  groups: readonly Group[],
  startServer: () => Promise<Server>,
  { signal, say = console.log }: { signal?: AbortSignal; say?: (line: string) => void } = {},
): Promise<string | undefined> {
  let server: Server | undefined;
  try {
    for (const { name, args, needsDatabase } of groups) {
      say(`\n── ${name}`);
      if (needsDatabase) server ??= await startServer();
      const env = server === undefined ? {} : { TRATO_TEST_DATABASE_URL: server.url };
      if ((await run(args, env, signal)) !== 0) return name;
    }
    return undefined;
  } finally {
    await server?.stop();
  }
}

/** Runs Node and returns its exit code; 1 when it was ended by a signal. */
function run(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<number> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return resolve(1);
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ["ignore", "inherit", "inherit"],
    });
    const end = () => child.kill("SIGTERM");
    signal?.addEventListener("abort", end, { once: true });
    child.once("error", reject);
    child.once("exit", (code) => {
      signal?.removeEventListener("abort", end);
      resolve(code ?? 1);
    });
  });
}

/** The PostgreSQL of the whole run; nothing of it is left when it has stopped. */
async function startTestServer(): Promise<Server> {
  const given = process.env["TRATO_TEST_DATABASE_URL"];
  if (given !== undefined) return { url: given, stop: async () => undefined };
  const home = await mkdtemp(join(tmpdir(), "trato-test-"));
  const forget = () => rm(home, { recursive: true, force: true });
  try {
    const postgres = await startPostgres({
      home,
      log: (level, message) => (level === "info" ? undefined : console.error(`PostgreSQL: ${message}`)),
      settings: { max_connections: "200" },
    });
    return { url: postgres.url, stop: () => postgres.stop().finally(forget) };
  } catch (cause) {
    await forget();
    throw cause;
  }
}

async function main(): Promise<void> {
  const begunMs = performance.now();
  const { values, positionals: words } = parseArgs({
    options: { soak: { type: "boolean", default: false } },
    allowPositionals: true,
  });
  const wanted = { soak: values.soak, words };
  const files = choose(listFiles(), wanted);
  const seconds = (): string => `${((performance.now() - begunMs) / 1_000).toFixed(1)} s`;
  process.exitCode = 1;
  if (files.length === 0) {
    console.log(wanted.soak ? "There are no such soak tests." : "No test file's path contains these words.");
    return;
  }
  const stopping = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stopping.abort());
  const groups = groupsOf(wanted, files);
  const failed = await runGroups(groups, startTestServer, stopping);
  if (failed === undefined) process.exitCode = 0;
  const passed = `${groups.map(({ name }) => name).join(", ")}: all passed`;
  console.log(`\n${failed === undefined ? passed : `Stopped: ${failed} failed`}, after ${seconds()}`);
}

if (import.meta.main) await main();
