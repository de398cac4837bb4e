import { type Currency, currencyScale, isCurrency } from "@trato/base";
import { InvalidArgumentError, Option } from "commander";

/** Reads a whole number of an option between two bounds; commander prints the message and exits with 2. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= min && value <= max && text.trim() !== "") return value;
    throw new InvalidArgumentError(`Give a whole number from ${min} to ${max}.`);
  };
}

/** Reads a day such as 2026-11-22, or a time with its offset. */
export function dayOrTime(text: string): string {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const isTime = /^\d{4}-\d{2}-\d{2}T.+(Z|[+-]\d{2}:\d{2})$/.test(text);
  if ((isDay || isTime) && !Number.isNaN(Date.parse(text))) return text;
  throw new InvalidArgumentError(
    "Give a day, 2026-11-22, or a time with its offset, 2026-11-22T10:00:00-05:00.",
  );
}

export function currencyCode(text: string): Currency {
  const code = text.toUpperCase();
  if (isCurrency(code)) return code;
  throw new InvalidArgumentError(`Give one of ${Object.keys(currencyScale).join(", ")}.`);
}

/** An option that takes one of a few words. */
export const oneOf = (flags: string, says: string, words: readonly string[]): Option =>
  new Option(flags, says).choices([...words]);
