import { createHmac, timingSafeEqual } from "node:crypto";
import { limits, secondMs } from "@trato/base";

export type Signed = { readonly bytes: Buffer; readonly signature: string; readonly nowMs: number };

/**
 * True when the header `Stripe-Signature` ("t=…,v1=…", several v1 while a secret is changed) signs these bytes, not
 * longer ago than `limits.webhookToleranceMs`, and not from the future by more. Compared in constant time.
 *
 * Source: Stripe documentation, "Verify webhook signatures manually".
 */
export function isSignedByStripe(secret: string, { bytes, signature, nowMs }: Signed): boolean {
  const parts = signature.split(",").map((part) => part.trim().split("=", 2) as [string, string?]);
  const time = parts.find(([name]) => name === "t")?.[1] ?? "";
  if (!/^\d{1,12}$/.test(time)) return false;
  if (Math.abs(nowMs - Number(time) * secondMs) > limits.webhookToleranceMs) return false;
  const wanted = createHmac("sha256", secret).update(`${time}.`).update(bytes).digest();
  return parts.some(([name, value = ""]) => {
    if (name !== "v1" || !/^[0-9a-f]{64}$/.test(value)) return false;
    return timingSafeEqual(Buffer.from(value, "hex"), wanted);
  });
}
