import { assert, limits } from "@trato/base";
import type { Result } from "@trato/contract";
import { BeginAgain, type Queries } from "../platform/index.ts";
import { openBundles, type Parts } from "./choose.ts";
import { endHold, type Held, type Hold, type Holds, isOver, planHold, type Want } from "./hold-rules.ts";
import { countHolds, lockHolds, lockOwners, readHolds, writeHolds } from "./hold-store.ts";
import { distinctPairs, type Level, openSheet, type Pair, pairKey, type Sheet } from "./ledger.ts";
import { settle } from "./settle.ts";
import { lockLevels, readLevels } from "./store.ts";

export type HoldRefusal = "out_of_stock" | "holds_too_many";

/**
 * Holds what each want asks for, in their order, instead of what its hold held before; each by itself, all lines or
 * none. Some eight statements, however many wants; holds that are over and stand in the way are ended first.
 */
export async function holdAll(
  tx: Queries,
  wants: readonly Want[],
  at: { readonly items: Parts; readonly nowMs: number },
): Promise<readonly Result<Held, HoldRefusal>[]> {
  if (wants.length === 0) return [];
  const { items, nowMs } = at;
  const holdIds = [...new Set(wants.map(({ holdId }) => holdId))].sort();
  const parts = wants.flatMap(({ lines }) => openBundles(lines, items));
  const skus = [...new Set(parts.map(({ sku }) => sku))].sort();
  const placeIds = [...new Set(wants.flatMap((want) => want.placeIds))].sort();

  const [before, read] = await Promise.all([
    lockThose(tx, { holdIds, skus, nowMs, most: limits.stockSweepHolds }),
    readLevels(tx, skus, placeIds),
  ]);
  const ofOwner = await countOwners(tx, wants, before, nowMs);
  return planAndWrite(tx, {
    before,
    ofOwner,
    nowMs,
    read,
    plan: (sheet, holds) => {
      endExpired(sheet, holds, nowMs);
      return wants.map((want) => planHold(sheet, holds, want, at));
    },
  });
}

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
    read: [],
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

/** Ends holds that are over, the oldest first, at most `most`; returns how many. Two at once share the work. */
export async function sweep(
  tx: Queries,
  nowMs: number,
  most: number = limits.stockSweepHolds,
): Promise<number> {
  const before = await lockThose(tx, { holdIds: [], skus: null, nowMs, most });
  return planAndWrite(tx, {
    before,
    ofOwner: new Map(),
    nowMs,
    read: [],
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
  const opens = wants.filter(({ holdId }) => {
    const there = before.get(holdId);
    return there === undefined || isOver(there, nowMs);
  });
  const owners = [...new Set(opens.map(({ owner }) => owner))];
  if (owners.length === 0) return new Map();
  await lockOwners(tx, owners);
  return countHolds(tx, owners, nowMs);
}

/**
 * Plans on levels as they were read, locks what the plan touches, and plans again on what is true then; until a plan
 * touches nothing that is not locked. Only rows that change are locked, and what is refused locks nothing.
 */
async function planAndWrite<Answer>(
  tx: Queries,
  work: {
    readonly before: ReadonlyMap<string, Hold>;
    readonly ofOwner: ReadonlyMap<string, number>;
    readonly nowMs: number;
    readonly read: readonly Level[];
    readonly plan: (sheet: Sheet, holds: Holds) => Answer;
  },
): Promise<Answer> {
  const { before, nowMs } = work;
  const levels = new Map(work.read.map((level) => [pairKey(level), level]));
  const locked = new Set<string>();
  const lock = async (pairs: readonly Pair[]): Promise<void> => {
    const missing = pairs.filter((pair) => !locked.has(pairKey(pair)));
    for (const level of await lockLevels(tx, missing)) levels.set(pairKey(level), level);
    for (const pair of missing) locked.add(pairKey(pair));
  };
  // What is held already may have to be given back: that is known before anything is planned.
  const heldPairs = distinctPairs([...before.values()].flatMap(({ lines }) => lines));
  if (work.read.length === 0) await lock(heldPairs);
  else await readMissing(tx, levels, heldPairs);
  for (let round = 0; round < limits.holdRoundsMax; round++) {
    const sheet = openSheet(levels.values());
    const holds: Holds = { now: new Map(before), ofOwner: new Map(work.ofOwner) };
    const answer = work.plan(sheet, holds);
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
  if (missing.length === 0) return;
  const skus = [...new Set(missing.map(({ sku }) => sku))];
  const placeIds = [...new Set(missing.map(({ placeId }) => placeId))];
  for (const level of await readLevels(tx, skus, placeIds)) {
    if (!levels.has(pairKey(level))) levels.set(pairKey(level), level);
  }
  assert(
    pairs.every((pair) => levels.has(pairKey(pair))),
    "what is held has a level",
  );
}
