import { ok, type Result, refuse, type TransferState } from "@trato/contract";
import type { Line } from "./choose.ts";
import { pairKey, post, putBack, type Sheet } from "./ledger.ts";
import { type PlacedLine, sumPlaced } from "./order-rules.ts";

/** Goods that came: from a supplier, or back from a customer. */
export type Receipt = {
  readonly placeId: string;
  readonly sku: string;
  readonly quantity: number;
  /** The caller's id: the same one again moves nothing. */
  readonly commandId: string;
  /** `receipt` takes from what is expected first; a `return` comes from outside. */
  readonly reason: "receipt" | "return";
  /** The order a return is of. */
  readonly ref?: string;
};

/** Takes goods in: what was expected first, then what was not. */
export function planReceipt(sheet: Sheet, { placeId, sku, quantity, ...more }: Receipt, nowMs: number): void {
  const { reason, commandId, ref = null } = more;
  const movement = { placeId, sku, reason, commandId, ref, atMs: nowMs };
  const { incoming } = sheet.levels.get(pairKey(movement))!;
  const expected = reason === "receipt" ? Math.min(incoming, quantity) : 0;
  if (expected > 0) putBack(sheet, { ...movement, quantity: expected, from: "incoming" });
  if (quantity > expected) putBack(sheet, { ...movement, quantity: quantity - expected, from: "outside" });
}

export type TransferLine = {
  readonly sku: string;
  readonly sent: number;
  readonly received: number;
  readonly lost: number;
};
export type KeptTransfer = {
  readonly transferId: string;
  readonly fromPlaceId: string;
  readonly toPlaceId: string;
  readonly sentMs: number;
  readonly state: TransferState;
  readonly lines: readonly TransferLine[];
};

/** The same goods the same way: a transfer that was sent twice. */
export function isSameSending(a: KeptTransfer, b: KeptTransfer): boolean {
  const sentOf = ({ lines }: KeptTransfer) =>
    lines
      .map(({ sku, sent }) => `${sku}\n${sent}`)
      .sort()
      .join("\n");
  return a.fromPlaceId === b.fromPlaceId && a.toPlaceId === b.toPlaceId && sentOf(a) === sentOf(b);
}

/** Takes goods out of one place and puts them on the way to another. Only what is promised to nobody can go. */
export function planSending(sheet: Sheet, transfer: KeptTransfer): Result<null, "out_of_stock"> {
  const { transferId, fromPlaceId, toPlaceId, sentMs, lines } = transfer;
  for (const { sku, sent } of lines) {
    const { free } = sheet.levels.get(pairKey({ sku, placeId: fromPlaceId })) ?? { free: 0 };
    if (free < sent)
      return refuse("out_of_stock", {
        detail: {
          en: `of ${sku}, ${sent} are to go and ${free} are promised to nobody`,
          es: `de ${sku} van a salir ${sent} y hay ${free} sin prometer`,
        },
      });
  }
  const why = { reason: "transfer" as const, ref: transferId, commandId: transferId, atMs: sentMs };
  for (const { sku, sent: quantity } of lines) {
    post(sheet, { sku, placeId: fromPlaceId, quantity, from: "free", to: "outside", ...why });
    post(sheet, { sku, placeId: toPlaceId, quantity, from: "outside", to: "transit", ...why });
  }
  return ok(null);
}

/** Takes in what came of a transfer; `close` gives up the rest. More than is on the way is refused. */
export function planArrival(
  sheet: Sheet,
  transfer: KeptTransfer,
  came: { readonly lines: readonly Line[] | undefined; readonly close: boolean; readonly commandId: string },
  nowMs: number,
): Result<KeptTransfer, "transfer_exceeded"> {
  const placeId = transfer.toPlaceId;
  const all = transfer.lines.map(({ sku, sent, received, lost }) => ({
    sku,
    quantity: sent - received - lost,
  }));
  const arrived = sumPlaced((came.lines ?? all).map((line): PlacedLine => ({ ...line, placeId })));
  const onTheWay = new Map(all.map(({ sku, quantity }) => [sku, quantity]));
  const exceeded = arrived.find(({ sku, quantity }) => quantity > (onTheWay.get(sku) ?? 0));
  if (exceeded !== undefined) {
    const { sku, quantity } = exceeded;
    const detail = `of ${sku}, ${onTheWay.get(sku) ?? 0} are on the way, not ${quantity}`;
    return refuse("transfer_exceeded", { detail });
  }
  const why = { ref: transfer.transferId, commandId: came.commandId, atMs: nowMs };
  const lines = transfer.lines.map((line): TransferLine => {
    const { sku } = line;
    const quantity = arrived.find((one) => one.sku === sku)?.quantity ?? 0;
    if (quantity > 0) putBack(sheet, { sku, placeId, quantity, from: "transit", reason: "transfer", ...why });
    const rest = line.sent - line.received - line.lost - quantity;
    const lost = came.close ? rest : 0;
    post(sheet, { sku, placeId, quantity: lost, from: "transit", to: "outside", reason: "lost", ...why });
    return { ...line, received: line.received + quantity, lost: line.lost + lost };
  });
  const isDone = lines.every(({ sent, received, lost }) => received + lost === sent);
  return ok({ ...transfer, lines, state: isDone ? "arrived" : "in_transit" });
}
