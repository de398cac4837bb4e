import { createHmac } from "node:crypto";

/** How the codes of gift cards are made and known again; nobody can read them out of the database. */
export type GiftCodes = {
  /** What is kept of a code; capitals, spaces and hyphens do not matter. */
  hash(code: string): Buffer;
  /** The code of a card that has none of its own: the same whenever it is asked for again. */
  make(giftCardId: string): string;
};

/** Without 0, 1, I, L, O and U, which people read in two ways; 30 letters are 4.9 bits each. */
const letters = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
const codeLetters = 16;

export const plainCode = (code: string): string => code.toUpperCase().replaceAll(/[ -]/g, "");

/**
 * Codes by a secret of the installation: HMAC-SHA-256, so that a copy of the database is no bag of gift cards. A made
 * code has 78 bits: guessing one of a million cards at 10,000 tries a second takes some 600,000 years on average.
 */
export function giftCodes(secret: string): GiftCodes {
  const mac = (about: string, text: string) =>
    createHmac("sha256", secret).update(`${about}\n${text}`).digest();
  return {
    hash: (code) => mac("code", plainCode(code)),
    make(giftCardId) {
      // 256 bits over 30 letters, taken as one number: no letter is likelier than another by more than 2^-180.
      let number = BigInt(`0x${mac("make", giftCardId).toString("hex")}`);
      let code = "";
      for (let i = 0; i < codeLetters; i++) {
        if (i > 0 && i % 4 === 0) code += "-";
        code += letters[Number(number % BigInt(letters.length))]!;
        number /= BigInt(letters.length);
      }
      return code;
    },
  };
}
