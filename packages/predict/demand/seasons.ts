import { assert } from "@trato/base";

/** A series without its season, and what to put back on what comes after it. */
export type Deseasoned = {
  readonly values: Float64Array;
  /** Puts the season back on a forecast that begins right behind the series, in place. */
  restore(forecast: Float64Array): Float64Array;
};

/**
 * Takes seasons out, the shortest first: each index is the mean, over all seasons, of what lies above or below a
 * moving mean of one season; late seasons count as much as early ones. Multiplied where all values are above 0,
 * added elsewhere; a season that correlation at its lag does not confirm, at 90 %, or of which there are not
 * three, is left in.
 *
 * Cost: a few passes. Sources: Makridakis et al., "The M4 competition", 2020 (the test and the decomposition);
 * Bandara, Hyndman and Bergmeir, "MSTL", 2021 (seasons one after the other). Not for a season that moves.
 */
export function deseason(given: Float64Array, seasons: readonly number[]): Deseasoned {
  const isRatio = given.every((value) => value > 0);
  let values = given;
  const taken: Float64Array[] = [];
  for (const season of [...seasons].sort((a, b) => a - b)) {
    assert(Number.isInteger(season) && season >= 1, "a season is a whole number of rows");
    if (season < 2 || values.length < 3 * season || !isSeasonal(values, season)) continue;
    const index = indexOf(values, season, isRatio);
    values = values.map((value, t) => (isRatio ? value / index[t % season]! : value - index[t % season]!));
    taken.push(index);
  }
  return {
    values,
    restore(forecast) {
      for (const index of taken) {
        for (let h = 0; h < forecast.length; h++) {
          const at = index[(given.length + h) % index.length]!;
          forecast[h] = isRatio ? forecast[h]! * at : forecast[h]! + at;
        }
      }
      return forecast;
    },
  };
}

/** Whether the correlation at the season's lag is larger than chance would have it, nine times in ten. */
function isSeasonal(values: Float64Array, season: number): boolean {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  if (!(square > 0)) return false;
  const correlation = (lag: number) => {
    let sum = 0;
    for (let t = lag; t < values.length; t++) sum += (values[t]! - mean) * (values[t - lag]! - mean);
    return sum / square;
  };
  let squares = 0;
  for (let lag = 1; lag < season; lag++) squares += correlation(lag) ** 2;
  return correlation(season) > 1.645 * Math.sqrt((1 + 2 * squares) / values.length);
}

function indexOf(values: Float64Array, season: number, isRatio: boolean): Float64Array {
  const sums = new Float64Array(season);
  const counts = new Float64Array(season);
  const half = season >> 1;
  for (let t = half; t + half < values.length; t++) {
    // An even season has half of the rows at both ends.
    let mean = 0;
    for (let i = -half; i <= half; i++)
      mean += values[t + i]! * (season % 2 === 0 && Math.abs(i) === half ? 0.5 : 1);
    mean /= season;
    sums[t % season]! += isRatio ? values[t]! / mean : values[t]! - mean;
    counts[t % season]!++;
  }
  const index = sums.map((sum, at) => sum / counts[at]!);
  const middle = index.reduce((a, b) => a + b, 0) / season;
  return index.map((one) => (isRatio ? one / middle : one - middle));
}
