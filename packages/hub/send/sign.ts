import { createHmac, randomBytes } from "node:crypto";

const prefix = "whsec_";

/** A secret by Standard Webhooks: 32 random bytes. */
export const createSecret = (): string => prefix + randomBytes(32).toString("base64");

/**
 * The headers that sign a body, by Standard Webhooks 1.0.0: HMAC-SHA256 over id, time and body. Several secrets give
 * several signatures, of which a receiver needs to know one: so a secret can be changed without losing a delivery.
 */
export function signedHeaders(
  message: { readonly id: string; readonly nowMs: number; readonly body: string },
  secrets: readonly string[],
): Record<string, string> {
  const seconds = Math.floor(message.nowMs / 1_000);
  const signed = `${message.id}.${seconds}.${message.body}`;
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(prefix.length), "base64");
    return `v1,${createHmac("sha256", key).update(signed).digest("base64")}`;
  });
  return {
    "webhook-id": message.id,
    "webhook-timestamp": String(seconds),
    "webhook-signature": signatures.join(" "),
  };
}
