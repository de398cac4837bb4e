import { assert } from "@trato/base";
import { readArrays, writeArrays } from "../arrays/bytes.ts";
import { nelderMead } from "../numbers/minimise.ts";
import { type Order, searchOrder } from "./arima-order.ts";
import { type Arma, conditionalFit, exactFit, multiplied, sharesOf, stepped } from "./arma.ts";
import { differenced } from "./differences.ts";
import { checkHorizon, checkSeries, type LocalModel } from "./local.ts";

export type ArimaOptions = {
  /** Rows in a season, such as 7 for days or 12 for months; default 1, none. */
  readonly seasonRows?: number;
  /** The order, where it is known; default: searched for. */
  readonly order?: Order;
};

export type Arima = LocalModel & {
  readonly order: Order;
  /** The shares of earlier values, of earlier shocks, their seasonal twins, and the mean of the differences. */
  readonly coefficients: Float64Array;
  /** Mean square of the shocks; logarithm of the likelihood of the differenced series; corrected AIC. */
  readonly variance: number;
  readonly lnLikelihood: number;
  readonly criterion: number;
};

const magic = "TrArima.";
const version = 1;
/** Longer states take too long to filter exactly; their series are long, and the conditional fit is near then. */
const sizeMax = 60;

/**
 * ARIMA (p, d, q)(P, D, Q) with a season: differences that are shares of earlier ones and of earlier shocks. Which
 * differences, by tests; how many shares, by the corrected AIC, step by step; how large, by maximum likelihood (by
 * least squares where a state of more than 60 would have to be filtered).
 *
 * Cost: some 20 models by least squares and one exactly; 104 weeks, 43 ms. Sources: Hyndman and Khandakar, "Automatic
 * time series forecasting: the forecast package for R", J. Stat. Soft. 27(3), 2008; Box and Jenkins, 1970. Not for more
 * than one season: see `ensemble`. Fewer than 8 values give the last one, equal values that value.
 */
export function fitArima(values: Float64Array, options: ArimaOptions = {}): Arima {
  checkSeries(values);
  const { seasonRows = 1 } = options;
  assert(Number.isInteger(seasonRows) && seasonRows >= 1, "seasonRows is a whole number from 1");
  const isStill = values.every((value) => value === values[0]);
  if (values.length < 8 || isStill) return arimaFrom(stillOrder, still(values.at(-1)!));
  const order = options.order ?? searchOrder(values, seasonRows, (one) => quick(values, one));
  checkOrder(order, values.length);
  const found = estimate(values, order);
  return found === undefined ? arimaFrom(stillOrder, still(values.at(-1)!)) : arimaFrom(order, found);
}

/** The last value again and again. */
const stillOrder: Order = { p: 0, d: 1, q: 0, seasonal: { p: 0, d: 0, q: 0, rows: 1 }, hasMean: false };

const still = (last: number): Found => ({
  coefficients: new Float64Array(0),
  numbers: Float64Array.of(0, 0, 0, 0),
  phi: new Float64Array(1),
  state: new Float64Array(1),
  tail: Float64Array.of(last),
});

function checkOrder({ p, d, q, seasonal, hasMean }: Order, length: number): void {
  const counts = [p, d, q, seasonal.p, seasonal.d, seasonal.q];
  assert(
    counts.every((one) => Number.isInteger(one) && one >= 0 && one <= 10),
    "orders are whole, 0 to 10",
  );
  assert(seasonal.rows > 1 || seasonal.p + seasonal.d + seasonal.q === 0, "a seasonal order has a season");
  assert(!hasMean || d + seasonal.d <= 1, "what is differenced twice has no mean");
  assert(length - d - seasonal.d * seasonal.rows >= 5, "five differences are left to learn from");
}

/** Differences of a series, in units of their deviation. */
function prepared(values: Float64Array, { d, seasonal, hasMean }: Order) {
  let rest = values;
  for (let i = 0; i < seasonal.d; i++) rest = differenced(rest, seasonal.rows);
  for (let i = 0; i < d; i++) rest = differenced(rest, 1);
  const mean = rest.reduce((a, b) => a + b, 0) / rest.length;
  const scale =
    Math.sqrt(rest.reduce((sum, one) => sum + (one - (hasMean ? mean : 0)) ** 2, 0) / rest.length) || 1;
  return { rest: rest.map((one) => one / scale), mean: mean / scale, scale };
}

const freeCount = ({ p, q, seasonal }: Order): number => p + q + seasonal.p + seasonal.q;

/** Free numbers (partial correlations' inverse hyperbolic tangents) as shares. */
function armaOf(order: Order, free: readonly number[]): Arma & { readonly coefficients: Float64Array } {
  const { p, q, seasonal } = order;
  const cuts = [0, p, p + q, p + q + seasonal.p, freeCount(order)];
  const [ar, ma, sar, sma] = [0, 1, 2, 3].map((i) => sharesOf(free.slice(cuts[i], cuts[i + 1]))) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const negative = (shares: Float64Array) => shares.map((one) => -one);
  return {
    phi: multiplied(ar, sar, seasonal.rows),
    theta: negative(multiplied(ma, sma, seasonal.rows)),
    coefficients: Float64Array.of(...ar, ...negative(ma), ...sar, ...negative(sma)),
  };
}

/** So near to 1 a partial correlation says that the order is wrong: the series moves as if differenced once more or less. */
const partialMax = 0.99;

/** The corrected AIC by the conditional fit; infinite where the order is at its border. */
function quick(values: Float64Array, order: Order): number {
  const series = prepared(values, order);
  const { at, value } = fitted(series, order, [], conditionalFit);
  if (at.slice(0, freeCount(order)).some((one) => Math.abs(Math.tanh(one)) > partialMax))
    return Number.POSITIVE_INFINITY;
  return criterionOf(-value - series.rest.length * Math.log(series.scale), order, series.rest.length);
}

