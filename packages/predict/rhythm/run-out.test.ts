import assert from "node:assert/strict";
import { test } from "node:test";
import { chance, dayMs, normal, pickInt } from "@trato/base";
import fc from "fast-check";
import { anyBaskets, flatten, type PlainBasket } from "../testing/arbitraries.ts";
import { addSupply, fitRunOut, noSupplies, runOutFromBytes } from "./run-out.ts";
import { addPurchase, noPurchases } from "./stats.ts";

const startMs = 20_000 * dayMs;

/** People who buy one to six of one item, which then last `power` in proportion, give or take. */
function pantry(power: number) {
  const draw = chance(11);
  const plain: (PlainBasket & { quantity: number })[] = [];
  for (let person = 0; person < 300; person++) {
    const days = 8 * Math.exp(0.3 * normal(draw));
    for (let day = 20 * draw(); day < 300; ) {
      const quantity = 1 + pickInt(draw, 6);
      plain.push({ person, timeMs: startMs + day * dayMs, items: [0], quantity });
      day += Math.max(1, days * quantity ** power * Math.exp(0.2 * normal(draw)));
    }
  }
  const sorted = [...plain].sort((a, b) => a.person - b.person || a.timeMs - b.timeMs);
  return { baskets: flatten(plain, 300, 1), quantityOf: sorted.map(({ quantity }) => quantity) };
}

test("it learns whether what is bought more of lasts longer", () => {
  for (const power of [0, 0.5, 1]) {
    const { baskets, quantityOf } = pantry(power);
    const model = fitRunOut(baskets, quantityOf);
    assert.ok(Math.abs(model.power - power) < 0.12, `${model.power} is not ${power}`);
  }
});

test("whoever bought double is due later, and the interval keeps its shape", () => {
  const { baskets, quantityOf } = pantry(1);
  const model = fitRunOut(baskets, quantityOf);
  const bought = (last: number) => {
    const stats = noSupplies();
    for (let times = 0; times < 8; times++)
      addSupply(stats, startMs + 10 * times * dayMs, times === 7 ? last : 2);
    return stats;
  };
  const [usual, double] = [bought(2), bought(4)].map((stats) => ({ stats, due: model.due(0, stats) }));
  const ratio = (key: "lowMs" | "medianMs" | "highMs") =>
    (double!.due[key] - double!.stats.lastMs) / (usual!.due[key] - usual!.stats.lastMs);
  assert.ok(ratio("medianMs") > 1.6 && ratio("medianMs") < 2.1, `${ratio("medianMs")}`);
  assert.ok(Math.abs(ratio("lowMs") - ratio("highMs")) < 1e-6);
});

test("with equal quantities it says what the rhythm says, and its bytes give it back", () => {
  fc.assert(
    fc.property(anyBaskets, fc.integer({ min: 1, max: 9 }), (baskets, quantity) => {
      const model = fitRunOut(baskets, new Float64Array(baskets.itemOf.length).fill(quantity));
      const stats = noSupplies();
      const plain = noPurchases();
      for (const day of [0, 9, 9.1, 30]) {
        addSupply(stats, startMs + day * dayMs, quantity);
        addPurchase(plain, startMs + day * dayMs);
      }
      const same = runOutFromBytes(model.toBytes());
      for (let item = -1; item < baskets.itemCount; item++) {
        assert.deepEqual(same.due(item, stats), model.due(item, stats));
        if (model.power === 0) assert.deepEqual(model.due(item, stats), model.rhythm.due(item, plain));
      }
    }),
    { numRuns: 20 },
  );
});

test("two purchases of a day add up; no quantity, too few of them and foreign bytes are refused", () => {
  const stats = noSupplies();
  addSupply(stats, startMs, 2);
  addSupply(stats, startMs + 1, 3);
  assert.equal(stats.lastQuantity, 5);
  assert.throws(() => addSupply(stats, startMs + 2, 0), /above 0/);
  const { baskets } = pantry(0);
  assert.throws(() => fitRunOut(baskets, [1]), /every item of a basket/);
  assert.throws(() => runOutFromBytes(new Uint8Array(64)), /Expected/);
});
