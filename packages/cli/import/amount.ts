import { figuresIn } from "../figures.ts";
import type { Language } from "../words.ts";

/**
 * Amounts as files write them, exactly: quantities and prices are whole thousandths, their products whole millionths
 * of the currency's unit. No binary fraction is in between.
 */
const decimal = /^([-+]?)(\d{1,12})(?:\.(\d{1,3})0*)?$/;

/** Thousandths of a decimal number such as "-3.25"; undefined when it is none or has more than three digits. */
export function parseThousandths(text: string): number | undefined {
  const match = decimal.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = "", fraction = ""] = match;
  const size = Number(whole) * 1_000 + Number(fraction.padEnd(3, "0"));
  return sign === "-" && size !== 0 ? -size : size;
}

/** Quantity times price, in millionths. */
export function multiply(quantityThousandths: number, priceThousandths: number): bigint {
  const product = quantityThousandths * priceThousandths;
  // The product of two whole numbers is exact as long as it is safe; most are, and this is three times as fast.
  return Number.isSafeInteger(product)
    ? BigInt(product)
    : BigInt(quantityThousandths) * BigInt(priceThousandths);
}

/** Millionths in one minor unit of a currency with so many digits after the point. */
export const microsPerMinor = (digits: number): bigint => 10n ** BigInt(6 - digits);

/** Rounds to whole minor units, half away from zero; undefined when that is too large to be an amount. */
export function toMinor(micros: bigint, perMinor: bigint): number | undefined {
  const size = micros < 0n ? -micros : micros;
  const rounded = Number((size + perMinor / 2n) / perMinor);
  if (!Number.isSafeInteger(rounded)) return undefined;
  return micros < 0n && rounded !== 0 ? -rounded : rounded;
}

/** Millionths as a plain decimal number, exact: at least two digits after the point, and no needless others. */
export function writeMicros(micros: bigint): string {
  const size = micros < 0n ? -micros : micros;
  const fraction = String(size % 1_000_000n)
    .padStart(6, "0")
    .replace(/0{1,4}$/, "");
  return `${micros < 0n ? "-" : ""}${size / 1_000_000n}.${fraction}`;
}

/** The same as people read it: 9,747,747.934. */
export function formatMicros(micros: bigint, language: Language): string {
  const [whole = "", fraction] = writeMicros(micros < 0n ? -micros : micros).split(".");
  const { whole: grouped } = figuresIn(language);
  return `${micros < 0n ? "-" : ""}${grouped(BigInt(whole))}${language === "es" ? "," : "."}${fraction}`;
}
