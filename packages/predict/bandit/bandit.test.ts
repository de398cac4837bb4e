import assert from "node:assert/strict";
import { test } from "node:test";
import { chance, normal } from "@trato/base";
import fc from "fast-check";
import { drawBeta } from "../numbers/draws.ts";
import { armCounts, obdPath, readObd, shareOfChoices } from "../testing/obd.ts";
import { absent } from "../testing/public-data.ts";
import { betaThompson, betaThompsonFromBytes, chancesToBeBest } from "./beta-thompson.ts";
import { linearThompson, linearThompsonFromBytes } from "./linear-thompson.ts";
import { chooseArm, oddsWithFloor } from "./odds.ts";
import { valueOffPolicy } from "./off-policy.ts";
import { expectedRewards } from "./reward-model.ts";

const near = (found: number, expected: number, by: number) =>
  assert.ok(Math.abs(found - expected) <= by, `${found} is not ${expected}`);
const sum = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0);

test("an arm is chosen as often as its odds say, and its propensity is its odds", () => {
  const odds = Float64Array.of(0.5, 0, 0.3, 0.2);
  const draw = chance(1);
  const counts = new Float64Array(4);
  for (let i = 0; i < 20_000; i++) {
    const { arm, propensity } = chooseArm(odds, draw);
    assert.equal(propensity, odds[arm]);
    counts[arm]!++;
  }
  counts.forEach((count, arm) => {
    near(count / 20_000, odds[arm]!, 0.015);
  });
  assert.equal(chooseArm(Float64Array.of(0.5, 0.5 - 1e-16, 0), () => 1 - 2 ** -54).arm, 1);
});

test("a floor leaves no arm out and the sum at one", () => {
  const anyOdds = fc.array(fc.double({ min: 0, max: 5, noNaN: true }), { minLength: 1, maxLength: 9 });
  fc.assert(
    fc.property(anyOdds, fc.double({ min: 0, max: 1, noNaN: true }), (list, share) => {
      const odds = oddsWithFloor(Float64Array.from(list), share);
      near(sum(odds), 1, 1e-9);
      for (const one of odds) assert.ok(one >= share / list.length - 1e-12);
    }),
  );
});

test("the chances to be best are as often as each Beta draw is the largest", () => {
  const anyCount = fc.double({ min: 0.6, max: 80, noNaN: true });
  const anyArms = fc.array(fc.tuple(anyCount, anyCount), { minLength: 2, maxLength: 5 });
  fc.assert(
    fc.property(anyArms, fc.integer(), (arms, seed) => {
      const found = chancesToBeBest(
        Float64Array.from(arms, ([w]) => w),
        Float64Array.from(arms, ([, l]) => l),
      );
      near(sum(found), 1, 0.01);
      const draw = chance(seed);
      const best = new Float64Array(arms.length);
      for (let i = 0; i < 4_000; i++) {
        const drawn = arms.map(([w, l]) => drawBeta(draw, w, l));
        best[drawn.indexOf(Math.max(...drawn))]! += 1 / 4_000;
      }
      found.forEach((one, arm) => {
        near(one, best[arm]!, 0.045);
      });
    }),
    { numRuns: 15 },
  );
});

test("a Beta bandit starts even, finds the better arm, and its bytes know as much", () => {
  const bandit = betaThompson(3, { exploreShare: 0.06 });
  for (const one of bandit.odds()) near(one, 1 / 3, 1e-6);
  const draw = chance(4);
  const rates = [0.1, 0.25, 0.12];
  let late = 0;
  for (let i = 0; i < 1_500; i++) {
    const { arm } = chooseArm(bandit.odds(), draw);
    const won = draw() < rates[arm]! ? 1 : 0;
    bandit.learn(arm, won, 1 - won);
    if (i >= 1_000 && arm === 1) late++;
  }
  assert.ok(late > 400, `${late} of 500`);
  const bytes = bandit.toBytes();
  const again = betaThompsonFromBytes(bytes);
  assert.deepEqual(again.odds(), bandit.odds());
  again.learn(0, 500, 0);
  assert.deepEqual(betaThompsonFromBytes(bytes).odds(), bandit.odds());
  assert.throws(() => bandit.learn(3, 1, 0), /an arm is below 3/);
});

test("a linear bandit learns who likes what, and its odds are the same whenever it knows the same", () => {
  const bandit = linearThompson({ width: 4, noise: 0.5 });
  const candidates = (x: number) => [0, 1].map((arm) => [1, arm, x, arm * x]);
  for (const one of bandit.odds(candidates(1))) near(one, 0.5, 0.08);
  const draw = chance(3);
  for (let i = 0; i < 600; i++) {
    const x = normal(draw);
    const { arm } = chooseArm(bandit.odds(candidates(x)), draw);
    bandit.learn(candidates(x)[arm]!, (arm === 1 ? x : -x) + 0.5 * normal(draw));
  }
  assert.ok(bandit.odds(candidates(1))[1]! > 0.9 && bandit.odds(candidates(-1))[0]! > 0.9);
  near(bandit.expected(candidates(2)[1]!), 2, 0.3);
  const again = linearThompsonFromBytes(bandit.toBytes());
  assert.deepEqual(again.odds(candidates(0.1)), bandit.odds(candidates(0.1)));
  assert.throws(() => bandit.learn([1], 1), /4 numbers/);
});

