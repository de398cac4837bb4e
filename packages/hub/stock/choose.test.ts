import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { choosePlaces, openBundles } from "./choose.ts";

const part = (sku: string, quantity: number) => ({ sku, quantity });
const items = new Map([
  ["set", { parts: [part("cup", 2), part("plate", 1)] }],
  ["party", { parts: [part("set", 2), part("cup", 1)] }],
  ["six", { parts: [part("cup", 6)] }],
  ["loop", { parts: [part("loop", 1)] }],
]);
const places = ["A", "B", "C"];

/** What each place has, and what was chosen of it as "sku place quantity". */
function choose(shelves: Record<string, Record<string, number>>, ...lines: [string, number][]) {
  const chosen = choosePlaces(
    { lines: lines.map(([sku, quantity]) => part(sku, quantity)), items },
    places,
    (sku, placeId) => shelves[placeId]?.[sku] ?? 0,
  );
  if (!chosen.ok) return `${chosen.sku}: ${chosen.available} of ${chosen.asked}`;
  return chosen.taken.map(({ sku, placeId, quantity }) => `${sku} ${placeId} ${quantity}`).sort();
}

test("a bundle takes the parts of its parts, each once; a bundle of itself takes what nobody has", () => {
  assert.deepEqual(openBundles([part("party", 3)], items), [
    { forSku: "party", sku: "cup", quantity: 15 },
    { forSku: "party", sku: "plate", quantity: 6 },
  ]);
  assert.deepEqual(openBundles([part("loop", 1)], items), [{ forSku: "loop", sku: "loop", quantity: 1 }]);
});

test("bundles are split over places by whole bundles: what is handed over as one lies in one place", () => {
  const shelves = { A: { cup: 3, plate: 9 }, B: { cup: 9, plate: 1 }, C: { cup: 5 } };
  assert.deepEqual(choose(shelves, ["set", 1]), ["cup A 2", "plate A 1"]);
  assert.deepEqual(choose(shelves, ["set", 2]), ["cup A 2", "cup B 2", "plate A 1", "plate B 1"]);
  assert.equal(choose(shelves, ["set", 3]), "set: 2 of 3");
  assert.equal(choose({ A: { cup: 2 }, B: { plate: 1 } }, ["set", 1]), "set: 0 of 1");
});

test("a single item takes what the bundles leave", () => {
  const shelves = { A: { cup: 2, plate: 1 }, B: { cup: 1 } };
  assert.deepEqual(choose(shelves, ["cup", 1], ["set", 1]), ["cup A 2", "cup B 1", "plate A 1"]);
  assert.equal(choose(shelves, ["cup", 2], ["set", 1]), "cup: 1 of 2");
  const packs = { A: { cup: 6 }, B: { cup: 4 } };
  assert.deepEqual(choose(packs, ["cup", 4], ["six", 1]), ["cup A 6", "cup B 4"]);
});

test("whatever is asked for: all of it or none, never more than a place has, bundles whole in each place", () => {
  const stock = fc.record({ cup: fc.nat(6), plate: fc.nat(4), fork: fc.nat(4) });
  const shelves = fc.record({ A: stock, B: stock, C: stock });
  const wanted = fc.uniqueArray(
    fc.tuple(fc.constantFrom("set", "party", "cup", "plate", "fork"), fc.integer({ min: 1, max: 4 })),
    { selector: ([sku]) => sku, minLength: 1, maxLength: 4 },
  );
  fc.assert(
    fc.property(shelves, wanted, (has, lines) => {
      const room = (sku: string, placeId: string) =>
        (has as Record<string, Record<string, number>>)[placeId]![sku] ?? 0;
      const asked = lines.map(([sku, quantity]) => part(sku, quantity));
      const chosen = choosePlaces({ lines: asked, items }, places, room);
      if (!chosen.ok) {
        assert.ok(chosen.available < chosen.asked);
        return;
      }
      const { taken } = chosen;
      const sumOf = (keyOf: (one: (typeof taken)[number]) => string) => {
        const sums: Record<string, number> = {};
        for (const one of taken) sums[keyOf(one)] = (sums[keyOf(one)] ?? 0) + one.quantity;
        return sums;
      };
      const need = openBundles(asked, items).map((one) => [`${one.forSku} ${one.sku}`, one.quantity]);
      assert.deepEqual(
        sumOf((one) => `${one.forSku} ${one.sku}`),
        Object.fromEntries(need),
      );
      for (const [key, quantity] of Object.entries(sumOf((one) => `${one.placeId} ${one.sku}`))) {
        const [placeId, sku] = key.split(" ") as [string, string];
        assert.ok(quantity <= room(sku, placeId), `${key}: ${quantity}`);
      }
      const ofSet = sumOf((one) => (one.forSku === "set" ? `${one.placeId} ${one.sku}` : "other"));
      for (const placeId of places)
        assert.equal(ofSet[`${placeId} cup`] ?? 0, 2 * (ofSet[`${placeId} plate`] ?? 0));
    }),
    { verbose: 1 },
  );
});
