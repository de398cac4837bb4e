import { assert, type RandomBytes } from "@trato/base";

/** Crockford's base 32 without V, which sounds like B and looks like U: 31 characters, a prime number. */
const alphabet = "0123456789ABCDEFGHJKMNPQRSTWXYZ";
const base = alphabet.length;
const drawn = 6;

/**
 * Makes a code that can be read out: six characters and a check character, "K7Q-4MPX". Of 887 million one is drawn;
 * whether it is taken is for whoever keeps it to find out.
 *
 * Any one wrong character and any two that changed places are noticed: the weights are distinct and the base is prime
 * (as in ISO 7064's pure systems).
 */
export function makeCode(random: RandomBytes): string {
  const bytes = random(drawn * 2);
  assert(bytes.length === drawn * 2, "there are two bytes for each character");
  let text = "";
  for (let i = 0; i < drawn; i++) text += alphabet[((bytes[2 * i]! << 8) | bytes[2 * i + 1]!) % base];
  const code = text + checkOf(text);
  return `${code.slice(0, 3)}-${code.slice(3)}`;
}

/**
 * Reads a code as somebody typed it: small letters, spaces, hyphens, and the letters that look like others (O for 0, I
 * and L for 1). Undefined when it cannot be right.
 */
export function readCode(typed: string): string | undefined {
  const text = typed.toUpperCase().replaceAll(/[\s-]/g, "").replaceAll("O", "0").replaceAll(/[IL]/g, "1");
  if (text.length !== drawn + 1 || [...text].some((one) => !alphabet.includes(one))) return undefined;
  if (checkOf(text.slice(0, drawn)) !== text[drawn]) return undefined;
  return `${text.slice(0, 3)}-${text.slice(3)}`;
}

function checkOf(text: string): string {
  let sum = 0;
  for (const [i, one] of [...text].entries()) sum += (i + 2) * alphabet.indexOf(one);
  return alphabet[(base - (sum % base)) % base]!;
}
