import { limits } from "@trato/base";
import type { QuarantineReason } from "@trato/contract";

/** What was changed in an event that was kept, and where (JSON Pointer into the event). */
export type Note = { readonly code: NoteCode; readonly pointer: string };

/**
 * `pci_redacted`: card data was removed. `text_cleaned`: characters no database or log can hold were taken out.
 * `text_shortened`: a text was cut at the limit. `key_dropped`: a name that is dangerous to keep was left out.
 * `identity_dropped`: an identity could not be used. `field_unknown`: a field of the envelope that nobody reads.
 */
export type NoteCode =
  | "pci_redacted"
  | "text_cleaned"
  | "text_shortened"
  | "key_dropped"
  | "identity_dropped"
  | "field_unknown";

/** Why something was set aside. `pointer` names the field (RFC 6901) when one field is to blame. */
export type Refused = {
  readonly ok: false;
  readonly reason: QuarantineReason;
  readonly detail: string;
  readonly pointer?: string;
};

export function refused(reason: QuarantineReason, detail: string, pointer?: string): Refused {
  return pointer === undefined ? { ok: false, reason, detail } : { ok: false, reason, detail, pointer };
}

export const noNotes: readonly Note[] = Object.freeze([]);

/** Adds a note, up to the limit: one event cannot make the hub write a book about it. */
export function addNote(notes: Note[], code: NoteCode, pointer: string): void {
  if (notes.length < limits.notesPerEventMax) notes.push({ code, pointer });
}

/** One step of a JSON Pointer. */
export function step(pointer: string, name: string | number): string {
  return `${pointer}/${String(name).slice(0, 200).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}
