import { isObject } from "@trato/base";
import { ok, type Result, refuse } from "@trato/contract";
import type { Notice } from "../provider.ts";
import type { Reply } from "./call.ts";
import { isSignedByStripe, type Signed } from "./signature.ts";

const whatOf: Readonly<{ [type: string]: Notice["what"] }> = {
  "payment_intent.amount_capturable_updated": "authorised",
  "payment_intent.payment_failed": "declined",
  "payment_intent.succeeded": "captured",
  "payment_intent.canceled": "released",
  "refund.failed": "refund_failed",
  "charge.refund.updated": "refund_failed",
  "charge.dispute.created": "disputed",
};

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
const inner = (value: unknown): Reply => (isObject(value) ? value : {});

/** Reads an event of Stripe's; null for those that say nothing to us. */
export function readStripeNotice(secret: string, given: Signed): Result<Notice | null, "signature_invalid"> {
  if (!isSignedByStripe(secret, given)) return refuse("signature_invalid");
  const event = inner(parse(given.bytes));
  const object = inner(inner(event["data"])["object"]);
  const what = whatOf[text(event["type"]) ?? ""];
  const id = text(event["id"]);
  const reference = object["object"] === "payment_intent" ? object["id"] : object["payment_intent"];
  if (what === undefined || id === undefined || typeof reference !== "string") return ok(null);
  if (what === "refund_failed" && object["status"] !== "failed") return ok(null);
  const metadata = inner(object["metadata"]);
  const error = inner(object["last_payment_error"]);
  const reason =
    text(error["decline_code"]) ??
    text(error["code"]) ??
    text(object["failure_reason"]) ??
    text(object["reason"]);
  const operationId = text(metadata["operation_id"]);
  const received = object["amount_received"];
  const taken =
    what === "captured" && Number.isSafeInteger(received) ? { takenMinor: received as number } : {};
  return ok({
    ...{ id, reference, what, paymentId: text(metadata["payment_id"]) ?? null, ...taken },
    ...(reason === undefined ? {} : { reason }),
    ...(operationId === undefined ? {} : { operationId }),
  });
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return null;
  }
}
