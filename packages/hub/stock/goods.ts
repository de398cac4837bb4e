import { ok, type Result, refuse } from "@trato/contract";
import type { Queries } from "../platform/index.ts";
import type { Line } from "./choose.ts";
import { lockOrMake } from "./feed.ts";
import {
  isSameSending,
  type KeptTransfer,
  planArrival,
  planReceipt,
  planSending,
  type Receipt,
} from "./goods-rules.ts";
import { insertTransfer, readTransfer, writeTransfer } from "./goods-store.ts";
import { sweep } from "./holding.ts";
import { distinctPairs, openSheet } from "./ledger.ts";
import { eachOnce } from "./once.ts";
import { settle } from "./settle.ts";

/** Takes goods in, each line once by its command; false for a repeat, which moves nothing. */
export async function receiveAll(
  tx: Queries,
  receipts: readonly Receipt[],
  nowMs: number,
): Promise<readonly boolean[]> {
  if (receipts.length === 0) return [];
  const sheet = openSheet((await lockOrMake(tx, distinctPairs(receipts))).values());
  const answers = await eachOnce(tx, receipts, nowMs, (receipt) => ok(planReceipt(sheet, receipt, nowMs)));
  await settle(tx, sheet, nowMs);
  return answers.map((answer) => answer !== undefined);
}

/** Sends goods from one place to another. The same transfer that was sent before is answered as it is. */
export async function sendTransfer(
  tx: Queries,
  transfer: KeptTransfer,
): Promise<Result<KeptTransfer, "out_of_stock" | "transfer_exists">> {
  if (!(await insertTransfer(tx, transfer))) {
    const there = (await readTransfer(tx, transfer.transferId, { lock: false }))!;
    return isSameSending(there, transfer) ? ok(there) : refuse("transfer_exists");
  }
  // What is in holds that are over is free.
  await sweep(tx, transfer.sentMs);
  const pairs = transfer.lines.flatMap(({ sku }) => [
    { sku, placeId: transfer.fromPlaceId },
    { sku, placeId: transfer.toPlaceId },
  ]);
  const sheet = openSheet((await lockOrMake(tx, distinctPairs(pairs))).values());
  const planned = planSending(sheet, transfer);
  if (!planned.ok) return planned;
  await settle(tx, sheet, transfer.sentMs);
  return ok(transfer);
}

/** Takes in what came of a transfer. A command that was carried out before moves nothing. */
export async function receiveTransfer(
  tx: Queries,
  came: {
    readonly transferId: string;
    readonly commandId: string;
    readonly lines: readonly Line[] | undefined;
    readonly close: boolean;
  },
  nowMs: number,
): Promise<Result<KeptTransfer, "transfer_unknown" | "transfer_exceeded">> {
  const transfer = await readTransfer(tx, came.transferId, { lock: true });
  if (transfer === undefined) return refuse("transfer_unknown");
  const pairs = transfer.lines.map(({ sku }) => ({ sku, placeId: transfer.toPlaceId }));
  const sheet = openSheet((await lockOrMake(tx, pairs)).values());
  const [answer] = await eachOnce(tx, [came], nowMs, () => planArrival(sheet, transfer, came, nowMs));
  if (answer === undefined) return ok(transfer);
  if (!answer.ok) return answer;
  await settle(tx, sheet, nowMs);
  await writeTransfer(tx, answer.value);
  return answer;
}
