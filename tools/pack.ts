/**
 * Makes of a package what others install: one that stands alone, JavaScript with declarations. Inside the workspace
 * nothing is built; Node runs the sources.
 *
 *   npm run pack -- predict [folder]     writes trato-predict-….tgz there
 */
import { execFileSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { listFiles, root } from "./tree.ts";

/** Names of nothing that Node 20 or a browser of its time does not have. */
const oldest = { engines: { node: ">=20.16" }, lib: ["ES2023"], target: "ES2022" } as const;
const scope = "@trato/";

type Manifest = {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly dependencies?: Readonly<Record<string, string>>;
};

const readManifest = (name: string): Manifest =>
  JSON.parse(readFileSync(join(root, "packages", name, "package.json"), "utf8")) as Manifest;

/** What a package names that it needs: names of ours, and of others with their versions. */
function needsOf(name: string) {
  const all = Object.entries(readManifest(name).dependencies ?? {});
  const isOurs = ([one]: readonly [string, string]) => one.startsWith(scope);
  const ours = all.filter(isOurs).map(([one]) => one.slice(scope.length));
  return { ours, others: Object.fromEntries(all.filter((one) => !isOurs(one))) };
}

/** Packs a package into `folder`, with those of ours that it needs inside; gives the path. Cost: some seconds. */
export function pack(name: string, folder: string): string {
  mkdirSync(folder, { recursive: true });
  const staged = mkdtempSync(join(tmpdir(), "trato-pack-"));
  try {
    stage(name, staged);
    const said = execFileSync("npm", ["pack", "--silent", "--pack-destination", folder], {
      cwd: staged,
      encoding: "utf8",
    });
    return join(folder, said.trim());
  } finally {
    rmSync(staged, { recursive: true });
  }
}

/** Writes the package as it is published: nothing of ours is named, so that a browser's threads find all of it too. */
function stage(name: string, folder: string): void {
  let dependencies = {};
  const inside = new Set<string>();
  const add = (one: string, to: string): void => {
    compile(one, to);
    const { ours, others } = needsOf(one);
    dependencies = { ...dependencies, ...others };
    for (const next of ours.filter((next) => !inside.has(next))) {
      inside.add(next);
      add(next, join(folder, next));
    }
  };
  add(name, folder);
  for (const file of compiledIn(folder)) nameCompiled(file, folder);
  dependencies = keepWhatRuns(folder, dependencies);
  const { version, license, name: fullName } = readManifest(name);
  const door = { types: "./index.d.ts", default: "./index.js" };
  const head = { name: fullName, version, license, type: "module", engines: oldest.engines };
  const manifest = { ...head, exports: { ".": door }, sideEffects: false, dependencies };
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  cpSync(join(root, "packages", name, "README.md"), join(folder, "README.md"));
  cpSync(join(root, "LICENSE"), join(folder, "LICENSE"));
}

const compiledIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => /\.(js|d\.ts)$/.test(file));

/**
 * Leaves out code that only types were made of. A package of others that no code needs is no dependency: its
 * declarations come along. Gives the dependencies that are left.
 */
function keepWhatRuns(folder: string, dependencies: Readonly<Record<string, string>>) {
  const named = new Set<string>();
  const reached = new Set<string>();
  const follow = (file: string): void => {
    if (reached.has(file)) return;
    reached.add(file);
    const text = readFileSync(file, "utf8");
    for (const [, from] of text.matchAll(imported)) {
      if (from!.startsWith(".")) follow(join(dirname(file), from!));
      else named.add(from!);
    }
    for (const [, place] of text.matchAll(/new URL\("(\.\/[^"]+\.js)", import\.meta\.url\)/g))
      follow(join(dirname(file), place!));
  };
  follow(join(folder, "index.js"));
  for (const file of compiledIn(folder).map((one) => join(folder, one)))
    if (file.endsWith(".js") && !reached.has(file)) rmSync(file);
  const isNamed = (one: string) => [...named].some((name) => name === one || name.startsWith(`${one}/`));
  const [running, typesOnly] = [true, false].map((runs) =>
    Object.entries(dependencies).filter(([one]) => isNamed(one) === runs),
  );
  for (const [one] of typesOnly!) bringTypes(one, folder);
  return Object.fromEntries(running!);
}

const imported = /(?:from |import\(|import )"([^"]+)"/g;

/** Puts the declarations of a package of others inside, and names them by their place. */
function bringTypes(name: string, folder: string): void {
  const from = join(root, "node_modules", name);
  const to = join(folder, "types", name);
  cpSync(from, to, {
    recursive: true,
    filter: (path) => statSync(path).isDirectory() || /\.d\.mts$|license/i.test(path),
  });
  const { exports } = JSON.parse(readFileSync(join(from, "package.json"), "utf8")) as {
    exports: Readonly<Record<string, { import: string }>>;
  };
  for (const file of compiledIn(folder).filter((one) => one.endsWith(".d.ts"))) {
    const path = join(folder, file);
    const text = readFileSync(path, "utf8");
    const placed = text.replaceAll(imported, (said, module: string) => {
      if (module !== name && !module.startsWith(`${name}/`)) return said;
      const door = exports[`.${module.slice(name.length)}`]!.import;
      return said.replace(module, `./${relative(dirname(path), join(to, door))}`.replace("./..", ".."));
    });
    if (placed !== text) writeFileSync(path, placed);
  }
}

/** The door, and what is named by its place alone: a thread begins there. */
function entriesOf(name: string): string[] {
  const within = `packages/${name}/`;
  const sources = listFiles().filter((path) => path.startsWith(within) && path.endsWith(".ts"));
  const byPlace = sources.flatMap((path) => {
    const text = readFileSync(join(root, path), "utf8");
    return [...text.matchAll(placed)].map(([, file]) => join(root, path, "..", `${file}.ts`));
  });
  return [...new Set([join(root, within, "index.ts"), ...byPlace])];
}

const placed = /new URL\("(\.\/[^"]+)\.ts", import\.meta\.url\)/g;

function compile(name: string, outDir: string): void {
  mkdirSync(outDir, { recursive: true });
  const settings = join(outDir, "tsconfig.json");
  const { lib, target } = oldest;
  const compilerOptions = {
    ...{ noEmit: false, declaration: true, rewriteRelativeImportExtensions: true, lib, target, outDir },
    ...{ rootDir: join(root, "packages", name), typeRoots: [join(root, "node_modules/@types")] },
  };
  const said = { extends: join(root, "tsconfig.json"), compilerOptions, files: entriesOf(name), include: [] };
  writeFileSync(settings, JSON.stringify(said));
  execFileSync(join(root, "node_modules/.bin/tsc"), ["-p", settings], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  rmSync(settings);
}

/**
 * The compiler renames what code imports; declarations, places of files and packages of ours are named here.
 */
function nameCompiled(file: string, folder: string): void {
  const path = join(folder, file);
  const up = relative(dirname(path), folder) || ".";
  const text = readFileSync(path, "utf8")
    .replace(/(from |import\()"(\.{1,2}\/[^"]+)\.ts"/g, '$1"$2.js"')
    .replace(/(from |import\()"@trato\/([a-z]+)"/g, `$1"${up}/$2/index.js"`)
    .replace(placed, 'new URL("$1.js", import.meta.url)');
  writeFileSync(path, text);
}

if (import.meta.main) {
  const [, , name, folder = "."] = process.argv;
  if (name === undefined) throw new Error("Name a package: npm run pack -- predict");
  console.log(pack(name, resolve(folder)));
}
