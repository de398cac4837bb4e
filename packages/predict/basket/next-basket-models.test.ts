import assert from "node:assert/strict";
import { test } from "node:test";
import { dayMs } from "@trato/base";
import fc from "fast-check";
import type { Baskets } from "../arrays/baskets.ts";
import { anyBaskets, flatten } from "../testing/arbitraries.ts";
import { basketMixFromBytes, fitBasketMix, mixWeights } from "./basket-mix.ts";
import { fitGpTopFreq, gpTopFreqFromBytes } from "./gp-top-freq.ts";
import { mixParts } from "./mix-parts.ts";
import { tuneMix } from "./mix-tune.ts";
import { type BasketModel, type Past, pastsFrom } from "./past.ts";
import { fitTifuKnn, tifuKnnFromBytes } from "./tifu-knn.ts";
import { fitUpCf, upCfFromBytes } from "./up-cf.ts";

type Kind = { fit: (baskets: Baskets) => BasketModel; fromBytes: (bytes: Uint8Array) => BasketModel };
const kinds: Readonly<Record<string, Kind>> = {
  "GP-TopFreq": { fit: (baskets) => fitGpTopFreq(baskets), fromBytes: gpTopFreqFromBytes },
  "UP-CF": { fit: (baskets) => fitUpCf(baskets), fromBytes: upCfFromBytes },
  "TIFU-KNN": { fit: (baskets) => fitTifuKnn(baskets), fromBytes: tifuKnnFromBytes },
  "basket mix": { fit: (baskets) => fitBasketMix(baskets), fromBytes: basketMixFromBytes },
};

function scoresOf(model: BasketModel, past: Past, person?: number): number[] {
  const scores = new Float64Array(model.itemCount);
  model.scores(past, scores, person);
  return [...scores];
}

function near(found: readonly number[], expected: readonly number[]): void {
  for (const [item, value] of expected.entries()) {
    assert.ok(Math.abs(found[item]! - value) < 1e-5, `item ${item}: ${found} is not ${expected}`);
  }
}

/** Whether rounding cannot change who is among the first `count`. */
function cutIsClear(ranked: readonly number[], count: number): boolean {
  const [last, next] = [ranked[count - 1], ranked[count]];
  return last === undefined || next === undefined || Math.abs(last - next) > 1e-4;
}

const items = (baskets: Baskets) => [...Array(baskets.itemCount).keys()];
const has = (basket: ArrayLike<number>, item: number) => Array.from(basket).includes(item);
const count = (past: Past, item: number) => past.filter((basket) => has(basket, item)).length;

test("UP-CF is its paper's sum over the nearest people", () => {
  fc.assert(
    fc.property(anyBaskets, fc.nat(4), fc.integer({ min: 1, max: 4 }), (baskets, person, neighboursMax) => {
      const pasts = pastsFrom(baskets);
      const own = pasts[person]!;
      const vector = (past: Past) => items(baskets).map((item) => count(past, item));
      const dot = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
      const mine = vector(own);
      const others = pasts
        .map((past, other) => ({ past, other, theirs: vector(past) }))
        .filter(({ other, theirs }) => other !== person && dot(mine, theirs) > 0)
        .map(({ past, other, theirs }) => ({
          past,
          other,
          alike: dot(mine, theirs) / (dot(mine, mine) ** 0.75 * dot(theirs, theirs) ** 0.25),
        }))
        .sort((a, b) => b.alike - a.alike || a.other - b.other);
      fc.pre(
        cutIsClear(
          others.map(({ alike }) => alike),
          neighboursMax,
        ),
      );
      const nearest = others.slice(0, neighboursMax);
      const share = (past: Past, item: number) =>
        past.length === 0 ? 0 : count(past.slice(-2), item) / Math.min(2, past.length);
      const expected = items(baskets).map((item) =>
        nearest.reduce((sum, { past, alike }) => sum + alike ** 2 * share(past, item), share(own, item)),
      );
      near(scoresOf(fitUpCf(baskets, { neighboursMax, recency: 2 }), own, person), expected);
    }),
  );
});

