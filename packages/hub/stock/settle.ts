import { limits } from "@trato/base";
import { recordThings, type Thing } from "../events/index.ts";
import { announce, type Change, type Queries } from "../platform/index.ts";
import { availableOf, type Level, onHandOf, pairKey, type Sheet } from "./ledger.ts";
import { moveStock, type Posting } from "./store.ts";

/** Writes what was planned on a sheet, and says which levels changed. `counts` are counts that moved nothing. */
export async function settle(
  tx: Queries,
  sheet: Sheet,
  nowMs: number,
  counts: readonly Posting[] = [],
): Promise<void> {
  const moved = sheet.movements.map((movement): Posting => ({ ...movement, countedMs: null }));
  await moveStock(tx, [...moved, ...counts], nowMs);
  // They are locked: what the plan made of them is what they are now.
  const changed = new Set(sheet.movements.map(pairKey));
  await tell(
    tx,
    [...changed].map((key) => sheet.levels.get(key)!),
    nowMs,
  );
}

/** Tells the log and subscribers of levels: one event and one change a place, of `limits.levelsPerChangeMax` levels at most. */
export async function tell(tx: Queries, levels: readonly Level[], nowMs: number): Promise<void> {
  const things: Thing[] = [];
  const changes: Change[] = [];
  for (const [place, there] of Map.groupBy(levels, ({ placeId }) => placeId)) {
    for (let from = 0; from < there.length; from += limits.levelsPerChangeMax) {
      const data = { place, levels: there.slice(from, from + limits.levelsPerChangeMax).map(levelAsTold) };
      things.push({ type: "stock.changed", store: place, data });
      changes.push({ topic: "stock.changed", key: place, place, personId: null, data });
    }
  }
  await recordThings(tx, things, nowMs);
  await announce(tx, changes, nowMs);
}

const levelAsTold = (level: Level) => ({
  sku: level.sku,
  onHand: onHandOf(level),
  held: level.held,
  allocated: level.allocated,
  available: availableOf(level, undefined),
  incoming: level.incoming,
  inTransit: level.transit,
});
