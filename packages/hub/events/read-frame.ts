import { limits } from "@trato/base";
import {
  type Batch,
  checkEvent,
  type NoteCode,
  parseTime,
  quarantineBytes,
  type Refused,
  readBatch,
  readBody,
} from "./check/index.ts";
import { segment } from "./dialects/index.ts";
import type { KeptEvent } from "./event.ts";
import type { Frame } from "./intake.ts";
import type { Rejected } from "./store.ts";

/** A request's body and what its key and headers say about it. */
export type Arrived = {
  readonly bytes: Buffer;
  readonly encoding: string | undefined;
  readonly source: string;
  /** False for a public key: it may send less, and claim less. */
  readonly trusted: boolean;
  readonly receivedAtMs: number;
  readonly country: string;
  /** The path of a foreign dialect; undefined for our own words. */
  readonly dialect?: { readonly path: string; readonly anonymousIdHeader: string | undefined };
};

export type ReadFrame = { readonly frame: Frame; readonly notes: ReadonlyMap<NoteCode, number> };

/**
 * Turns a body into events and rejects. It never refuses: what cannot be read is put aside, whole or in part, with
 * the sender's bytes and the reason, because clients throw away what is answered with 4xx.
 */
export function readFrame(arrived: Arrived): ReadFrame {
  const body = readBody(arrived.bytes, arrived.encoding, limits);
  if (!body.ok)
    return onlyRejects(arrived, [rejectedBy(body, quarantineBytes(arrived.bytes.toString("latin1")))]);
  const batch = readBatch(body.text, {
    list: listOf(arrived.dialect?.path),
    eventBytesMax: arrived.trusted ? limits.secretEventBytesMax : limits.publicEventBytesMax,
  });
  if (!batch.ok) return onlyRejects(arrived, [rejectedBy(batch, quarantineBytes(body.text))]);
  return checkAll(arrived, batch);
}

function listOf(path: string | undefined): "events" | "batch" | null {
  if (path === undefined) return "events";
  return /\/(batch|b|import)$/.test(path) ? "batch" : null;
}

const onlyRejects = (arrived: Arrived, rejects: Rejected[]): ReadFrame => ({
  frame: { source: arrived.source, events: [], rejects },
  notes: new Map(),
});

const rejectedBy = ({ reason, detail, pointer }: Refused, bytes: Buffer, eventId?: string): Rejected => ({
  bytes,
  reason,
  detail,
  pointer,
  eventId,
});

function checkAll(arrived: Arrived, batch: Batch): ReadFrame {
  const { source, trusted, receivedAtMs, country } = arrived;
  const sentAtMs = arrived.dialect === undefined ? sentAtOf(batch.frame["sentAt"]) : undefined;
  const context = { source, trusted, receivedAtMs, defaultCountry: country, sentAtMs };
  const events: KeptEvent[] = [];
  const rejects: Rejected[] = [];
  const notes = new Map<NoteCode, number>();
  for (const [i, piece] of batch.pieces.entries()) {
    if (!piece.ok) {
      rejects.push(rejectedBy(piece, batch.bytesOf(i)));
      continue;
    }
    const wire =
      arrived.dialect === undefined ? piece.value : translate(arrived, batch.frame, piece.value, i);
    const checked = checkEvent(wire, context);
    if (checked.ok) events.push(checked.event);
    else rejects.push(rejectedBy(checked, batch.bytesOf(i), idOf(wire)));
    for (const { code } of [...piece.notes, ...(checked.ok ? checked.notes : [])]) {
      notes.set(code, (notes.get(code) ?? 0) + 1);
    }
  }
  return { frame: { source, events, rejects }, notes };
}

function sentAtOf(given: unknown): number | undefined {
  return typeof given === "string" ? (parseTime(given) ?? undefined) : undefined;
}

function idOf(wire: unknown): string | undefined {
  const id = (wire as { id?: unknown } | null)?.id;
  return typeof id === "string" && id !== "" ? id.slice(0, limits.eventIdCharsMax) : undefined;
}

function translate(arrived: Arrived, frame: Batch["frame"], call: unknown, firstIndex: number): unknown {
  const { path, anonymousIdHeader } = arrived.dialect!;
  const inBatch = listOf(path) === "batch";
  const body = inBatch ? { ...frame, batch: [call] } : call;
  return segment(body, path, arrived.receivedAtMs, { anonymousIdHeader, firstIndex }).events[0];
}
