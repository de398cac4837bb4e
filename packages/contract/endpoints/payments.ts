import { Type } from "typebox";
import { endpoint } from "../endpoint.ts";
import {
  exampleGiftCard,
  examplePayment,
  giftCard,
  giftCardCode,
  giftCardId,
  movement,
  openingTender,
  operation,
  paidMinor,
  paidOrderId,
  payment,
  refundProblems,
  tenderProblems,
} from "./payment-shapes.ts";
import { pricedCurrency } from "./pricing-shapes.ts";
import { uuid } from "./shapes.ts";

const closed = { additionalProperties: false };
const params = Type.Object({ paymentId: uuid });
const { paymentId } = examplePayment;
const once = ["idempotency_running", "idempotency_mismatch"] as const;
const reason = Type.Optional(Type.String({ minLength: 1, maxLength: 500 }));
const operationId = "0198c0de-0000-7000-8000-0000000000f2";
const done = { operationId, paymentId, amountMinor: 1_290, outcome: "done" as const };
const exampleMovement = { amountMinor: 5_000, reason: "issue", at: "2026-11-22T15:10:00.000Z" };

export const openPayment = endpoint({
  name: "openPayment",
  method: "POST",
  path: "/v1/payments",
  tag: "payments",
  says: "Opens a payment: with a provider, to be authorised, or by a tender that is taken at once.",
  more: "A payment with a provider is bound to its order when the order is placed with the tender `{kind: payment, paymentId}`. There is no field for a card number: the buyer gives it to the provider's own page, and a text that holds one is refused.",
  needs: "payments:write",
  body: Type.Object(
    {
      currency: pricedCurrency,
      orderId: Type.Optional(paidOrderId),
      tender: openingTender,
    },
    closed,
  ),
  gives: payment,
  status: 201,
  problems: ["request_invalid", "provider_unknown", ...tenderProblems, ...once],
  idempotent: true,
  example: {
    body: { currency: "USD", tender: { kind: "provider", provider: "stripe", amountMinor: 1_290 } },
    gives: examplePayment,
  },
});

export const readPayment = endpoint({
  name: "readPayment",
  method: "GET",
  path: "/v1/payments/{paymentId}",
  tag: "payments",
  says: "Reads a payment: its state, and where its money is.",
  needs: "payments:read",
  params,
  gives: payment,
  problems: ["payment_unknown"],
  example: { params: { paymentId }, gives: examplePayment },
});

export const explainPayment = endpoint({
  name: "explainPayment",
  method: "GET",
  path: "/v1/payments/{paymentId}/why",
  tag: "payments",
  says: "The movements that made a payment what it is, and what its provider was asked.",
  needs: "payments:read",
  params,
  gives: Type.Object({ payment, movements: Type.Array(movement), operations: Type.Array(operation) }),
  problems: ["payment_unknown"],
  example: { params: { paymentId }, gives: { payment: examplePayment, movements: [], operations: [] } },
});

export const authorisePayment = endpoint({
  name: "authorisePayment",
  method: "POST",
  path: "/v1/payments/{paymentId}/authorise",
  tag: "payments",
  says: "Asks the provider to set the money aside, with the token that its own page gave for the buyer's card.",
  more: "The provider is asked outside of any transaction, with a key of the hub's own that never changes, so that neither a lost answer nor a crash takes money twice. `action_needed` hands on what the provider's script needs in the browser; its webhook tells the hub how that ended.",
  needs: "payments:write",
  params,
  body: Type.Object({ token: Type.String({ minLength: 1, maxLength: 200, pattern: "^[\\w-]+$" }) }, closed),
  gives: operation,
  problems: ["request_invalid", "payment_unknown", "payment_state", "card_number_sent", ...once],
  idempotent: true,
  example: {
    params: { paymentId },
    body: { token: "pm_1Q0PsIJvEtkwdCNYMSaVuRz6" },
    gives: { ...done, kind: "authorise" },
  },
});

export const capturePayment = endpoint({
  name: "capturePayment",
  method: "POST",
  path: "/v1/payments/{paymentId}/capture",
  tag: "payments",
  says: "Takes money that was set aside, all of it or less; the rest is let go.",
  needs: "payments:write",
  params,
  body: Type.Object({ amountMinor: Type.Optional(paidMinor) }, closed),
  gives: operation,
  problems: ["request_invalid", "payment_unknown", "payment_state", "capture_exceeds_authorised", ...once],
  idempotent: true,
  example: {
    params: { paymentId },
    body: { amountMinor: 1_290 },
    gives: { ...done, kind: "capture" },
  },
});

