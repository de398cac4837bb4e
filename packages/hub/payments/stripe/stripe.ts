import { currencyScale, isObject } from "@trato/base";
import type { Answered, Asked, Money, Named, Provider } from "../provider.ts";
import { type Called, callStripe, lookAtStripe, type Reply, type StripeConfig } from "./call.ts";
import type { Form } from "./form.ts";
import { readStripeNotice } from "./notice.ts";

/** Stripe has no unidad de fomento. */
const notTaken = new Set(["CLF"]);

/**
 * Stripe counts in the smallest unit by its own list, which for our currencies is ISO's; but of a currency with three
 * decimals it takes whole hundredths only.
 *
 * Source: Stripe documentation, "Currencies", zero-decimal and three-decimal currencies.
 */
export function stripeTakes({ currency, amountMinor }: Money): boolean {
  return !notTaken.has(currency) && (currencyScale[currency] !== 3 || amountMinor % 10 === 0);
}

/** Payments by Stripe's PaymentIntents: authorised by hand, captured by hand, refunded. */
export function stripe(config: StripeConfig): Provider {
  const call = (path: string, form: Form, key: string) => callStripe(config, path, form, key);
  return {
    name: "stripe",
    takes: stripeTakes,
    authorise: async ({ key, paymentId, currency, amountMinor, token }) =>
      readAuthorised(
        await call(
          "/v1/payment_intents",
          {
            amount: amountMinor,
            currency: currency.toLowerCase(),
            payment_method: token,
            capture_method: "manual",
            confirm: true,
            automatic_payment_methods: { enabled: true, allow_redirects: "never" },
            metadata: { payment_id: paymentId, operation_id: key },
            expand: { 0: "latest_charge" },
          },
          key,
        ),
      ),
    capture: async ({ key, reference, amountMinor }: Asked & Named) =>
      readDone(
        await call(`/v1/payment_intents/${reference}/capture`, { amount_to_capture: amountMinor }, key),
        "succeeded",
      ),
    release: async ({ key, reference }: Asked & Named) =>
      readDone(await call(`/v1/payment_intents/${reference}/cancel`, {}, key), "canceled"),
    refund: async ({ key, reference, amountMinor, paymentId }: Asked & Named) =>
      readRefund(
        await call(
          "/v1/refunds",
          {
            payment_intent: reference,
            amount: amountMinor,
            metadata: { payment_id: paymentId, operation_id: key },
          },
          key,
        ),
      ),
    look: async ({ reference }: Named) =>
      readLooked(await lookAtStripe(config, `/v1/payment_intents/${reference}?expand[0]=latest_charge`)),
    readNotice: (given) => readStripeNotice(config.webhookSecret, given),
  };
}

const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

/** What an error says, most specific first: the bank's reason, Stripe's code, its kind. */
const reasonOf = (error: Reply): string =>
  text(error["decline_code"]) ?? text(error["code"]) ?? text(error["type"]) ?? "refused";

function readAuthorised(called: Called): Answered {
  if (called.is === "unknown") return called;
  if (called.is === "error") {
    const { error } = called;
    const intent = isObject(error["payment_intent"]) ? error["payment_intent"] : {};
    const named = text(intent["id"]);
    if (error["type"] !== "card_error") return { is: "failed", reason: reasonOf(error) };
    return { is: "declined", reason: reasonOf(error), ...(named === undefined ? {} : { reference: named }) };
  }
  return readIntent(called.object);
}

/** One that was taken on Stripe's own pages was set aside before. */
function readLooked(called: Called): Answered {
  if (called.is === "unknown") return called;
  if (called.is === "error") return { is: "unknown", reason: reasonOf(called.error) };
  const intent = called.object;
  const isTaken = intent["status"] === "succeeded";
  return readIntent(isTaken ? { ...intent, status: "requires_capture" } : intent);
}

function readIntent(intent: Reply): Answered {
  const reference = text(intent["id"]);
  if (reference === undefined) return { is: "unknown", reason: "unreadable" };
  if (intent["status"] === "requires_capture") return { is: "done", reference, ...cardOf(intent) };
  if (intent["status"] === "requires_action") {
    return { is: "action_needed", reference, clientSecret: text(intent["client_secret"]) ?? "" };
  }
  if (intent["status"] === "processing") return { is: "unknown", reason: "processing" };
  const error = isObject(intent["last_payment_error"]) ? intent["last_payment_error"] : {};
  return { is: "declined", reference, reason: reasonOf(error) };
}

/** Brand and last four digits: all that may be known of a card. */
function cardOf(intent: Reply): { brand?: string; last4?: string } {
  const charge = isObject(intent["latest_charge"]) ? intent["latest_charge"] : {};
  const details = isObject(charge["payment_method_details"]) ? charge["payment_method_details"] : {};
  const card = isObject(details["card"]) ? details["card"] : {};
  const brand = text(card["brand"]);
  const last4 = text(card["last4"]);
  return {
    ...(brand === undefined ? {} : { brand }),
    ...(last4 !== undefined && /^\d{4}$/.test(last4) ? { last4 } : {}),
  };
}

/** An intent that is where it should be is done, also when Stripe says so by refusing to do it again. */
function readDone(called: Called, wanted: "succeeded" | "canceled"): Answered {
  if (called.is === "unknown") return called;
  const intent = called.is === "object" ? called.object : called.error["payment_intent"];
  if (isObject(intent) && intent["status"] === wanted) return { is: "done" };
  if (called.is === "object") return { is: "unknown", reason: text(called.object["status"]) ?? "unreadable" };
  return { is: "failed", reason: reasonOf(called.error) };
}

/** A refund is on its way when Stripe has taken it; one that a bank sends back later is told by a webhook. */
function readRefund(called: Called): Answered {
  if (called.is === "unknown") return called;
  if (called.is === "error") return { is: "failed", reason: reasonOf(called.error) };
  const { status, failure_reason } = called.object;
  if (status === "failed" || status === "canceled")
    return { is: "failed", reason: text(failure_reason) ?? "refused" };
  return { is: "done" };
}
