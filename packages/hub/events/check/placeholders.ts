import type { IdentityKind } from "@trato/contract";

/** What tills and sites write when they know nobody. It would make one person of all strangers. */
const anywhere: ReadonlySet<string> = new Set([
  "null", "undefined", "none", "nil", "nan", "n/a", "na", "-", "--", ".", "?", "0", "-1", "true", "false",
  "unknown", "desconocido", "anonymous", "anonimo", "anónimo", "guest", "invitado", "test", "prueba",
  "consumidor final", "cliente final", "[object object]",
]); // biome-ignore format: a table

const emails: ReadonlySet<string> = new Set([
  "test@test.com", "a@a.com", "aa@aa.com", "x@x.com", "abc@abc.com", "na@na.com", "email@email.com",
  "correo@correo.com", "mail@mail.com", "user@user.com", "prueba@prueba.com", "cliente@cliente.com",
]); // biome-ignore format: a table

const mailboxes: ReadonlySet<string> = new Set([
  "noemail", "nomail", "no-email", "sinemail", "sincorreo", "sin-correo", "nocorreo", "notiene", "no-tiene",
  "noreply", "no-reply", "consumidorfinal", "anonymous", "null", "undefined", "unknown",
]); // biome-ignore format: a table

/** Mexico's numbers for "some customer". Ecuador's and Colombia's are all nines and all twos. */
const taxNumbers: ReadonlySet<string> = new Set(["XAXX010101000", "XEXX010101000"]);

const allTheSame = (text: string) => text === text.charAt(0).repeat(text.length);

/** True when a normalised value names nobody: a stand-in, not a mistake. */
export function isPlaceholder(kind: IdentityKind, value: string): boolean {
  if (kind === "email") return emails.has(value) || mailboxes.has(value.slice(0, value.indexOf("@")));
  if (kind === "phone") return allTheSame(value.slice(-7));
  if (kind === "national_id") {
    const digits = value.slice(3);
    return allTheSame(digits) || taxNumbers.has(digits) || anywhere.has(digits.toLowerCase());
  }
  return anywhere.has(value.toLowerCase()) || /^[0-]{2,}$/.test(value);
}
