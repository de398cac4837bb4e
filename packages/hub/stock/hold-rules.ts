import { limits } from "@trato/base";
import { ok, type Result, refuse } from "@trato/contract";
import { choosePlaces, type Line, type Parts, type Taken } from "./choose.ts";
import { availableOf, type Pair, pairKey, post, putBack, type Sheet } from "./ledger.ts";

export type Want = {
  readonly holdId: string;
  /** Whose it is: so many holds an owner may have at once. An id, never a name or an address. */
  readonly owner: string;
  readonly expiresMs: number;
  readonly channel: string;
  /** In order of preference. */
  readonly placeIds: readonly string[];
  readonly lines: readonly Line[];
  /** Items of which this probably changes how many are held; a guess saves a journey, a wrong one changes nothing. */
  readonly changing?: readonly string[];
};

export type Held = { readonly holdId: string; readonly expiresMs: number; readonly lines: readonly Taken[] };

/** A hold as it is kept; one that is over holds nothing, whether or not its units were given back already. */
export type Hold = {
  readonly holdId: string;
  readonly owner: string;
  readonly channel: string;
  readonly expiresMs: number;
  readonly lines: readonly Taken[];
};

/** Owns what decisions promise somebody: their carts may have it. It is held for minutes, and not counted. */
export const promiseOwner = (personId: string): string => `promise/${personId}`;
export const isPromise = ({ owner }: Pick<Hold, "owner">): boolean => owner.startsWith(promiseOwner(""));

export const isOver = (hold: Pick<Hold, "expiresMs">, nowMs: number): boolean => hold.expiresMs <= nowMs;

/** What is kept of holds: changed where they stand, and written when all is planned. `undefined` is a hold that ended. */
export type Holds = {
  readonly now: Map<string, Hold | undefined>;
  /** How many holds of each owner are not over, as far as they were asked for. */
  readonly ofOwner: Map<string, number>;
};

const noLines: readonly Taken[] = [];

/** Ends a hold: what it held is free again. Nothing to do for one that ended before. */
export function endHold(
  sheet: Sheet,
  holds: Holds,
  end: { readonly holdId: string; readonly reason: "release" | "expire"; readonly nowMs: number },
): void {
  const hold = holds.now.get(end.holdId);
  if (hold === undefined) return;
  const endMs = end.reason === "expire" ? Math.min(hold.expiresMs, end.nowMs) : end.nowMs;
  for (const line of hold.lines)
    putBack(sheet, { ...why(line, hold.holdId, endMs), reason: end.reason, from: "held" });
  endedHold(holds, hold, end.nowMs);
}

/** A hold holds nothing any more. */
export function endedHold(holds: Holds, hold: Hold, nowMs: number): void {
  holds.now.set(hold.holdId, undefined);
  if (!isOver(hold, nowMs)) holds.ofOwner.set(hold.owner, (holds.ofOwner.get(hold.owner) ?? 1) - 1);
}

/**
 * Holds what is wanted instead of what the hold held before, all lines or none. A refusal leaves the earlier hold as it
 * was. What a hold has already it may keep, also when a count has found less or a buffer was raised since.
 */
export function planHold(
  sheet: Sheet,
  holds: Holds,
  want: Want,
  { items, nowMs }: { readonly items: Parts; readonly nowMs: number },
): Result<Held, "out_of_stock" | "holds_too_many"> {
  const there = holds.now.get(want.holdId);
  const isNew = there === undefined || isOver(there, nowMs);
  const active = holds.ofOwner.get(want.owner) ?? 0;
  if (isNew && !isPromise(want) && active >= limits.holdsPerOwnerMax) {
    return refuse("holds_too_many", {
      detail: {
        en: `${want.owner} has ${active} holds; release one, or let it expire`,
        es: `${want.owner} tiene ${active} reservas; libere una, o espere a que venza`,
      },
    });
  }
  if (isNew) endHold(sheet, holds, { holdId: want.holdId, reason: "expire", nowMs });
  const had = sumByPair(isNew ? noLines : there.lines);
  const room = (sku: string, placeId: string): number => {
    const key = pairKey({ sku, placeId });
    const level = sheet.levels.get(key);
    return (had.get(key)?.quantity ?? 0) + (level === undefined ? 0 : availableOf(level, want.channel));
  };
  const chosen = choosePlaces({ lines: want.lines, items }, want.placeIds, room);
  if (!chosen.ok) {
    const { sku, asked, available } = chosen;
    return refuse("out_of_stock", {
      detail: {
        en: `of ${sku}, ${asked} were asked for and ${available} are available`,
        es: `de ${sku} se pidieron ${asked} y hay ${available}`,
      },
    });
  }
  moveDifference(sheet, { had, wanted: sumByPair(chosen.taken), ref: want.holdId, nowMs });
  const { holdId, owner, channel, expiresMs } = want;
  holds.now.set(holdId, { holdId, owner, channel, expiresMs, lines: chosen.taken });
  if (isNew) holds.ofOwner.set(owner, active + 1);
  return ok({ holdId, expiresMs, lines: chosen.taken });
}

type Amount = Pair & { quantity: number };

function sumByPair(lines: readonly Taken[]): Map<string, Amount> {
  const sums = new Map<string, Amount>();
  for (const { sku, placeId, quantity } of lines) {
    const key = pairKey({ sku, placeId });
    const sum = sums.get(key);
    if (sum === undefined) sums.set(key, { sku, placeId, quantity });
    else sum.quantity += quantity;
  }
  return sums;
}

/** Moves what changes and nothing else: a cart that grows by a line moves that line. */
function moveDifference(
  sheet: Sheet,
  change: {
    readonly had: ReadonlyMap<string, Amount>;
    readonly wanted: ReadonlyMap<string, Amount>;
    readonly ref: string;
    readonly nowMs: number;
  },
): void {
  const { had, wanted, ref, nowMs } = change;
  for (const [key, before] of had) {
    const less = before.quantity - (wanted.get(key)?.quantity ?? 0);
    if (less > 0)
      putBack(sheet, { ...why(before, ref, nowMs), quantity: less, reason: "release", from: "held" });
  }
  for (const [key, now] of wanted) {
    const more = now.quantity - (had.get(key)?.quantity ?? 0);
    if (more > 0)
      post(sheet, { ...why(now, ref, nowMs), quantity: more, reason: "hold", from: "free", to: "held" });
  }
}

const why = ({ sku, placeId, quantity }: Amount | Taken, ref: string, nowMs: number) => ({
  ...{ sku, placeId, quantity, ref },
  commandId: null,
  atMs: nowMs,
});
