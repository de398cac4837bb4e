import { isObject, limits } from "@trato/base";
import { encodeForm, type Form } from "./form.ts";

export type StripeConfig = {
  readonly key: string;
  readonly webhookSecret: string;
  /** https://api.stripe.com; another one in tests. */
  readonly url: string;
};

/** An object of Stripe's as it came; every field is looked at before it is believed. */
export type Reply = { readonly [name: string]: unknown };
export type Called =
  | { readonly is: "object"; readonly object: Reply }
  | { readonly is: "error"; readonly error: Reply }
  | { readonly is: "unknown"; readonly reason: string };

/** The version whose shapes are read here; Stripe answers in it for ever. */
const apiVersion = "2024-06-20";

/**
 * One POST to Stripe. A timeout, a broken connection, 409 (the same key is being carried out), 429 and 5xx are no
 * answer: the caller asks again with the same key.
 *
 * Source: Stripe API reference, "Idempotent requests" and "Errors".
 */
export function callStripe(
  config: StripeConfig,
  path: string,
  form: Form,
  idempotencyKey: string,
): Promise<Called> {
  return send(config, path, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", "idempotency-key": idempotencyKey },
    body: encodeForm(form),
  });
}

/** One GET, which changes nothing at Stripe. */
export function lookAtStripe(config: StripeConfig, path: string): Promise<Called> {
  return send(config, path, { method: "GET", headers: {} });
}

type Request = { readonly method: string; readonly headers: Record<string, string>; readonly body?: string };

/** Redirects are not followed: they would take the key elsewhere. */
async function send({ url, key }: StripeConfig, path: string, request: Request): Promise<Called> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(`${url}${path}`, {
      ...request,
      redirect: "error",
      headers: { ...request.headers, authorization: `Bearer ${key}`, "stripe-version": apiVersion },
      signal: AbortSignal.timeout(limits.providerCallMsMax),
    });
    text = await readText(response);
  } catch (cause) {
    return { is: "unknown", reason: cause instanceof Error ? cause.name : "connection" };
  }
  const { status } = response;
  if (status === 409 || status === 429 || status >= 500) return { is: "unknown", reason: `status_${status}` };
  const object = readObject(text);
  if (object === undefined) return { is: "unknown", reason: "unreadable" };
  if (status < 300) return { is: "object", object };
  const { error } = object;
  if (status === 401 || status === 403) return { is: "unknown", reason: "key_refused" };
  return { is: "error", error: isObject(error) ? error : {} };
}

/** A body of bounded size: whoever answers in Stripe's place cannot fill the memory. */
async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > limits.providerBytesMax) throw new Error("too_large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function readObject(text: string): Reply | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
