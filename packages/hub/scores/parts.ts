import { assert, isObject } from "@trato/base";

const magic = 0x5472_466d;
const version = 1;
const wordBytes = 4;

/** A model of a family as it is kept: what it says of itself as JSON, and its fitted parts as bytes of their own. */
export type Packed = {
  readonly head: Readonly<Record<string, unknown>>;
  readonly parts: readonly Uint8Array[];
};

/** Packs a model: magic, layout version, how many pieces and their lengths (u32, little-endian), then the pieces. */
export function packParts({ head, parts }: Packed): Uint8Array {
  const pieces = [new TextEncoder().encode(JSON.stringify(head)), ...parts];
  const words = [magic, version, pieces.length, ...pieces.map((piece) => piece.length)];
  const starts = startsOf(pieces.map((piece) => piece.length));
  const bytes = new Uint8Array(starts.at(-1)!);
  const view = new DataView(bytes.buffer);
  for (const [i, word] of words.entries()) view.setUint32(wordBytes * i, word, true);
  for (const [i, piece] of pieces.entries()) bytes.set(piece, starts[i]!);
  return bytes;
}

/** Takes a model apart; throws a plain sentence when it is none. The parts are views into a copy of `given`. */
export function unpackParts(given: Uint8Array): Packed {
  const bytes = new Uint8Array(given);
  const view = new DataView(bytes.buffer);
  const isOurs = bytes.length >= 3 * wordBytes && view.getUint32(0, true) === magic;
  assert(
    isOurs && view.getUint32(wordBytes, true) === version,
    `these bytes are a model of layout ${version}`,
  );
  const count = view.getUint32(2 * wordBytes, true);
  assert(bytes.length >= (3 + count) * wordBytes && count > 0, "a model's bytes are whole");
  const lengths = Array.from({ length: count }, (_, i) => view.getUint32((3 + i) * wordBytes, true));
  const starts = startsOf(lengths);
  assert(bytes.length === starts.at(-1), "a model's bytes are whole");
  const [first, ...parts] = lengths.map((length, i) => bytes.subarray(starts[i], starts[i]! + length));
  const head: unknown = JSON.parse(new TextDecoder().decode(first));
  assert(isObject(head), "a model's head is an object");
  return { head, parts };
}

/** Where each piece begins, and where all end: flat arrays are read in place only on 8-byte boundaries. */
function startsOf(lengths: readonly number[]): number[] {
  const starts = [aligned((3 + lengths.length) * wordBytes)];
  for (const length of lengths) starts.push(aligned(starts.at(-1)! + length));
  return starts;
}

const aligned = (length: number): number => Math.ceil(length / 8) * 8;
