import { ok, type Result, refuse } from "@trato/contract";
import type { Line, Taken } from "./choose.ts";
import { endedHold, type Holds, isOver } from "./hold-rules.ts";
import { type Pair, pairKey, post, putBack, type Reason, type Sheet } from "./ledger.ts";

/** Units put aside for an order. */
export type Allocated = Taken & { readonly orderId: string };
/** Units of an item at a place. */
export type PlacedLine = Line & { readonly placeId: string };

export type OrderMove = {
  readonly orderId: string;
  /** The caller's id: the same one again moves nothing. */
  readonly commandId: string;
  /** All that is still put aside for the order when left out. */
  readonly lines?: readonly PlacedLine[];
};
export type Moved = { readonly repeat: boolean; readonly lines: readonly PlacedLine[] };

/** What is put aside while moves are planned, by line; zero is a line that has gone. */
export type Aside = Map<string, Allocated>;

const asideKey = (line: Allocated): string => `${line.orderId}\n${line.forSku}\n${pairKey(line)}`;
export const openAside = (lines: readonly Allocated[]): Aside =>
  new Map(lines.map((line) => [asideKey(line), line]));

/** Turns a hold into what is put aside for an order, unless it is over. */
export function planAllocation(
  sheet: Sheet,
  holds: Holds,
  aside: Aside,
  asked: { readonly holdId: string; readonly orderId: string; readonly nowMs: number },
): Result<readonly Taken[], "hold_expired"> {
  const { holdId, orderId, nowMs } = asked;
  const hold = holds.now.get(holdId);
  if (hold === undefined || isOver(hold, nowMs)) return refuse("hold_expired");
  for (const line of hold.lines) {
    const { sku, placeId, quantity } = line;
    const why = { reason: "allocate" as const, ref: orderId, commandId: null, atMs: nowMs };
    post(sheet, { sku, placeId, quantity, ...why, from: "held", to: "allocated" });
    const put = { ...line, orderId };
    const there = aside.get(asideKey(put))?.quantity ?? 0;
    aside.set(asideKey(put), { ...put, quantity: there + quantity });
  }
  endedHold(holds, hold, nowMs);
  return ok(hold.lines);
}

/** Where what was put aside goes: out of the place, or back. */
export type Way = Extract<Reason, "ship" | "deallocate">;

/** Moves what is put aside, all lines or none. More than there is, is refused. */
export function planMove(
  sheet: Sheet,
  aside: Aside,
  move: OrderMove,
  at: { readonly way: Way; readonly nowMs: number },
): Result<Moved, "not_allocated"> {
  const own = () => [...aside.values()].filter(({ orderId }) => orderId === move.orderId);
  const lines = sumPlaced(move.lines ?? own());
  const amountOf = (pair: Pair) =>
    sumPlaced(own()).find((line) => pairKey(line) === pairKey(pair))?.quantity ?? 0;
  const exceeded = lines.find((line) => amountOf(line) < line.quantity);
  if (exceeded !== undefined) {
    const { sku, placeId, quantity } = exceeded;
    const detail = `of ${sku} at ${placeId}, ${amountOf(exceeded)} are put aside, not ${quantity}`;
    return refuse("not_allocated", { detail });
  }
  const why = { reason: at.way, ref: move.orderId, commandId: move.commandId, atMs: at.nowMs };
  for (const line of lines) {
    const movement = { ...line, ...why, from: "allocated" as const };
    if (at.way === "ship") post(sheet, { ...movement, to: "outside" });
    else putBack(sheet, movement);
    takeAside(aside, own(), line);
  }
  return ok({ repeat: false, lines });
}

function takeAside(aside: Aside, own: readonly Allocated[], line: PlacedLine): void {
  let rest = line.quantity;
  for (const one of own.filter((one) => pairKey(one) === pairKey(line))) {
    const part = Math.min(rest, one.quantity);
    aside.set(asideKey(one), { ...one, quantity: one.quantity - part });
    rest -= part;
  }
}

/** Lines of one item at one place are one; nothing is left out. */
export function sumPlaced(lines: readonly PlacedLine[]): PlacedLine[] {
  return [...Map.groupBy(lines, pairKey).values()].flatMap((same) => {
    const { sku, placeId } = same[0]!;
    const quantity = same.reduce((sum, line) => sum + line.quantity, 0);
    return quantity === 0 ? [] : [{ sku, placeId, quantity }];
  });
}
