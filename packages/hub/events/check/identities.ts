import { isObject, limits } from "@trato/base";
import { type Identity, type IdentityKind, identityKinds, kindsByStrength } from "@trato/contract";
import { normalizePhone } from "./phone.ts";
import { isPlaceholder } from "./placeholders.ts";

/** What was read: `dropped` are the pointers of those left out; `isBad` when some were wrong and none was right. */
export type ReadIdentities = {
  readonly identities: readonly Identity[];
  readonly dropped: readonly string[];
  readonly isBad: boolean;
};

export type IdentityContext = {
  /** ISO 3166-1 alpha-2: where numbers without a country belong. */
  readonly defaultCountry?: string | undefined;
  /** False for a public key: whoever reads the page has it, so it cannot vouch for a national id. */
  readonly trusted: boolean;
};

const nobody: ReadIdentities = { identities: [], dropped: [], isBad: false };

/**
 * Reads `{kind: value | [values]}` into normalised identities, strongest kind first, then by value, each once.
 * Absent, null and empty values say nothing; placeholders are dropped; wrong ones are dropped and counted as bad.
 */
export function readIdentities(given: unknown, context: IdentityContext): ReadIdentities {
  if (given === undefined || given === null) return nobody;
  if (!isObject(given)) return { identities: [], dropped: ["/identities"], isBad: true };
  const identities: Identity[] = [];
  const dropped: string[] = [];
  let wrong = 0;
  for (const name in given) {
    if (!Object.hasOwn(identityKinds, name)) dropped.push("/identities");
    if (dropped.length >= limits.identitiesPerEventMax) break;
  }
  wrong += dropped.length;
  for (const kind of kindsByStrength) {
    const values = given[kind];
    if (values === undefined || values === null || values === "") continue;
    const first = identities.length;
    for (const value of Array.isArray(values) ? values.slice(0, limits.identitiesPerEventMax) : [values]) {
      const normal = normalizeIdentity(kind, value, context.defaultCountry);
      if (normal === undefined) wrong++;
      if (
        normal === undefined ||
        isPlaceholder(kind, normal) ||
        (kind === "national_id" && !context.trusted)
      ) {
        dropped.push(`/identities/${kind}`);
      } else if (!identities.some((one) => one.kind === kind && one.value === normal)) {
        identities.push({ kind, value: normal });
      }
    }
    if (identities.length > first + 1) sortFrom(identities, first);
  }
  while (identities.length > limits.identitiesPerEventMax)
    dropped.push(`/identities/${identities.pop()!.kind}`);
  return { identities, dropped, isBad: wrong > 0 && identities.length === 0 };
}

function sortFrom(identities: Identity[], first: number): void {
  const some = identities.splice(first).sort((a, b) => (a.value < b.value ? -1 : 1));
  identities.push(...some);
}

/** The one way to write an identity; undefined when the value cannot be one. Used wherever a person is looked up. */
export function normalizeIdentity(
  kind: IdentityKind,
  given: unknown,
  defaultCountry?: string,
): string | undefined {
  const isWhole = typeof given === "number" && Number.isSafeInteger(given) && given >= 0;
  const text = typeof given === "string" ? given.trim() : isWhole ? String(given) : "";
  if (text === "" || text.length > limits.identityCharsMax || text.includes("[card ****")) return undefined;
  if (kind === "email") return normalizeEmail(text);
  if (kind === "phone") return normalizePhone(text, defaultCountry);
  if (kind === "national_id") return normalizeNationalId(text, defaultCountry);
  return text;
}

const notInEmail = /[\s<>()[\],;:\\"]/;
const invisible = /[\u200b-\u200d\u2060\ufeff]/g;

/** NFC, lower case, one @ with a mailbox before and a domain with a point after it. */
function normalizeEmail(text: string): string | undefined {
  const email = (isAscii(text) ? text : text.replaceAll(invisible, "").normalize("NFC")).toLowerCase();
  const at = email.indexOf("@");
  const point = email.lastIndexOf(".");
  if (at < 1 || email.indexOf("@", at + 1) !== -1 || point < at + 2 || point > email.length - 3)
    return undefined;
  return notInEmail.test(email) ? undefined : email;
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 126) return false;
  return true;
}

const nationalId = /^[A-Z]{2}:[A-Z0-9]{4,30}$/;

/** `CC:number`, upper case, without spaces, dots, hyphens or slashes. */
function normalizeNationalId(text: string, defaultCountry: string | undefined): string | undefined {
  const bare = text.toUpperCase().replaceAll(/[\s./-]/g, "");
  const id = bare.includes(":") || defaultCountry === undefined ? bare : `${defaultCountry}:${bare}`;
  return nationalId.test(id) ? id : undefined;
}