test("a linear bandit's beliefs are as wide as its knowledge says", () => {
  const bandit = linearThompson({ width: 1, l2: 4, noise: 1, opinions: 20_000, exploreShare: 0 });
  bandit.learn([1], 2.5);
  // The mean is 2.5 / 5, the deviation 1 / √5: one in seven or so holds 1 for better than a coefficient of one.
  const [one] = bandit.odds([[1], [-1]]);
  const mean = 0.5;
  const deviation = 1 / Math.sqrt(5);
  near(bandit.expected([1]), mean, 1e-12);
  // Φ(mean / deviation) = Φ(1.118) = 0.8682.
  near(one!, 0.8682, 0.01);
  assert.ok(deviation > 0.44);
});

/** Choices among four arms in two groups by a policy that leans one way, rewards by arm. */
function log(count: number, seed: number) {
  const draw = chance(seed);
  const logging = Float64Array.of(0.4, 0.3, 0.2, 0.1);
  const rates = [0.1, 0.3, 0.2, 0.6];
  const policy = [Float64Array.of(0.1, 0.2, 0.3, 0.4), Float64Array.of(0.25, 0.25, 0.25, 0.25)];
  const [armOf, groupOf] = [new Int32Array(count), new Int32Array(count)];
  const reward = new Float64Array(count);
  for (let row = 0; row < count; row++) {
    groupOf[row] = draw() < 0.5 ? 0 : 1;
    armOf[row] = chooseArm(logging, draw).arm;
    reward[row] = Number(draw() < rates[armOf[row]!]!);
  }
  const truth = policy.reduce(
    (total, odds) => total + odds.reduce((v, p, arm) => v + p * rates[arm]!, 0) / 2,
    0,
  );
  return {
    truth,
    given: {
      reward,
      logged: Float64Array.from(armOf, (arm) => logging[arm]!),
      target: Float64Array.from(armOf, (arm, row) => policy[groupOf[row]!]![arm]!),
      expected: expectedRewards({ armOf, groupOf, reward, armCount: 4, groupCount: 2, policy }),
    },
  };
}

test("each estimate's interval holds the truth as often as it says, and the doubly robust is the narrowest", () => {
  const held = { ipw: 0, snipw: 0, dr: 0 };
  let narrower = 0;
  for (let seed = 1; seed <= 200; seed++) {
    const { truth, given } = log(600, seed);
    const found = valueOffPolicy(given);
    assert.ok(found.refused === undefined && found.dr !== undefined);
    for (const name of ["ipw", "snipw", "dr"] as const) {
      if (found[name]!.low <= truth && truth <= found[name]!.high) held[name]++;
    }
    if (found.dr.error < found.ipw.error) narrower++;
  }
  for (const count of Object.values(held)) assert.ok(count >= 180 && count <= 200, `${JSON.stringify(held)}`);
  assert.ok(narrower > 150, `${narrower}`);
});

test("a policy valued on its own log earns its mean; a model that is exact leaves nothing to correct", () => {
  const reward = Float64Array.of(1, 0, 0, 1, 1);
  const same = new Float64Array(5).fill(0.3);
  const found = valueOffPolicy({ reward, logged: same, target: same }, { effectiveMin: 5 });
  assert.ok(found.refused === undefined);
  near(found.ipw.value, 0.6, 1e-12);
  near(found.snipw.value, 0.6, 1e-12);
  near(found.effectiveSize, 5, 1e-12);
  near(found.ipw.error, Math.sqrt(0.24 / 5), 1e-12);
  const expected = { ofChoice: reward, underTarget: new Float64Array(5).fill(0.4) };
  const exact = valueOffPolicy({ reward, logged: same, target: same, expected }, { effectiveMin: 5 });
  assert.ok(exact.refused === undefined);
  near(exact.dr!.value, 0.4, 1e-12);
  near(exact.dr!.error, 0, 1e-12);
});

test("a few rows that outweigh all others are refused, as is what nobody would have chosen", () => {
  const few = {
    reward: new Float64Array(500).fill(1),
    logged: new Float64Array(500).fill(0.5),
    target: new Float64Array(500),
  };
  few.target[3] = 1;
  assert.match(valueOffPolicy(few).refused!, /500 rows are worth 1\.0/);
  few.target[3] = 0;
  assert.match(valueOffPolicy(few).refused!, /worth 0\.0/);
  const cut = valueOffPolicy(
    { ...few, logged: few.logged.map((_, i) => (i === 0 ? 1e-6 : 0.5)), target: few.logged },
    { weightMax: 10 },
  );
  assert.equal(cut.largestWeight, 10);
  assert.throws(() => valueOffPolicy({ ...few, logged: new Float64Array(500) }), /a chance above 0/);
});

test("Open Bandit: weights, effective sizes and values as recomputed, and no answer without support", {
  skip: absent(obdPath),
}, () => {
  const [random, bts] = [readObd("random", "men"), readObd("bts", "men")];
  const policy = shareOfChoices(bts, armCounts.men);
  const target = Float64Array.from(random.armOf, (arm, row) => policy[random.groupOf[row]!]![arm]!);
  const expected = expectedRewards({ ...random, armCount: armCounts.men, groupCount: 3, policy });
  const found = valueOffPolicy({ ...random, target, expected });
  assert.ok(found.refused === undefined);
  assert.equal(found.ipw.value.toFixed(5), "0.00566");
  assert.equal(found.snipw.value.toFixed(5), "0.00574");
  assert.equal(Math.round(found.effectiveSize), 2869);
  assert.equal(found.ipw.error.toFixed(4), "0.0014");
  for (const { low, high } of [found.ipw, found.snipw, found.dr!]) assert.ok(low < 0.0069 && 0.0069 < high);
  const women = readObd("bts", "women");
  const even = new Float64Array(women.reward.length).fill(1 / armCounts.women);
  assert.match(valueOffPolicy({ ...women, target: even }).refused!, /10000 rows are worth 2\.\d/);
});
