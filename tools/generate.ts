/**
 * Writes what is printed from other files; what is committed must be what would be printed now.
 *
 *   node tools/generate.ts            writes
 *   node tools/generate.ts --check    changes nothing; names what is stale, and fails
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as contract from "@trato/contract";
import { printBoundaries } from "./print/boundaries.ts";
import { printEvents } from "./print/events.ts";
import { chapterOf, printChapter, printContents } from "./print/guides.ts";
import { printJson } from "./print/json.ts";
import { printProblems } from "./print/problems.ts";
import { printStates } from "./print/states.ts";
import { printTopics } from "./print/topics.ts";
import { printSchema } from "./print-schema.ts";
import { listFiles, readTexts, root } from "./tree.ts";

export type Generated = { readonly path: string; readonly print: () => string | Promise<string> };

const chapters = readTexts(
  listFiles().filter((path) => chapterOf(path) !== undefined),
  [".ts"],
);

export const generated: readonly Generated[] = [
  { path: "docs/examples/one-cart.md", print: printPlayed },
  { path: "docs/guides/README.md", print: () => printContents(chapters) },
  ...chapters.map((chapter) => ({
    path: `docs/guides/${chapterOf(chapter.path)}.md`,
    print: () => printChapter(chapter),
  })),
  { path: "docs/reference/boundaries.md", print: printBoundaries },
  { path: "docs/reference/events.md", print: () => printEvents(Object.values(contract.eventTypes)) },
  {
    path: "docs/reference/openapi.json",
    print: () => `${printJson(contract.openapi(endpointsOf(contract)))}\n`,
  },
  { path: "docs/reference/problems.md", print: printProblems },
  { path: "docs/reference/states.md", print: printStates },
  { path: "docs/reference/topics.md", print: printTopics },
  { path: "packages/hub/migrations/schema.sql", print: printMigrated },
];

/** Every endpoint that the contract's door exports: there is no second list that could forget one. */
export function endpointsOf(exports: object): contract.Printable[] {
  return Object.values(exports).filter(isEndpoint);
}

function isEndpoint(value: unknown): value is contract.Printable {
  return (
    typeof value === "object" && value !== null && "path" in value && "method" in value && "gives" in value
  );
}

/** Loaded late as well: it plays a script on a whole hub. */
async function printPlayed(): Promise<string> {
  const { printOneCart } = await import("./print/examples.ts");
  return printOneCart();
}

/** The schema of a database that has just been migrated; loaded late, so that other pages do not need the hub. */
async function printMigrated(): Promise<string> {
  const { testDatabase } = await import("../packages/hub/testing/database.ts");
  const { database, stop } = await testDatabase();
  try {
    return await printSchema((text) => database.query({ name: "", text, values: [] }));
  } finally {
    await stop();
  }
}

/** The paths among `files` whose text is not what would be printed now. */
export async function stale(
  files: readonly Generated[] = generated,
  folder: string = root,
): Promise<string[]> {
  const found: string[] = [];
  for (const { path, print } of files) {
    const now = await print();
    if (readIfThere(join(folder, path)) !== now) found.push(path);
  }
  return found;
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw cause;
  }
}

async function write(): Promise<void> {
  for (const { path, print } of generated) {
    const text = await print();
    const changed = readIfThere(join(root, path)) !== text;
    mkdirSync(dirname(join(root, path)), { recursive: true });
    if (changed) writeFileSync(join(root, path), text);
    console.log(`${path}: ${changed ? "written" : "fresh"}`);
  }
}

if (import.meta.main) {
  if (process.argv.includes("--check")) {
    const found = await stale();
    for (const path of found) console.log(`${path} is stale; run: npm run generate`);
    process.exitCode = found.length === 0 ? 0 : 1;
  } else await write();
}
