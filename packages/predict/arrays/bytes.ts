import { assert } from "@trato/base";

/**
 * A model as one buffer: 8 letters of magic, the version of its layout, then flat arrays, each on an 8-byte
 * boundary so that reading makes views and copies nothing. An array of bytes may be another model.
 *
 *   magic 8 | version u32 | byte-order mark u32 | arrays u32 | 0 u32 | per array: kind u32, length u32 | arrays
 */
export type FlatArray = Uint8Array | Int32Array | Float32Array | Float64Array;

const kinds = [Uint8Array, Int32Array, Float32Array, Float64Array] as const;
const headBytes = 24;
const orderMark = 0x01020304;

/** Writes the arrays behind a head; `magic` is exactly 8 ASCII letters. */
export function writeArrays(magic: string, version: number, arrays: readonly FlatArray[]): Uint8Array {
  assert(/^[\x21-\x7e]{8}$/.test(magic), "a magic is 8 ASCII letters");
  const total = arrays.reduce((sum, array) => sum + aligned(array.byteLength), headBytes + 8 * arrays.length);
  const bytes = new Uint8Array(total);
  const head = new Uint32Array(bytes.buffer, 8, 4 + 2 * arrays.length);
  for (let i = 0; i < 8; i++) bytes[i] = magic.charCodeAt(i);
  head.set([version, orderMark, arrays.length, 0]);
  let at = headBytes + 8 * arrays.length;
  for (const [i, array] of arrays.entries()) {
    head[4 + 2 * i] = kinds.findIndex((kind) => array instanceof kind);
    head[5 + 2 * i] = array.length;
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
    at += aligned(array.byteLength);
  }
  return bytes;
}

/**
 * Reads what `writeArrays` wrote: views into `bytes` (a copy only when `bytes` lies across an 8-byte
 * boundary). Throws a plain sentence on another magic, version, byte order or length.
 */
export function readArrays(magic: string, version: number, given: Uint8Array): FlatArray[] {
  const bytes = given.byteOffset % 8 === 0 ? given : given.slice();
  if (bytes.length < headBytes) throw new Error(`These ${bytes.length} bytes are too few for a model.`);
  const found = String.fromCharCode(...bytes.subarray(0, 8));
  if (found !== magic) throw new Error(`Expected a ${magic} model, found ${JSON.stringify(found)}.`);
  const head = new Uint32Array(bytes.buffer, bytes.byteOffset + 8, 4);
  if (head[1] !== orderMark) throw new Error("This model was written on a machine of the other byte order.");
  if (head[0] !== version) throw new Error(`${magic}: version ${version} is read here, found ${head[0]}.`);
  const count = head[2]!;
  let at = headBytes + 8 * count;
  if (at > bytes.length) throw new Error(`${magic}: the bytes end in the list of arrays.`);
  const list = new Uint32Array(bytes.buffer, bytes.byteOffset + headBytes, 2 * count);
  const arrays: FlatArray[] = [];
  for (let i = 0; i < count; i++) {
    const kind = kinds[list[2 * i]!];
    if (kind === undefined) throw new Error(`${magic}: array ${i} is of an unknown kind.`);
    const length = list[2 * i + 1]!;
    const next = at + aligned(length * kind.BYTES_PER_ELEMENT);
    if (next > bytes.length) throw new Error(`${magic}: the bytes end inside array ${i}.`);
    arrays.push(new kind(bytes.buffer as ArrayBuffer, bytes.byteOffset + at, length));
    at = next;
  }
  if (at !== bytes.length) throw new Error(`${magic}: ${bytes.length - at} bytes too many.`);
  return arrays;
}

function aligned(byteCount: number): number {
  return Math.ceil(byteCount / 8) * 8;
}
