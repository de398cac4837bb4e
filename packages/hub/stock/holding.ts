import { assert, limits } from "@trato/base";
import type { Result } from "@trato/contract";
import { BeginAgain, type Queries } from "../platform/index.ts";
import { openBundles, type Parts } from "./choose.ts";
import {
  endHold,
  type Held,
  type Hold,
  type Holds,
  isOver,
  isPromise,
  planHold,
  type Want,
} from "./hold-rules.ts";
import { countHolds, lockHolds, lockOwners, readHolds, writeHolds } from "./hold-store.ts";
import { distinctPairs, type Level, openSheet, type Pair, pairKey, type Sheet } from "./ledger.ts";
import { settle } from "./settle.ts";
import { lockLevels, readLevels, readLevelsAt } from "./store.ts";

export type HoldRefusal = "out_of_stock" | "holds_too_many";

/**
 * Holds what each want asks for, in their order, instead of what its hold held before; each by itself, all lines or
 * none. Some seven statements, however many wants; holds that are over and stand in the way are ended first. Mostly
 * the place that is preferred has everything: the others are only asked when it has not.
 */
export async function holdAll(
  tx: Queries,
  wants: readonly Want[],
  at: { readonly items: Parts; readonly nowMs: number },
): Promise<readonly Result<Held, HoldRefusal>[]> {
  if (wants.length === 0) return [];
  const { items, nowMs } = at;
  const holdIds = [...new Set(wants.map(({ holdId }) => holdId))].sort();
  const skus = [
    ...new Set(wants.flatMap(({ lines }) => openBundles(lines, items)).map(({ sku }) => sku)),
  ].sort();
  const { changing, others } = preferredPairs(wants, items);

  const [before, locked, read] = await Promise.all([
    lockThose(tx, { holdIds, skus, nowMs, most: limits.stockSweepHolds }),
    lockLevels(tx, changing),
    readLevelsAt(tx, others),
  ]);
  const ofOwner = await countOwners(tx, wants, before, nowMs);
  return planAndWrite(tx, {
    ...{ before, ofOwner, nowMs, read, locked, mayLock: changing },
    plan: (sheet, holds) => {
      endExpired(sheet, holds, nowMs);
      return wants.map((want) => planHold(sheet, holds, want, at));
    },
    isSure: (answers) => answers.every((answer, i) => isAtPreferred(answer, wants[i]!)),
    readOthers: () => readLevels(tx, skus, [...new Set(wants.flatMap((want) => want.placeIds))].sort()),
  });
}

/** What wants need of the places they prefer: what probably changes, and the rest. */
function preferredPairs(wants: readonly Want[], items: Parts): Record<"changing" | "others", Pair[]> {
  const all: Pair[] = [];
  const changing: Pair[] = [];
  for (const want of wants) {
    const [placeId] = want.placeIds;
    if (placeId === undefined) continue;
    for (const { sku, forSku } of openBundles(want.lines, items)) {
      all.push({ sku, placeId });
      if (want.changing?.includes(forSku)) changing.push({ sku, placeId });
    }
  }
  const among = new Set(changing.map(pairKey));
  return {
    changing: distinctPairs(changing),
    others: distinctPairs(all.filter((pair) => !among.has(pairKey(pair)))),
  };
}

/** Then no other place would have been chosen, whatever it has. */
const isAtPreferred = (answer: Result<Held, HoldRefusal>, { placeIds }: Want): boolean =>
  answer.ok && answer.value.lines.every(({ placeId }) => placeId === placeIds[0]);

/** Gives back what these holds hold; true for each that was there and not over. */
export async function releaseAll(
  tx: Queries,
  holdIds: readonly string[],
  nowMs: number,
): Promise<readonly boolean[]> {
  if (holdIds.length === 0) return [];
  const before = await lockThose(tx, { holdIds: [...new Set(holdIds)].sort(), skus: [], nowMs, most: 0 });
  return planAndWrite(tx, {
    before,
    ofOwner: new Map(),
    nowMs,
    plan: (sheet, holds) =>
      holdIds.map((holdId) => {
        const hold = holds.now.get(holdId);
        if (hold === undefined) return false;
        const reason = isOver(hold, nowMs) ? "expire" : "release";
        endHold(sheet, holds, { holdId, reason, nowMs });
        return reason === "release";
      }),
  });
}

/**
 * Ends holds that are over, the oldest first, at most `most`, those of `skus` or any; returns how many. Two at once
 * share the work.
 */
export async function sweep(
  tx: Queries,
  nowMs: number,
  { most = limits.stockSweepHolds, skus = null }: { most?: number; skus?: readonly string[] | null } = {},
): Promise<number> {
  const before = await lockThose(tx, { holdIds: [], skus, nowMs, most });
  return planAndWrite(tx, {
    before,
    ofOwner: new Map(),
    nowMs,
    plan: (sheet, holds) => {
      endExpired(sheet, holds, nowMs);
      return before.size;
    },
  });
}

