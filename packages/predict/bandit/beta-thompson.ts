import { assert } from "@trato/base";
import { readArrays, writeArrays } from "../arrays/bytes.ts";
import { betaBelow } from "../numbers/special.ts";
import { oddsWithFloor } from "./odds.ts";

export type BetaThompsonOptions = {
  /** What is believed of an arm before it was shown: default Beta(1, 1), anything. */
  readonly priorWins?: number;
  readonly priorLosses?: number;
  /** The share of choices spread evenly over all arms, so that no chance is tiny; default 0.05. */
  readonly exploreShare?: number;
};

/**
 * Thompson sampling for arms that win or lose: each arm is chosen as often as it is likely to be the best. The chances
 * to be the best are computed, not drawn: they are the odds, and one draw from them is the choice (see odds.ts).
 *
 * Cost: to ask after a change, 33 × arms² incomplete betas (10 arms: two milliseconds), else nothing. Sources: Thompson
 * 1933; Chapelle, Li, "An empirical evaluation of Thompson sampling", 2011. Not when chances change with who asks
 * (see linear-thompson.ts), nor when they drift: let old counts fade first.
 */
export type BetaThompson = {
  readonly armCount: number;
  /** Adds outcomes of an arm: `wins` and `losses` may be fractions or many. */
  learn(arm: number, wins: number, losses: number): void;
  /** The chance with which each arm is chosen now; add up to 1. */
  odds(): Float64Array;
  toBytes(): Uint8Array;
};

const magic = "TrBetaTh";
const version = 1;
const armsMax = 1_000;

/** Arms of which nothing is known yet. */
export function betaThompson(armCount: number, options: BetaThompsonOptions = {}): BetaThompson {
  const { priorWins = 1, priorLosses = 1, exploreShare = 0.05 } = options;
  assert(Number.isInteger(armCount) && armCount >= 1 && armCount <= armsMax, "there are 1 to 1,000 arms");
  assert(priorWins > 0 && priorLosses > 0, "a prior is above 0");
  return betaThompsonFrom(
    new Float64Array(armCount).fill(priorWins),
    new Float64Array(armCount).fill(priorLosses),
    exploreShare,
  );
}

function betaThompsonFrom(wins: Float64Array, losses: Float64Array, exploreShare: number): BetaThompson {
  let known: Float64Array | undefined;
  return {
    armCount: wins.length,
    learn(arm, won, lost) {
      assert(Number.isInteger(arm) && arm >= 0 && arm < wins.length, `an arm is below ${wins.length}`);
      assert(won >= 0 && lost >= 0 && Number.isFinite(won + lost), "wins and losses are 0 or more");
      wins[arm]! += won;
      losses[arm]! += lost;
      known = undefined;
    },
    odds() {
      known ??= oddsWithFloor(chancesToBeBest(wins, losses), exploreShare);
      return known.slice();
    },
    toBytes: () => writeArrays(magic, version, [wins, losses, Float64Array.of(exploreShare)]),
  };
}

/** Reads what `toBytes` wrote; throws a plain sentence on anything else. */
export function betaThompsonFromBytes(bytes: Uint8Array): BetaThompson {
  const [wins, losses, head] = readArrays(magic, version, bytes);
  assert(
    wins instanceof Float64Array && losses instanceof Float64Array && head instanceof Float64Array,
    "a Beta bandit's arrays are doubles",
  );
  assert(
    wins.length === losses.length && wins.length > 0 && head.length === 1,
    "every arm has wins and losses",
  );
  // A model that learns must not write into the bytes it was read from.
  return betaThompsonFrom(wins.slice(), losses.slice(), head[0]!);
}

/** Where each arm's Beta is looked at: so many deviations from its mean. */
const looks = Array.from({ length: 33 }, (_, i) => (i - 16) / 4);

/**
 * The chance that each Beta variable is the largest: over cells of the line, the chance to be in the cell times that
 * of all others to be below it, by the mean of both ends. Right to about 1 %; `oddsWithFloor` makes them add up to 1.
 */
export function chancesToBeBest(wins: Float64Array, losses: Float64Array): Float64Array {
  const arms = wins.length;
  const cuts = new Set([0, 1]);
  for (let arm = 0; arm < arms; arm++) {
    const all = wins[arm]! + losses[arm]!;
    const mean = wins[arm]! / all;
    const deviation = Math.sqrt((mean * (1 - mean)) / (all + 1));
    for (const look of looks) cuts.add(Math.min(1, Math.max(0, mean + look * deviation)));
  }
  const chances = new Float64Array(arms);
  const [after, below] = [new Float64Array(arms + 1), new Float64Array(arms)];
  let othersBefore = new Float64Array(arms);
  let before = new Float64Array(arms);
  for (const cut of [...cuts].sort((a, b) => a - b)) {
    const here = Float64Array.from(wins, (won, arm) => betaBelow(cut, won, losses[arm]!));
    // The chance that all others are below the cut, from both sides, so that nothing is divided by zero.
    after[arms] = 1;
    for (let arm = arms - 1; arm >= 0; arm--) after[arm] = after[arm + 1]! * here[arm]!;
    let until = 1;
    for (let arm = 0; arm < arms; arm++) {
      below[arm] = until * after[arm + 1]!;
      until *= here[arm]!;
      chances[arm]! += (here[arm]! - before[arm]!) * 0.5 * (below[arm]! + othersBefore[arm]!);
    }
    othersBefore = below.slice();
    before = here;
  }
  return chances;
}
