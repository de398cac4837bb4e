import assert from "node:assert/strict";
import { test } from "node:test";
import { chance, normal, pickInt } from "@trato/base";
import fc from "fast-check";
import { fitRidge } from "../linear/ridge.ts";
import { choleskyOf, solveRoot } from "../numbers/cholesky.ts";
import { beerPath, readBeer } from "../testing/price-data.ts";
import { absent } from "../testing/public-data.ts";
import { tableOf } from "../trees/table.ts";
import { crossingOf, fitEffects, groupingOf, residuals } from "./effects.ts";
import { byEffects, byLearner, fitOrthogonal } from "./orthogonal.ts";
import { fitPriceResponse, priceResponseFromBytes } from "./price-response.ts";
import { slopeOf } from "./slope.ts";

const near = (found: number, expected: number, by: number) =>
  assert.ok(Math.abs(found - expected) <= by, `${found} is not ${expected}`);

const anyRows = fc.array(
  fc.tuple(fc.nat(4), fc.nat(3), fc.nat(2), fc.double({ min: -5, max: 5, noNaN: true })),
  {
    minLength: 2,
    maxLength: 40,
  },
);

test("effects leave what least squares on all dummies leaves", () => {
  fc.assert(
    fc.property(anyRows, (rows) => {
      const target = Float64Array.from(rows, ([, , , y]) => y);
      const groupings = [0, 1, 2].map((c) => groupingOf(rows.map((row) => row[c]!)));
      const crossing = crossingOf(groupings);
      const left = residuals(crossing, target, fitEffects(crossing, target, { tolerance: 1e-13 }));
      const dummies = rows.map((_, i) =>
        groupings.flatMap(({ of, count }) => Array.from({ length: count }, (_, g) => Number(of[i] === g))),
      );
      const width = dummies[0]!.length;
      const gram = new Float64Array(width * width);
      const right = new Float64Array(width);
      for (const [i, row] of dummies.entries()) {
        for (let j = 0; j < width; j++) {
          right[j]! += row[j]! * target[i]!;
          for (let k = 0; k < width; k++) gram[j * width + k]! += row[j]! * row[k]!;
        }
      }
      for (let j = 0; j < width; j++) gram[j * width + j]! += 1e-9;
      const solved = solveRoot(choleskyOf(gram, width)!, right);
      for (const [i, row] of dummies.entries()) {
        near(left[i]!, target[i]! - row.reduce((sum, x, j) => sum + x * solved[j]!, 0), 1e-5);
      }
    }),
    { numRuns: 60 },
  );
});

test("the error of a slope is that of its clusters' sums, and one cluster has none", () => {
  const given = {
    target: Float64Array.of(1, 2, 3, 5),
    price: Float64Array.of(-1, 0, 0, 1),
    clusterOf: Int32Array.of(0, 0, 1, 1),
    clusterCount: 2,
    lost: 0,
  };
  const { slope, error, clusters } = slopeOf(given);
  near(slope, 2, 1e-12);
  // Scores: −1 × (1 + 2) = −3 and 1 × (5 − 2) = 3; two clusters and four rows correct by 2 × 3 / 3.
  near(error, Math.sqrt(2 * 18) / 2, 1e-12);
  assert.equal(clusters, 2);
  assert.ok(Number.isNaN(slopeOf({ ...given, clusterOf: new Int32Array(4) }).error));
  assert.throws(() => slopeOf({ ...given, price: new Float64Array(4) }), /does not vary/);
});

