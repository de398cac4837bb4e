import { Type } from "typebox";
import { currency, id, minor, name, quantity, sku, text } from "./event.ts";
import { family } from "./family.ts";
import { linesMax, link } from "./fields.ts";

const cartLine = Type.Object({
  sku,
  quantity,
  priceMinor: Type.Optional(minor("The price of one.")),
  title: Type.Optional(name),
  category: Type.Optional(name),
});
const cartLines = Type.Array(cartLine, { maxItems: linesMax });
const cart = {
  cartId: Type.Optional(id),
  currency: Type.Optional(currency),
  totalMinor: Type.Optional(minor("What the whole cart costs.")),
};
const step = { ...cart, step: Type.Union([name, Type.Integer({ minimum: 0, maximum: 100 })]) };
const chosen = { shippingMethod: Type.Optional(name), paymentMethod: Type.Optional(name) };
const coupon = {
  coupon: text(200),
  orderId: Type.Optional(id),
  cartId: Type.Optional(id),
  discountMinor: Type.Optional(minor("What it takes off.")),
  currency: Type.Optional(currency),
};

/** From the first item in the cart to the last step before the order. */
export const cartAndCheckout = family(
  { retention: "browsing", purpose: "personalise" },
  {
    "cart.opened": {
      says: "Somebody began a cart that every channel sees.",
      data: Type.Object(cart),
      example: { cartId: "c-81" },
    },
    "cart.updated": {
      says: "The whole cart as it is now; no lines means that it was emptied.",
      data: Type.Object({ ...cart, lines: cartLines }),
      example: { lines: [{ sku: "7861001200017", quantity: 2 }], currency: "USD", totalMinor: 1290 },
    },
    "cart.item_added": {
      says: "So many of an item were put in the cart.",
      data: Type.Object({ ...cart, ...cartLine.properties }),
      example: { sku: "7861001200017", quantity: 1, priceMinor: 645, currency: "USD" },
    },
    "cart.item_removed": {
      says: "So many of an item were taken out of the cart; without a quantity, all of them.",
      data: Type.Object({ ...cart, ...cartLine.properties, quantity: Type.Optional(quantity) }),
      example: { sku: "7861001200017", quantity: 1 },
    },
    "cart.viewed": {
      says: "Somebody looked into the cart.",
      data: Type.Object({ ...cart, lines: Type.Optional(cartLines) }),
      example: { cartId: "c-81", currency: "USD", totalMinor: 1290 },
    },
    "cart.shared": {
      says: "The cart was passed on to somebody else.",
      data: Type.Object({ ...cart, via: Type.Optional(text(50)), lines: Type.Optional(cartLines) }),
      example: { cartId: "c-81", via: "whatsapp" },
    },
    "checkout.started": {
      says: "Somebody went from the cart to paying.",
      data: Type.Object({ ...cart, orderId: Type.Optional(id), lines: Type.Optional(cartLines) }),
      example: { currency: "USD", totalMinor: 1290, lines: [{ sku: "7861001200017", quantity: 2 }] },
    },
    "checkout.step_viewed": {
      says: "A step of the checkout was shown.",
      data: Type.Object({ ...step, ...chosen, checkoutId: Type.Optional(id) }),
      example: { step: 2, shippingMethod: "Recoger en tienda" },
    },
    "checkout.step_completed": {
      says: "A step of the checkout was filled in.",
      data: Type.Object({ ...step, ...chosen, checkoutId: Type.Optional(id) }),
      example: { step: "address" },
    },
    "checkout.payment_entered": {
      says: "Somebody chose how to pay. Never a card number: only the method.",
      data: Type.Object({ ...cart, ...chosen, checkoutId: Type.Optional(id), orderId: Type.Optional(id) }),
      example: { paymentMethod: "card" },
    },
    "coupon.entered": {
      says: "A coupon code was typed in.",
      data: Type.Object(coupon),
      example: { coupon: "DESAYUNO10" },
    },
    "coupon.applied": {
      says: "A coupon was accepted.",
      data: Type.Object(coupon),
      example: { coupon: "DESAYUNO10", discountMinor: 129, currency: "USD" },
    },
    "coupon.denied": {
      says: "A coupon was not accepted.",
      data: Type.Object({ ...coupon, reason: Type.Optional(text(500)) }),
      example: { coupon: "NAVIDAD24", reason: "expired" },
    },
    "coupon.removed": {
      says: "A coupon was taken off again.",
      data: Type.Object(coupon),
      example: { coupon: "DESAYUNO10" },
    },
    "cart.link_opened": {
      says: "Somebody came back to a saved cart by its link.",
      data: Type.Object({ ...cart, url: Type.Optional(link) }),
      example: { cartId: "c-81" },
    },
  },
);
