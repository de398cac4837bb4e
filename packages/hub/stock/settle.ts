import { limits } from "@trato/base";
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

/** Announces levels, one change a place, at most `limits.levelsPerChangeMax` levels each. */
export async function tell(tx: Queries, levels: readonly Level[], nowMs: number): Promise<void> {
  const changes: Change[] = [];
  for (const [place, there] of Map.groupBy(levels, ({ placeId }) => placeId)) {
    for (let from = 0; from < there.length; from += limits.levelsPerChangeMax) {
      const part = there.slice(from, from + limits.levelsPerChangeMax).map((level) => ({
        sku: level.sku,
        onHand: onHandOf(level),
        held: level.held,
        available: availableOf(level, undefined),
      }));
      changes.push({
        topic: "stock.changed",
        key: place,
        place,
        personId: null,
        data: { place, levels: part },
      });
    }
  }
  await announce(tx, changes, nowMs);
}
