import type { CartAnswer } from "@trato/contract";
import type { PricedCart } from "../../catalog/index.ts";
import type { Cart } from "./cart.ts";

const instant = (ms: number): string => new Date(ms).toISOString();

/** A cart as callers see it, with the prices of this instant. */
export function cartAnswerOf(
  cart: Cart,
  priced: PricedCart,
  more: { readonly token: string; readonly nowMs: number },
): CartAnswer {
  const { cartId, code, state, personId, channel, placeId, currency, version, orderId } = cart;
  const isHeld = cart.heldUntilMs > more.nowMs;
  const pricedOf = new Map(priced.lines.map((line) => [line.sku, line]));
  const { grossMinor, discountMinor, totalMinor } = priced;
  return {
    ...{ cartId, code, token: more.token, state, personId, channel, placeId, currency },
    groups: [...cart.groups],
    version,
    lines: cart.lines.map(({ sku, quantity }) => {
      const line = pricedOf.get(sku);
      if (line === undefined) return { sku, quantity, ...unpriced };
      return {
        ...{ sku, quantity, unitMinor: line.unitMinor, perQuantity: line.perQuantity },
        ...{ grossMinor: line.grossMinor, discountMinor: line.discountMinor, totalMinor: line.totalMinor },
        promotions: line.discounts.map(({ promotionId, amountMinor }) => ({ promotionId, amountMinor })),
      };
    }),
    ...{ grossMinor, discountMinor, totalMinor },
    taxes: priced.taxes.map(({ taxId, mode, amountMinor }) => ({ taxId, mode, amountMinor })),
    held: isHeld ? cart.held.map((part) => ({ ...part })) : [],
    heldUntil: isHeld ? instant(cart.heldUntilMs) : null,
    changedAt: instant(cart.changedMs),
    expiresAt: instant(cart.expiresMs),
    orderId,
  };
}

const unpriced = {
  unitMinor: null,
  perQuantity: 1,
  grossMinor: 0,
  discountMinor: 0,
  totalMinor: 0,
  promotions: [],
};
