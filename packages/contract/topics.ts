import type { Scope } from "./scopes.ts";

/**
 * What subscribers and webhooks hear of. `needs` is the scope of whoever reads the same by asking; `key` says what a
 * change's key names. Data holds no personal data beyond ids.
 */
export const topics = {
  "stock.changed": {
    says: "Levels of stock changed in a place.",
    key: "place",
    needs: "stock:read",
  },
  "price.changed": {
    says: "A price begins, ends or becomes another one.",
    key: "sku",
    needs: "catalog:read",
  },
  "cart.changed": {
    says: "A cart got or lost a line, was merged, priced anew, ordered or left to expire.",
    key: "cart",
    needs: "orders:read",
  },
  "order.changed": {
    says: "An order was placed, shipped, cancelled or returned, in whole or in part.",
    key: "order",
    needs: "orders:read",
  },
  "payment.changed": {
    says: "A payment was opened, authorised, captured, voided or refunded.",
    key: "intent",
    needs: "payments:read",
  },
  "webhook.disabled": {
    says: "A webhook was switched off: its receiver answered 410, or nothing arrived for days.",
    key: "webhook",
    needs: "webhooks:admin",
  },
} as const satisfies Record<string, { readonly says: string; readonly key: string; readonly needs: Scope }>;

export type Topic = keyof typeof topics;
export const allTopics = Object.keys(topics) as readonly Topic[];
