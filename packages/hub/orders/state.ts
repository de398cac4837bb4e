import type { RhythmStats } from "@trato/predict";

// Lists, not records by sku: an engine makes a hidden class for each new set of names, and a profile is read for each
// decision. Nine items a person were 10 KB of garbage that only a full collection takes away.

export type Cart = {
  /** One a sku; never empty. */
  lines: { sku: string; quantity: number }[];
  /** When the person last did something with the cart. */
  changedMs: number;
  /** True once a moment has been found for the cart as it is. */
  told: boolean;
};

/** One item a person has bought: its rhythm, and the pieces that were not returned. */
export type Bought = RhythmStats & { sku: string; quantity: number };

/** A recent order as far as a cancellation needs it. */
export type RememberedOrder = {
  orderId: string;
  timeMs: number;
  currency: string;
  totalMinor: number;
  /** One a sku: pieces, and when the item was last bought before this order (null: never). */
  lines: { sku: string; quantity: number; beforeMs: number | null }[];
};

export type OrdersState = {
  cart: Cart | null;
  /** One a sku, what was bought first of all first. */
  bought: Bought[];
  lastOrder: { timeMs: number; skus: string[] } | null;
  orders: number;
  spentMinor: { [currency: string]: number };
  /** The last orders, oldest first. */
  remembered: RememberedOrder[];
};