export const voidPayment = endpoint({
  name: "voidPayment",
  method: "POST",
  path: "/v1/payments/{paymentId}/void",
  tag: "payments",
  says: "Lets go of a payment of which nothing was taken.",
  needs: "payments:write",
  params,
  gives: operation,
  problems: ["payment_unknown", "payment_state", ...once],
  idempotent: true,
  example: { params: { paymentId }, gives: { ...done, kind: "void" } },
});

export const refundPayment = endpoint({
  name: "refundPayment",
  method: "POST",
  path: "/v1/payments/{paymentId}/refund",
  tag: "payments",
  says: "Gives back what was taken, all of it or in parts, never more than is left of it.",
  more: "The money goes back the way it came: to the card by its provider, onto the gift card, from the till. What was paid by reference is written down as given back; whoever keeps that account moves it.",
  needs: "payments:write",
  params,
  body: Type.Object({ amountMinor: paidMinor, currency: pricedCurrency, reason }, closed),
  gives: operation,
  problems: [
    ...(["request_invalid", "card_number_sent", "payment_unknown", "currency_mismatch"] as const),
    ...refundProblems,
    ...once,
  ],
  idempotent: true,
  example: {
    params: { paymentId },
    body: { amountMinor: 500, currency: "USD" },
    gives: { ...done, kind: "refund", amountMinor: 500 },
  },
});

export const issueGiftCard = endpoint({
  name: "issueGiftCard",
  method: "POST",
  path: "/v1/gift-cards",
  tag: "payments",
  says: "Issues a gift card under an id of the shop's own.",
  more: "The answer has the code, here and nowhere else: the hub keeps only a keyed hash of it. The same request again gives the same card and code, so it needs no Idempotency-Key; another amount under the same id is refused. `code` is for cards that were printed before.",
  needs: "payments:write",
  body: Type.Object(
    {
      giftCardId,
      currency: pricedCurrency,
      amountMinor: paidMinor,
      code: Type.Optional(giftCardCode),
      expiresAt: Type.Optional(Type.String({ format: "date-time" })),
    },
    closed,
  ),
  gives: Type.Object({ ...giftCard.properties, code: Type.String() }),
  status: 201,
  problems: ["request_invalid", "gift_card_exists", "card_number_sent"],
  example: {
    body: { giftCardId: "g-3", currency: "USD", amountMinor: 5_000 },
    gives: { ...exampleGiftCard, code: "K7VD-2MHX-RW4P-7QXM" },
  },
});

export const readGiftCard = endpoint({
  name: "readGiftCard",
  method: "GET",
  path: "/v1/gift-cards/{giftCardId}",
  tag: "payments",
  says: "Reads what a gift card is still worth.",
  needs: "payments:read",
  params: Type.Object({ giftCardId }),
  gives: giftCard,
  problems: ["gift_card_unknown"],
  example: { params: { giftCardId: "g-3" }, gives: exampleGiftCard },
});

export const findGiftCard = endpoint({
  name: "findGiftCard",
  method: "POST",
  path: "/v1/gift-cards/find",
  tag: "payments",
  says: "Reads the gift card with a code, as a till scans it; codes stand in no address.",
  needs: "payments:read",
  body: Type.Object({ code: giftCardCode }, closed),
  gives: giftCard,
  problems: ["request_invalid", "gift_card_unknown"],
  example: { body: { code: "K7VD-2MHX-RW4P-7QXM" }, gives: exampleGiftCard },
});

export const explainGiftCard = endpoint({
  name: "explainGiftCard",
  method: "GET",
  path: "/v1/gift-cards/{giftCardId}/why",
  tag: "payments",
  says: "The movements that made a gift card's balance.",
  needs: "payments:read",
  params: Type.Object({ giftCardId }),
  gives: Type.Object({
    giftCard,
    movements: Type.Array(
      Type.Object({ ...movement.properties, paymentId: Type.Union([uuid, Type.Null()]) }),
    ),
  }),
  problems: ["gift_card_unknown"],
  example: {
    params: { giftCardId: "g-3" },
    gives: {
      giftCard: exampleGiftCard,
      movements: [{ ...exampleMovement, from: "outside", to: "balance", paymentId: null }],
    },
  },
});

export const stripeWebhook = endpoint({
  name: "stripeWebhook",
  method: "POST",
  path: "/v1/payments/providers/stripe/webhook",
  tag: "payments",
  says: "Where Stripe tells what became of a payment; its signature is its key.",
  needs: "open",
  body: Type.Unknown(),
  gives: Type.Object({ received: Type.Literal(true) }),
  problems: ["provider_unknown", "signature_invalid"],
  example: { body: { type: "payment_intent.succeeded" }, gives: { received: true } },
});
