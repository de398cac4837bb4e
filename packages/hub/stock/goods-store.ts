import { bigintArray, type Queries, textArray } from "../platform/index.ts";
import type { KeptTransfer, TransferLine } from "./goods-rules.ts";

/** Writes a transfer that is new; false when one of this name is there already. */
export async function insertTransfer(tx: Queries, transfer: KeptTransfer): Promise<boolean> {
  const { transferId, fromPlaceId, toPlaceId, sentMs, state, lines } = transfer;
  const rows = await tx.query({
    name: "stock/insert_transfer",
    text: `with made as (insert into stock_transfer (transfer_id, from_place, to_place, sent_ms, state)
                         values ($1, $2, $3, $4, $5) on conflict do nothing returning 1),
                lines as (insert into stock_transfer_line (transfer_id, sku, sent)
                          select $1, sku, sent from made, unnest($6::text[], $7::bigint[]) as l (sku, sent))
           select 1 from made`,
    values: [
      ...[transferId, fromPlaceId, toPlaceId, sentMs, state],
      textArray(lines.map(({ sku }) => sku)),
      bigintArray(lines.map(({ sent }) => sent)),
    ],
  });
  return rows.length === 1;
}

/** A transfer as it is; with `lock`, to the end of the transaction nobody else changes it. */
export async function readTransfer(
  queries: Queries,
  transferId: string,
  { lock }: { readonly lock: boolean },
): Promise<KeptTransfer | undefined> {
  const rows = await queries.query<{
    fromPlaceId: string;
    toPlaceId: string;
    sentMs: string;
    state: KeptTransfer["state"];
  }>({
    name: lock ? "stock/lock_transfer" : "stock/read_transfer",
    text: `select from_place as "fromPlaceId", to_place as "toPlaceId", sent_ms as "sentMs", state
             from stock_transfer where transfer_id = $1 ${lock ? "for update" : ""}`,
    values: [transferId],
  });
  const found = rows[0];
  if (found === undefined) return undefined;
  const lines = await queries.query<Record<keyof TransferLine, string>>({
    name: "stock/read_transfer_lines",
    text: "select sku, sent, received, lost from stock_transfer_line where transfer_id = $1 order by sku",
    values: [transferId],
  });
  return {
    ...found,
    transferId,
    sentMs: Number(found.sentMs),
    lines: lines.map(({ sku, sent, received, lost }) => ({
      sku,
      sent: Number(sent),
      received: Number(received),
      lost: Number(lost),
    })),
  };
}

/** Writes what came of a locked transfer. */
export async function writeTransfer(tx: Queries, { transferId, state, lines }: KeptTransfer): Promise<void> {
  await tx.query({
    name: "stock/write_transfer",
    text: `with lines as (
                  update stock_transfer_line l set received = g.received, lost = g.lost
                    from unnest($3::text[], $4::bigint[], $5::bigint[]) as g (sku, received, lost)
                   where l.transfer_id = $1 and l.sku = g.sku)
           update stock_transfer set state = $2 where transfer_id = $1`,
    values: [
      ...[transferId, state],
      textArray(lines.map(({ sku }) => sku)),
      bigintArray(lines.map(({ received }) => received)),
      bigintArray(lines.map(({ lost }) => lost)),
    ],
  });
}
