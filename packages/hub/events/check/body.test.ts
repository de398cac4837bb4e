import assert from "node:assert/strict";
import { test } from "node:test";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { limits } from "@trato/base";
import { readBody } from "./body.ts";

const json = '{"events":[{"id":"é€😀"}]}';
const plain = Buffer.from(json);
const bom = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), plain]);
const bomb = Buffer.alloc(limits.bodyBytesMax - 1, 0x20);

test("a body is read as it was meant, or set aside with the reason", () => {
  const cases: readonly [name: string, bytes: Buffer, encoding: string | undefined, outcome: string][] = [
    ["plain", plain, undefined, json],
    ["identity", plain, "identity", json],
    ["gzip", gzipSync(plain), "gzip", json],
    ["gzip in capitals", gzipSync(plain), " GZIP ", json],
    ["gzip that nobody announced", gzipSync(plain), undefined, json],
    ["gzip under another name", gzipSync(plain), "br", json],
    ["header left by a proxy that inflated it", plain, "gzip", json],
    ["deflate with its header", deflateSync(plain), "deflate", json],
    ["deflate without", deflateRawSync(plain), "deflate", json],
    ["brotli", brotliCompressSync(plain), "br", json],
    ["byte order mark", bom, undefined, json],
    ["byte order mark in gzip", gzipSync(bom), "gzip", json],
    ["empty", Buffer.alloc(0), undefined, ""],
    ["two encodings", brotliCompressSync(gzipSync(plain)), "br,gzip", "encoding_unknown"],
    ["an encoding we do not know", plain, "compress", "encoding_unknown"],
    ["a name every object has", plain, "constructor", "encoding_unknown"],
    ["gzip twice", gzipSync(gzipSync(plain)), "gzip", "encoding_unknown"],
    ["gzip cut off", gzipSync(plain).subarray(0, -9), "gzip", "body_corrupt"],
    ["gzip with a byte changed", flip(gzipSync(plain), 14), "gzip", "body_corrupt"],
    ["gzip that is none", Buffer.from("hello"), "gzip", "body_corrupt"],
    ["brotli cut off", brotliCompressSync(plain).subarray(0, -4), "br", "body_corrupt"],
    ["a bomb that stays under the size", gzipSync(bomb), "gzip", "body_inflates"],
    ["a bomb in brotli", brotliCompressSync(bomb), "br", "body_inflates"],
    ["too large", Buffer.alloc(limits.bodyBytesMax + 1, 0x20), undefined, "body_too_large"],
    ["Latin-1", Buffer.from("caf\u00e9", "latin1"), undefined, "text_not_utf8"],
    ["half a character", plain.subarray(0, plain.length - 9), undefined, "text_not_utf8"],
    ["a surrogate in UTF-8", Buffer.from([0xed, 0xa0, 0x80]), undefined, "text_not_utf8"],
    ["UTF-16", Buffer.from(`\ufeff${json}`, "utf16le"), undefined, "text_not_utf8"],
  ];
  for (const [name, bytes, encoding, outcome] of cases) {
    const read = readBody(bytes, encoding, limits);
    assert.equal(read.ok ? read.text : read.reason, outcome, name);
  }
});

test("an ordinary body that compresses well is not taken for a bomb", () => {
  const event = JSON.stringify({
    id: "x",
    type: "item.viewed",
    time: "2026-11-22T10:00:00Z",
    data: { sku: "1" },
  });
  const body = Buffer.from(`{"events":[${Array(500).fill(event).join()}]}`);
  const read = readBody(gzipSync(body), "gzip", limits);
  assert.equal(read.ok && read.text.length, body.length);
});

test("however large the bomb, no more than the cap is inflated", () => {
  const before = process.memoryUsage().arrayBuffers;
  const read = readBody(gzipSync(Buffer.alloc(20 * 1024 * 1024, 0x20)), "gzip", {
    ...limits,
    inflateRatioMax: 1e6,
  });
  assert.equal(read.ok ? "" : read.reason, "body_too_large");
  assert.ok(process.memoryUsage().arrayBuffers - before < 50 * 1024 * 1024);
});

function flip(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = copy[at]! ^ 0xff;
  return copy;
}
