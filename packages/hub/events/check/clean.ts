import { isObject, type Json, type JsonObject, limits } from "@trato/base";
import type { QuarantineReason } from "@trato/contract";
import { isCard } from "./cards.ts";
import { accessKey, cnpj, gs1 } from "./check-digits.ts";
import { addNote, type Note, type Refused, refused, step } from "./note.ts";
import { isSecretName, redactText, removed } from "./redact.ts";

export type Cleaned = { readonly ok: true; readonly value: Json; readonly notes: readonly Note[] } | Refused;

/**
 * A copy of a parsed JSON value that is safe to keep, and notes on what was changed: characters no database or log
 * can hold are taken out, texts over the limit are cut, dangerous names are left out, card data is blanked. Refuses
 * numbers that are not finite and nesting over the limit. Cleaning twice changes nothing more.
 */
export function clean(value: unknown): Cleaned {
  const state: State = { notes: [], refused: undefined };
  const copy = copyOf(value, top, state);
  return state.refused ?? { ok: true, value: copy, notes: state.notes };
}

type State = { readonly notes: Note[]; refused: Refused | undefined };
/** Where a value stands, as a chain to the top, so that its pointer is only written when there is something to say. */
type Place = {
  readonly above: Place | undefined;
  readonly step: string | number;
  /** The nearest field's name: of a list's elements, the list's. */
  readonly name: string;
  readonly depth: number;
};
const top: Place = { above: undefined, step: "", name: "", depth: 0 };

function pointerTo(place: Place): string {
  return place.above === undefined ? "" : step(pointerTo(place.above), place.step);
}

function inside(above: Place, at: string | number): Place {
  return { above, step: at, name: typeof at === "string" ? at : above.name, depth: above.depth + 1 };
}

function refuseAt(state: State, reason: QuarantineReason, detail: string, place: Place): null {
  state.refused ??= refused(reason, detail, pointerTo(place));
  return null;
}

function copyOf(value: unknown, place: Place, state: State): Json {
  if (typeof value === "string") return cleanText(value, place, state);
  if (typeof value === "number") return cleanNumber(value, place, state);
  if (value === null || typeof value === "boolean") return value;
  if (place.depth >= limits.jsonDepthMax) {
    return refuseAt(state, "json_too_deep", `Nest at most ${limits.jsonDepthMax} levels.`, place);
  }
  if (Array.isArray(value)) return value.map((inner, i) => copyOf(inner, inside(place, i), state));
  if (isObject(value)) return copyObject(value, place, state);
  return refuseAt(state, "json_invalid", "Only what JSON can say can be kept.", place);
}

const unsafeNames: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

function copyObject(object: { readonly [name: string]: unknown }, place: Place, state: State): JsonObject {
  const copy: { [name: string]: Json } = {};
  for (const [given, inner] of Object.entries(object)) {
    const name = cleanText(given, place, state);
    const at = inside(place, name);
    if (unsafeNames.has(name)) {
      addNote(state.notes, "key_dropped", pointerTo(at));
    } else if (isSecretName(name)) {
      if (inner !== removed) addNote(state.notes, "pci_redacted", pointerTo(at));
      copy[name] = removed;
    } else {
      copy[name] = copyOf(inner, at, state);
    }
  }
  return copy;
}

function cleanNumber(value: number, place: Place, state: State): Json {
  if (!Number.isFinite(value)) {
    return refuseAt(state, "number_not_finite", "Send a number that a double can hold.", place);
  }
  if (!Number.isSafeInteger(value)) return value;
  const digits = String(Math.abs(value));
  if (!isCard(digits) || isExempt(place.name, digits)) return value;
  addNote(state.notes, "pci_redacted", pointerTo(place));
  return `[card ****${digits.slice(-4)}]`;
}

/** Tab, line feed and return are text; the others are orders to a terminal, and NUL is refused by PostgreSQL. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to take out
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/;
const allControls = new RegExp(controls, "g");

function cleanText(text: string, place: Place, state: State): string {
  let kept = text.isWellFormed() ? text : text.toWellFormed();
  if (controls.test(kept)) kept = kept.replaceAll(allControls, "");
  if (kept !== text) addNote(state.notes, "text_cleaned", pointerTo(place));
  if (kept.length > limits.textCharsMax) {
    addNote(state.notes, "text_shortened", pointerTo(place));
    kept = kept.slice(0, limits.textCharsMax).replace(/[\ud800-\udbff]$/, "");
  }
  const bare = redactText(kept);
  if (bare === kept || isExempt(place.name, kept.replaceAll(/[ -]/g, ""))) return kept;
  addNote(state.notes, "pci_redacted", pointerTo(place));
  return bare;
}

/**
 * Numbers of trade that may look like a card, by the name of their field, each believed only with its own check
 * digit right. IMEI is not among them: its check digit is the card's own, and none begins like a 15-digit card.
 */
const exemptions: Readonly<Record<string, (digits: string) => boolean>> = {
  gtin: gs1,
  gtin14: gs1,
  ean: gs1,
  ean14: gs1,
  barcode: gs1,
  sku: gs1,
  sscc: gs1,
  taxid: cnpj,
  cnpj,
  accesskey: accessKey,
  claveacceso: accessKey,
  chave: accessKey,
};

function isExempt(name: string, digits: string): boolean {
  const field = name.toLowerCase().replaceAll(/[_-]/g, "");
  if (!Object.hasOwn(exemptions, field) || !/^\d+$/.test(digits)) return false;
  return exemptions[field]!(digits);
}
