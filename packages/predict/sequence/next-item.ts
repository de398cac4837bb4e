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
import { fitRp3Beta } from "../affinity/rp3beta.ts";
import { readArrays, writeArrays } from "../arrays/bytes.ts";
import { type Interactions, interactionsFrom } from "../arrays/interactions.ts";
import { checkSequences, type Sequences } from "../arrays/sequences.ts";
import { topOf } from "../arrays/top.ts";
import { type Examples, examplesOf } from "./examples.ts";
import { fullRidge } from "./full-ridge.ts";

/**
 * What somebody takes next: each item regressed, with a ridge, on the items that came before it, later ones counting
 * more; blended with EASE^R, which does not mind the sequence, and, where traits of the items are known (category,
 * brand), with what shares them. All are sums over the items of the past, so that each one's part can be told.
 *
 * Cost: steps × reach to learn, and per item neighbours³ / 3; serving reads a list per item of the past. Sources:
 * Choi et al., "Session-aware Linear Item-Item Models for Session-based Recommendation", WWW 2021; Steck, WWW 2019.
 * Not where what is taken next depends on more than which items came: a basket of many things has no sequence.
 */
export type NextItem = {
  readonly itemCount: number;
  /** What follows what; what goes with what; what is of a kind, by its traits (without any, no edges). */
  readonly next: ItemModel;
  readonly any: ItemModel;
  readonly kin: ItemModel;
  /** Adds to `outScores` what the past, earliest first, says of every item. */
  scores(past: ArrayLike<number>, outScores: Float64Array): void;
  /** Writes the part of each item of the past into `outParts`; returns their sum: the score, within rounding. */
  parts(candidate: number, past: ArrayLike<number>, outParts: Float64Array): number;
  /** The same, asked with other decays or shares: nothing is learnt again. */
  asking(options: Partial<Asking>): NextItem;
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
  /** The items that have each trait, a row a trait: what was seldom taken is told by these. Default none. */
  readonly traits?: Interactions;
  /** What an item's nearest kin adds to the score; default 0.02. */
  readonly kinShare?: number;
  /** How much an item counts of the one after it, for what is of a kind; default 0.8. */
  readonly kinDecay?: number;
  /** How far back is looked while learning; default 20. */
  readonly reach?: number;
  /** What an edge must outweigh, for both parts; defaults 10 and 50. */
  readonly ridge?: number;
  readonly anyRidge?: number;
  /** What each item is predicted from; default 100. */
  readonly neighboursMax?: number;
  /**
   * Whether each item is regressed on all others and pruned then, instead of on those nearest to it; default false. Of
   * Amazon Beauty it finds more (HR@10 0.101 for 0.099, held back), at items³ operations twice: 12,101 items, 4 min.
   */
  readonly full?: boolean;
  /** Called as it goes with the share that is done; what it throws ends the fit. */
  readonly progress?: (share: number) => void;
};

type Asking = Required<Pick<NextItemOptions, "askDecay" | "anyDecay" | "anyShare" | "kinDecay" | "kinShare">>;
type Settings = Required<Omit<NextItemOptions, "progress" | "traits">>;

const magic = "TrNextIt";
const version = 2;
const kinMax = 1_000;

/** Persons with fewer than two items teach EASE^R nothing about sequence; without any, every score is 0. */
export function fitNextItem(sequences: Sequences, options: NextItemOptions = {}): NextItem {
  checkSequences(sequences);
  const settings: Settings = {
    decay: 0.6,
    askDecay: 0.6,
    anyDecay: 0.8,
    anyShare: 0.3,
    kinDecay: 0.8,
    kinShare: 0.02,
    reach: 20,
    ridge: 10,
    anyRidge: 50,
    neighboursMax: 100,
    full: false,
    ...options,
  };
  const { decay, reach } = settings;
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
  return nextItemFrom({ next, any, kin: kinOf(options.traits, itemCount) }, settings);
}

/** Reads what `toBytes` wrote; throws a plain sentence on anything else. */
export function nextItemFromBytes(bytes: Uint8Array): NextItem {
  const [next, any, kin, asking, ...rest] = readArrays(magic, version, bytes);
  const right = next instanceof Uint8Array && any instanceof Uint8Array && kin instanceof Uint8Array;
  assert(right && rest.length === 0, "a next-item model is three item models and how they are asked");
  assert(asking instanceof Float64Array && asking.length === asked.length, "it is asked by five numbers");
  const parts = {
    next: itemModelFromBytes(next),
    any: itemModelFromBytes(any),
    kin: itemModelFromBytes(kin),
  };
  return nextItemFrom(parts, Object.fromEntries(asked.map((name, at) => [name, asking[at]!])) as Asking);
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

/** What shares traits, rare ones most: two steps by way of a trait. An item's nearest kin is 1 on average. */
function kinOf(traits: Interactions | undefined, itemCount: number): ItemModel {
  if (traits === undefined) return fitRp3Beta(interactionsFrom([], itemCount));
  assert(traits.itemCount === itemCount, "traits are of the same items");
  const { rows } = fitRp3Beta(traits, { alpha: 0.8, beta: 0, neighboursMax: kinMax });
  let sum = 0;
  for (let item = 0; item < itemCount; item++) {
    if (rows.starts[item]! < rows.starts[item + 1]!) sum += rows.values[rows.starts[item]!]!;
  }
  return itemModelFrom({ ...rows, values: rows.values.map((value) => (value * itemCount) / sum) });
}

const asked = ["askDecay", "anyDecay", "anyShare", "kinDecay", "kinShare"] as const;

function nextItemFrom(models: Record<"next" | "any" | "kin", ItemModel>, asking: Asking): NextItem {
  const { next, any, kin } = models;
  const { itemCount } = next;
  assert(any.itemCount === itemCount && kin.itemCount === itemCount, "the models are about the same items");
  for (const name of asked)
    assert(asking[name] >= 0 && asking[name] <= 1, "decays and shares are from 0 to 1");
  const parts = [
    { model: next, decay: asking.askDecay, share: 1 - asking.anyShare },
    { model: any, decay: asking.anyDecay, share: asking.anyShare },
    { model: kin, decay: asking.kinDecay, share: asking.kinShare },
  ];
  const weights = (count: number, { decay, share }: (typeof parts)[number]) =>
    Float64Array.from({ length: count }, (_, at) => share * decay ** (count - 1 - at));
  return {
    itemCount,
    ...models,
    scores(past, outScores) {
      for (const part of parts) part.model.scores(past, weights(past.length, part), outScores);
    },
    parts(candidate, past, outParts) {
      const own = new Float64Array(past.length);
      outParts.fill(0, 0, past.length);
      let sum = 0;
      for (const part of parts) {
        sum += part.model.parts(candidate, past, weights(past.length, part), own);
        for (let at = 0; at < past.length; at++) outParts[at]! += own[at]!;
      }
      return sum;
    },
    asking: (options) => nextItemFrom(models, { ...asking, ...options }),
    toBytes() {
      const numbers = Float64Array.from(asked, (name) => asking[name]);
      return writeArrays(magic, version, [next.toBytes(), any.toBytes(), kin.toBytes(), numbers]);
    },
  };
}
