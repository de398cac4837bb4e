import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readArrays, writeArrays } from "./bytes.ts";

const anyArrays = fc.array(
  fc.oneof(
    fc.uint8Array({ maxLength: 20 }),
    fc.int32Array({ maxLength: 20 }),
    fc.float32Array({ maxLength: 20 }),
    fc.float64Array({ maxLength: 20 }),
  ),
);

test("what is written is read, also from the middle of a larger buffer", () => {
  fc.assert(
    fc.property(anyArrays, fc.nat(9), (arrays, offset) => {
      const bytes = writeArrays("TrTested", 3, arrays);
      const larger = new Uint8Array(bytes.length + offset);
      larger.set(bytes, offset);
      assert.deepEqual(readArrays("TrTested", 3, larger.subarray(offset)), arrays);
    }),
  );
});

test("an aligned buffer is read without a copy", () => {
  const bytes = writeArrays("TrTested", 1, [Int32Array.of(1, 2)]);
  assert.equal(readArrays("TrTested", 1, bytes)[0]?.buffer, bytes.buffer);
});

test("another magic, version or length is refused in a plain sentence", () => {
  const bytes = writeArrays("TrTested", 1, [Int32Array.of(1, 2, 3), Float64Array.of(4)]);
  assert.throws(() => readArrays("TrOther.", 1, bytes), /Expected a TrOther\. model, found "TrTested"/);
  assert.throws(() => readArrays("TrTested", 2, bytes), /version 2 is read here, found 1/);
  assert.throws(() => readArrays("TrTested", 1, new Uint8Array([...bytes, 0])), /too many/);
  assert.throws(() => writeArrays("short", 1, []), /8 ASCII letters/);
});

test("no cut and no flipped byte of the head goes unnoticed or breaks out", () => {
  const bytes = writeArrays("TrTested", 1, [Int32Array.of(1, 2, 3), Float64Array.of(4)]);
  for (let length = 0; length < bytes.length; length++) {
    assert.throws(() => readArrays("TrTested", 1, bytes.slice(0, length)), Error);
  }
  for (let at = 0; at < 20; at++) {
    const flipped = bytes.slice();
    flipped[at]! ^= 0xff;
    assert.throws(() => readArrays("TrTested", 1, flipped), Error);
  }
});
