import { assert } from "@trato/base";
import { readArrays, writeArrays } from "../arrays/bytes.ts";
import { checkHorizon, checkSeries, type LocalModel } from "./local.ts";
import { fitSmoothing, smoothingFromBytes } from "./smoothing.ts";
import { decompose } from "./stl.ts";

export type MstlOptions = {
  /** Rows in each season, such as [24, 168] for hours. One of which there are not two is left out. */
  readonly seasons: readonly number[];
  /** Learn logarithms, so that seasons multiply: default where every value is above 0. */
  readonly logs?: boolean;
};

const magic = "TrMstl01";
const version = 1;
const rounds = 2;

/**
 * Several seasons that move: each is taken out by STL from what the others leave, the shortest first and all twice;
 * what is left goes on by exponential smoothing (ETS), and each season as it last was.
 *
 * Cost: rounds × seasons × `decompose`, some ten milliseconds for a month of hours. Source: Bandara, Hyndman and
 * Bergmeir, "MSTL: a seasonal-trend decomposition algorithm for time series with multiple seasonal patterns", 2021; it
 * stands where TBATS (De Livera, Hyndman and Snyder 2011) would, at a hundredth of the time. Not for a handful of
 * seasons: `deseason` assumes that they stand still.
 */
export function fitMstl(values: Float64Array, options: MstlOptions): LocalModel {
  checkSeries(values);
  const { logs = true } = options;
  const seasons = [...new Set(options.seasons)].sort((a, b) => a - b);
  assert(
    seasons.every((one) => Number.isInteger(one) && one >= 2),
    "a season is a whole number of rows, from 2",
  );
  const isLog = logs && values.every((value) => value > 0);
  const seen = isLog ? values.map(Math.log) : values;
  const used = seasons.filter((season) => seen.length >= 2 * season);
  const { rest, indices } = takeOut(seen, used);
  return mstlFrom(fitSmoothing(rest), indices, isLog);
}

/** What is left of the values, and each season as it will be from their end on. */
function takeOut(values: Float64Array, seasons: readonly number[]) {
  const parts: Float64Array[] = seasons.map(() => new Float64Array(values.length));
  let rest: Float64Array = values.slice();
  for (let round = 0; round < rounds; round++) {
    for (const [at, season] of seasons.entries()) {
      const without = rest.map((value, t) => value + parts[at]![t]!);
      // The longer the season, the fewer there are: it is allowed to move less. Widths as in the source.
      const { seasonal } = decompose(without, { season, seasonWidth: 11 + 4 * at });
      parts[at] = seasonal;
      rest = without.map((value, t) => value - seasonal[t]!);
    }
  }
  const indices = seasons.map((season, at) => parts[at]!.slice(values.length - season));
  return { rest, indices };
}

function mstlFrom(rest: LocalModel, indices: readonly Float64Array[], isLog: boolean): LocalModel {
  return {
    forecast(horizon) {
      checkHorizon(horizon);
      const told = rest.forecast(horizon).map((value, h) => {
        return indices.reduce((sum, index) => sum + index[h % index.length]!, value);
      });
      return isLog ? told.map(Math.exp) : told;
    },
    toBytes: () => writeArrays(magic, version, [Float64Array.of(isLog ? 1 : 0), rest.toBytes(), ...indices]),
  };
}

/** Reads what `toBytes` wrote; throws a plain sentence on anything else. */
export function mstlFromBytes(bytes: Uint8Array): LocalModel {
  const [logs, rest, ...indices] = readArrays(magic, version, bytes);
  assert(logs instanceof Float64Array && rest instanceof Uint8Array, "there is what goes on without seasons");
  const read = indices.map((index) => {
    assert(index instanceof Float64Array && index.length >= 2, "a season is doubles");
    return index;
  });
  return mstlFrom(smoothingFromBytes(rest), read, logs[0] === 1);
}
