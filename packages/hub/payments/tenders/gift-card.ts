import { uuid7 } from "@trato/base";
import { ok, refuse } from "@trato/contract";
import { type GiftMove, lockGiftCards, moveGiftCards } from "../gift-card-store.ts";
import type { GiftCodes } from "../gift-codes.ts";
import type { TenderKind } from "../tender.ts";

/** What a gift card is worth pays like money, and a refund is worth it again, whether or not it expired meanwhile. */
export const giftCard = (codes: GiftCodes): TenderKind<"gift_card"> => ({
  kind: "gift_card",
  open: async (tx, wants, nowMs) => {
    const hashOf = (code: string) => codes.hash(code).toString("base64");
    const locked = await lockGiftCards(
      tx,
      wants.map(({ tender }) => codes.hash(tender.code)),
    );
    const byHash = new Map(locked.map((card) => [card.codeHash.toString("base64"), card]));
    const left = new Map(locked.map((card) => [card.giftCardId, card.balanceMinor]));
    const moves = new Map<string, GiftMove>();
    return {
      take({ tender: { code, amountMinor }, currency, paymentId, commandId }) {
        const card = byHash.get(hashOf(code));
        if (card === undefined) return refuse("gift_card_unknown");
        if (card.currency !== currency) return refuse("currency_mismatch");
        if (card.expiresMs !== null && card.expiresMs <= nowMs) return refuse("gift_card_expired");
        const { giftCardId } = card;
        if (left.get(giftCardId)! < amountMinor) return refuse("gift_card_short");
        left.set(giftCardId, left.get(giftCardId)! - amountMinor);
        moves.set(paymentId, {
          ...{ movementId: uuid7(nowMs), giftCardId, from: "balance", to: "spent", amountMinor },
          ...{ reason: "pay", commandId, paymentId },
        });
        const made = { is: "new" as const, method: "gift_card", provider: "gift_card", reference: null };
        return ok({ ...made, amountMinor, details: { giftCardId } });
      },
      undo({ paymentId }) {
        const { giftCardId, amountMinor } = moves.get(paymentId)!;
        left.set(giftCardId, left.get(giftCardId)! + amountMinor);
        moves.delete(paymentId);
      },
      close: async (tx_, atMs) => void (await moveGiftCards(tx_, [...moves.values()], atMs)),
    };
  },
  giveBack: async (tx, backs, nowMs) => {
    const moves = backs.map(
      ({ payment, amountMinor, commandId }): GiftMove => ({
        ...{ movementId: uuid7(nowMs), giftCardId: payment.details.giftCardId!, amountMinor },
        ...{ from: "spent", to: "balance", reason: "refund", commandId, paymentId: payment.paymentId },
      }),
    );
    await moveGiftCards(tx, moves, nowMs);
  },
});
