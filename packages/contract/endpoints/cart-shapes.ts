import { type Currency, currencyScale, limits } from "@trato/base";
import { type Static, Type } from "typebox";
import { type CartState, cartStates } from "../states/cart.ts";
import { channelName, placeId } from "./places.ts";
import { instant, uuid } from "./shapes.ts";

/** Shapes that carts and orders share. */
export const soldSku = Type.String({
  minLength: 1,
  maxLength: 100,
  pattern: "^(?!__proto__$)[^\\u0000-\\u001f\\u007f]+$",
});
export const wholeQuantity = (minimum: number) =>
  Type.Integer({
    minimum,
    maximum: limits.cartQuantityMax,
    description: "Whole units of the item: pieces, or grams of what is weighed.",
  });
export const minorAmount = Type.Integer({ description: "Whole minor units (ISO 4217)." });
export const saleCurrency = Type.Enum(Object.keys(currencyScale) as Currency[]);
const groups = Type.Array(Type.String({ minLength: 1, maxLength: 100 }), {
  maxItems: limits.cartGroupsMax,
  uniqueItems: true,
  description: "Groups of customers whose prices and promotions count.",
});
const name = Type.String({ minLength: 1, maxLength: 100 });

/** Without it a person's cart gets what was promised to that person; nobody's cart only what it names. */
export const promisedBy = Type.Optional(
  Type.String({
    ...uuid,
    description: "The decision that promised what is added: what it holds goes into this cart.",
  }),
);

/** Where the shopper is and what they pay with: the cart's prices follow. */
export const cartContext = {
  channel: Type.Optional(channelName),
  placeId: Type.Optional(placeId),
  currency: Type.Optional(saleCurrency),
  groups: Type.Optional(groups),
};

export const pricedParts = {
  grossMinor: minorAmount,
  discountMinor: minorAmount,
  totalMinor: minorAmount,
};
export const cartLineAnswer = Type.Object({
  sku: soldSku,
  quantity: wholeQuantity(1),
  /** The price of `perQuantity` units before promotions; null when the item has no price here. */
  unitMinor: Type.Union([minorAmount, Type.Null()]),
  perQuantity: Type.Integer({ minimum: 1 }),
  ...pricedParts,
  promotions: Type.Array(Type.Object({ promotionId: name, amountMinor: minorAmount })),
});

export const cartAnswer = Type.Object({
  cartId: uuid,
  code: Type.String({ description: "Short enough to be read out; a wrong character is noticed." }),
  token: Type.String({ description: "Opens the cart to whoever shows it, such as in a QR code." }),
  state: Type.Enum(Object.keys(cartStates) as CartState[]),
  personId: Type.Union([uuid, Type.Null()]),
  channel: channelName,
  placeId: Type.Union([placeId, Type.Null()]),
  currency: saleCurrency,
  groups,
  version: Type.Integer({ description: "Raised by every change." }),
  lines: Type.Array(cartLineAnswer),
  ...pricedParts,
  taxes: Type.Array(
    Type.Object({ taxId: name, mode: Type.Enum(["included", "added"]), amountMinor: minorAmount }),
  ),
  held: Type.Array(Type.Object({ placeId, sku: soldSku, quantity: wholeQuantity(1) }), {
    description: "The goods that are set aside, and where.",
  }),
  heldUntil: Type.Union([instant, Type.Null()], {
    description: "Until when they are; null: nothing is, and the next change or the order tries again.",
  }),
  changedAt: instant,
  expiresAt: instant,
  orderId: Type.Union([Type.String(), Type.Null()]),
});
export type CartAnswer = Static<typeof cartAnswer>;

export const exampleCart: CartAnswer = {
  cartId: "0198c0de-0000-7000-8000-0000000000c1",
  code: "K7Q-4MPX",
  token: "AZjA3gAAcACAAAAAAAAAwQ.q0Jm3n1l9fZ2u8sT",
  state: "open",
  personId: null,
  channel: "app",
  placeId: "GYE-01",
  currency: "USD",
  groups: [],
  version: 1,
  lines: [
    {
      sku: "CAF-500",
      quantity: 2,
      unitMinor: 599,
      perQuantity: 1,
      grossMinor: 1_198,
      discountMinor: 120,
      totalMinor: 1_078,
      promotions: [{ promotionId: "coffee-10", amountMinor: 120 }],
    },
  ],
  grossMinor: 1_198,
  discountMinor: 120,
  totalMinor: 1_078,
  taxes: [{ taxId: "iva", mode: "included", amountMinor: 141 }],
  held: [{ placeId: "GYE-01", sku: "CAF-500", quantity: 2 }],
  heldUntil: "2026-11-22T15:34:05.000Z",
  changedAt: "2026-11-22T15:04:05.000Z",
  expiresAt: "2026-12-23T00:00:00.000Z",
  orderId: null,
};
