import type { Scope } from "./scopes.ts";

/**
 * What subscribers and webhooks hear of. `needs` is the scope of whoever reads the same by asking; `key` says what a
 * change's key names, `data` what its data holds: no personal data beyond ids.
 */
export const topics = {
  "stock.changed": {
    says: "Levels of stock changed in a place.",
    key: "place",
    data: "`place`, and in `levels` for each item that moved `sku`, `onHand`, `held`, `allocated`, `available`, `incoming`, `inTransit`.",
    needs: "stock:read",
  },
  "price.changed": {
    says: "A price row begins, ends or becomes another one.",
    key: "sku",
    data: "The row as `PUT /v1/prices` took it; it may begin later. An item's own price and promotions are not announced: ask `GET /v1/prices/{sku}/why`.",
    needs: "catalog:read",
  },
  "cart.changed": {
    says: "A cart got or lost a line, was merged, priced anew, ordered or left to expire.",
    key: "cart",
    data: "`cartId`, `state`, `version`, `channel`, `currency`, `totalMinor`, `lines` (`sku`, `quantity`), `orderId`, `mergedInto`.",
    needs: "orders:read",
  },
  "order.changed": {
    says: "An order was placed, shipped, cancelled or returned, in whole or in part.",
    key: "order",
    data: "`orderId`, `state`, `version`, `currency`, `totalMinor`, `refundedMinor`, `cartId`, `channel`; its lines by `GET /v1/orders/{orderId}`.",
    needs: "orders:read",
  },
  "payment.changed": {
    says: "A payment was opened, authorised, captured, voided or refunded.",
    key: "payment",
    data: "`paymentId`, `orderId`, `method`, `currency`, `state`, `amountMinor`, `authorisedMinor`, `capturedMinor`, `refundedMinor`. Its place and person are those of its order, if it has one.",
    needs: "payments:read",
  },
  "webhook.disabled": {
    says: "A webhook was switched off: its receiver answered 410, or nothing arrived for days.",
    key: "webhook",
    data: "`why`: `gone` or `failing`.",
    needs: "webhooks:admin",
  },
} as const satisfies Record<
  string,
  { readonly says: string; readonly key: string; readonly data: string; readonly needs: Scope }
>;

export type Topic = keyof typeof topics;
export const allTopics = Object.keys(topics) as readonly Topic[];
