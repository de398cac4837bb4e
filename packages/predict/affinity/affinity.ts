import { assert, dayMs } from "@trato/base";
import { type Baskets, checkBaskets, lastTimeMs } from "../arrays/baskets.ts";
import { readArrays, writeArrays } from "../arrays/bytes.ts";
import { checkSparseRows, type SparseRows } from "../arrays/sparse.ts";
import { basketsOfItems, edgesBetween } from "./edges.ts";
import { type Neighbours, neighboursFrom } from "./neighbours.ts";

/**
 * What is bought with what (same basket) and after what (next basket of the same person): the cosine between
 * two items' baskets, shrunk so that one shared basket proves little. Large and old baskets count for less.
 *
 * Cost: the sum of the squares of the basket sizes, memory for one row of counts and the kept edges. Sources:
 * Sarwar et al., WWW 2001 (item cosine); Bell and Koren, 2007 (shrinkage). Not for a catalogue where nearly
 * every item is new: it says nothing about what was not yet bought.
 */
export type Affinity = {
  readonly itemCount: number;
  readonly with: Neighbours;
  readonly after: Neighbours;
  toBytes(): Uint8Array;
};

export type AffinityOptions = {
  /** Edges kept per item; default 100. */
  readonly neighboursMax?: number;
  /** Weight of the baskets that an item must be in before its cosines count by half; default 0.5. */
  readonly shrink?: number;
  /** A basket of n items weighs n to the power of minus this; default 0.5. */
  readonly sizePower?: number;
  /** A basket this old weighs half; default 180 days; `Infinity` weighs all ages alike. */
  readonly halfLifeMs?: number;
  /** Larger baskets are left out: wholesale says little and costs the square; default 1,000. */
  readonly basketItemsMax?: number;
  /** The moment from which age is counted, later baskets are left out; default: the latest basket. */
  readonly untilMs?: number;
};

type Settings = Required<AffinityOptions>;

const magic = "TrAffini";
const version = 1;

/** Counts and prunes. Without baskets, or without any pair, there are no edges and every score is 0. */
export function fitAffinity(baskets: Baskets, options: AffinityOptions = {}): Affinity {
  checkBaskets(baskets);
  const settings: Settings = {
    neighboursMax: 100,
    shrink: 0.5,
    sizePower: 0.5,
    halfLifeMs: 180 * dayMs,
    basketItemsMax: 1_000,
    untilMs: baskets.timeOfBasket.length === 0 ? 0 : lastTimeMs(baskets) + 1,
    ...options,
  };
  assert(
    Number.isSafeInteger(settings.neighboursMax) && settings.neighboursMax > 0,
    "neighboursMax is above 0",
  );
  assert(settings.shrink >= 0 && settings.halfLifeMs > 0, "shrink is not negative, halfLifeMs is above 0");
  const weightOf = weighed(baskets, settings);
  const none = -1;
  const same = Int32Array.from(weightOf, (weight, b) => (weight > 0 ? b : none));
  const next = same.map((own, b) => {
    const follows = baskets.personOfBasket[b] === baskets.personOfBasket[b + 1];
    return own !== none && follows && weightOf[b + 1]! > 0 ? b + 1 : none;
  });
  const holding = basketsOfItems(baskets);
  return affinityFrom(
    edgesBetween(baskets, holding, { weightOf, targetOf: same }, settings),
    edgesBetween(baskets, holding, { weightOf, targetOf: next }, settings),
  );
}

/** Reads what `toBytes` wrote; throws a plain sentence on anything else. */
export function affinityFromBytes(bytes: Uint8Array): Affinity {
  const arrays = readArrays(magic, version, bytes);
  assert(arrays.length === 6, "an affinity has six arrays");
  const [a, b] = [rowsFrom(arrays.slice(0, 3)), rowsFrom(arrays.slice(3))];
  assert(a.starts.length === b.starts.length, "both kinds of edges are about the same items");
  return affinityFrom(a, b);
}

function rowsFrom([starts, columns, values]: readonly unknown[]): SparseRows {
  const right =
    starts instanceof Int32Array && columns instanceof Int32Array && values instanceof Float32Array;
  assert(right, "edges are two arrays of whole numbers and one of weights");
  assert(starts.length > 0, "edges have a first start");
  checkSparseRows({ starts, columns, values }, starts.length - 1);
  return { starts, columns, values };
}

function affinityFrom(together: SparseRows, afterwards: SparseRows): Affinity {
  return {
    itemCount: together.starts.length - 1,
    with: neighboursFrom(together),
    after: neighboursFrom(afterwards),
    toBytes() {
      const both = [together, afterwards].flatMap((rows) => [rows.starts, rows.columns, rows.values]);
      return writeArrays(magic, version, both);
    },
  };
}

/** Each basket's weight; 0 leaves it out. */
function weighed(baskets: Baskets, settings: Settings): Float64Array {
  return baskets.timeOfBasket.map((timeMs, b) => {
    const size = baskets.basketStart[b + 1]! - baskets.basketStart[b]!;
    if (size === 0 || size > settings.basketItemsMax || timeMs >= settings.untilMs) return 0;
    return size ** -settings.sizePower * 2 ** ((timeMs - settings.untilMs) / settings.halfLifeMs);
  });
}
