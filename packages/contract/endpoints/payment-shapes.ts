import { limits } from "@trato/base";
import { type Static, Type } from "typebox";
import { type PaymentState, paymentStates } from "../states/payment.ts";
import { pricedCurrency } from "./pricing-shapes.ts";
import { instant, uuid } from "./shapes.ts";

/** Shapes of money that moves. There is no field for a card number, and there will be none. */
const closed = { additionalProperties: false };
const name = (maxLength: number) =>
  Type.String({ minLength: 1, maxLength, pattern: "^[^\\u0000-\\u001f\\u007f]+$" });

/** An amount that moves: at least one minor unit. */
export const paidMinor = Type.Integer({
  minimum: 1,
  maximum: limits.priceMinorMax,
  description: "Whole minor units (ISO 4217), at least 1.",
});
const keptMinor = Type.Integer({ minimum: 0, description: "Whole minor units (ISO 4217)." });
export const paidOrderId = name(100);
export const giftCardId = name(100);
export const giftCardCode = Type.String({
  minLength: 8,
  maxLength: 64,
  pattern: "^[A-Za-z0-9 -]+$",
  description: "The code on the card; capitals, spaces and hyphens do not matter.",
});
export const providerName = Type.Enum(["stripe"]);
const last4 = Type.Optional(Type.String({ pattern: "^[0-9]{4}$" }));
const brand = Type.Optional(name(50));
const authCode = Type.Optional(name(50));
const reference = name(200);

/** Ways to pay that are taken at once. */
const ways = [
  Type.Object(
    { kind: Type.Literal("cash"), amountMinor: paidMinor, givenMinor: Type.Optional(paidMinor) },
    closed,
  ),
  Type.Object({ kind: Type.Literal("gift_card"), amountMinor: paidMinor, code: giftCardCode }, closed),
  Type.Object(
    { kind: Type.Literal("card"), amountMinor: paidMinor, reference, brand, last4, authCode },
    closed,
  ),
  Type.Object({ kind: Type.Literal("transfer"), amountMinor: paidMinor, reference }, closed),
] as const;

/** How a payment is opened: with a provider, who is asked later, or by what is taken at once. */
export const openingTender = Type.Union([
  Type.Object({ kind: Type.Literal("provider"), provider: providerName, amountMinor: paidMinor }, closed),
  ...ways,
]);
export type OpeningTender = Readonly<Static<typeof openingTender>>;

/** How something of an order is paid; what is named here is taken when the order is placed. */
export const tender = Type.Union([
  Type.Object({ kind: Type.Literal("payment"), paymentId: uuid }, closed),
  ...ways,
]);
export type Tender = Readonly<Static<typeof tender>>;

/** What may refuse a tender. */
export const tenderProblems = [
  "tenders_mismatch",
  "currency_mismatch",
  "payment_unknown",
  "payment_state",
  "payment_bound",
  "cash_short",
  "gift_card_unknown",
  "gift_card_expired",
  "gift_card_short",
  "reference_used",
  "card_number_sent",
] as const;
export const refundProblems = ["refund_exceeds_captured"] as const;

/** A payment as it is kept: where its money is adds up to no more than its amount. */
export const payment = Type.Object({
  paymentId: uuid,
  orderId: Type.Union([Type.String(), Type.Null()]),
  method: Type.String({ description: "card, transfer, cash, gift_card …" }),
  provider: Type.String({ description: "Who moves the money: stripe, till, gift_card, or reference." }),
  reference: Type.Union([Type.String({ description: "The provider's own name of it." }), Type.Null()]),
  currency: pricedCurrency,
  state: Type.Enum(Object.keys(paymentStates) as PaymentState[]),
  amountMinor: keptMinor,
  authorisedMinor: keptMinor,
  capturedMinor: keptMinor,
  refundedMinor: keptMinor,
  releasedMinor: keptMinor,
  details: Type.Object({
    brand: Type.Optional(Type.String()),
    last4: Type.Optional(Type.String()),
    authCode: Type.Optional(Type.String()),
    givenMinor: Type.Optional(keptMinor),
    changeMinor: Type.Optional(keptMinor),
    giftCardId: Type.Optional(Type.String()),
    reason: Type.Optional(Type.String()),
  }),
  openedAt: instant,
});
export type PaymentAnswer = Readonly<Static<typeof payment>>;

export const examplePayment: PaymentAnswer = {
  paymentId: "0198c0de-0000-7000-8000-0000000000f1",
  orderId: null,
  method: "card",
  provider: "stripe",
  reference: null,
  currency: "USD",
  state: "created",
  amountMinor: 1_290,
  authorisedMinor: 0,
  capturedMinor: 0,
  refundedMinor: 0,
  releasedMinor: 0,
  details: {},
  openedAt: "2026-11-22T15:10:00.000Z",
};

/** What was asked of whoever moves the money, and what came of it. */
export const operation = Type.Object({
  operationId: uuid,
  paymentId: uuid,
  kind: Type.Enum(["authorise", "capture", "void", "refund"]),
  amountMinor: keptMinor,
  outcome: Type.Enum(["done", "declined", "action_needed", "failed", "pending"], {
    description:
      "pending: nobody knows yet; the hub asks again by itself, with the same key, until somebody does.",
  }),
  reason: Type.Optional(Type.String()),
  clientSecret: Type.Optional(
    Type.String({ description: "For the provider's own script in the buyer's browser." }),
  ),
});
export type OperationAnswer = Readonly<Static<typeof operation>>;

export const movement = Type.Object({
  from: Type.String(),
  to: Type.String(),
  amountMinor: keptMinor,
  reason: Type.String(),
  commandId: Type.Optional(
    Type.String({
      description: "What asked for it: an order, an act with one, an operation, a provider's notice.",
    }),
  ),
  at: instant,
});

export const giftCard = Type.Object({
  giftCardId,
  currency: pricedCurrency,
  balanceMinor: keptMinor,
  spentMinor: keptMinor,
  last4: Type.String({ description: "The end of its code." }),
  issuedAt: instant,
  expiresAt: Type.Union([instant, Type.Null()]),
});
export type GiftCardAnswer = Readonly<Static<typeof giftCard>>;

export const exampleGiftCard: GiftCardAnswer = {
  giftCardId: "g-3",
  currency: "USD",
  balanceMinor: 5_000,
  spentMinor: 0,
  last4: "7QXM",
  issuedAt: "2026-11-22T15:10:00.000Z",
  expiresAt: null,
};
