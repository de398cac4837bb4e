import { createHash } from "node:crypto";
import { isObject, limits } from "@trato/base";
import { isCard } from "./cards.ts";
import { clean } from "./clean.ts";
import { type Note, noNotes, type Refused, refused } from "./note.ts";
import { redactCards } from "./redact.ts";
import { type Measure, measureDepth, skipSpace } from "./scan.ts";
import { type ListPath, splitBatch } from "./split.ts";
import { suspicious } from "./suspicious.ts";

/** One element of a batch: safe to look at, or set aside with the reason. */
export type Piece = { readonly ok: true; readonly value: unknown; readonly notes: readonly Note[] } | Refused;

export type Batch = {
  readonly ok: true;
  /** What stands around the list, such as `sentAt` and `context`. Not yet checked. */
  readonly frame: { readonly [name: string]: unknown };
  readonly pieces: readonly Piece[];
  /** The sender's own bytes of one element, card data blanked, the middle left out when it is too large. */
  bytesOf(index: number): Buffer;
};

export type ReadBatchOptions = {
  /** Where the events are; null when the body is one event. */
  readonly list: ListPath | null;
  readonly eventBytesMax: number;
};

/**
 * Takes a body apart. The ordinary batch is measured, looked over and parsed in one go (about 100 MB/s); one that is
 * large, deep or suspicious is taken apart element by element, so that what is wrong with one costs only that one. A
 * list without anything around it is taken as the list that was expected.
 */
export function readBatch(text: string, given: ReadBatchOptions): Batch | Refused {
  const isBareList = given.list !== null && text[skipSpace(text, 0)] === "[";
  const options: ReadBatchOptions = isBareList ? { ...given, list: "" } : given;
  const size = measureDepth(text);
  if (size.names > limits.batchNamesMax) {
    return refused("json_too_wide", `Send at most ${limits.batchNamesMax} names at once.`);
  }
  // Counted over all lists at the top: far too many is known before anything is cut.
  if (options.list !== null && size.elements > 2 * limits.batchEventsMax) return tooLong();
  const whole = isOrdinary(text, size, options) ? readWhole(text, options.list) : undefined;
  return whole ?? readApart(text, options);
}

function tooLong(): Refused {
  return refused("batch_too_long", `Send at most ${limits.batchEventsMax} events at once.`);
}

function isOrdinary(text: string, size: Measure, { list, eventBytesMax }: ReadBatchOptions): boolean {
  const charsMax = list === null ? text.length : size.elementCharsMax;
  const namesMax = list === null ? size.names : size.elementNamesMax;
  if (size.depth > limits.jsonDepthMax || size.elements > limits.batchEventsMax) return false;
  // A unit of text is three bytes of UTF-8 at most.
  if (namesMax > limits.jsonNamesMax || charsMax * 3 > eventBytesMax) return false;
  return !suspicious(text);
}

/** Undefined when it is no JSON, or not of the expected shape: then a closer look is worth its time. */
function readWhole(text: string, list: ListPath | null): Batch | undefined {
  const body = parse(text);
  if (body === undefined) return undefined;
  const bytesOf = lazily(() => (list === null ? [text] : (splitBatch(text, list)?.elements ?? [])));
  if (list === null)
    return { ok: true, frame: {}, pieces: [{ ok: true, value: body, notes: noNotes }], bytesOf };
  const elements: unknown = list === "" ? body : isObject(body) ? body[list] : undefined;
  if (!Array.isArray(elements)) return undefined;
  const pieces = elements.map((value: unknown): Piece => ({ ok: true, value, notes: noNotes }));
  return { ok: true, frame: isObject(body) ? { ...body, [list]: [] } : {}, pieces, bytesOf };
}

function readApart(text: string, options: ReadBatchOptions): Batch | Refused {
  const { list, eventBytesMax } = options;
  const split = list === null ? { frame: "{}", elements: [text] } : splitBatch(text, list);
  if (split === undefined) return whyNoList(text, list);
  if (split.elements.length > limits.batchEventsMax) return tooLong();
  const framed = readPiece(split.frame, limits.secretEventBytesMax);
  if (!framed.ok) return framed;
  const frame = isObject(framed.value) ? framed.value : {};
  const pieces = split.elements.map((element) => readPiece(element, eventBytesMax));
  return { ok: true, frame, pieces, bytesOf: lazily(() => split.elements) };
}

function whyNoList(text: string, list: ListPath | null): Refused {
  const size = measureDepth(text);
  const isReadable =
    size.depth <= limits.jsonDepthMax && size.names <= limits.jsonNamesMax && parse(text) !== undefined;
  if (!isReadable) return refused("json_invalid", "The body is not JSON; send what JSON.stringify gives.");
  return refused(
    "batch_missing",
    list === "" ? "Send a list of events." : `Put the events in a list named ${list}.`,
  );
}

function readPiece(text: string, eventBytesMax: number): Piece {
  if (text.length > eventBytesMax || Buffer.byteLength(text) > eventBytesMax) {
    return refused("event_too_large", `Send at most ${eventBytesMax} bytes an event.`);
  }
  const { depth, names } = measureDepth(text);
  if (depth > limits.jsonDepthMax)
    return refused("json_too_deep", `Nest at most ${limits.jsonDepthMax} levels.`);
  if (names > limits.jsonNamesMax)
    return refused("json_too_wide", `Send at most ${limits.jsonNamesMax} names an event.`);
  const value = parseSuspicious(text);
  return value === undefined ? refused("json_invalid", "This event is not JSON.") : clean(value);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

type Reviver = (name: string, value: unknown, context: { readonly source?: string }) => unknown;

/** A card of 19 digits written as a number is past what a double holds: it becomes the text it was, to be blanked. */
const keepLongCards: Reviver = (_name, value, { source }) => {
  if (typeof value !== "number" || source === undefined || Number.isSafeInteger(value)) return value;
  return isCard(source) ? source : value;
};

function parseSuspicious(text: string): unknown {
  if (!/[:,[]\s*\d{19}/.test(text)) return parse(text);
  try {
    return JSON.parse(text, keepLongCards as (name: string, value: unknown) => unknown);
  } catch {
    return undefined;
  }
}

const startCharsKept = 1_024;
/** No card number is longer, however it is spaced. */
const cardCharsMax = 64;

function lazily(elements: () => readonly string[]): (index: number) => Buffer {
  let texts: readonly string[] | undefined;
  return (index) => {
    texts ??= elements();
    return quarantineBytes(texts[index] ?? "");
  };
}

/** What is kept of a text that is set aside: all of it, or its start and its hash, with card data blanked. */
export function quarantineBytes(given: string, bytesMax: number = limits.secretEventBytesMax): Buffer {
  // Text of two bytes a character is full of U+0000, behind which a card number would not be seen.
  const text = given.includes("\0") ? given.replaceAll("\0", "") : given;
  const bytes = Buffer.byteLength(text);
  if (bytes <= bytesMax) return Buffer.from(redactCards(text));
  // A little more than is kept is looked at, so that a card across the cut is seen whole; what is looked at last may
  // itself be cut, and is never kept, however much shorter the blanking made what stands before it.
  const window = text.slice(0, startCharsKept + cardCharsMax);
  const looked = redactCards(window);
  const endMax = window.length === text.length ? looked.length : looked.length - cardCharsMax;
  const start = looked.slice(0, Math.min(startCharsKept, Math.max(0, endMax)));
  const sha256 = createHash("sha256").update(text).digest("hex");
  return Buffer.from(JSON.stringify({ bytes, sha256, start }));
}
