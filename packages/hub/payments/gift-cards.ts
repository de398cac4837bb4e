import { uuid7 } from "@trato/base";
import { type GiftCardAnswer, ok, type Result, refuse } from "@trato/contract";
import { hasCard } from "../events/index.ts";
import type { Database } from "../platform/index.ts";
import {
  findGiftCardByCode,
  findGiftCardById,
  type GiftCard,
  insertGiftCard,
  readGiftMoves,
} from "./gift-card-store.ts";
import { type GiftCodes, plainCode } from "./gift-codes.ts";
import type { Record } from "./tell.ts";

export type ToIssue = {
  readonly giftCardId: string;
  readonly currency: GiftCard["currency"];
  readonly amountMinor: number;
  readonly code?: string;
  readonly expiresAt?: string;
};

export type GiftCards = ReturnType<typeof createGiftCards>;

export const giftCardAnswer = (card: GiftCard): GiftCardAnswer => {
  const { giftCardId, currency, balanceMinor, spentMinor, last4, issuedMs, expiresMs } = card;
  return {
    ...{ giftCardId, currency, balanceMinor, spentMinor, last4 },
    issuedAt: new Date(issuedMs).toISOString(),
    expiresAt: expiresMs === null ? null : new Date(expiresMs).toISOString(),
  };
};

/** The shop's gift cards: money it owes to whoever has the code. */
export function createGiftCards(needs: {
  readonly database: Database;
  readonly codes: GiftCodes;
  readonly record: Record;
}) {
  const { database, codes, record } = needs;
  return {
    /** Issues a card; the same again is the same card and code, and changes nothing. */
    async issue(
      wanted: ToIssue,
      nowMs: number,
    ): Promise<
      Result<GiftCardAnswer & { code: string }, "request_invalid" | "gift_card_exists" | "card_number_sent">
    > {
      const { giftCardId, currency, amountMinor } = wanted;
      if (hasCard(wanted.code ?? "") || hasCard(giftCardId)) return refuse("card_number_sent");
      const expiresMs = wanted.expiresAt === undefined ? null : Date.parse(wanted.expiresAt);
      if (expiresMs !== null && !(expiresMs > nowMs)) {
        const detail = { en: "use an instant to come", es: "use un instante por venir" };
        return refuse("request_invalid", { errors: [{ pointer: "/body/expiresAt", detail }] });
      }
      const code = wanted.code ?? codes.make(giftCardId);
      const codeHash = codes.hash(code);
      const last4 = plainCode(code).slice(-4);
      const row = { giftCardId, codeHash, last4, currency, amountMinor, issuedMs: nowMs, expiresMs };
      await database.transaction(async (tx) => {
        const isNew = await insertGiftCard(tx, { ...row, movementId: uuid7(nowMs) });
        const data = { giftCardId, currency, amountMinor };
        const issued = { id: `${giftCardId}/issued`, type: "giftcard.issued", data };
        if (isNew) await record.facts(tx, [issued], nowMs);
      });
      const kept = await findGiftCardById(database, giftCardId);
      const isSame =
        kept?.codeHash.equals(codeHash) === true &&
        kept.currency === currency &&
        kept.balanceMinor + kept.spentMinor === amountMinor &&
        kept.expiresMs === expiresMs;
      return isSame ? ok({ ...giftCardAnswer(kept), code }) : refuse("gift_card_exists");
    },
    find: (giftCardId: string) => findGiftCardById(database, giftCardId),
    findByCode: (code: string) => findGiftCardByCode(database, codes.hash(code)),
    movements: (giftCardId: string) => readGiftMoves(database, giftCardId),
  };
}
