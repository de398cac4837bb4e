import { assert } from "./assert.ts";

/**
 * Digits after the decimal point, by ISO 4217. Never from `Intl`: it says 0 for COP, ISO says 2.
 * Currencies not in the list are refused until somebody adds them here.
 */
export const currencyScale = {
  ARS: 2, BOB: 2, BRL: 2, CAD: 2, CHF: 2, CLF: 4, CLP: 0, COP: 2, CRC: 2, DOP: 2, EUR: 2, GBP: 2, GTQ: 2,
  HNL: 2, JPY: 0, KWD: 3, MXN: 2, NIO: 2, PAB: 2, PEN: 2, PYG: 0, USD: 2, UYU: 2, VES: 2,
} as const satisfies Record<string, number>; // biome-ignore format: a table

export type Currency = keyof typeof currencyScale;

export function isCurrency(text: string): text is Currency {
  return Object.hasOwn(currencyScale, text);
}

/**
 * Reads "1234.50" as whole minor units, exactly: no binary fraction in between.
 * Returns undefined when the text is no decimal number or has more digits than the currency.
 */
export function parseMinor(text: string, currency: Currency): number | undefined {
  const match = /^(-?)(\d{1,15})(?:\.(\d{1,9}))?$/.exec(text);
  if (match === null) return undefined;
  const scale = currencyScale[currency];
  const fraction = (match[3] ?? "").replace(/0+$/, "");
  if (fraction.length > scale) return undefined;
  const minor = Number(`${match[2]}${fraction.padEnd(scale, "0")}`);
  if (!Number.isSafeInteger(minor)) return undefined;
  return match[1] === "-" && minor !== 0 ? -minor : minor;
}

/** Writes minor units as the amount people read: 1234 USD is "12.34", 1234 CLP is "1234". */
export function formatMinor(minor: number, currency: Currency): string {
  assert(Number.isSafeInteger(minor), "money is whole minor units");
  const scale = currencyScale[currency];
  const digits = String(Math.abs(minor)).padStart(scale + 1, "0");
  const sign = minor < 0 ? "-" : "";
  return scale === 0 ? `${sign}${digits}` : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
