import { assert } from "@trato/base";
import { readArrays, writeArrays } from "../arrays/bytes.ts";
import { addRow, mirror, noProducts, type Products, solveSymmetric } from "../numbers/normal-equations.ts";
import { checkHorizon, checkSeries } from "./local.ts";

export type PooledOptions = {
  /** Which values before a value it is made of, such as 1, 2, 3, 24, 168 for hours. */
  readonly lags: readonly number[];
  /** Pull to 0, as a share of the mean square of the lags; default 1e-4. */
  readonly ridge?: number;
  /** How many rows of its own a series needs before it counts as much as all others; default 60. */
  readonly ownRows?: number;
  /** Learn the logarithms of series whose values are all above 0; default true. */
  readonly logs?: boolean;
};

/** One linear rule for many series, bent towards each. */
export type Pooled = {
  /** The next `horizon` values of a series, known or not. Shorter than the longest lag: its last value. */
  forecast(values: Float64Array, horizon: number): Float64Array;
  toBytes(): Uint8Array;
};

const magic = "TrPooled";
const version = 1;

/**
 * Each value as the same sum of shares of earlier values in every series, each divided by its mean size; a
 * series with much history is given shares of its own, drawn towards everybody's. The next values are told one
 * after the other, each from those before.
 *
 * Cost: rows × lags² / 2 to learn, and lags³ / 6 a series to tell. Source: Montero-Manso and Hyndman,
 * "Principles and algorithms for forecasting groups of time series", 2021. Not for few series, nor where price
 * and promotion move the values: see `panel`.
 */
export function fitPooled(series: readonly Float64Array[], options: PooledOptions): Pooled {
  const { lags, ridge = 1e-4, ownRows = 60, logs = true } = options;
  assert(lags.length > 0 && lags.every((lag) => Number.isInteger(lag) && lag >= 1), "lags are whole, from 1");
  assert(ridge >= 0 && ownRows >= 0, "ridge and ownRows are not negative");
  const all = noProducts(lags.length + 1);
  for (const values of series) {
    checkSeries(values);
    addSeries(all, logs && isPositive(values) ? values.map(Math.log) : values, lags);
  }
  mirror(all);
  const width = lags.length + 1;
  const mean = (array: Float64Array) => array.map((value) => value / Math.max(1, all.count));
  const matrix = mean(all.matrix);
  for (let i = 0; i < width; i++) matrix[i * width + i]! += ridge * Math.max(1e-12, matrix[0]!);
  const shares = solveSymmetric(matrix, mean(all.right)) ?? lastValue(lags);
  return pooledFrom({ lags: Int32Array.from(lags), matrix, shares, ownRows, logs });
}

const isPositive = (values: Float64Array): boolean => values.every((value) => value > 0);

/** When nothing could be learnt: the value at the first lag. */
const lastValue = (lags: readonly number[]): Float64Array =>
  Float64Array.from([...lags, 0], (_, i) => (i === 0 ? 1 : 0));

function sizeOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + Math.abs(value), 0) / values.length || 1;
}

/** Adds every row of a series, scaled; the last column is constant. */
function addSeries(products: Products, values: Float64Array, lags: ArrayLike<number>): void {
  const size = sizeOf(values);
  const longest = Math.max(...Array.from(lags));
  const row = new Float64Array(lags.length + 1).fill(1);
  for (let t = longest; t < values.length; t++) {
    for (let i = 0; i < lags.length; i++) row[i] = values[t - lags[i]!]! / size;
    addRow(products, row, values[t]! / size);
    products.count++;
  }
}

type Parts = { lags: Int32Array; matrix: Float64Array; shares: Float64Array; ownRows: number; logs: boolean };

/** Reads what `toBytes` wrote; throws a plain sentence on anything else. */
export function pooledFromBytes(bytes: Uint8Array): Pooled {
  const [lags, matrix, shares, own, ...rest] = readArrays(magic, version, bytes);
  const doubles = [matrix, shares, own].every((array) => array instanceof Float64Array);
  assert(lags instanceof Int32Array && doubles && rest.length === 0, "a pooled rule has four arrays");
  assert(
    shares!.length === lags.length + 1 && matrix!.length === shares!.length ** 2,
    "there is a share a lag",
  );
  const [ownRows = 0, logs = 0] = own as Float64Array;
  return pooledFrom({
    lags,
    matrix: matrix as Float64Array,
    shares: shares as Float64Array,
    ownRows,
    logs: logs === 1,
  });
}

function pooledFrom({ lags, matrix, shares, ownRows, logs }: Parts): Pooled {
  const longest = lags.reduce((a, b) => Math.max(a, b), 0);
  /** Least squares of the series' own rows and `ownRows` rows that obey everybody's shares. */
  const bent = (values: Float64Array): Float64Array => {
    if (ownRows === Number.POSITIVE_INFINITY) return shares;
    const own = noProducts(shares.length);
    addSeries(own, values, lags);
    mirror(own);
    const right = own.right.slice();
    for (let i = 0; i < shares.length; i++) {
      for (let j = 0; j < shares.length; j++)
        right[i]! += ownRows * matrix[i * shares.length + j]! * shares[j]!;
    }
    return (
      solveSymmetric(
        own.matrix.map((value, i) => value + ownRows * matrix[i]!),
        right,
      ) ?? shares
    );
  };
  return {
    forecast(values, horizon) {
      checkSeries(values);
      checkHorizon(horizon);
      if (values.length < longest) return new Float64Array(horizon).fill(values.at(-1)!);
      const isLog = logs && isPositive(values);
      const seen = isLog ? values.map(Math.log) : values;
      const own = bent(seen);
      const size = sizeOf(seen);
      const told = new Float64Array(seen.length + horizon);
      told.set(seen);
      for (let t = seen.length; t < told.length; t++) {
        let said = own[lags.length]! * size;
        for (let i = 0; i < lags.length; i++) said += own[i]! * told[t - lags[i]!]!;
        told[t] = said;
      }
      const ahead = told.slice(seen.length);
      return isLog ? ahead.map(Math.exp) : ahead;
    },
    toBytes: () =>
      writeArrays(magic, version, [lags, matrix, shares, Float64Array.of(ownRows, logs ? 1 : 0)]),
  };
}
