import { Type } from "typebox";
import { currency, id, line, minor, name, quantity, sku, text } from "./event.ts";
import { family } from "./family.ts";
import { day, linesMax, note } from "./fields.ts";

const lines = Type.Array(line, { minItems: 1, maxItems: linesMax });
const paid = {
  currency,
  totalMinor: minor("What the buyer pays: discounts taken off, tax and transport included."),
  taxMinor: Type.Optional(minor("Tax in the total.")),
  shippingMinor: Type.Optional(minor("Transport in the total.")),
  discountMinor: Type.Optional(minor("What was taken off.")),
};
const sale = {
  orderId: id,
  ...paid,
  lines,
  coupons: Type.Optional(Type.Array(text(200), { maxItems: 50 })),
  receipt: Type.Optional(id),
  till: Type.Optional(id),
  seller: Type.Optional(id),
  fulfilment: Type.Optional(name),
};
const part = Type.Object({ sku, quantity, amountMinor: Type.Optional(minor()) });
const some = Type.Optional(Type.Array(part, { maxItems: linesMax }));
const because = { reason: Type.Optional(text(500)) };
const subscription = { subscriptionId: id, sku: Type.Optional(sku), ...because };

/** Purchases and what becomes of them. A sale at the till is an order that is placed and handed over at once. */
export const orders = family(
  { retention: "purchase", purpose: "personalise" },
  {
    "order.quoted": {
      says: "A seller offered a price for a list of items.",
      data: Type.Object({ quoteId: id, ...paid, lines, validUntil: Type.Optional(day) }),
      example: {
        quoteId: "q-7",
        currency: "USD",
        totalMinor: 52_900,
        lines: [{ sku: "refri-420", quantity: 1, amountMinor: 52_900 }],
      },
    },
    "order.placed": {
      says: "Somebody bought something, in any channel.",
      data: Type.Object(sale),
      example: {
        orderId: "001-004-000012345",
        currency: "USD",
        totalMinor: 1290,
        lines: [{ sku: "7861001200017", quantity: 2, amountMinor: 1290, title: "Café molido 500 g" }],
      },
    },
    "order.updated": {
      says: "An order was changed after it was placed; the lines are the whole order as it is now.",
      data: Type.Object({ ...sale, ...because }),
      example: {
        orderId: "001-004-000012345",
        currency: "USD",
        totalMinor: 645,
        lines: [{ sku: "7861001200017", quantity: 1, amountMinor: 645 }],
      },
    },
    "order.packed": {
      says: "The goods of an order are ready to leave.",
      data: Type.Object({ orderId: id, lines: some }),
      purpose: "operate",
      example: { orderId: "web-1001" },
    },
    "order.handed_over": {
      says: "The buyer has the goods.",
      data: Type.Object({ orderId: id, lines: some }),
      purpose: "operate",
      example: { orderId: "web-1001" },
    },
    "order.cancelled": {
      says: "An order is off: nothing more is sent, and what was paid goes back.",
      data: Type.Object({ orderId: id, lines: some, ...because }),
      example: { orderId: "web-1001", reason: "out_of_stock" },
    },
    "order.return_asked": {
      says: "The buyer wants to bring something back.",
      data: Type.Object({ returnId: id, orderId: Type.Optional(id), lines: some, ...because }),
      purpose: "operate",
      example: { returnId: "r-31", orderId: "web-1001", reason: "too small" },
    },
    "order.returned": {
      says: "Goods came back, or money went back; no lines means that only money did.",
      data: Type.Object({
        returnId: id,
        orderId: Type.Optional(id),
        currency,
        totalMinor: minor("What the buyer gets back, as a positive amount."),
        lines: Type.Array(line, { maxItems: linesMax }),
        comment: Type.Optional(note),
        ...because,
      }),
      example: {
        returnId: "r-31",
        orderId: "001-004-000012345",
        currency: "USD",
        totalMinor: 645,
        lines: [{ sku: "7861001200017", quantity: 1, amountMinor: 645 }],
      },
    },
    "subscription.started": {
      says: "Somebody wants an item again and again.",
      data: Type.Object({
        ...subscription,
        sku,
        quantity,
        everyDays: Type.Integer({ minimum: 1, maximum: 3_660 }),
      }),
      example: { subscriptionId: "s-5", sku: "7861001200017", quantity: 2, everyDays: 30 },
    },
    "subscription.changed": {
      says: "A subscription has another rhythm or quantity.",
      data: Type.Object({
        ...subscription,
        quantity: Type.Optional(quantity),
        everyDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 3_660 })),
      }),
      example: { subscriptionId: "s-5", everyDays: 45 },
    },
    "subscription.paused": {
      says: "A subscription rests.",
      data: Type.Object({ ...subscription, until: Type.Optional(day) }),
      example: { subscriptionId: "s-5", until: "2027-01-15" },
    },
    "subscription.cancelled": {
      says: "A subscription has ended.",
      data: Type.Object(subscription),
      example: { subscriptionId: "s-5", reason: "moved" },
    },
  },
);
