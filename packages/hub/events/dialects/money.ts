import { type Currency, currencyScale, parseMinor } from "@trato/base";

/**
 * Reads a decimal price, a number or a text, as whole minor units without a binary fraction in between. The noise of
 * sums done in floating point (59.970000000000006) is taken off; an amount finer than the currency is undefined.
 */
export function minorOf(given: unknown, currency: Currency): number | undefined {
  const text = decimalText(given);
  return text === undefined ? undefined : parseMinor(text, currency);
}

/** Price times quantity in whole minor units, rounded once, half away from zero: 1.899 a gallon is a price too. */
export function lineMinorOf(price: unknown, quantity: number, currency: Currency): number | undefined {
  const one = decimalOf(price);
  const many = decimalOf(quantity);
  if (one === undefined || many === undefined) return undefined;
  const scale = one.scale + many.scale - currencyScale[currency];
  const product = one.digits * many.digits;
  if (scale <= 0) return safe(product * 10n ** BigInt(-scale));
  const unit = 10n ** BigInt(scale);
  const half = product < 0n ? -unit / 2n : unit / 2n;
  return safe((product + half) / unit);
}

function safe(minor: bigint): number | undefined {
  const number = Number(minor);
  return Number.isSafeInteger(number) ? number : undefined;
}

/** Nobody writes a price to ten decimals: what is there comes from adding in floating point. */
const noise = /\.\d{10,}$/;

function decimalText(given: unknown): string | undefined {
  if (typeof given === "string") return given.trim();
  if (typeof given !== "number" || !Number.isFinite(given)) return undefined;
  const text = String(given);
  return noise.test(text) ? String(Number(given.toPrecision(12))) : text;
}

function decimalOf(given: unknown): { digits: bigint; scale: number } | undefined {
  const match = /^(-?\d{1,15})(?:\.(\d{1,9}))?$/.exec(decimalText(given) ?? "");
  if (match === null) return undefined;
  const fraction = match[2] ?? "";
  return { digits: BigInt(match[1]! + fraction), scale: fraction.length };
}