test("TIFU-KNN is its paper's vectors, one's own and the mean of the nearest", () => {
  fc.assert(
    fc.property(anyBaskets, fc.nat(4), fc.integer({ min: 1, max: 3 }), (baskets, person, groups) => {
      const pasts = pastsFrom(baskets);
      const vector = (past: Past) => {
        const size = Math.ceil(past.length / groups);
        const newest = [...past].reverse();
        const parts: Past[] = [];
        for (let at = 0; at < newest.length; at += size) parts.push(newest.slice(at, at + size));
        const inGroup = (group: Past, item: number) =>
          group.reduce((sum, basket, age) => sum + (has(basket, item) ? 0.9 ** age : 0), 0) / group.length;
        return items(baskets).map(
          (item) =>
            parts.reduce((sum, group, age) => sum + 0.7 ** age * inGroup(group, item), 0) /
            Math.max(1, parts.length),
        );
      };
      const mine = vector(pasts[person]!);
      const far = (theirs: number[]) => theirs.reduce((sum, value, i) => sum + (value - mine[i]!) ** 2, 0);
      const others = pasts
        .map((past, other) => ({ other, theirs: vector(past), past }))
        .filter(({ other, past }) => other !== person && past.length > 0)
        .sort((a, b) => far(a.theirs) - far(b.theirs) || a.other - b.other);
      fc.pre(
        cutIsClear(
          others.map(({ theirs }) => far(theirs)),
          2,
        ),
      );
      const nearest = others.slice(0, 2);
      const expected = items(baskets).map(
        (item) =>
          0.7 * mine[item]! +
          (nearest.length === 0
            ? 0
            : (0.3 * nearest.reduce((sum, { theirs }) => sum + theirs[item]!, 0)) / nearest.length),
      );
      near(scoresOf(fitTifuKnn(baskets, { groups, neighboursMax: 2 }), pasts[person]!, person), expected);
    }),
  );
});

test("GP-TopFreq puts one's own items by decayed frequency before everybody's by count", () => {
  fc.assert(
    fc.property(anyBaskets, fc.nat(4), (baskets, person) => {
      const pasts = pastsFrom(baskets);
      const own = pasts[person]!;
      const scores = scoresOf(fitGpTopFreq(baskets, { decay: 0.5 }), own);
      const often = (item: number) =>
        own.reduce((sum, basket, b) => sum + (has(basket, item) ? 0.5 ** (own.length - 1 - b) : 0), 0);
      const everybody = (item: number) => pasts.reduce((sum, past) => sum + count(past, item), 0);
      const by = (key: (item: number) => number[]) =>
        items(baskets).sort((a, b) => {
          const [one, other] = [key(a), key(b)];
          const at = one.findIndex((value, i) => Math.abs(value - other[i]!) > 1e-9);
          return at === -1 ? a - b : other[at]! - one[at]!;
        });
      assert.deepEqual(
        by((item) => [scores[item]!]),
        by((item) => [often(item), everybody(item)]),
      );
    }),
  );
});

for (const [name, { fit, fromBytes }] of Object.entries(kinds)) {
  test(`${name}: on a checkerboard, people of a colour get their colour`, () => {
    const plain = Array.from({ length: 200 }, (_, b) => {
      const person = b % 40;
      const at = (offset: number) => 2 * ((b * 7 + offset * 3 + person) % 8) + (person % 2);
      return { person, timeMs: (20_000 + b) * dayMs, items: [at(0), at(1), at(2)] };
    });
    const baskets = flatten(plain, 40, 16);
    const model = fit(baskets);
    for (const [person, past] of pastsFrom(baskets).entries()) {
      const scores = scoresOf(model, past, person);
      const top = items(baskets).sort((a, b) => scores[b]! - scores[a]!);
      for (const item of top.slice(0, 3)) assert.equal(item % 2, person % 2);
    }
  });

  test(`${name}: its bytes give it back, nothing known is answered, foreign bytes are refused`, () => {
    fc.assert(
      fc.property(anyBaskets, fc.nat(4), (baskets, person) => {
        const model = fit(baskets);
        const same = fromBytes(model.toBytes());
        assert.deepEqual(same.toBytes(), model.toBytes());
        const past = pastsFrom(baskets)[person]!;
        assert.deepEqual(scoresOf(same, past), scoresOf(model, past));
        assert.ok(scoresOf(model, []).every((score) => Number.isFinite(score) && score >= 0));
      }),
      { numRuns: 30 },
    );
    assert.throws(() => fromBytes(new Uint8Array(64)), /Expected/);
  });
}

test("the mix's weights follow what people bought last, and stay as they were with too few people", () => {
  // One part names what everybody then bought, another what nobody did.
  const chosen = (people: number) =>
    tuneMix({
      fill(_past, rows, person = 0) {
        for (const row of rows) row.fill(0);
        rows[mixParts.indexOf("share")]![person % 20] = 1;
        rows[mixParts.indexOf("popular")]![30 + (person % 5)] = 1;
      },
      pasts: Array.from({ length: people }, () => [[0]]),
      last: new Map(Array.from({ length: people }, (_, person) => [person, [30 + (person % 5)]])),
      itemCount: 40,
      start: { ...mixWeights, share: 0.7, popular: 0.5 },
    });
  const { popular, share } = chosen(60);
  assert.ok(popular > share, `${popular} is not above ${share}`);
  assert.deepEqual(chosen(10), { ...mixWeights, share: 0.7, popular: 0.5 });
  const one = flatten([{ person: 0, timeMs: dayMs, items: [0] }], 1, 2);
  assert.deepEqual(fitBasketMix(one).weights, mixWeights);
});
