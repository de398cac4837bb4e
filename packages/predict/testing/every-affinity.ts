import assert from "node:assert/strict";
import { test } from "node:test";
import { chance, dayMs, pickInt } from "@trato/base";
import fc from "fast-check";
import type { Baskets } from "../arrays/baskets.ts";
import { anyBaskets, flatten, type PlainBasket, smallWorld } from "./arbitraries.ts";

/** What the suite asks of a model: to add to the scores what weighted seeds say. */
export type AffinityModel = {
  scores(seedItems: ArrayLike<number>, weights: ArrayLike<number>, outScores: Float64Array): void;
  parts(
    item: number,
    seedItems: ArrayLike<number>,
    weights: ArrayLike<number>,
    outParts: Float64Array,
  ): number;
  toBytes(): Uint8Array;
};

type Fit = (baskets: Baskets) => AffinityModel;
type FromBytes = (bytes: Uint8Array) => AffinityModel;

/** The shared suite: what every affinity model must do, whatever it learns by. */
export function everyAffinity(name: string, fit: Fit, fromBytes: FromBytes): void {
  everyItemModel(name, fit, fromBytes);
  isNeverNegative(name, fit);
}

/** The same for models in which one item may speak against another. */
export function everyItemModel(name: string, fit: Fit, fromBytes: FromBytes): void {
  learns(name, fit);
  addsUp(name, fit);
  isKept(name, fit, fromBytes);
}

const anySeeds = fc.array(
  fc.record({ item: fc.nat(smallWorld.itemCount - 1), weight: fc.double({ min: 0, max: 3, noNaN: true }) }),
  { maxLength: 5 },
);

function scored(model: AffinityModel, seeds: number[], weights: number[], itemCount: number): Float64Array {
  const scores = new Float64Array(itemCount);
  model.scores(seeds, weights, scores);
  return scores;
}

function learns(name: string, fit: Fit): void {
  test(`${name}: on a checkerboard, a colour goes with itself and never with the other`, () => {
    const items = 16;
    const model = fit(checkerboard(40, items));
    for (let seed = 0; seed < items; seed++) {
      const scores = scored(model, [seed], [1], items);
      for (let item = 0; item < items; item++) {
        if (item === seed) continue;
        if (item % 2 === seed % 2) assert.ok(scores[item]! > 0, `${seed} → ${item}`);
        else assert.equal(scores[item], 0, `${seed} → ${item}`);
      }
    }
  });

  test(`${name}: without baskets every score is zero`, () => {
    const model = fit(flatten([], 3, 4));
    assert.deepEqual([...scored(model, [0, 3], [1, 1], 4)], [0, 0, 0, 0]);
  });

  test(`${name}: it does not matter which number a person has`, () => {
    fc.assert(
      fc.property(anyBaskets, (baskets) => {
        const last = baskets.personCount - 1;
        const plain = Array.from(baskets.timeOfBasket, (timeMs, b) => ({
          person: last - baskets.personOfBasket[b]!,
          timeMs,
          items: [...baskets.itemOf.subarray(baskets.basketStart[b]!, baskets.basketStart[b + 1]!)],
        }));
        const mirrored = fit(flatten(plain, baskets.personCount, baskets.itemCount));
        const model = fit(baskets);
        for (let seed = 0; seed < baskets.itemCount; seed++) {
          const one = scored(model, [seed], [1], baskets.itemCount);
          const other = scored(mirrored, [seed], [1], baskets.itemCount);
          for (let item = 0; item < one.length; item++) assert.ok(Math.abs(one[item]! - other[item]!) < 1e-6);
        }
      }),
      { numRuns: 50 },
    );
  });
}

function addsUp(name: string, fit: Fit): void {
  test(`${name}: what seeds say adds up, and each one's part is told`, () => {
    fc.assert(
      fc.property(anyBaskets, anySeeds, (baskets, seeds) => {
        const model = fit(baskets);
        const items = seeds.map((seed) => seed.item);
        const weights = seeds.map((seed) => seed.weight);
        const scores = scored(model, items, weights, baskets.itemCount);
        const parts = new Float64Array(seeds.length);
        for (let item = 0; item < baskets.itemCount; item++) {
          assert.equal(model.parts(item, items, weights, parts), scores[item]);
          const alone = seeds.map(
            (seed) => scored(model, [seed.item], [seed.weight], baskets.itemCount)[item],
          );
          assert.deepEqual(
            Array.from(parts, (part) => part + 0),
            alone,
          ); // -0 becomes 0
        }
      }),
    );
  });
}

function isNeverNegative(name: string, fit: Fit): void {
  test(`${name}: scores are finite and not negative`, () => {
    fc.assert(
      fc.property(anyBaskets, anySeeds, (baskets, seeds) => {
        const items = seeds.map((seed) => seed.item);
        const weights = seeds.map((seed) => seed.weight);
        for (const score of scored(fit(baskets), items, weights, baskets.itemCount)) {
          assert.ok(Number.isFinite(score) && score >= 0);
        }
      }),
    );
  });
}

function isKept(name: string, fit: Fit, fromBytes: FromBytes): void {
  test(`${name}: the same baskets give the same bytes, and the bytes the same model`, () => {
    fc.assert(
      fc.property(anyBaskets, (baskets) => {
        const bytes = fit(baskets).toBytes();
        assert.deepEqual(fit(baskets).toBytes(), bytes);
        assert.deepEqual(fromBytes(bytes).toBytes(), bytes);
      }),
      { numRuns: 30 },
    );
  });

  test(`${name}: the baskets are left as they were`, () => {
    const baskets = checkerboard(5, 6);
    const before = structuredClone(baskets);
    fit(baskets);
    assert.deepEqual(baskets, before);
  });

  test(`${name}: an unknown seed and foreign bytes are refused`, () => {
    const model = fit(checkerboard(5, 6));
    assert.throws(() => scored(model, [6], [1], 6), /below 6/);
    const bytes = model.toBytes();
    assert.throws(() => fromBytes(bytes.slice(0, bytes.length - 8)), /end inside/);
    assert.throws(() => fromBytes(new Uint8Array(64)), /Expected/);
    assert.throws(() => fromBytes(new Uint8Array(3)), /too few/);
  });
}

/** Half of the people buy only even items, the other half only odd ones, in many baskets. */
function checkerboard(people: number, items: number): Baskets {
  const draw = chance(7);
  const plain: PlainBasket[] = [];
  for (let person = 0; person < people; person++) {
    for (let visit = 0; visit < 12; visit++) {
      const basket = Array.from({ length: 4 }, () => 2 * pickInt(draw, items / 2) + (person % 2));
      plain.push({ person, timeMs: (20_000 + 7 * visit) * dayMs, items: basket });
    }
  }
  return flatten(plain, people, items);
}
