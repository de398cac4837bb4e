import { isUtf8 } from "node:buffer";
import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync, type ZlibOptions } from "node:zlib";
import { type Refused, refused } from "./note.ts";

export type BodyLimits = { readonly bodyBytesMax: number; readonly inflateRatioMax: number };
export type BodyRead = { readonly ok: true; readonly text: string } | Refused;

/** Below this an inflated body harms nobody, however small it was before. */
const inflatedBytesFree = 64 * 1024;

type Inflate = (bytes: Buffer, options: ZlibOptions) => Buffer;
const inflates: Readonly<Record<string, Inflate>> = {
  gzip: gunzipSync,
  "x-gzip": gunzipSync,
  deflate: (bytes, options) => (hasZlibHeader(bytes) ? inflateSync : inflateRawSync)(bytes, options),
  br: brotliDecompressSync,
};

/**
 * Turns the bytes of a request into text. Gzip is known by its first bytes, because SDKs send it under any
 * Content-Type; one encoding only. Never holds more than `bodyBytesMax` of inflated bytes. A byte order mark is
 * taken off. Costs one copy; about 1 GB/s for plain bodies and 300 MB/s for gzip.
 */
export function readBody(bytes: Buffer, encoding: string | undefined, limits: BodyLimits): BodyRead {
  if (bytes.length > limits.bodyBytesMax) return tooLarge(limits);
  const plain = inflate(bytes, encoding, limits);
  if ("reason" in plain) return plain;
  if (isGzip(plain)) return refused("encoding_unknown", "The body was compressed twice; compress it once.");
  if (!isUtf8(plain)) return refused("text_not_utf8", "The body has bytes that are not UTF-8; send UTF-8.");
  const start = plain[0] === 0xef && plain[1] === 0xbb && plain[2] === 0xbf ? 3 : 0;
  return { ok: true, text: plain.toString("utf8", start) };
}

function inflate(bytes: Buffer, encoding: string | undefined, limits: BodyLimits): Buffer | Refused {
  const named = encoding?.trim().toLowerCase() ?? "";
  const isNone = named === "" || named === "identity";
  if (!isNone && !Object.hasOwn(inflates, named)) {
    return refused("encoding_unknown", "Content-Encoding must be one of gzip, deflate, br, or absent.");
  }
  const isGzipped = isGzip(bytes);
  if (!isGzipped && (isNone || (named.endsWith("gzip") && looksLikeJson(bytes)))) return bytes;
  const run = isGzipped ? gunzipSync : inflates[named]!;
  const ratioMax = Math.max(inflatedBytesFree, bytes.length * limits.inflateRatioMax);
  try {
    return run(bytes, { maxOutputLength: Math.min(limits.bodyBytesMax, ratioMax) });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ERR_BUFFER_TOO_LARGE") {
      return refused("body_corrupt", "The compressed body is broken or cut off; send it again.");
    }
    if (ratioMax >= limits.bodyBytesMax) return tooLarge(limits);
    return refused("body_inflates", `The body grows more than ${limits.inflateRatioMax} times.`);
  }
}

function tooLarge(limits: BodyLimits): Refused {
  return refused(
    "body_too_large",
    `The body is larger than ${limits.bodyBytesMax} bytes; send smaller batches.`,
  );
}

const isGzip = (bytes: Buffer) => bytes[0] === 0x1f && bytes[1] === 0x8b;
const hasZlibHeader = (bytes: Buffer) =>
  bytes.length > 1 && (bytes[0]! & 0x0f) === 8 && ((bytes[0]! << 8) | bytes[1]!) % 31 === 0;

/** A proxy that inflates bodies may leave the header in place. */
const looksLikeJson = (bytes: Buffer) => [0x7b, 0x5b, 0x20, 0x09, 0x0a, 0x0d, 0xef].includes(bytes[0] ?? 0);
