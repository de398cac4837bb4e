import { Type } from "typebox";
import { currency, id, minor, name, text } from "./event.ts";
import { family } from "./family.ts";

/** How something was paid. There is no field for a card number, and there will be none. */
const tender = {
  method: Type.Optional(name),
  brand: Type.Optional(text(50)),
  last4: Type.Optional(Type.String({ pattern: "^[0-9]{4}$" })),
  tokenRef: Type.Optional(id),
  authCode: Type.Optional(text(50)),
  instalments: Type.Optional(Type.Integer({ minimum: 1, maximum: 120 })),
};
const payment = { paymentId: id, orderId: Type.Optional(id), currency, amountMinor: minor(), ...tender };
const because = { reason: Type.Optional(text(500)) };
const example = { paymentId: "p-9", orderId: "web-1001", currency: "USD", amountMinor: 1290 } as const;
const card = { giftCardId: id, currency, amountMinor: minor(), orderId: Type.Optional(id) };

/** Money that moves between buyer and shop. */
export const payments = family(
  { retention: "proof", purpose: "operate" },
  {
    "payment.started": {
      says: "A payment was begun.",
      data: Type.Object(payment),
      example: { ...example, method: "card", brand: "visa", last4: "1234" },
    },
    "payment.authorized": {
      says: "The money is promised and set aside.",
      data: Type.Object(payment),
      example: { ...example, authCode: "A1B2" },
    },
    "payment.captured": {
      says: "The money was taken.",
      data: Type.Object(payment),
      example: { ...example, method: "cash" },
    },
    "payment.declined": {
      says: "The payment was refused.",
      data: Type.Object({ ...payment, ...because }),
      example: { ...example, reason: "insufficient_funds" },
    },
    "payment.voided": {
      says: "A promised payment was let go.",
      data: Type.Object({ ...payment, ...because }),
      example,
    },
    "payment.refunded": {
      says: "Money went back to the buyer, as a positive amount.",
      data: Type.Object({ ...payment, refundId: Type.Optional(id), ...because }),
      example: { ...example, refundId: "rf-2" },
    },
    "payment.capture_failed": {
      says: "Money that was promised could not be taken after all.",
      data: Type.Object({ ...payment, ...because }),
      example: { ...example, reason: "expired" },
    },
    "payment.refund_failed": {
      says: "Money that was to go back did not reach the buyer, and is the shop's again.",
      data: Type.Object({ ...payment, refundId: Type.Optional(id), ...because }),
      example: { ...example, refundId: "rf-2", reason: "account_closed" },
    },
    "payment.disputed": {
      says: "The buyer's bank asks for the money back.",
      data: Type.Object({ ...payment, ...because }),
      example: { ...example, reason: "fraud" },
    },
    "payment.method_saved": {
      says: "Somebody saved a way to pay for next time.",
      data: Type.Object(tender),
      personal: ["tokenRef", "last4"],
      example: { method: "card", brand: "mastercard", last4: "4321", tokenRef: "tok_81" },
    },
    "giftcard.issued": {
      says: "A gift card was sold or given. The id is the shop's own, never the code on the card.",
      data: Type.Object({ ...card, sku: Type.Optional(text(100)) }),
      example: { giftCardId: "g-3", currency: "USD", amountMinor: 5_000 },
    },
    "giftcard.redeemed": {
      says: "A gift card paid for something.",
      data: Type.Object(card),
      example: { giftCardId: "g-3", currency: "USD", amountMinor: 1_290, orderId: "web-1001" },
    },
  },
);