function endExpired(sheet: Sheet, holds: Holds, nowMs: number): void {
  for (const hold of [...holds.now.values()]) {
    if (hold !== undefined && isOver(hold, nowMs))
      endHold(sheet, holds, { holdId: hold.holdId, reason: "expire", nowMs });
  }
}

/** Locks holds by name and those that are over, as `lockHolds`, and reads what they hold. */
export async function lockThose(
  tx: Queries,
  wanted: Parameters<typeof lockHolds>[1],
): Promise<ReadonlyMap<string, Hold>> {
  const [locked, own] = await Promise.all([lockHolds(tx, wanted), readHolds(tx, wanted.holdIds)]);
  const known = new Set(wanted.holdIds);
  const over = await readHolds(
    tx,
    locked.filter((holdId) => !known.has(holdId)),
  );
  // One that was made after the lock looked for it is not ours.
  const isLocked = new Set(locked);
  const ours = [...own, ...over].filter(({ holdId }) => isLocked.has(holdId));
  return new Map(ours.map((hold) => [hold.holdId, hold]));
}

/** Only who opens a hold is counted: to change one is always allowed. */
async function countOwners(
  tx: Queries,
  wants: readonly Want[],
  before: ReadonlyMap<string, Hold>,
  nowMs: number,
): Promise<Map<string, number>> {
  const opens = wants.filter(({ holdId, owner }) => {
    if (isPromise({ owner })) return false;
    const there = before.get(holdId);
    return there === undefined || isOver(there, nowMs);
  });
  const owners = [...new Set(opens.map(({ owner }) => owner))];
  if (owners.length === 0) return new Map();
  await lockOwners(tx, owners);
  return countHolds(tx, owners, nowMs);
}

type Work<Answer> = {
  readonly before: ReadonlyMap<string, Hold>;
  readonly ofOwner: ReadonlyMap<string, number>;
  readonly nowMs: number;
  /** Levels as they were read, and as they were locked; `mayLock` are those that were to be locked, there or not. */
  readonly read?: readonly Level[];
  readonly locked?: readonly Level[];
  readonly mayLock?: readonly Pair[];
  readonly plan: (sheet: Sheet, holds: Holds) => Answer;
  /** False when the plan might be another one if more levels were known: those of `readOthers`. */
  readonly isSure?: (answer: Answer) => boolean;
  readonly readOthers?: () => Promise<readonly Level[]>;
};

/**
 * Plans on levels as they were read, locks what the plan touches, and plans again on what is true then; until a plan
 * touches nothing that is not locked. Beyond what a caller guessed, only rows that change are locked.
 */
async function planAndWrite<Answer>(tx: Queries, work: Work<Answer>): Promise<Answer> {
  const { before, nowMs, read = [], mayLock = [], isSure = () => true } = work;
  const levels = new Map([...read, ...(work.locked ?? [])].map((level) => [pairKey(level), level]));
  const locked = new Set(mayLock.map(pairKey));
  const lock = async (pairs: readonly Pair[]): Promise<void> => {
    const missing = pairs.filter((pair) => !locked.has(pairKey(pair)));
    for (const level of await lockLevels(tx, missing)) levels.set(pairKey(level), level);
    for (const pair of missing) locked.add(pairKey(pair));
  };
  // What is held already may have to be given back: that is known before anything is planned.
  const heldPairs = distinctPairs([...before.values()].flatMap(({ lines }) => lines));
  if (work.readOthers === undefined) await lock(heldPairs);
  else await readMissing(tx, levels, heldPairs);
  let { readOthers } = work;
  for (let round = 0; round < limits.holdRoundsMax; round++) {
    const sheet = openSheet(levels.values());
    const holds: Holds = { now: new Map(before), ofOwner: new Map(work.ofOwner) };
    const answer = work.plan(sheet, holds);
    if (readOthers !== undefined && !isSure(answer)) {
      for (const level of await readOthers())
        if (!levels.has(pairKey(level))) levels.set(pairKey(level), level);
      readOthers = undefined;
      continue;
    }
    const touched = distinctPairs(sheet.movements);
    if (touched.every((pair) => locked.has(pairKey(pair)))) {
      await settle(tx, sheet, nowMs);
      await writeHolds(tx, before, holds.now);
      return answer;
    }
    await lock(touched);
  }
  throw new BeginAgain("others take what was planned on");
}

async function readMissing(tx: Queries, levels: Map<string, Level>, pairs: readonly Pair[]): Promise<void> {
  const missing = pairs.filter((pair) => !levels.has(pairKey(pair)));
  for (const level of await readLevelsAt(tx, missing)) levels.set(pairKey(level), level);
  assert(
    pairs.every((pair) => levels.has(pairKey(pair))),
    "what is held has a level",
  );
}
