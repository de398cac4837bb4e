import assert from "node:assert/strict";
import { test } from "node:test";
import { type Chance, chance } from "@trato/base";
import fc from "fast-check";
import type { Buyer, Buyers } from "../lifetime/buyers.ts";
import { type Lifetime, lifetimeFromBytes, purchasesOf } from "../lifetime/lifetime.ts";
import { drawBeta, drawGamma } from "../numbers/draws.ts";

type Fit = (buyers: Buyers) => Lifetime;

const weeks = 40;
/** Buyers who come about every four weeks and may leave after any purchase, and what they did later. */
const cohort = simulate(2_000, chance(7));

export const anyBuyer = fc
  .record({
    repeats: fc.nat(30),
    share: fc.double({ min: 0.01, max: 1, noNaN: true }),
    age: fc.double({ min: 1, max: 60, noNaN: true }),
  })
  .map(({ repeats, share, age }): Buyer => ({ repeats, recency: repeats === 0 ? 0 : share * age, age }));

/** The shared suite: what every model of who comes again must do. */
export function everyLifetime(name: string, fit: Fit): void {
  const model = fit(cohort.buyers);

  test(`${name}: whoever came often and stopped is less alive than whoever still comes`, () => {
    const stopped = model.alive({ repeats: 10, recency: 10, age: weeks });
    const coming = model.alive({ repeats: 10, recency: weeks - 1, age: weeks });
    assert.ok(stopped < 0.1 && coming > 0.7, `${stopped}, ${coming}`);
    const [seldom, often] = [2, 20].map((repeats) => ({ repeats, recency: weeks - 1, age: weeks }));
    assert.ok(model.expected(often!, 40) > 3 * model.expected(seldom!, 40));
  });

  test(`${name}: chances fall, lie between 0 and 1, and add up to what is expected; longer is more`, () => {
    fc.assert(
      fc.property(anyBuyer, fc.double({ min: 0, max: 100, noNaN: true }), (buyer, horizon) => {
        const alive = model.alive(buyer);
        assert.ok(alive >= 0 && alive <= 1);
        const chances = model.chances(buyer, horizon);
        for (const [n, atLeast] of chances.entries())
          assert.ok(atLeast >= 0 && atLeast <= (chances[n - 1] ?? alive));
        const sum = chances.reduce((a, b) => a + b, 0);
        const expected = model.expected(buyer, horizon);
        assert.ok(Math.abs(sum - expected) < 1e-7 * Math.max(1, expected), `${sum} is not ${expected}`);
        assert.ok(model.expected(buyer, horizon + 1) >= expected);
        const { low, median, high } = purchasesOf(model, buyer, horizon);
        assert.ok(low <= median && median <= high);
      }),
    );
  });

  test(`${name}: what a cohort buys later is what was expected of it, and mostly inside the intervals`, () => {
    let [expected, came, inside] = [0, 0, 0];
    for (let i = 0; i < cohort.later.length; i++) {
      const { mean, low, high } = purchasesOf(model, buyerAt(cohort.buyers, i), weeks);
      expected += mean;
      came += cohort.later[i]!;
      if (cohort.later[i]! >= low && cohort.later[i]! <= high) inside++;
    }
    assert.ok(Math.abs(expected / came - 1) < 0.08, `expected ${expected}, came ${came}`);
    const share = inside / cohort.later.length;
    assert.ok(share > 0.78 && share < 0.97, `${share}`);
  });

  test(`${name}: its bytes are the model, and other bytes are refused`, () => {
    const bytes = model.toBytes();
    const again = lifetimeFromBytes(bytes);
    assert.deepEqual(
      [again.kind, again.parameters, again.lnLikelihood],
      [model.kind, model.parameters, model.lnLikelihood],
    );
    const buyer = { repeats: 3, recency: 20, age: 30 };
    assert.equal(again.expected(buyer, 12), model.expected(buyer, 12));
    const name = Object.keys(model.parameters)[0]!;
    assert.deepEqual(again.parameterInterval(name), model.parameterInterval(name));
    assert.throws(() => lifetimeFromBytes(bytes.slice(0, 60)), /bytes/);
  });

  test(`${name}: says what is wrong with its input, and that nothing can be learnt where nobody came back`, () => {
    const one = (repeats: number, recency: number, age: number) => ({
      repeats: Float64Array.of(repeats),
      recency: Float64Array.of(recency),
      age: Float64Array.of(age),
    });
    assert.throws(() => fit(one(0, 0, 9)), /Nobody came back/);
    assert.throws(() => fit(one(1, 10, 9)), /recency is from 0 to age/);
    assert.throws(() => fit(one(0, 3, 9)), /the last purchase is the first/);
    assert.throws(() => model.expected({ repeats: 1, recency: 1, age: 2 }, -1), /a horizon is 0 or more/);
  });

  test(`${name}: people who never leave are told apart from nothing, and no number is lost`, () => {
    const never = fit(simulate(250, chance(3), 0).buyers);
    assert.ok(Object.values(never.parameters).every(Number.isFinite) && Number.isFinite(never.lnLikelihood));
    const buyer = { repeats: 10, recency: weeks - 6, age: weeks };
    assert.ok(never.alive(buyer) > 0.95, `${never.alive(buyer)}`);
    const rate = never.expected(buyer, 40) / 40;
    assert.ok(rate > 0.2 && rate < 0.3, `${rate}`);
  });
}

export function buyerAt({ repeats, recency, age }: Buyers, i: number): Buyer {
  return { repeats: repeats[i]!, recency: recency[i]!, age: age[i]! };
}

/** Buyers watched for `weeks` and `weeks` more; each may leave after a purchase with a chance of about `leaves`. */
export function simulate(
  count: number,
  draw: Chance,
  leaves = 0.15,
): { buyers: Buyers; later: Float64Array } {
  const repeats = new Float64Array(count);
  const recency = new Float64Array(count);
  const later = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const rate = drawGamma(draw, 2) / 8;
    const leave = leaves === 0 ? 0 : drawBeta(draw, 2, 2 / leaves - 2);
    let at = 0;
    while (draw() >= leave) {
      at -= Math.log(1 - draw()) / rate;
      if (at > 2 * weeks) break;
      if (at > weeks) later[i]!++;
      else {
        repeats[i]!++;
        recency[i] = at;
      }
    }
  }
  return { buyers: { repeats, recency, age: new Float64Array(count).fill(weeks) }, later };
}
