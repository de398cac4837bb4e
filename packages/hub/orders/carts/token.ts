import { createHmac, timingSafeEqual } from "node:crypto";

const macBytes = 15;

export type CartTokens = { of(cartId: string): string; read(token: string): string | undefined };

/**
 * Tokens that open a cart to whoever shows them: the cart's id and a mac over it, 42 characters that fit in a small QR
 * code. Nothing has to be kept, and nobody can make one. The mac has 120 bits (RFC 2104 allows half of SHA-256's).
 */
export function cartTokens(secret: string): CartTokens {
  const macOf = (id: Buffer): Buffer =>
    createHmac("sha256", secret).update(id).digest().subarray(0, macBytes);
  return {
    of(cartId) {
      const id = Buffer.from(cartId.replaceAll("-", ""), "hex");
      return Buffer.concat([id, macOf(id)]).toString("base64url");
    },
    read(token) {
      const bytes = Buffer.from(token, "base64url");
      if (bytes.length !== 16 + macBytes || bytes.toString("base64url") !== token) return undefined;
      const id = bytes.subarray(0, 16);
      if (!timingSafeEqual(bytes.subarray(16), macOf(id))) return undefined;
      const hex = id.toString("hex");
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
    },
  };
}
