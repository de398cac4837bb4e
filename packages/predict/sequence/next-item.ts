import { assert } from "@trato/base";
import { fitEase } from "../affinity/ease.ts";
import {
  type ItemModel,
  itemModelFrom,
  itemModelFromBytes,
  rowWriter,
  turnedRows,
} from "../affinity/item-model.ts";
import { nearRidge } from "../affinity/near-ridge.ts";
import { fitPrunedEase } from "../affinity/pruned-ease.ts";
import { readArrays, writeArrays } from "../arrays/bytes.ts";
import { interactionsFrom } from "../arrays/interactions.ts";
import { checkSequences, type Sequences } from "../arrays/sequences.ts";
import { topOf } from "../arrays/top.ts";
import { type Examples, examplesOf } from "./examples.ts";
import { fullRidge } from "./full-ridge.ts";

/**
 * What somebody takes next: each item regressed, with a ridge, on the items that came before it, later ones counting
 * more; blended with EASE^R, which does not mind the sequence. Both are sums over the items of the past, so that each
 * one's part can be told.
 *
 * Cost: steps × reach to learn, and per item neighbours³ / 3; serving reads a list per item of the past. Sources:
 * Choi et al., "Session-aware Linear Item-Item Models for Session-based Recommendation", WWW 2021; Steck, WWW 2019.
 * Not where what is taken next depends on more than which items came: a basket of many things has no sequence.
 */
export type NextItem = {
  readonly itemCount: number;
  /** What follows what; what goes with what. */
  readonly next: ItemModel;
  readonly any: ItemModel;
  /** Adds to `outScores` what the past, earliest first, says of every item. */
  scores(past: ArrayLike<number>, outScores: Float64Array): void;
  /** Writes the part of each item of the past into `outParts`; returns their sum: the score, within rounding. */
  parts(candidate: number, past: ArrayLike<number>, outParts: Float64Array): number;
  /** The same, asked with other decays or another share of EASE^R: nothing is learnt again. */
  asking(options: Pick<NextItemOptions, "askDecay" | "anyDecay" | "anyShare">): NextItem;
  toBytes(): Uint8Array;
};

export type NextItemOptions = {
  /** While learning, an item counts for this much of the one after it; default 0.6. */
  readonly decay?: number;
  /** The same while asking, for what follows; default 0.6. */
  readonly askDecay?: number;
  /** The same while asking, for what goes with what; default 0.8. */
  readonly anyDecay?: number;
  /** The share of EASE^R in the score; default 0.3. */
  readonly anyShare?: number;
  /** How far back is looked while learning; default 20. */
  readonly reach?: number;
  /** What an edge must outweigh, for both parts; defaults 10 and 50. */
  readonly ridge?: number;
  readonly anyRidge?: number;
  /** What each item is predicted from; default 100. */
  readonly neighboursMax?: number;
  /**
   * Whether each item is regressed on all others and pruned then, instead of on those nearest to it; default false. Of
   * Amazon Beauty it finds more (HR@10 0.098 for 0.092, held back), at items³ operations twice: 12,101 items, 4 min.
   */
  readonly full?: boolean;
  /** Called as it goes with the share that is done; what it throws ends the fit. */
  readonly progress?: (share: number) => void;
};

type Settings = Required<Omit<NextItemOptions, "progress">>;

const magic = "TrNextIt";
const version = 1;

/** Persons with fewer than two items teach EASE^R nothing about sequence; without any, every score is 0. */
export function fitNextItem(sequences: Sequences, options: NextItemOptions = {}): NextItem {
  checkSequences(sequences);
  const settings: Settings = {
    decay: 0.6,
    askDecay: 0.6,
    anyDecay: 0.8,
    anyShare: 0.3,
    reach: 20,
    ridge: 10,
    anyRidge: 50,
    neighboursMax: 100,
    full: false,
    ...options,
  };
  const { decay, askDecay, anyDecay, anyShare, reach } = settings;
  assert(decay >= 0 && decay <= 1, "decays and shares are from 0 to 1");
  assert(Number.isSafeInteger(reach) && reach > 0, "reach is above 0");
  const { itemCount, starts, itemOf } = sequences;
  const lists = Array.from({ length: starts.length - 1 }, (_, p) =>
    itemOf.subarray(starts[p], starts[p + 1]),
  );
  const fitAny = settings.full ? fitEase : fitPrunedEase;
  const any = fitAny(interactionsFrom(lists, itemCount), {
    ridge: settings.anyRidge,
    neighboursMax: settings.neighboursMax,
    progress: (share) => options.progress?.(share / 2),
  });
  const next = followers(sequences, settings, (share) => options.progress?.((1 + share) / 2));
  return nextItemFrom(next, any, Float64Array.of(askDecay, anyDecay, anyShare));
}

