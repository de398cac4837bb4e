/**
 * Who may import whom. This table is the rule: boundaries.test.ts enforces it on the whole tree, and
 * docs/reference/boundaries.md is printed from it, so that the two cannot disagree. It has no exceptions.
 *
 *   node tools/boundaries.ts     says what crosses, one line each
 */
import { readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path/posix";
import { type Facts, parse } from "./parse.ts";
import { isTestCode, listFiles, readTexts, root } from "./tree.ts";

const ground = ["base", "contract", "predict", "hub/platform", "hub/events", "hub/people", "hub/catalog"];
const known = [...ground, "hub/stock", "hub/orders"];
const felt = [...known, "hub/scores", "hub/measure"];

/** Each row names all it may import, itself apart. Down, never sideways: no two rows name each other. */
export const mayImport: Readonly<Record<string, readonly string[]>> = {
  base: [],
  contract: ["base"],
  predict: ["base"],
  "hub/platform": ["base", "contract"],
  "hub/events": ["base", "contract", "hub/platform"],
  "hub/people": ["base", "contract", "hub/platform", "hub/events"],
  "hub/catalog": ["base", "contract", "hub/platform", "hub/events", "hub/people"],
  "hub/stock": ground,
  "hub/orders": ground,
  "hub/payments": ground,
  "hub/scores": known,
  "hub/measure": known,
  "hub/moments": felt,
  "hub/offers": felt,
  "hub/decide": [...felt, "hub/moments", "hub/offers"],
  "hub/govern": ["base", "contract", "hub/platform"],
  "hub/send": ["base", "contract", "hub/platform"],
  hub: [...felt, "hub/payments", "hub/moments", "hub/offers", "hub/decide", "hub/govern", "hub/send"],
  sdk: ["contract"],
  town: ["base", "contract"],
  cli: ["base", "contract", "hub", "town"],
};

/** Why a row is as it is, where the row itself does not say it. */
export const notes: Readonly<Record<string, string>> = {
  base: "No disk, socket or environment; the clock is read in `clock.ts` alone, chance is seeded.",
  contract: "What crosses a wire: no server, no database.",
  predict: "Numbers in, numbers out: it does not know what a shop is.",
  "hub/platform": "No business word in here.",
  "hub/govern": "Sees no business folder: each hands `main.ts` what erasing and exporting need.",
  hub: "`main.ts`: the one place that wires. No folder of the hub imports it.",
  sdk: "Types of the contract and nothing of it at run time: a shop ships it to browsers.",
  town: "Drives the hub through its public API, like any shop.",
  cli: "Speaks the public API; start, import and demo own a process, so it may open the hub's door and the town's.",
};

/** What a package without input and output may use from outside; a package that is not named here may use anything. */
export const mayUse: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  base: {},
  predict: {},
};

/** These may import anything, past any door, and nobody imports them. */
const free = ["bench", "tools", "examples", "docs"];

export type Import = { readonly file: string; readonly line: number; readonly specifier: string };

/** All imports of the tree's sources, each where it stands. */
export function importsOf(facts: readonly Facts[]): Import[] {
  return facts.flatMap(({ path, imports }) => imports.map((one) => ({ file: path, ...one })));
}

/**
 * What a file belongs to: a package ("base"), a folder of the hub ("hub/people"), the hub itself ("hub", for
 * `main.ts`), or the first folder of the path ("tools").
 */
export function areaOf(path: string): string {
  const [top = "", name = "", next = "", ...deeper] = path.split("/");
  if (top !== "packages") return top;
  if (name === "hub" && deeper.length > 0) return `hub/${next}`;
  return name;
}

/** What `@trato/<name>` opens: "hub" → "packages/hub/main.ts". */
export type Doors = ReadonlyMap<string, string>;

/** Reads each workspace's door from the `exports` of its package.json. */
export function readDoors(paths: readonly string[], folder: string = root): Doors {
  const doors = new Map<string, string>();
  for (const path of paths) {
    const name = /^packages\/([^/]+)\/package\.json$/.exec(path)?.[1];
    if (name === undefined) continue;
    const manifest = JSON.parse(readFileSync(join(folder, path), "utf8")) as { exports?: { "."?: string } };
    const door = manifest.exports?.["."];
    if (door !== undefined) doors.set(name, normalize(`packages/${name}/${door}`));
  }
  return doors;
}

/** Every import that the table forbids, as a sentence with the remedy, sorted. */
export function crossings(imports: readonly Import[], doors: Doors): string[] {
  const found = new Set<string>();
  for (const one of imports) {
    const said = crossing(one, doors);
    if (said !== undefined) found.add(`${one.file}:${one.line}: ${said}`);
  }
  return [...found].sort();
}

function crossing(one: Import, doors: Doors): string | undefined {
  const from = areaOf(one.file);
  if (free.includes(from) || isTestCode(one.file)) return undefined;
  const allowed = mayImport[from];
  if (allowed === undefined) {
    return `${from} stands in no row of the table; give it one in tools/boundaries.ts`;
  }
  const target = resolve(one, doors);
  if (target === undefined) return outside(one, from);
  const to = areaOf(target.path);
  if (isTestCode(target.path)) return `${from} may not import test code (${target.path})`;
  if (from === to) return target.named ? `inside ${from}, import the file itself, not @trato/…` : undefined;
  if (!allowed.includes(to)) return `${from} may not import ${to}`;
  return pastDoor(target, to, doors);
}

type Target = { readonly path: string; readonly named: boolean };

/** The file an import means, or undefined when it lies outside the repository. */
function resolve({ file, specifier }: Import, doors: Doors): Target | undefined {
  if (specifier.startsWith(".")) return { path: normalize(join(dirname(file), specifier)), named: false };
  const match = /^@trato\/([^/]+)(?:\/(.+))?$/.exec(specifier);
  if (match === null) return undefined;
  const [, name = "", inner] = match;
  const door = doors.get(name) ?? `packages/${name}/index.ts`;
  return { path: inner === undefined ? door : `packages/${name}/${inner}`, named: true };
}

function outside({ file, specifier }: Import, from: string): string | undefined {
  const allowed = mayUse[from];
  if (allowed === undefined || allowed[specifier]?.includes(file)) return undefined;
  return `${from} may not use ${specifier}: it has no input and output; let the caller pass in what it needs`;
}

function pastDoor(target: Target, to: string, doors: Doors): string | undefined {
  if (to.startsWith("hub/")) {
    const door = `packages/${to}/index.ts`;
    return target.path === door && !target.named ? undefined : `import ${to} through its index.ts`;
  }
  if (target.named && target.path === doors.get(to)) return undefined;
  return `import ${to} as @trato/${to}, through its door`;
}

/** The crossings of the real tree. */
export function checkTree(folder: string = root): string[] {
  const paths = listFiles(folder);
  const facts = parse(readTexts(paths, [".ts", ".tsx"], folder));
  return crossings(importsOf(facts), readDoors(paths, folder));
}

if (import.meta.main) {
  const found = checkTree();
  for (const line of found) console.log(line);
  process.exitCode = found.length === 0 ? 0 : 1;
}
