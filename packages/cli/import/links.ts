import { limits } from "@trato/base";
import { createMemory } from "./memory.ts";

/** Finds the purchase that something comes back from. Quantities are thousandths. */
export type Links = {
  readonly bought: (what: { customer: string; sku: string; orderId: string; quantity: number }) => void;
  /** The newest purchase by this customer of this item with so much left of it, which is then less. */
  readonly giveBack: (what: { customer: string; sku: string; quantity: number }) => string | undefined;
};

type Purchase = { readonly orderId: string; left: number };

const purchasesKept = 50;

/**
 * Remembers what was bought earlier in the file: the last purchases of each item by each customer. What is not
 * remembered any more (see `limits.importRememberedMax`) is not found. Nobody's purchases are not remembered: a
 * return without a customer could be anybody's.
 */
export function createLinks(most: number = limits.importRememberedMax): Links {
  const purchasesOf = createMemory<Purchase[]>(most);
  return {
    bought({ customer, sku, orderId, quantity }) {
      if (customer === "") return;
      const key = `${customer}\n${sku}`;
      const purchases = purchasesOf.get(key);
      const last = purchases?.at(-1);
      if (purchases === undefined) purchasesOf.set(key, [{ orderId, left: quantity }]);
      else if (last?.orderId === orderId) last.left += quantity;
      else if (purchases.push({ orderId, left: quantity }) > purchasesKept) purchases.shift();
    },
    giveBack({ customer, sku, quantity }) {
      const purchases = customer === "" ? undefined : purchasesOf.get(`${customer}\n${sku}`);
      const purchase = purchases?.findLast(({ left }) => left >= quantity);
      if (purchase === undefined) return undefined;
      purchase.left -= quantity;
      return purchase.orderId;
    },
  };
}