/** Sales of 40 items in 12 stores and 50 weeks; dear items and busy weeks sell more, which hides the slopes. */
function shop(seed: number) {
  const draw = chance(seed);
  const items = Array.from({ length: 40 }, () => ({ dear: normal(draw), slope: -2.5 + 0.8 * normal(draw) }));
  const [stores, weeks] = [12, 50].map((count) => Array.from({ length: count }, () => normal(draw)));
  const rows = Array.from({ length: 8_000 }, () => {
    const [item, store, week] = [pickInt(draw, 40), pickInt(draw, 12), pickInt(draw, 50)];
    const lnPrice = items[item]!.dear + 0.3 * weeks![week]! + 0.2 * normal(draw);
    const wanted = 2 * items[item]!.dear + stores![store]! + weeks![week]!;
    return {
      item,
      store,
      week,
      lnPrice,
      lnUnits: wanted + items[item]!.slope * lnPrice + 0.5 * normal(draw),
    };
  });
  const column = (of: (row: (typeof rows)[number]) => number) => Float64Array.from(rows, of);
  return {
    items,
    sales: {
      units: column(({ lnUnits }) => Math.exp(lnUnits)),
      price: column(({ lnPrice }) => Math.exp(lnPrice)),
      item: groupingOf(rows.map(({ item }) => item)),
      others: [groupingOf(rows.map(({ store }) => store)), groupingOf(rows.map(({ week }) => week))],
    },
  };
}

test("slopes are found behind what items, stores and weeks do, and an item's own leans on all", () => {
  const { items, sales } = shop(3);
  const model = fitPriceResponse(sales);
  const mean = items.reduce((sum, { slope }) => sum + slope, 0) / items.length;
  near(model.slope, mean, 3 * model.error);
  const away = items.map(
    ({ slope }, item) => Math.abs(model.slopeOf(item).slope - slope) / model.slopeOf(item).error,
  );
  assert.ok(away.filter((one) => one < 2).length >= 36, `${away}`);
  const { ratio, low, high } = model.unitsRatio(0, 0.9);
  assert.ok(low < ratio && ratio < high && ratio > 1.1);
  near(ratio, 0.9 ** model.slopeOf(0).slope, 1e-12);
  assert.ok(model.slopeOf(-1).error > model.slopeOf(0).error);
  const again = priceResponseFromBytes(model.toBytes());
  assert.deepEqual(again.slopeOf(7), model.slopeOf(7));
  assert.deepEqual([again.slope, again.error, again.clusters], [model.slope, model.error, model.clusters]);
});

test("the orthogonal estimate finds the same, by shrunken effects and by a learner of columns", () => {
  const { sales } = shop(4);
  const model = fitPriceResponse(sales);
  const [lnUnits, lnPrice] = [sales.units.map(Math.log), sales.price.map(Math.log)];
  const groupings = [sales.item, ...sales.others];
  const effects = fitOrthogonal(lnUnits, lnPrice, { nuisance: byEffects(groupings), cluster: sales.item });
  near(effects.slope, model.slope, 0.05);
  near(effects.error, model.error, 0.3 * model.error);
  const table = tableOf({ item: sales.item.of, store: groupings[1]!.of, week: groupings[2]!.of }, [
    "item",
    "store",
    "week",
  ]);
  const columns = fitOrthogonal(lnUnits, lnPrice, {
    nuisance: byLearner(table, fitRidge),
    cluster: sales.item,
  });
  near(columns.slope, model.slope, 0.05);
  const whole = fitOrthogonal(lnUnits, lnPrice, {
    nuisance: byEffects(sales.others),
    cluster: sales.item,
    wholeClusters: true,
  });
  assert.ok(whole.slope > model.slope + 0.5, "without the items, dear items that sell hide the slope");
});

test("a price that never moves, and units of nothing, are named", () => {
  const flat = (units: number[], price: number[]) => ({
    units: Float64Array.from(units),
    price: Float64Array.from(price),
    item: groupingOf([1, 1, 2, 2]),
    others: [],
  });
  assert.throws(() => fitPriceResponse(flat([1, 2, 3, 4], [5, 5, 6, 6])), /does not vary/);
  assert.throws(() => fitPriceResponse(flat([1, 0, 3, 4], [5, 5, 6, 6])), /above 0/);
  const one = fitPriceResponse(flat([1, 2, 3, 4], [5, 4, 6, 6]));
  near(one.slopeOf(1).slope, one.slope, 1e-12);
});

test("Dominick's beer: the published slope", { skip: absent(beerPath) }, () => {
  near(fitPriceResponse(readBeer()).slope, -3.567, 0.001);
});
