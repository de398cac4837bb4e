import { assert } from "@trato/base";
import { type Baskets, checkBaskets, lastTimeMs } from "../arrays/baskets.ts";
import { readArrays, writeArrays } from "../arrays/bytes.ts";
import { fitRhythm, type RhythmOptions } from "./fit.ts";
import type { Due } from "./renewal.ts";
import { type Rhythm, rhythmFromBytes } from "./rhythm.ts";
import { addPurchase, intervalDays, isNewDay, noPurchases, type RhythmStats } from "./stats.ts";

/** What a rhythm that knows quantities keeps about one person and one item. */
export type SupplyStats = RhythmStats & {
  /** How much was bought on the last day of purchase. */
  lastQuantity: number;
  /** The sum of ln(quantity) of the purchases whose interval is closed: `count - 1` of them. */
  sumLogQuantity: number;
};

/** Statistics of somebody who has not bought the item; `addSupply` starts from here. */
export function noSupplies(): SupplyStats {
  return { ...noPurchases(), lastQuantity: 0, sumLogQuantity: 0 };
}

/**
 * Adds a purchase of so much, in place. Purchases come sorted by time; two on one day add up; one that comes too
 * late to be sorted is left out. Throws when the quantity is not above 0.
 */
export function addSupply(stats: SupplyStats, timeMs: number, quantity: number): void {
  assert(quantity > 0 && Number.isFinite(quantity), "a quantity is above 0");
  const isFirst = stats.count === 0;
  if (isFirst || isNewDay(stats, timeMs)) {
    if (!isFirst) stats.sumLogQuantity += Math.log(stats.lastQuantity);
    stats.lastQuantity = quantity;
  } else if (timeMs >= stats.lastMs) {
    stats.lastQuantity += quantity;
  }
  addPurchase(stats, timeMs);
}

export type RunOut = {
  readonly rhythm: Rhythm;
  /** An interval grows with the quantity to this power: 0 when how much is bought does not matter, 1 when it lasts in proportion. */
  readonly power: number;
  /** When it runs out: as `Rhythm.due`, stretched by how much more than usual was bought last. */
  readonly due: (item: number, stats: SupplyStats) => Due;
  readonly toBytes: () => Uint8Array;
};

const magic = "TrRunOut";
const version = 1;
/** So many purchases of the item's usual quantity stand behind the person's own. */
const imagined = 2;
/** No purchase stretches or shortens an interval by more than this: ten times as much is a party or another shop. */
const stretchMax = 4;

/**
 * A rhythm whose interval is stretched by the last quantity over the person's usual one, to a power learnt from
 * everybody: whoever buys double does not come back as early. The usual quantity is the person's geometric mean,
 * leaning on the item's.
 *
 * `quantityOf` holds how much of each entry of `baskets.itemOf` was bought. Cost: as the rhythm, and two passes.
 * Source: ordinary least squares of ln(days) on ln(quantity) within person and item; the interval purchase timing
 * of Neslin, Henderson, Quelch, "Consumer promotions and the acceleration of product purchases", 1985. Not for
 * items bought one at a time: the power is then chance, and `fitRhythm` says the same.
 */
export function fitRunOut(
  baskets: Baskets,
  quantityOf: ArrayLike<number>,
  options: RhythmOptions = {},
): RunOut {
  checkBaskets(baskets);
  assert(quantityOf.length === baskets.itemOf.length, "every item of a basket has a quantity");
  const untilMs = options.untilMs ?? (baskets.timeOfBasket.length === 0 ? 0 : lastTimeMs(baskets) + 1);
  const rhythm = fitRhythm(baskets, options);
  const usualOf = usualQuantities(baskets, quantityOf, untilMs);
  let [xy, xx] = [0, 0];
  supplies(baskets, quantityOf, (stats, item, timeMs) => {
    if (timeMs >= untilMs || stats.count < 2) return;
    const more = lnMore(stats, usualOf[item]!);
    const usual = stats.sumLogDays / (stats.count - 1);
    xy += more * (Math.log(intervalDays(stats, timeMs)) - usual);
    xx += more * more;
  });
  return runOutFrom(rhythm, usualOf, xx === 0 ? 0 : Math.min(1, Math.max(0, xy / xx)));
}

