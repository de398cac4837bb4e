import type { Currency, PersonId } from "@trato/base";
import type { CartState } from "@trato/contract";

/** A cart as it is kept: what somebody means to buy, where they are, and which goods are set aside for them. */
export type Cart = {
  readonly cartId: string;
  readonly code: string;
  readonly state: CartState;
  readonly personId: PersonId | null;
  readonly version: number;
  readonly expiresMs: number;
  /** The cart it went into, the order it became. */
  readonly mergedInto: string | null;
  readonly orderId: string | null;
  readonly channel: string;
  readonly placeId: string | null;
  readonly currency: Currency;
  readonly groups: readonly string[];
  /** One for each item, in the order they were put in; quantities are whole units of the item. */
  readonly lines: readonly CartLine[];
  readonly held: readonly HeldPart[];
  /** When the goods are free again; 0 when none are held. */
  readonly heldUntilMs: number;
  readonly changedMs: number;
};

export type CartLine = { readonly sku: string; readonly quantity: number };
/** Goods at a place; `forSku` is what was asked for: the item itself, or the bundle this is a part of. */
export type HeldPart = {
  readonly placeId: string;
  readonly forSku: string;
  readonly sku: string;
  readonly quantity: number;
};

/** Where the shopper is and what they pay with, as far as a command says so. */
export type CartContext = {
  readonly channel?: string | undefined;
  readonly placeId?: string | undefined;
  readonly currency?: Currency | undefined;
  readonly groups?: readonly string[] | undefined;
};
