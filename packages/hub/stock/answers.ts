import type { HoldAnswer, Place, StockLevel, StockMovement, Transfer } from "@trato/contract";
import type { KeptTransfer } from "./goods-rules.ts";
import type { Held } from "./hold-rules.ts";
import { availableOf, type Level, onHandOf, type Pair } from "./ledger.ts";
import type { KeptMovement, MovementCursor } from "./store.ts";

const instantOf = (ms: number): string => new Date(ms).toISOString();

/** A level as it is told. To a channel that its place does not serve nothing of it is available. */
export const levelAnswer = (
  level: Level,
  channel: string | undefined,
  place?: Pick<Place, "channels">,
): StockLevel => ({
  sku: level.sku,
  placeId: level.placeId,
  onHand: onHandOf(level),
  held: level.held,
  allocated: level.allocated,
  available:
    channel !== undefined && place?.channels.includes(channel) === false ? 0 : availableOf(level, channel),
  incoming: level.incoming,
  inTransit: level.transit,
  safety: level.safety,
  ...(level.buffers === null ? {} : { channelBuffers: { ...level.buffers } }),
  ...(level.countedMs === null ? {} : { countedAt: instantOf(level.countedMs) }),
});

export const movementAnswer = (movement: KeptMovement): StockMovement => ({
  movementId: movement.movementId,
  at: instantOf(movement.atMs),
  recordedAt: instantOf(movement.recordedMs),
  from: movement.from,
  to: movement.to,
  quantity: movement.quantity,
  reason: movement.reason,
  ...(movement.ref === null ? {} : { ref: movement.ref }),
  ...(movement.commandId === null ? {} : { commandId: movement.commandId }),
});

export const holdAnswer = ({ holdId, expiresMs, lines }: Held): HoldAnswer => ({
  holdId,
  expiresAt: instantOf(expiresMs),
  lines: lines.map(({ forSku, placeId, sku, quantity }) => ({ forSku, placeId, sku, quantity })),
});

export const transferAnswer = ({ sentMs, lines, ...transfer }: KeptTransfer): Transfer => ({
  ...transfer,
  sentAt: instantOf(sentMs),
  lines: [...lines],
});

/** Where a page of levels ends; whatever is handed in as a cursor begins a page somewhere. */
export const levelCursor = ({ sku, placeId }: Pair): string =>
  Buffer.from(`${sku}\n${placeId}`).toString("base64url");

export function readLevelCursor(cursor: string | undefined): Pair {
  const text = Buffer.from(cursor ?? "", "base64url")
    .toString("utf8")
    .replaceAll("\0", "");
  const [sku = "", placeId = ""] = text.split("\n");
  return { sku, placeId };
}

export const movementCursor = ({ atMs, movementId }: MovementCursor): string => `${atMs}.${movementId}`;

/** A cursor that is none of ours is told as undefined. */
export function readMovementCursor(cursor: string): MovementCursor | undefined {
  const [, atMs, movementId] = /^(\d{1,15})\.(\d{1,18})$/.exec(cursor) ?? [];
  return atMs === undefined || movementId === undefined ? undefined : { atMs: Number(atMs), movementId };
}