/** Reads what `toBytes` wrote; throws a plain sentence on anything else. */
export function nextItemFromBytes(bytes: Uint8Array): NextItem {
  const [next, any, blend, ...rest] = readArrays(magic, version, bytes);
  const right = next instanceof Uint8Array && any instanceof Uint8Array && blend instanceof Float64Array;
  assert(
    right && rest.length === 0 && blend.length === 3,
    "a next-item model is two item models and a blend",
  );
  return nextItemFrom(itemModelFromBytes(next), itemModelFromBytes(any), blend);
}

function followers(
  sequences: Sequences,
  { decay, reach, ridge, neighboursMax, full }: Settings,
  progress: (share: number) => void,
): ItemModel {
  const { itemCount } = sequences;
  const examples = examplesOf(sequences, decay, reach);
  const chosenMax = Math.max(1, Math.min(neighboursMax, itemCount));
  if (full) return fullRidge(examples, itemCount, { ridge, neighboursMax: chosenMax }, progress);
  const penalty = new Float64Array(itemCount).fill(ridge);
  const solve = nearRidge(examples.x, examples.y, { chosenMax, penalty });
  const near = nearestBefore(examples, itemCount, chosenMax);
  const writer = rowWriter(itemCount, chosenMax);
  for (let item = 0; item < itemCount; item++) {
    const before = near(item);
    const weights = solve(item, before);
    for (const [n, one] of before.entries()) writer.offer(one, weights[n]!);
    writer.end();
    progress((item + 1) / itemCount);
  }
  return itemModelFrom(turnedRows(writer.rows()));
}

/** The items that came most, and closest, before an item; ascending, a view that the next call overwrites. */
function nearestBefore({ rows, y }: Examples, itemCount: number, chosenMax: number) {
  const sums = new Float64Array(itemCount);
  const best = topOf(chosenMax);
  const chosen = new Int32Array(chosenMax);
  return (item: number): Int32Array => {
    const touched = new Set<number>();
    for (let held = y.starts[item]!; held < y.starts[item + 1]!; held++) {
      const row = y.rowOf[held]!;
      for (let at = rows.starts[row]!; at < rows.starts[row + 1]!; at++) {
        sums[rows.columns[at]!]! += rows.values[at]!;
        touched.add(rows.columns[at]!);
      }
    }
    for (const other of touched) {
      best.offer(other, sums[other]!);
      sums[other] = 0;
    }
    return chosen.subarray(0, best.take(chosen)).sort();
  };
}

function nextItemFrom(next: ItemModel, any: ItemModel, blend: Float64Array): NextItem {
  const [askDecay, anyDecay, anyShare] = [blend[0]!, blend[1]!, blend[2]!];
  const { itemCount } = next;
  assert(any.itemCount === itemCount, "both models are about the same items");
  for (const share of blend) assert(share >= 0 && share <= 1, "decays and shares are from 0 to 1");
  const weights = (count: number, decay: number, share: number) =>
    Float64Array.from({ length: count }, (_, at) => share * decay ** (count - 1 - at));
  return {
    itemCount,
    next,
    any,
    scores(past, outScores) {
      next.scores(past, weights(past.length, askDecay, 1 - anyShare), outScores);
      any.scores(past, weights(past.length, anyDecay, anyShare), outScores);
    },
    parts(candidate, past, outParts) {
      const other = new Float64Array(past.length);
      const sum = next.parts(candidate, past, weights(past.length, askDecay, 1 - anyShare), outParts);
      const rest = any.parts(candidate, past, weights(past.length, anyDecay, anyShare), other);
      for (let at = 0; at < past.length; at++) outParts[at]! += other[at]!;
      return sum + rest;
    },
    asking: (options) =>
      nextItemFrom(
        next,
        any,
        Float64Array.of(
          options.askDecay ?? askDecay,
          options.anyDecay ?? anyDecay,
          options.anyShare ?? anyShare,
        ),
      ),
    toBytes: () => writeArrays(magic, version, [next.toBytes(), any.toBytes(), blend]),
  };
}
