import type { Currency, PersonId } from "@trato/base";
import type { OrderState } from "@trato/contract";
import type { PricedCart } from "../../catalog/index.ts";

/** A purchase: placed here, or kept by another system that tells of it by events. */
export type Order = {
  readonly orderId: string;
  readonly origin: "hub" | "event";
  readonly state: OrderState;
  readonly personId: PersonId | null;
  readonly cartId: string | null;
  readonly channel: string | null;
  readonly placeId: string | null;
  readonly currency: Currency;
  readonly totalMinor: number;
  readonly refundedMinor: number;
  readonly version: number;
  readonly placedMs: number;
  readonly lines: readonly OrderLine[];
  readonly parts: readonly OrderPart[];
  /** The cart as it was priced, and what was taken in exchange since; none for another system's order. */
  readonly priced: readonly PricedCart[];
};

/** Quantities are whole units of the item; another system may tell of fractions. */
export type OrderLine = {
  readonly line: number;
  readonly sku: string;
  readonly quantity: number;
  readonly totalMinor: number;
  readonly shipped: number;
  readonly cancelled: number;
  readonly returned: number;
};

/** Goods of an order at a place; `forSku` is what was bought, `left` is still to leave. */
export type OrderPart = {
  readonly placeId: string;
  readonly forSku: string;
  readonly sku: string;
  readonly quantity: number;
  readonly left: number;
  /** The first line these are for, when an exchange added them: a bundle may be made of other parts by then. */
  readonly sinceLine?: number;
};

export type LineQuantity = { readonly line: number; readonly quantity: number };
export type PartQuantity = Omit<OrderPart, "left">;

/** Something that was done with an order; `told` is what was asked, or what the event said. */
export type Act = {
  readonly orderId: string;
  readonly actId: string;
  readonly kind: "placed" | "updated" | "shipped" | "cancelled" | "returned";
  readonly source: string;
  readonly personId: PersonId | null;
  readonly atMs: number;
  readonly refundMinor: number;
  readonly told: { readonly [name: string]: unknown };
};
