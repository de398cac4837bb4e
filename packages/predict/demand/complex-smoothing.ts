import { checkSeries, type LocalModel } from "./local.ts";
import { fitState, localFrom, localFromBytes, type StateModel } from "./state-model.ts";

/**
 * Complex exponential smoothing: a level and, at right angles to it, what the level does not say; one complex
 * number smooths both. It follows a trend where there is one and does not need to be told.
 *
 * Cost: 160 passes. Source: Svetunkov, Kourentzes and Ord, "Complex exponential smoothing", 2022. Not for a
 * series with a season: take that out first. Fewer than 5 values give the last one.
 */
export function fitComplexSmoothing(values: Float64Array): LocalModel {
  checkSeries(values);
  if (values.length < 5) {
    return localFrom(complex, {
      parameters: Float64Array.of(1, 1),
      state: Float64Array.of(values.at(-1)!, 0),
    });
  }
  return localFrom(complex, fitState(complex, values, [1.3, 1]));
}

/** Reads what `toBytes` wrote; throws a plain sentence on anything else. */
export const complexSmoothingFromBytes = (bytes: Uint8Array): LocalModel => localFromBytes(complex, bytes);

/** Level and what lies at right angles to it. Parameters: the real and the imaginary part of alpha. */
const complex: StateModel = {
  magic: "TrComplx",
  skipped: 1,
  // The corner of the plane in which what is old counts for less.
  allows: ([a = 0, b = 0]) =>
    (a - 2.5) ** 2 + b ** 2 > 1.25 &&
    (a - 0.5) ** 2 + (b - 1) ** 2 > 0.25 &&
    (a - 1.5) ** 2 + (b - 0.5) ** 2 < 1.5,
  start(values) {
    const few = Math.min(5, values.length);
    const level = values.subarray(0, few).reduce((a, b) => a + b, 0) / few;
    return Float64Array.of(level, level / 1.1);
  },
  says: ([level = 0]) => level,
  step(state, [a = 0, b = 0], _, error) {
    const [level, other] = [state[0]!, state[1]!];
    state[0] = level - (1 - b) * other + (a - b) * error;
    state[1] = level + (1 - a) * other + (a + b) * error;
  },
};
