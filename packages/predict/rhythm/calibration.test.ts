import assert from "node:assert/strict";
import { test } from "node:test";
import { chance } from "@trato/base";
import fc from "fast-check";
import { checkCalibration, fitCalibration, noCalibration, statedChance, trueChance } from "./calibration.ts";

const share = fc.double({ min: 0, max: 1, noNaN: true });

test("a curve rises from 0 to 1 and is undone by its inverse, whatever was stated", () => {
  fc.assert(
    fc.property(fc.array(share, { maxLength: 500 }), share, (stated, level) => {
      const curve = fitCalibration(Float64Array.from(stated));
      checkCalibration(curve);
      assert.ok(Math.abs(trueChance(curve, statedChance(curve, level)) - level) < 1e-6);
    }),
  );
});

test("without intervals every chance stays as it is", () => {
  assert.deepEqual(fitCalibration(new Float64Array(0)), noCalibration());
  assert.equal(trueChance(noCalibration(), 0.3), 0.3);
});

test("what was stated too low is read as what it turned out to be", () => {
  const draw = chance(5);
  const stated = Float64Array.from({ length: 50_000 }, () => draw() ** 2);
  const curve = fitCalibration(stated.slice());
  for (const level of [0.1, 0.5, 0.9]) {
    const below = stated.filter((one) => one <= statedChance(curve, level)).length / stated.length;
    assert.ok(Math.abs(below - level) < 0.01, `${below} of those stated, for ${level}`);
  }
});

test("numbers that are no such curve are refused", () => {
  assert.throws(() => checkCalibration(new Float64Array(33)), /from 0 to 1/);
  assert.throws(() => checkCalibration(Float64Array.of(0, 1)), /from 0 to 1/);
});
