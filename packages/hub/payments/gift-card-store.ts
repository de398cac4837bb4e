import type { Currency } from "@trato/base";
import { bigintArray, byteaArray, type Queries, textArray, uuidArray } from "../platform/index.ts";

export type GiftCard = {
  readonly giftCardId: string;
  readonly codeHash: Buffer;
  readonly last4: string;
  readonly currency: Currency;
  readonly balanceMinor: number;
  readonly spentMinor: number;
  readonly issuedMs: number;
  readonly expiresMs: number | null;
};

const columns = `gift_card_id as "giftCardId", code_hash as "codeHash", last4, currency,
  balance_minor as "balanceMinor", spent_minor as "spentMinor", issued_ms as "issuedMs", expires_ms as "expiresMs"`;

type Row = { [Name in keyof GiftCard]: GiftCard[Name] | string | null };
const readRow = (row: Row): GiftCard => ({
  ...(row as GiftCard),
  balanceMinor: Number(row.balanceMinor),
  spentMinor: Number(row.spentMinor),
  issuedMs: Number(row.issuedMs),
  expiresMs: row.expiresMs === null ? null : Number(row.expiresMs),
});

export async function findGiftCardById(queries: Queries, giftCardId: string): Promise<GiftCard | undefined> {
  const rows = await queries.query<Row>({
    name: "payments/find_gift_card",
    text: `select ${columns} from payments_gift_card where gift_card_id = $1`,
    values: [giftCardId],
  });
  return rows.map(readRow)[0];
}

export async function findGiftCardByCode(queries: Queries, codeHash: Buffer): Promise<GiftCard | undefined> {
  const rows = await queries.query<Row>({
    name: "payments/find_gift_card_by_code",
    text: `select ${columns} from payments_gift_card where code_hash = $1`,
    values: [codeHash],
  });
  return rows.map(readRow)[0];
}

/** Gift cards by their codes, held to the end of the transaction, locked in the order of their ids. */
export async function lockGiftCards(tx: Queries, codeHashes: readonly Buffer[]): Promise<GiftCard[]> {
  const rows = await tx.query<Row>({
    name: "payments/lock_gift_cards",
    text: `select ${columns} from payments_gift_card where code_hash = any($1::bytea[])
            order by gift_card_id for update`,
    values: [byteaArray(codeHashes)],
  });
  return rows.map(readRow);
}

export type NewGiftCard = Omit<GiftCard, "balanceMinor" | "spentMinor"> & {
  readonly amountMinor: number;
  readonly movementId: string;
};

/** Writes a gift card and the movement that fills it; false when its id or code is another's. */
export async function insertGiftCard(tx: Queries, card: NewGiftCard): Promise<boolean> {
  const rows = await tx.query({
    name: "payments/insert_gift_card",
    text: `with made as (
             insert into payments_gift_card (gift_card_id, code_hash, last4, currency, issued_minor, balance_minor,
                                             issued_ms, expires_ms)
             values ($1, $2, $3, $4, $5, $5, $6, $7) on conflict do nothing returning gift_card_id)
           insert into payments_gift_movement (movement_id, gift_card_id, from_bucket, to_bucket, amount_minor, reason,
                                               command_id, at_ms)
           select $8, gift_card_id, 'outside', 'balance', $5, 'issue', gift_card_id, $6 from made returning 1`,
    values: [
      ...[card.giftCardId, card.codeHash, card.last4, card.currency, card.amountMinor],
      ...[card.issuedMs, card.expiresMs, card.movementId],
    ],
  });
  return rows.length === 1;
}

export type GiftMove = {
  readonly movementId: string;
  readonly giftCardId: string;
  readonly from: "balance" | "spent";
  readonly to: "balance" | "spent";
  readonly amountMinor: number;
  readonly reason: string;
  readonly commandId: string;
  readonly paymentId: string;
};

/**
 * Spends from gift cards, or gives back to them, and writes the movements, in one statement under the table's checks.
 * Returns the cards that changed.
 */
export async function moveGiftCards(
  tx: Queries,
  moves: readonly GiftMove[],
  nowMs: number,
): Promise<readonly string[]> {
  if (moves.length === 0) return [];
  const rows = await tx.query<{ giftCardId: string }>({
    name: "payments/move_gift_cards",
    text: `with given as (
             select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::text[],
                                  $8::uuid[])
               as m (movement_id, gift_card_id, from_bucket, to_bucket, amount_minor, reason, command_id, payment_id)),
           net as (
             select gift_card_id, sum(case to_bucket when 'balance' then amount_minor else -amount_minor end) as amount
               from given group by gift_card_id),
           moved as (
             update payments_gift_card c
                set balance_minor = balance_minor + n.amount, spent_minor = spent_minor - n.amount
               from net n where c.gift_card_id = n.gift_card_id returning c.gift_card_id),
           told as (
             insert into payments_gift_movement (movement_id, gift_card_id, from_bucket, to_bucket, amount_minor,
                                                 reason, command_id, payment_id, at_ms)
             select g.movement_id, g.gift_card_id, g.from_bucket, g.to_bucket, g.amount_minor, g.reason, g.command_id,
                    g.payment_id, $9
               from given g join moved using (gift_card_id))
           select gift_card_id as "giftCardId" from moved`,
    values: [
      uuidArray(moves.map((one) => one.movementId)),
      textArray(moves.map((one) => one.giftCardId)),
      textArray(moves.map((one) => one.from)),
      textArray(moves.map((one) => one.to)),
      bigintArray(moves.map((one) => one.amountMinor)),
      textArray(moves.map((one) => one.reason)),
      textArray(moves.map((one) => one.commandId)),
      uuidArray(moves.map((one) => one.paymentId)),
      nowMs,
    ],
  });
  return rows.map(({ giftCardId }) => giftCardId);
}

export type KeptGiftMove = {
  readonly from: string;
  readonly to: string;
  readonly amountMinor: number;
  readonly reason: string;
  readonly paymentId: string | null;
  readonly atMs: number;
};

export async function readGiftMoves(queries: Queries, giftCardId: string): Promise<KeptGiftMove[]> {
  const rows = await queries.query<{ [Name in keyof KeptGiftMove]: KeptGiftMove[Name] | string }>({
    name: "payments/read_gift_moves",
    text: `select from_bucket as "from", to_bucket as "to", amount_minor as "amountMinor", reason,
                  payment_id as "paymentId", at_ms as "atMs"
             from payments_gift_movement where gift_card_id = $1 order by nth`,
    values: [giftCardId],
  });
  return rows.map((row) => ({
    ...(row as KeptGiftMove),
    amountMinor: Number(row.amountMinor),
    atMs: Number(row.atMs),
  }));
}
