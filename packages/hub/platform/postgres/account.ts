import { spawnSync } from "node:child_process";
import { chown, readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/** The user PostgreSQL runs as; undefined means the user of this process. */
export type Account = { readonly uid: number; readonly gid: number } | undefined;

const unprivileged = ["postgres", "nobody"];
/** Nothing of the hub's environment (keys, PG* variables) reaches PostgreSQL or its tools. */
export const plainEnvironment = { LC_ALL: "C", TZ: "UTC", PATH: "/usr/local/bin:/usr/bin:/bin" };

/**
 * A statement over a thousand rows takes megabytes and gives them back. glibc would ask the system for each such
 * piece anew and have its pages cleared, a sixth of the time of intake: it keeps up to 32 MB a process instead.
 */
export const serverEnvironment = {
  ...plainEnvironment,
  MALLOC_MMAP_THRESHOLD_: String(32 * 1024 * 1024),
  MALLOC_TRIM_THRESHOLD_: String(32 * 1024 * 1024),
};

function idOf(name: string): Account {
  const ask = (flag: "-u" | "-g") =>
    spawnSync("id", [flag, name], { env: plainEnvironment, encoding: "utf8" });
  const [uid, gid] = [ask("-u"), ask("-g")];
  if (uid.status !== 0 || gid.status !== 0) return undefined;
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}

async function ownerOf(path: string): Promise<Account> {
  const found = await stat(path).catch(() => undefined);
  return found && { uid: found.uid, gid: found.gid };
}

/**
 * Says as whom PostgreSQL runs, because it refuses to run as root: as ourselves when we are not root, else as the
 * one who owns the data or its home, else as `postgres` or `nobody`. Throws when the data belongs to someone we
 * can't become, or when root finds nobody.
 */
export async function chooseAccount(home: string, dataDir: string): Promise<Account> {
  const owner = await ownerOf(dataDir);
  const us = process.geteuid?.();
  if (us !== 0) {
    if (owner === undefined || owner.uid === us) return undefined;
    throw new Error(
      `${dataDir} belongs to the user with id ${owner.uid}, and the hub runs as ${us}. Start the hub as that user or as root, or choose another TRATO_HOME.`,
    );
  }
  for (const one of [owner, await ownerOf(home)]) if (one !== undefined && one.uid !== 0) return one;
  for (const name of unprivileged) {
    const found = idOf(name);
    if (found !== undefined && found.uid !== 0) return found;
  }
  throw new Error(
    "PostgreSQL refuses to run as root, and there is no user postgres or nobody to run it as. Create one (useradd --system postgres), or start the hub as an ordinary user.",
  );
}

/** Gives `path` and all below it to the account; links themselves, not what they point to, are left as they are. */
export async function give(path: string, account: Account): Promise<void> {
  if (account === undefined) return;
  const below = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of below) {
    if (!entry.isSymbolicLink()) await chown(join(entry.parentPath, entry.name), account.uid, account.gid);
  }
  await chown(path, account.uid, account.gid);
}

/**
 * The name by which the account can open `dir`, given a process started inside it. The account may not be let
 * through a directory above (/root is closed to all but root); on Linux /proc/self/cwd then leads there without
 * passing it, so the data stay in the home and no permission of a directory that isn't ours is widened.
 */
export function nameFor(dir: string, account: Account): string {
  if (account === undefined) return dir;
  const asAccount = { ...account, cwd: "/", env: plainEnvironment };
  if (spawnSync("test", ["-x", dir], asAccount).status === 0) return dir;
  if (process.platform === "linux") return "/proc/self/cwd";
  throw new Error(
    `The user with id ${account.uid}, who runs PostgreSQL, may not enter ${dir}. Choose a TRATO_HOME that every user may pass through, or start the hub as an ordinary user.`,
  );
}
