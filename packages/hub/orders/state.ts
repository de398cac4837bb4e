import type { RhythmStats } from "@trato/predict";

export type Cart = {
  /** Pieces by sku; never empty. */
  lines: { [sku: string]: number };
  /** When the person last did something with the cart. */
  changedMs: number;
  /** True once a moment has been found for the cart as it is. */
  told: boolean;
};

/** One item a person has bought: its rhythm, and the pieces that were not returned. */
export type Bought = RhythmStats & { quantity: number };

/** A recent order as far as a cancellation needs it. */
export type RememberedOrder = {
  orderId: string;
  timeMs: number;
  currency: string;
  totalMinor: number;
  /** By sku: pieces, and when the item was last bought before this order (null: never). */
  lines: { [sku: string]: { quantity: number; beforeMs: number | null } };
};

export type OrdersState = {
  cart: Cart | null;
  bought: { [sku: string]: Bought };
  lastOrder: { timeMs: number; skus: string[] } | null;
  orders: number;
  spentMinor: { [currency: string]: number };
  /** The last orders, oldest first. */
  remembered: RememberedOrder[];
};
