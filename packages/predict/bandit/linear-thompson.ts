import { assert, chance, normal } from "@trato/base";
import { readArrays, writeArrays } from "../arrays/bytes.ts";
import { choleskyOf, solveRoot } from "../numbers/cholesky.ts";
import { oddsWithFloor } from "./odds.ts";

export type LinearThompsonOptions = {
  /** How many numbers describe a candidate for this person here; give a constant 1 among them. */
  readonly width: number;
  /** How strongly coefficients are believed to be 0, in rows; default 1. */
  readonly l2?: number;
  /** The deviation of a reward about its mean: larger explores longer. Default 0.5, that of a coin. */
  readonly noise?: number;
  /** The share of choices spread evenly; default 0.05. */
  readonly exploreShare?: number;
  /** Opinions that are asked; default 256. More make the odds finer. */
  readonly opinions?: number;
  readonly seed?: number;
};

/**
 * Thompson sampling with a linear reward: what is known is a normal distribution over coefficients; a fixed set of
 * opinions is drawn from it by seed, each names its best candidate, and the shares of the votes are the odds. The same
 * knowledge and candidates always give the same odds, so that the chance of what one draw chooses is exact.
 *
 * Cost: to learn, width²; to ask after a change, width³ / 6 + opinions × width²; then opinions × candidates × width.
 * Source: Agrawal, Goyal, "Thompson sampling for contextual bandits with linear payoffs", 2013. Not for hundreds of
 * numbers, nor for rewards that bend: give it squares and products.
 */
export type LinearThompson = {
  readonly width: number;
  /** Adds one reward of what a candidate's numbers say. */
  learn(numbers: ArrayLike<number>, reward: number): void;
  /** The reward expected of a candidate. */
  expected(numbers: ArrayLike<number>): number;
  /** The chance of each candidate to be chosen; add up to 1. */
  odds(candidates: readonly ArrayLike<number>[]): Float64Array;
  toBytes(): Uint8Array;
};

type Settings = Required<Pick<LinearThompsonOptions, "noise" | "exploreShare" | "opinions" | "seed">>;

const magic = "TrLinTho";
const version = 1;
const widthMax = 500;

/** Nothing learnt yet: every candidate is as good as any. */
export function linearThompson(options: LinearThompsonOptions): LinearThompson {
  const { width, l2 = 1, noise = 0.5, exploreShare = 0.05, opinions = 256, seed = 1 } = options;
  assert(Number.isInteger(width) && width >= 1 && width <= widthMax, "a candidate has 1 to 500 numbers");
  assert(l2 > 0 && noise > 0, "l2 and noise are above 0");
  const gram = Float64Array.from({ length: width * width }, (_, at) => (at % (width + 1) === 0 ? l2 : 0));
  return linearThompsonFrom(gram, new Float64Array(width), { noise, exploreShare, opinions, seed });
}

function linearThompsonFrom(gram: Float64Array, right: Float64Array, settings: Settings): LinearThompson {
  const { noise, exploreShare, opinions, seed } = settings;
  const width = right.length;
  assert(
    Number.isInteger(opinions) && opinions >= 16 && opinions <= 100_000,
    "16 to 100,000 opinions are asked",
  );
  assert(exploreShare >= 0 && exploreShare <= 1, "the share that explores is from 0 to 1");
  const draw = chance(seed);
  const draws = Float64Array.from({ length: opinions * width }, () => normal(draw));
  let known: { mean: Float64Array; beliefs: Float64Array } | undefined;
  const dot = (a: Float64Array, b: ArrayLike<number>) => a.reduce((sum, one, j) => sum + one * b[j]!, 0);
  const checked = (numbers: ArrayLike<number>) => {
    assert(numbers.length === width, `a candidate has ${width} numbers`);
    return numbers;
  };
  const know = () => {
    if (known !== undefined) return known;
    const root = choleskyOf(gram, width);
    assert(root !== undefined, "what was learnt is positive definite");
    const mean = solveRoot(root, right);
    const beliefs = new Float64Array(opinions * width);
    for (let o = 0; o < opinions; o++) {
      // Solving the transposed root gives the draw the covariance of the inverse.
      for (let i = width - 1; i >= 0; i--) {
        let left = draws[o * width + i]! * noise;
        for (let k = i + 1; k < width; k++) left -= root[k * width + i]! * beliefs[o * width + k]!;
        beliefs[o * width + i] = left / root[i * width + i]!;
      }
      for (let i = 0; i < width; i++) beliefs[o * width + i]! += mean[i]!;
    }
    known = { mean, beliefs };
    return known;
  };
  return {
    width,
    learn(numbers, reward) {
      checked(numbers);
      assert(Number.isFinite(reward), "a reward is a number");
      for (let i = 0; i < width; i++) {
        right[i]! += reward * numbers[i]!;
        for (let j = 0; j < width; j++) gram[i * width + j]! += numbers[i]! * numbers[j]!;
      }
      known = undefined;
    },
    expected: (numbers) => dot(know().mean, checked(numbers)),
    odds(candidates) {
      assert(candidates.length > 0, "there is something to choose from");
      candidates.forEach(checked);
      const { beliefs } = know();
      const votes = new Float64Array(candidates.length);
      for (let o = 0; o < opinions; o++) {
        const belief = beliefs.subarray(o * width, (o + 1) * width);
        let [best, bestValue] = [0, Number.NEGATIVE_INFINITY];
        for (const [at, numbers] of candidates.entries()) {
          const value = dot(belief, numbers);
          if (value > bestValue) [best, bestValue] = [at, value];
        }
        votes[best]!++;
      }
      return oddsWithFloor(votes, exploreShare);
    },
    toBytes: () =>
      writeArrays(magic, version, [gram, right, Float64Array.of(noise, exploreShare, opinions, seed)]),
  };
}

/** Reads what `toBytes` wrote; throws a plain sentence on anything else. */
export function linearThompsonFromBytes(bytes: Uint8Array): LinearThompson {
  const [gram, right, head] = readArrays(magic, version, bytes);
  assert(
    gram instanceof Float64Array && right instanceof Float64Array && head instanceof Float64Array,
    "a linear bandit's arrays are doubles",
  );
  assert(gram.length === right.length ** 2 && head.length === 4, "a linear bandit's matrix is square");
  const [noise, exploreShare, opinions, seed] = head as unknown as [number, number, number, number];
  return linearThompsonFrom(gram.slice(), right.slice(), { noise, exploreShare, opinions, seed });
}
