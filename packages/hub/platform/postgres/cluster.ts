import { randomBytes } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Account, give, nameFor } from "./account.ts";
import type { Binaries } from "./binaries.ts";
import { run } from "./run.ts";

/** Where everything of the embedded PostgreSQL is, inside the home. */
export function placesIn(home: string) {
  return {
    data: join(home, "postgres"),
    half: join(home, "postgres.new"),
    password: join(home, "postgres.password"),
    port: join(home, "postgres.port"),
    log: join(home, "postgres.log"),
    lock: join(home, "hub.lock"),
  } as const;
}
export type Places = ReturnType<typeof placesIn>;

/** Writes a small file that only its owner may read, and waits until it is on the disk. */
export async function writePrivate(path: string, text: string, account: Account): Promise<void> {
  const file = await open(path, "w", 0o600);
  try {
    await file.chmod(0o600);
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await give(path, account);
}

async function sync(directory: string): Promise<void> {
  const handle = await open(directory, "r");
  await handle.sync().finally(() => handle.close());
}

/**
 * Makes sure there is a database cluster of this major version, and gives its password. A new one is made aside and
 * renamed when it is whole and on the disk, so a crash half-way leaves nothing that looks like data.
 * Throws, with the remedy, when the folder holds something else, another version, or data without its password.
 */
export async function ensureCluster(
  home: string,
  at: Places,
  binaries: Binaries,
  account: Account,
): Promise<string> {
  const version = (await readFile(join(at.data, "PG_VERSION"), "utf8").catch(() => "")).trim();
  if (version === "") {
    const found = await readdir(at.data).catch(() => []);
    if (found.length > 0)
      throw new Error(`${at.data} holds files that are not PostgreSQL data. Move them away.`);
    return createCluster(home, at, binaries, account);
  }
  if (version !== binaries.major) {
    throw new Error(
      `${at.data} was written by PostgreSQL ${version}, and this hub brings ${binaries.major}. Dump it with the version that wrote it and restore the dump into a new TRATO_HOME.`,
    );
  }
  const password = (await readFile(at.password, "utf8").catch(() => "")).trim();
  if (password === "")
    throw new Error(`${at.password} is missing: it belongs to ${at.data}. Restore it from the backup.`);
  return password;
}

async function createCluster(
  home: string,
  at: Places,
  binaries: Binaries,
  account: Account,
): Promise<string> {
  const password = randomBytes(32).toString("base64url");
  const data = join(at.half, "data");
  await rm(at.half, { recursive: true, force: true });
  await mkdir(data, { recursive: true, mode: 0o700 });
  await writePrivate(join(at.half, "password"), `${password}\n`, account);
  await give(at.half, account);
  const name = nameFor(data, account);
  const initdb = async (...args: string[]) => {
    const { code, output, refused } = await run(binaries.initdb, ["-D", name, ...args], account, data);
    if (code !== 0) throw new Error(`initdb failed: ${refused ?? output.trim().slice(-1_000)}`);
  };
  await initdb(
    "--username=trato",
    // Put together by hand: join() would take the ".." against the name and not against where it leads.
    `--pwfile=${name}/../password`,
    "--auth=scram-sha-256",
    "--data-checksums",
    "--encoding=UTF8",
    // Sorted by code point on every system and for ever: no upgrade of the system's library can break an index.
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    // Making the next file of the log holds up whoever commits: 35 ms for the usual 16 MB, 1.4 ms for one.
    "--wal-segsize=1",
    "--no-instructions",
    "--no-sync",
  );
  await initdb("--sync-only");
  await writePrivate(at.password, `${password}\n`, account);
  await rename(data, at.data);
  await sync(home);
  await rm(at.half, { recursive: true });
  return password;
}
