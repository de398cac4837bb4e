import type { StockFate } from "@trato/contract";
import { BeginAgain, type Queries } from "../platform/index.ts";
import { type FeedRow, planFeed } from "./feed-rules.ts";
import { setTerms, sumsSince } from "./feed-store.ts";
import { distinctPairs, type Level, openSheet, type Pair, pairKey } from "./ledger.ts";
import { rememberCommands } from "./order-store.ts";
import { settle, tell } from "./settle.ts";
import { lockLevels, makeLevels } from "./store.ts";

/**
 * Writes rows of the feed, each by itself; their fates stand in the rows' order. Two statements however many rows, and
 * one more for each thing that only some rows say: differences, late counts, buffers, items that are new to a place.
 */
export async function feedAll(
  tx: Queries,
  rows: readonly FeedRow[],
  nowMs: number,
): Promise<readonly StockFate[]> {
  if (rows.length === 0) return [];
  const levels = await lockOrMake(tx, distinctPairs(rows));
  const fresh = new Set(
    await rememberCommands(
      tx,
      rows.flatMap(({ change }) => (change === undefined ? [] : [change.commandId])),
      nowMs,
    ),
  );
  const sheet = openSheet(levels.values());
  const { fates, counts } = planFeed(sheet, rows, {
    movedSince: await movedSince(tx, rows, levels),
    isFresh: (commandId) => fresh.delete(commandId),
    nowMs,
  });
  const pairs = [...sheet.levels].map(([key, now]) => ({ now, before: levels.get(key)! }));
  const terms = pairs.filter(({ now, before }) => hasOtherTerms(now, before));
  await setTerms(
    tx,
    terms.map(({ now }) => now),
  );
  await settle(tx, sheet, nowMs, counts);
  const moved = new Set(sheet.movements.map(pairKey));
  // An empty shelf that is counted for the first time is news, though nothing moves.
  const quiet = pairs.filter(
    ({ now, before }) =>
      !moved.has(pairKey(now)) &&
      (hasOtherTerms(now, before) || (before.countedMs === null && now.countedMs !== null)),
  );
  await tell(
    tx,
    quiet.map(({ now }) => now),
    nowMs,
  );
  return fates;
}

const hasOtherTerms = (now: Level, before: Level): boolean =>
  now.safety !== before.safety || now.buffers !== before.buffers;

/** Locks the levels of all pairs; those that are not there are made first. */
export async function lockOrMake(tx: Queries, pairs: readonly Pair[]): Promise<Map<string, Level>> {
  const levels = new Map((await lockLevels(tx, pairs)).map((level) => [pairKey(level), level]));
  const missing = pairs.filter((pair) => !levels.has(pairKey(pair)));
  if (missing.length === 0) return levels;
  await makeLevels(tx, missing);
  for (const level of await lockLevels(tx, missing)) levels.set(pairKey(level), level);
  if (levels.size < pairs.length) throw new BeginAgain("a level went while it was locked");
  return levels;
}

/** For counts of an instant before something else moved: what moved since. */
async function movedSince(
  tx: Queries,
  rows: readonly FeedRow[],
  levels: ReadonlyMap<string, Level>,
): Promise<ReadonlyMap<FeedRow, number>> {
  const late = rows.flatMap((row) => {
    const { count, sku, placeId } = row;
    if (count === undefined || levels.get(pairKey(row))!.movedMs < count.countedMs) return [];
    return [{ row, sku, placeId, sinceMs: count.countedMs }];
  });
  const sums = await sumsSince(tx, late);
  return new Map(late.map(({ row }, i) => [row, sums[i]!]));
}
