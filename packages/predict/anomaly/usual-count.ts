import { assert } from "@trato/base";
import { readArrays, writeArrays } from "../arrays/bytes.ts";
import { betaBelow } from "../numbers/special.ts";
import type { Detector } from "./detector.ts";

export type UsualCountOptions = {
  /** Values in a season; default 7, a week of days. */
  readonly seasonRows?: number;
  /** Seasons that are remembered; default 8. */
  readonly seasons?: number;
  /** Values that only teach; default 4 seasons. */
  readonly warmupRows?: number;
  /** So small a chance of a count so low, or so high, scores 0.5; its square scores 1. Default 0.001. */
  readonly chance?: number;
};

/** What the next count is expected to be, and within what it stays but for `chance` at either end. */
export type Usual = { readonly low: number; readonly expected: number; readonly high: number };

/** Says beforehand what would be usual. `usual` is null while it only learns. */
export type UsualCount = Detector & { usual(): Usual | null };

const magic = "TrUsualC";
const version = 1;
/** Poisson's variance is its mean; what is less is taken for it, and a little more lets one formula serve. */
const spreadLeast = 1.001;
/** Beyond so many standard deviations a count teaches no more than one at that distance. */
const taughtMost = 3;

/**
 * A count is expected to be what the same place in the last seasons had, times how the last season compared with what
 * was expected of it (by half: the rest may be luck). It scatters as a negative binomial with the spread that counts
 * have had, and is strange when one so low or so high is rare. What is strange teaches little, so that an outage is
 * not soon usual; a level that stays becomes so within some seasons.
 *
 * Cost: some microseconds a value; memory for the seasons. Source: Farrington et al., "A statistical algorithm for the
 * early detection of outbreaks", JRSS A 1996, for tails around a baseline of like days that strange days weigh less in;
 * Lawless 1987 for the negative binomial. Not for holidays that move, which it tells of.
 */
export function usualCount(options: UsualCountOptions = {}): UsualCount {
  const { seasonRows = 7, seasons = 8, chance = 0.001 } = options;
  const warmupRows = options.warmupRows ?? 4 * seasonRows;
  assert(Number.isInteger(seasonRows) && seasonRows >= 1, "seasonRows is a whole number from 1");
  assert(
    Number.isInteger(seasons) && seasons >= 1 && seasons <= 100,
    "seasons is a whole number from 1 to 100",
  );
  assert(chance > 0 && chance < 0.5, "chance is above 0 and below 0.5");
  assert(warmupRows >= seasonRows, "warmupRows is at least a season");
  return usualCountFrom({
    head: Float64Array.of(seasonRows, seasons, warmupRows, chance, 0, 0, 0),
    taught: new Float64Array(seasonRows * seasons).fill(Number.NaN),
    expected: new Float64Array(seasonRows).fill(Number.NaN),
  });
}

/** Reads what `toBytes` wrote; throws a plain sentence on anything else. */
export function usualCountFromBytes(bytes: Uint8Array): UsualCount {
  const [head, taught, expected, ...rest] = readArrays(magic, version, bytes);
  const doubles = [head, taught, expected].every((array) => array instanceof Float64Array);
  assert(doubles && head!.length === 7 && rest.length === 0, "a usual count is three arrays of doubles");
  assert(taught!.length === head![0]! * head![1]! && expected!.length === head![0], "there is a count a day");
  const [a, b, c] = [head, taught, expected].map((array) => array!.slice() as Float64Array);
  return usualCountFrom({ head: a!, taught: b!, expected: c! });
}

/**
 * `head`: season, seasons, warm-up, chance, values so far, weighted squares over what was expected, their weights.
 * `taught`: the last seasons as they taught, a ring. `expected`: of the last season, without its level.
 */
type State = { readonly head: Float64Array; readonly taught: Float64Array; readonly expected: Float64Array };

function usualCountFrom({ head, taught, expected }: State): UsualCount {
  const [seasonRows = 1, seasons = 1, warmupRows = 1, rare = 0.5] = head;
  const keep = 1 - 1 / (seasonRows * seasons);

  const sameBefore = (): number => {
    let [sum, known] = [0, 0];
    for (let at = head[4]! % seasonRows; at < taught.length; at += seasonRows) {
      if (Number.isNaN(taught[at]!)) continue;
      sum += taught[at]!;
      known++;
    }
    return known === 0 ? Number.NaN : sum / known;
  };
  const level = (): number => {
    let [came, said] = [0, 0];
    for (let back = 1; back <= seasonRows; back++) {
      const value = taught[(head[4]! - back + taught.length * 2) % taught.length]!;
      const foretold = expected[(head[4]! - back + seasonRows * 2) % seasonRows]!;
      if (Number.isNaN(value) || Number.isNaN(foretold)) continue;
      came += value;
      said += foretold;
    }
    return said === 0 ? 1 : (came + said) / (2 * said);
  };
  const spread = (): number => Math.max(spreadLeast, head[6] === 0 ? spreadLeast : head[5]! / head[6]!);
  /** Of the next value: what the season says, and what is expected with the level. Never quite nothing. */
  const next = () => {
    const before = sameBefore();
    return { before, mean: Math.max(1 / (seasons + 1), before * level()) };
  };

  return {
    usual() {
      const { mean } = next();
      if (head[4]! < warmupRows || Number.isNaN(mean)) return null;
      const wide = spread();
      const low = leastWith((count) => countBelow(count, mean, wide) >= rare, mean, wide);
      return {
        low,
        expected: mean,
        high: leastWith((count) => countBelow(count, mean, wide) >= 1 - rare, mean, wide),
      };
    },
    next(value) {
      const { before, mean } = next();
      const at = head[4]!++;
      const wide = spread();
      expected[at % seasonRows] = before;
      if (Number.isNaN(value) || Number.isNaN(mean)) {
        taught[at % taught.length] = value;
        return 0;
      }
      const most = taughtMost * Math.sqrt(mean * wide);
      const away = Math.min(most, Math.max(-most, value - mean));
      taught[at % taught.length] = mean + away;
      head[5] = head[5]! * keep + (away * away) / mean;
      head[6] = head[6]! * keep + 1;
      if (at < warmupRows) return 0;
      const tail = Math.min(countBelow(value, mean, wide), 1 - countBelow(Math.ceil(value) - 1, mean, wide));
      return tail <= 0 ? 1 : Math.min(1, Math.log(tail) / Math.log(rare) / 2);
    },
    toBytes: () => writeArrays(magic, version, [head, taught, expected]),
  };
}

/** The chance of at most `count` when counts scatter `spread` times as much as a Poisson of this mean. */
function countBelow(count: number, mean: number, spread: number): number {
  return count < 0 ? 0 : betaBelow(1 / spread, mean / (spread - 1), Math.floor(count) + 1);
}

/** The least count for which something that stays true once it is holds; halving, from far beyond the mean. */
function leastWith(holds: (count: number) => boolean, mean: number, spread: number): number {
  let [low, high] = [-1, Math.ceil(mean + 10 * Math.sqrt(mean * spread) + 10 * spread)];
  while (!holds(high)) high *= 2;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}
