import { limits } from "@trato/base";
import type { Database, Queries } from "../platform/index.ts";
import type { Folder } from "./fold.ts";
import { refold } from "./refold.ts";
import { lockPage, writeFolded } from "./store.ts";
import { foldToNow } from "./tails.ts";

export type Verified = {
  readonly people: number;
  /** People whose live profile is not what the log says, with the first slice that differs. */
  readonly different: readonly { readonly personId: string; readonly slice: string }[];
};

const pageOfPeople = 200;
const firstOfAll = "00000000-0000-0000-0000-000000000000";

/** Walks everybody who is alive in pages, each page in a transaction that holds its people. */
async function eachPage(
  database: Database,
  which: { readonly foldVersion: string; readonly onlyStale: boolean },
  work: (tx: Queries, people: Awaited<ReturnType<typeof lockPage>>) => Promise<void>,
): Promise<number> {
  let after = firstOfAll;
  let people = 0;
  for (;;) {
    const count = await database.transaction(async (tx) => {
      const page = await lockPage(tx, { after, limit: pageOfPeople, ...which });
      if (page.length === 0) return 0;
      await work(tx, page);
      after = page.at(-1)!.personId;
      return page.length;
    });
    people += count;
    if (count < pageOfPeople) return people;
  }
}

/** Compares every live profile with a full replay of the log, bit for bit. */
export async function verifyEverybody(
  database: Database,
  folder: Folder,
  onProgress: (people: number) => void = () => undefined,
): Promise<Verified> {
  const different: { personId: string; slice: string }[] = [];
  let seen = 0;
  const people = await eachPage(
    database,
    { foldVersion: folder.version, onlyStale: false },
    async (tx, page) => {
      await foldToNow(tx, folder, page);
      const replayed = await refold(tx, folder, page, page[0]!.foldedAt);
      for (const [i, held] of page.entries()) {
        const slice = firstDifference(held.slices, replayed[i]!.slices);
        if (slice !== undefined && different.length < limits.pageRowsMax)
          different.push({ personId: held.personId, slice });
      }
      seen += page.length;
      onProgress(seen);
    },
  );
  return { people, different };
}

function firstDifference(
  live: Record<string, unknown>,
  replayed: Record<string, unknown>,
): string | undefined {
  const names = new Set([...Object.keys(live), ...Object.keys(replayed)]);
  for (const name of names) if (JSON.stringify(live[name]) !== JSON.stringify(replayed[name])) return name;
  return undefined;
}

/** Folds people again from the log: everybody, or those that other slices folded. */
export async function refoldEverybody(
  database: Database,
  folder: Folder,
  onlyStale: boolean,
  onProgress: (people: number) => void = () => undefined,
): Promise<number> {
  let seen = 0;
  return eachPage(database, { foldVersion: folder.version, onlyStale }, async (tx, page) => {
    await writeFolded(tx, await refold(tx, folder, page), folder.version);
    seen += page.length;
    onProgress(seen);
  });
}
