import assert from "node:assert/strict";
import test from "node:test";
import { packModel, unpackModel } from "./format.ts";

const head = { skus: ["café", "filters"], units: { popularity: 0.01, with: 0.02, after: 0 } };
const blend = Uint8Array.from({ length: 40 }, (_, i) => i);

test("a model that was packed is unpacked the same, wherever its bytes lie", () => {
  const bytes = packModel({ head, blend });
  const shifted = Buffer.concat([Buffer.from([1, 2, 3]), bytes]).subarray(3);
  for (const given of [bytes, Buffer.from(bytes), shifted]) {
    const parts = unpackModel(given);
    assert.deepEqual(parts.head, head);
    assert.deepEqual([...parts.blend], [...blend]);
    assert.equal(parts.blend.byteOffset % 8, 0, "flat arrays can be read in place");
  }
});

test("bytes that are no model, or not all of one, are refused with a sentence", () => {
  const bytes = packModel({ head, blend });
  const later = bytes.slice();
  later[4] = 2;
  const wrong = packModel({ head: { ...head, units: { ...head.units, with: -1 } }, blend });
  assert.throws(() => unpackModel(new Uint8Array(3)), /no model/);
  assert.throws(() => unpackModel(new Uint8Array(100)), /no model/);
  assert.throws(() => unpackModel(bytes.subarray(0, bytes.length - 1)), /cut off/);
  assert.throws(() => unpackModel(later), /layout 1 is read here, found 2/);
  assert.throws(() => unpackModel(wrong), /names its items and its units/);
});
