import { assert } from "@trato/base";
import { readArrays, writeArrays } from "../arrays/bytes.ts";
import { normalQuantile } from "../numbers/normal.ts";
import { type Crossing, crossingOf, fitEffects, type Grouping, residuals } from "./effects.ts";
import { type Slope, slopeOf } from "./slope.ts";

/** What was sold at which price: a row per item, store and week, say. */
export type Sales = {
  /** Units, above 0: weeks without a sale are not rows. */
  readonly units: Float64Array;
  /** Price per comparable unit, above 0. */
  readonly price: Float64Array;
  readonly item: Grouping;
  /** What else moves demand and is taken out: stores, weeks. */
  readonly others: readonly Grouping[];
};

/**
 * How units follow the price: ln(units) = slope × ln(price) + what the item, the store and the week do. Effects are
 * taken out by alternating projections, and the slope is read from what is left; each item's own slope leans on all.
 *
 * Cost: some passes over the rows, and some hundred sweeps over the groups that meet. Source: Deaton, Muellbauer 1980
 * (log-log demand); DerSimonian, Laird 1986 (leaning). Not for weeks without a sale, nor for prices that were set
 * because demand was expected: no effect takes that out.
 */
export type PriceResponse = Slope & {
  readonly items: number;
  /** An item's own slope, leaning on everybody's as far as it is unsure; -1 is an item not seen. */
  slopeOf(item: number): { slope: number; error: number };
  /** Units at the new price, as a multiple of those at the old, and the interval of that. */
  unitsRatio(item: number, priceRatio: number, level?: number): { ratio: number; low: number; high: number };
  toBytes(): Uint8Array;
};

export type PriceResponseOptions = {
  /** Rows that may go together; default the item. */
  readonly cluster?: Grouping;
};

const magic = "TrPrices";
const version = 1;

/** Fits; throws when prices do not vary. */
export function fitPriceResponse(sales: Sales, options: PriceResponseOptions = {}): PriceResponse {
  const { units, price, item, others } = sales;
  assert(
    units.length === price.length && item.of.length === units.length,
    "every row has units, a price and an item",
  );
  for (let row = 0; row < units.length; row++) {
    assert(units[row]! > 0 && price[row]! > 0, "units and prices are above 0");
  }
  const cluster = options.cluster ?? item;
  const crossing = crossingOf([item, ...others]);
  const target = leftOf(crossing, units.map(Math.log));
  const bare = leftOf(crossing, price.map(Math.log));
  const lost = [item, ...others].reduce((sum, { count }) => sum + count, 0);
  const all = slopeOf({ target, price: bare, clusterOf: cluster.of, clusterCount: cluster.count, lost });
  const own = ownSlopes(item, target, bare);
  const { slopes, errors, spread } = lean(all.slope, own);
  return priceResponseFrom(all, slopes, errors, spread);
}

function leftOf(crossing: Crossing, target: Float64Array): Float64Array {
  return residuals(crossing, target, fitEffects(crossing, target));
}

/** Each item's slope by itself with a heteroskedasticity-robust error; NaN where its price never moved. */
function ownSlopes({ of, count }: Grouping, target: Float64Array, price: Float64Array) {
  const [xx, xy, meat, rows] = [0, 1, 2, 3].map(() => new Float64Array(count)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (let row = 0; row < of.length; row++) {
    xx[of[row]!]! += price[row]! ** 2;
    xy[of[row]!]! += price[row]! * target[row]!;
    rows[of[row]!]!++;
  }
  const slopes = xy.map((one, i) => (xx[i]! > 1e-9 ? one / xx[i]! : Number.NaN));
  for (let row = 0; row < of.length; row++) {
    const i = of[row]!;
    meat[i]! += (price[row]! * (target[row]! - slopes[i]! * price[row]!)) ** 2;
  }
  const errors = slopes.map((slope, i) =>
    Number.isNaN(slope) || rows[i]! < 3
      ? Number.NaN
      : Math.sqrt((meat[i]! * rows[i]!) / (rows[i]! - 2)) / xx[i]!,
  );
  return { slopes, errors };
}

/** Draws each slope towards the mean of all as far as its error is large beside the spread of true slopes. */
function lean(mean: number, own: { slopes: Float64Array; errors: Float64Array }) {
  const sure = [...own.slopes.keys()].filter((i) => own.errors[i]! > 0);
  let [weights, squares, away] = [0, 0, 0];
  for (const i of sure) weights += 1 / own.errors[i]! ** 2;
  const middle = sure.reduce((sum, i) => sum + own.slopes[i]! / own.errors[i]! ** 2, 0) / weights;
  for (const i of sure) {
    squares += 1 / own.errors[i]! ** 4;
    away += ((own.slopes[i]! - middle) / own.errors[i]!) ** 2;
  }
  const free = weights - squares / weights;
  const spread = sure.length > 1 && free > 0 ? Math.max(0, (away - (sure.length - 1)) / free) : 0;
  const slopes = own.slopes.map((slope, i) => {
    const share = own.errors[i]! > 0 ? spread / (spread + own.errors[i]! ** 2) : 0;
    return share === 0 ? mean : mean + share * (slope - mean);
  });
  const errors = own.errors.map((error) =>
    Math.sqrt(error > 0 ? spread * (error ** 2 / (spread + error ** 2)) : spread),
  );
  return { slopes, errors, spread };
}

function priceResponseFrom(
  all: Slope,
  slopes: Float64Array,
  errors: Float64Array,
  spread: number,
): PriceResponse {
  const own = (item: number) => {
    assert(
      Number.isInteger(item) && item >= -1 && item < slopes.length,
      `item is -1 or below ${slopes.length}`,
    );
    const error = item === -1 ? Math.sqrt(spread) : errors[item]!;
    // The mean that slopes lean on is itself not sure.
    return {
      slope: slopes[item] ?? all.slope,
      error: Math.hypot(error, Number.isNaN(all.error) ? 0 : all.error),
    };
  };
  return {
    ...all,
    items: slopes.length,
    slopeOf: own,
    unitsRatio(item, priceRatio, level = 0.8) {
      assert(priceRatio > 0 && level > 0 && level < 1, "a price ratio is above 0, a level between 0 and 1");
      const { slope, error } = own(item);
      const lnPrice = Math.log(priceRatio);
      const away = normalQuantile((1 + level) / 2) * error * Math.abs(lnPrice);
      const ratio = Math.exp(slope * lnPrice);
      return { ratio, low: ratio / Math.exp(away), high: ratio * Math.exp(away) };
    },
    toBytes: () =>
      writeArrays(magic, version, [
        Float64Array.of(all.slope, all.error, all.clusters, spread),
        slopes,
        errors,
      ]),
  };
}

/** Reads what `toBytes` wrote; throws a plain sentence on anything else. */
export function priceResponseFromBytes(bytes: Uint8Array): PriceResponse {
  const [head, slopes, errors] = readArrays(magic, version, bytes);
  assert(
    head instanceof Float64Array && slopes instanceof Float64Array && errors instanceof Float64Array,
    "a price response's arrays are doubles",
  );
  assert(head.length === 4 && slopes.length === errors.length, "every item has a slope and its error");
  return priceResponseFrom(
    { slope: head[0]!, error: head[1]!, clusters: head[2]! },
    slopes,
    errors,
    head[3]!,
  );
}
