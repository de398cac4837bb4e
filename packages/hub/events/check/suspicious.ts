import { hasCard } from "./cards.ts";
import { secretNames, secretParameter } from "./redact.ts";

/** What JSON text may hold that `clean` would change. */
const odd = new RegExp(
  [
    // Escapes of control characters and of surrogates, and of the characters that could hide what follows here.
    String.raw`\\(?:u(?:00[01]|002[0dD]|003\d|00[4-7]|[dD][89a-fA-F])|[bf])`,
    // Numbers that may be more than a double holds: an exponent, or 17 digits and more.
    String.raw`[:,[]\s*-?(?:\d[\d.]*[eE]|\d{17})`,
    String.raw`"(?:__proto__|constructor|prototype|${secretNames})"\s*:`,
    secretParameter,
    // An escape that ends in a digit, as é does, joined to a long number: where the number begins cannot be seen here.
    String.raw`\\u[\da-fA-F]{3}\d[ .-]?\d(?:[ -]?\d){12}`,
  ].join("|"),
);

/**
 * True when some event of a batch's JSON text may need cleaning; false is a promise that `clean` would change nothing
 * but texts over the length limit. Ordinary batches are not suspicious. 150 to 250 MB/s.
 */
export function suspicious(text: string): boolean {
  return odd.test(text) || hasCard(text);
}
