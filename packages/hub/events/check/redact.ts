import { findCards } from "./cards.ts";
import { endOfValue, skipSpace } from "./scan.ts";

/**
 * Names whose value is never kept, whatever it is (PCI DSS 3.3: not for a moment, not even encrypted). Both cases are
 * spelt out, because a pattern that ignores case is half as fast.
 */
export const secretNames = [
  "[pP][aA][nN]",
  "[cC][aA][rR][dD][_-]?[nN][uU][mM][bB][eE][rR]",
  "[cC][vV][vVcC]2?",
  "[cC][iI][dD]",
  "[tT][rR][aA][cC][kK][12]?",
  "[pP][iI][nN](?:[_-]?[bB][lL][oO][cC][kK])?",
  "[mM][aA][gG][sS][tT][rR][iI][pP][eE]",
].join("|");

/** Of those, the ones that mean nothing else in the address of a page; also as JSON encoders escape `&` and `=`. */
export const secretParameter = String.raw`(?:[?&;]|\\u0026|\\u003[bBfF])(?:[cC][aA][rR][dD][_-]?[nN][uU][mM][bB][eE][rR]|[cC][vV][vVcC]2?|[tT][rR][aA][cC][kK][12])(?:=|\\u003[dD])`;

const isSecret = new RegExp(`^(?:${secretNames})$`);
const secretField = new RegExp(`"(?:${secretNames})"\\s*:`, "g");
const secretParameterAndValue = new RegExp(`(${secretParameter})[^&#\\s"'\\\\]+`, "g");

export const removed = "[removed]";

export function isSecretName(name: string): boolean {
  return name.length <= 12 && isSecret.test(name);
}

/** Blanks the card numbers and secret parameters of a plain text, such as a URL, a comment or a log line. */
export function redactText(text: string): string {
  const bare = /=|\\u003d/i.test(text) ? text.replaceAll(secretParameterAndValue, `$1${removed}`) : text;
  const cards = bare.length < 14 ? [] : findCards(bare);
  if (cards.length === 0) return bare;
  let out = "";
  let at = 0;
  for (const { start, end, last4 } of cards) {
    out += `${bare.slice(at, start)}[card ****${last4}]`;
    at = end;
  }
  return out + bare.slice(at);
}

/** Letters, digits and marks that an encoder wrote as escapes though it need not; quote and backslash stay. */
const needlessEscape = /(?<!\\)((?:\\\\)*)\\u00([2-7][\da-fA-F])/g;

function unescapeAscii(text: string): string {
  return text.replaceAll(needlessEscape, (whole, before: string, hex: string) => {
    const char = String.fromCharCode(Number.parseInt(hex, 16));
    return char === '"' || char === "\\" || char === "\u007f" ? whole : before + char;
  });
}

/**
 * Blanks card data in any text before it is written anywhere: card numbers, and in JSON also the values of names such
 * as `cvv`. For bytes that go to quarantine, URLs and logs; JSON whose numbers were blanked may no longer parse.
 */
export function redactCards(given: string): string {
  const text = given.includes("\\u00") ? unescapeAscii(given) : given;
  let out = "";
  let at = 0;
  for (const { index, 0: match } of text.matchAll(secretField)) {
    if (index < at) continue;
    const value = skipSpace(text, index + match.length);
    out += `${text.slice(at, value)}"${removed}"`;
    at = endOfValue(text, value);
  }
  return redactText(out + text.slice(at));
}
