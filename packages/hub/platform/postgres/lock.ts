import { mkdir, readFile, rename, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { bornAt, isAlive } from "./processes.ts";

type Holder = { readonly pid: number; readonly born: string };

const triesMax = 800;
const againMs = 25;
/** Taking a lock lasts milliseconds; whoever seems to take it for two seconds was killed while doing so. */
const triesOfOneMax = 80;

/** Who holds a lock with this text; undefined when it was cut short or is none of ours. */
function holderIn(text: string): Holder | undefined {
  try {
    const { pid, born } = JSON.parse(text) as Partial<Holder>;
    return typeof pid === "number" && typeof born === "string" ? { pid, born } : undefined;
  } catch {
    return undefined;
  }
}

/** True while the holder's own process lives; a later process that was given the same pid doesn't count. */
function holds(holder: Holder): boolean {
  return isAlive(holder.pid) && holder.born === bornAt(holder.pid);
}

/**
 * Takes the home for this process, so that two hubs never use one home at the same time. Returns what gives it back.
 * Throws, naming the first hub's pid, while that one lives. A lock left by a killed hub is taken over. A home on a
 * shared disk is not protected from a second machine or container: pids mean nothing across them.
 */
export async function takeLock(path: string): Promise<() => Promise<void>> {
  const mine = JSON.stringify({ pid: process.pid, born: bornAt(process.pid) } satisfies Holder);
  await oneAtATime(`${path}.taking`, async () => {
    const holder = holderIn(await readFile(path, "utf8").catch(() => ""));
    if (holder !== undefined && holds(holder)) {
      throw new Error(
        `Another hub (pid ${holder.pid}) already uses this home (${path}). Stop it, or give this hub another TRATO_HOME.`,
      );
    }
    await writeFile(`${path}.new`, mine);
    await rename(`${path}.new`, path);
  });
  return async () => {
    if ((await readFile(path, "utf8").catch(() => "")) === mine) await rm(path, { force: true });
  };
}

/** Runs `work` while nobody else runs theirs with the same folder: only one can make it. */
async function oneAtATime(folder: string, work: () => Promise<void>): Promise<void> {
  let seen = "";
  let triesOfOne = 0;
  for (let attempt = 1; attempt <= triesMax; attempt++) {
    const cause = await mkdir(folder).catch((cause: NodeJS.ErrnoException) => cause);
    if (!(cause instanceof Error)) return work().finally(() => rmdir(folder));
    if (cause.code !== "EEXIST") throw cause;
    const found = await stat(folder).then(
      ({ ino, ctimeMs }) => `${ino}/${ctimeMs}`,
      () => "",
    );
    triesOfOne = found === seen ? triesOfOne + 1 : 0;
    seen = found;
    if (triesOfOne > triesOfOneMax) await rmdir(folder).catch(() => undefined);
    await delay(againMs);
  }
  throw new Error(`${folder} could not be made in ${triesMax} tries. Remove it when no hub is starting.`);
}