/** Reads what `toBytes` wrote; throws a plain sentence on anything else. */
export function runOutFromBytes(bytes: Uint8Array): RunOut {
  const [power, usualOf, rhythm, ...rest] = readArrays(magic, version, bytes);
  assert(power instanceof Float64Array && power.length === 1, "a run-out has one power");
  assert(
    usualOf instanceof Float64Array && rhythm instanceof Uint8Array,
    "a run-out has quantities and a rhythm",
  );
  assert(rest.length === 0, "a run-out has three arrays");
  return runOutFrom(rhythmFromBytes(rhythm), usualOf, power[0]!);
}

function runOutFrom(rhythm: Rhythm, usualOf: Float64Array, power: number): RunOut {
  assert(
    usualOf.length === rhythm.itemCount + 1,
    "every item has a usual quantity, and one for an unknown item",
  );
  assert(power >= 0 && power <= 1, "a power is 0 to 1");
  return {
    rhythm,
    power,
    due(item, stats) {
      const due = rhythm.due(item, stats);
      const usual = usualOf[item === -1 ? rhythm.itemCount : item]!;
      const stretch = Math.min(stretchMax, Math.max(1 / stretchMax, Math.exp(power * lnMore(stats, usual))));
      const at = (ms: number) => stats.lastMs + stretch * (ms - stats.lastMs);
      return { ...due, lowMs: at(due.lowMs), medianMs: at(due.medianMs), highMs: at(due.highMs) };
    },
    toBytes: () => writeArrays(magic, version, [Float64Array.of(power), usualOf, rhythm.toBytes()]),
  };
}

/** By how much the last quantity is above the person's usual one, in logarithms. */
function lnMore(stats: SupplyStats, itemUsual: number): number {
  const usual = (stats.sumLogQuantity + imagined * itemUsual) / (stats.count - 1 + imagined);
  return Math.log(stats.lastQuantity) - usual;
}

/** Per item, and last for an unknown one, the mean of ln(quantity). */
function usualQuantities(baskets: Baskets, quantityOf: ArrayLike<number>, untilMs: number): Float64Array {
  const sums = new Float64Array(baskets.itemCount + 1);
  const counts = new Float64Array(baskets.itemCount + 1);
  for (let b = 0; b < baskets.timeOfBasket.length; b++) {
    if (baskets.timeOfBasket[b]! >= untilMs) continue;
    for (let at = baskets.basketStart[b]!; at < baskets.basketStart[b + 1]!; at++) {
      for (const item of [baskets.itemOf[at]!, baskets.itemCount]) {
        sums[item]! += Math.log(quantityOf[at]!);
        counts[item]!++;
      }
    }
  }
  const mean = sums[baskets.itemCount]! / Math.max(1, counts[baskets.itemCount]!);
  return sums.map((sum, item) => (sum + imagined * mean) / (counts[item]! + imagined));
}

/** Folds purchases with quantities per person and item, telling `onRepurchase` of each interval as it closes. */
export function supplies(
  { basketStart, itemOf, personOfBasket, timeOfBasket }: Baskets,
  quantityOf: ArrayLike<number>,
  onRepurchase: (before: SupplyStats, item: number, timeMs: number, person: number) => void,
): void {
  let own = new Map<number, SupplyStats>();
  for (let b = 0; b < timeOfBasket.length; b++) {
    if (b > 0 && personOfBasket[b] !== personOfBasket[b - 1]) own = new Map();
    const timeMs = timeOfBasket[b]!;
    for (let at = basketStart[b]!; at < basketStart[b + 1]!; at++) {
      const item = itemOf[at]!;
      const stats = own.get(item) ?? noSupplies();
      own.set(item, stats);
      if (stats.count > 0 && isNewDay(stats, timeMs)) onRepurchase(stats, item, timeMs, personOfBasket[b]!);
      addSupply(stats, timeMs, quantityOf[at]!);
    }
  }
}