function criterionOf(lnLikelihood: number, order: Order, count: number): number {
  const free = freeCount(order) + (order.hasMean ? 2 : 1);
  if (count - free - 1 <= 0) return Number.POSITIVE_INFINITY;
  return -2 * lnLikelihood + 2 * free + (2 * free * (free + 1)) / (count - free - 1);
}

type Series = ReturnType<typeof prepared>;

/** The free numbers, and the mean behind them, that make the series likeliest. */
function fitted(
  { rest, mean }: Series,
  order: Order,
  start: readonly number[],
  fit: (arma: Arma, values: Float64Array) => { readonly lnLikelihood: number },
) {
  const count = freeCount(order);
  const from = [
    ...Array.from({ length: count }, (_, i) => start[i] ?? 0.1),
    ...(order.hasMean ? [start[count] ?? mean] : []),
  ];
  const centred = new Float64Array(rest.length);
  const value = (at: readonly number[]): number => {
    const level = order.hasMean ? at[count]! : 0;
    for (let t = 0; t < rest.length; t++) centred[t] = rest[t]! - level;
    return -fit(armaOf(order, at), centred).lnLikelihood;
  };
  if (from.length === 0) return { at: from, value: value(from) };
  return nelderMead(value, from, { step: 0.3, tolerance: 1e-6, evaluationsMax: 120 * from.length });
}

type Found = {
  readonly coefficients: Float64Array;
  /** Variance, logarithm of the likelihood, criterion, mean of the differences. */
  readonly numbers: Float64Array;
  readonly phi: Float64Array;
  readonly state: Float64Array;
  /** The last values, as many as differencing reaches back. */
  readonly tail: Float64Array;
};

function estimate(values: Float64Array, order: Order): Found | undefined {
  const series = prepared(values, order);
  const { seasonal, p, q, d } = order;
  const near = fitted(series, order, [], conditionalFit);
  const size = Math.max(p + seasonal.rows * seasonal.p, q + seasonal.rows * seasonal.q + 1);
  const { at } = size > sizeMax ? near : fitted(series, order, near.at, exactFit);
  const { phi, theta, coefficients } = armaOf(order, at);
  const mean = order.hasMean ? at[freeCount(order)]! : 0;
  const { variance, lnLikelihood, state } = exactFit(
    { phi, theta },
    series.rest.map((one) => one - mean),
  );
  if (!Number.isFinite(lnLikelihood)) return undefined;
  const ln = lnLikelihood - series.rest.length * Math.log(series.scale);
  const criterion = criterionOf(ln, order, series.rest.length);
  return {
    coefficients: order.hasMean ? Float64Array.of(...coefficients, mean * series.scale) : coefficients,
    numbers: Float64Array.of(variance * series.scale ** 2, ln, criterion, mean * series.scale),
    phi,
    state: state.map((one) => one * series.scale),
    tail: values.slice(values.length - Math.max(1, d + seasonal.d * seasonal.rows)),
  };
}

/** Reads what `toBytes` wrote; throws a plain sentence on anything else. */
export function arimaFromBytes(bytes: Uint8Array): Arima {
  const arrays = readArrays(magic, version, bytes);
  const doubles = arrays.every((array) => array instanceof Float64Array) && arrays.length === 6;
  assert(
    doubles && arrays[0]!.length === 8 && arrays[2]!.length === 4,
    "an ARIMA model is six arrays of doubles",
  );
  const [head, coefficients, numbers, phi, state, tail] = arrays as Float64Array[];
  const [p = 0, d = 0, q = 0, sp = 0, sd = 0, sq = 0, rows = 1, hasMean = 0] = head!;
  const order = { p, d, q, seasonal: { p: sp, d: sd, q: sq, rows }, hasMean: hasMean === 1 };
  return arimaFrom(order, {
    coefficients: coefficients!,
    numbers: numbers!,
    phi: phi!,
    state: state!,
    tail: tail!,
  });
}

function arimaFrom(order: Order, { coefficients, numbers, phi, state, tail }: Found): Arima {
  const [variance = 0, lnLikelihood = 0, criterion = 0, mean = 0] = numbers;
  const { p, d, q, seasonal } = order;
  return {
    ...{ order, coefficients, variance, lnLikelihood, criterion },
    forecast(horizon) {
      checkHorizon(horizon);
      const told = new Float64Array(horizon);
      let now = state;
      for (let h = 0; h < horizon; h++) {
        told[h] = mean + now[0]!;
        now = stepped(now, phi);
      }
      return undifferenced(told, tail, order);
    },
    toBytes() {
      const head = Float64Array.of(
        p,
        d,
        q,
        seasonal.p,
        seasonal.d,
        seasonal.q,
        seasonal.rows,
        order.hasMean ? 1 : 0,
      );
      return writeArrays(magic, version, [head, coefficients, numbers, phi, state, tail]);
    },
  };
}

/** Differences that come, added to the values that were: the last differencing first. */
function undifferenced(told: Float64Array, tail: Float64Array, { d, seasonal }: Order): Float64Array {
  const lags = [...new Array<number>(seasonal.d).fill(seasonal.rows), ...new Array<number>(d).fill(1)];
  let levels = [tail];
  for (const lag of lags) levels = [differenced(levels[0]!, lag), ...levels];
  let out = told;
  for (const [at, lag] of lags.reverse().entries()) {
    const past = levels[at + 1]!;
    const next = new Float64Array(out.length);
    for (let h = 0; h < out.length; h++)
      next[h] = out[h]! + (h < lag ? past[past.length - lag + h]! : next[h - lag]!);
    out = next;
  }
  return out;
}
