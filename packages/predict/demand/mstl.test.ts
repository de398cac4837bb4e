import assert from "node:assert/strict";
import { test } from "node:test";
import { chance, normal } from "@trato/base";
import fc from "fast-check";
import { fitMstl } from "./mstl.ts";
import { decompose, loess } from "./stl.ts";

/** Local lines by the weighted normal equations of all values. */
function slowLoess(values: Float64Array, width: number, at: number): number {
  const nearest = [...values.keys()].sort((a, b) => Math.abs(a - at) - Math.abs(b - at) || a - b);
  const used = nearest.slice(0, width);
  const reach = Math.max(...used.map((t) => Math.abs(t - at)));
  let [w, x, y, xx, xy] = [0, 0, 0, 0, 0];
  for (const t of used) {
    const far = Math.abs(t - at) / reach;
    const weight = far > 0.999 ? 0 : (1 - far ** 3) ** 3;
    w += weight;
    x += weight * t;
    y += weight * values[t]!;
    xx += weight * t * t;
    xy += weight * t * values[t]!;
  }
  const slope = (w * xy - x * y) / (w * xx - x * x);
  return (y - slope * x) / w + slope * at;
}

test("local lines are those of least squares, inside and at both ends", () => {
  const anyValues = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 12, maxLength: 40 });
  fc.assert(
    fc.property(anyValues, (given) => {
      const values = Float64Array.from(given);
      const smooth = loess(values, 7, 1);
      for (const at of values.keys()) assert.ok(Math.abs(smooth[at]! - slowLoess(values, 7, at)) < 1e-8);
    }),
  );
});

test("trend, season and what is left add up, and a season that swells is followed", () => {
  const values = Float64Array.from({ length: 200 }, (_, t) => {
    return 100 + t / 4 + (1 + t / 400) * 10 * Math.sin((2 * Math.PI * t) / 12);
  });
  const { trend, seasonal } = decompose(values, { season: 12, seasonWidth: 11 });
  for (let t = 12; t < 188; t++) {
    assert.ok(Math.abs(trend[t]! - 100 - t / 4) < 1.5, `trend at ${t}`);
    assert.ok(Math.abs(values[t]! - trend[t]! - seasonal[t]!) < 2.5, `rest at ${t}`);
  }
});

test("hours with a day and a week in them go on with both, added or multiplied", () => {
  const draw = chance(3);
  const of = (t: number) => {
    const day = 1 + 0.3 * Math.sin((2 * Math.PI * t) / 24);
    return 50 * day * (t % 168 < 120 ? 1 : 0.6);
  };
  const values = Float64Array.from({ length: 168 * 5 }, (_, t) => of(t) * (1 + 0.02 * normal(draw)));
  for (const logs of [true, false]) {
    const told = fitMstl(values, { seasons: [168, 24], logs }).forecast(168);
    const error = told.reduce((sum, one, h) => sum + Math.abs(one / of(values.length + h) - 1), 0) / 168;
    assert.ok(error < (logs ? 0.03 : 0.06), `${error}`);
  }
  const one = fitMstl(values, { seasons: [24] }).forecast(168);
  const off = one.reduce((sum, value, h) => sum + Math.abs(value / of(values.length + h) - 1), 0) / 168;
  assert.ok(off > 0.1, "without the week it cannot be");
});

test("a season of which there are not two is left out, one that is none is refused", () => {
  const values = Float64Array.from({ length: 30 }, (_, t) => 5 + (t % 7));
  const told = fitMstl(values, { seasons: [7, 52] }).forecast(7);
  assert.deepEqual(told, fitMstl(values, { seasons: [7] }).forecast(7));
  assert.ok(told.every((one, h) => Math.abs(one - 5 - ((30 + h) % 7)) < 0.5));
  assert.throws(() => fitMstl(values, { seasons: [1] }), /a season is a whole number of rows/);
});
