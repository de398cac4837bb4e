import assert from "node:assert/strict";
import { test } from "node:test";
import { absolutePercent, naiveError, scaledError, symmetricPercent, weightedPercent } from "./forecasts.ts";

test("errors are what their formulas say, and what did not come is not counted", () => {
  const told = { said: [8, 10, 3], came: [10, 10, Number.NaN] };
  assert.ok(Math.abs(symmetricPercent(told) - 400 / 18 / 2) < 1e-12);
  assert.ok(Math.abs(absolutePercent(told) - 10) < 1e-12);
  assert.ok(Math.abs(weightedPercent(told) - 0.1) < 1e-12);
  const scale = naiveError(Float64Array.of(1, 3, 2, 6), 2);
  assert.equal(scale, 2);
  assert.equal(scaledError(told, scale), 0.5);
  assert.equal(symmetricPercent({ said: [0], came: [0] }), 0);
});
