import { ok, type Result } from "@trato/contract";
import type { Queries } from "../platform/index.ts";
import type { Taken } from "./choose.ts";
import type { Holds } from "./hold-rules.ts";
import { writeHolds } from "./hold-store.ts";
import { lockThose } from "./holding.ts";
import { distinctPairs, openSheet } from "./ledger.ts";
import { eachOnce } from "./once.ts";
import {
  type Aside,
  type Moved,
  type OrderMove,
  openAside,
  planAllocation,
  planMove,
  type Way,
} from "./order-rules.ts";
import { lockAllocations, writeAllocations } from "./order-store.ts";
import { settle } from "./settle.ts";
import { lockLevels } from "./store.ts";

/**
 * Turns holds into what is put aside for orders. A hold that is over at `nowMs`, or was ended, is refused and nothing
 * of it is taken; one that is not over becomes the order's, and can then no longer expire.
 */
export async function allocateAll(
  tx: Queries,
  asked: readonly { readonly holdId: string; readonly orderId: string }[],
  nowMs: number,
): Promise<readonly Result<readonly Taken[], "hold_expired">[]> {
  if (asked.length === 0) return [];
  const holdIds = [...new Set(asked.map(({ holdId }) => holdId))].sort();
  const before = await lockThose(tx, { holdIds, skus: [], nowMs, most: 0 });
  const aside = await lockAside(tx, asked);
  const held = [...before.values()].flatMap(({ lines }) => lines);
  const sheet = openSheet(await lockLevels(tx, distinctPairs(held)));
  const holds: Holds = { now: new Map(before), ofOwner: new Map() };
  const planned = new Map(aside);
  const answers = asked.map((one) => planAllocation(sheet, holds, planned, { ...one, nowMs }));
  await settle(tx, sheet, nowMs);
  await writeAside(tx, aside, planned);
  await writeHolds(tx, before, holds.now);
  return answers;
}

/** Gives back what was put aside for orders that were cancelled before it left. */
export const deallocateAll = (tx: Queries, moves: readonly OrderMove[], nowMs: number) =>
  moveAside(tx, moves, { way: "deallocate", nowMs });

/** What was put aside for orders leaves the place. */
export const shipAll = (tx: Queries, moves: readonly OrderMove[], nowMs: number) =>
  moveAside(tx, moves, { way: "ship", nowMs });

/** Each move by itself, all its lines or none: more than is put aside is refused, a repeat moves nothing. */
async function moveAside(
  tx: Queries,
  moves: readonly OrderMove[],
  at: { readonly way: Way; readonly nowMs: number },
): Promise<readonly Result<Moved, "not_allocated">[]> {
  if (moves.length === 0) return [];
  const aside = await lockAside(tx, moves);
  const sheet = openSheet(await lockLevels(tx, distinctPairs([...aside.values()])));
  const planned = new Map(aside);
  const answers = await eachOnce(tx, moves, at.nowMs, (move) => planMove(sheet, planned, move, at));
  await settle(tx, sheet, at.nowMs);
  await writeAside(tx, aside, planned);
  return answers.map((one) => one ?? ok({ repeat: true, lines: [] }));
}

async function lockAside(tx: Queries, of: readonly { readonly orderId: string }[]): Promise<Aside> {
  return openAside(await lockAllocations(tx, [...new Set(of.map(({ orderId }) => orderId))].sort()));
}

function writeAside(tx: Queries, before: Aside, after: Aside): Promise<void> {
  return writeAllocations(
    tx,
    [...after].flatMap(([key, line]) => (line === before.get(key) ? [] : [line])),
  );
}
