import { checkSeries, type LocalModel } from "./local.ts";
import { type Fitted, fitState, localFrom, localFromBytes, type StateModel } from "./state-model.ts";

/**
 * Exponential smoothing with no trend, a damped one or a straight one (ETS ANN, AAdN, AAN), whichever has the
 * least corrected AIC.
 *
 * Cost: three fits of 160 passes. Source: Hyndman et al., "Forecasting with exponential smoothing", 2008. Not
 * for a series with a season: take that out first. Fewer than 5 values give the last one.
 */
export function fitSmoothing(values: Float64Array): LocalModel {
  checkSeries(values);
  if (values.length < 5) return localFrom(smoothing, level(values.at(-1)!));
  let best: Fitted | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const { free, start } of forms) {
    const own = { ...smoothing, allows: (p: Float64Array) => smoothing.allows(p) && free(p) };
    const fitted = fitState(own, values, start);
    const count = start.length + 3;
    const n = values.length;
    if (n <= count + 1) continue;
    const criterion =
      n * Math.log(fitted.meanSquare + 1e-300) + 2 * count + (2 * count * (count + 1)) / (n - count - 1);
    if (criterion < least) [best, least] = [fitted, criterion];
  }
  return localFrom(smoothing, best ?? level(values.at(-1)!));
}

/** Reads what `toBytes` wrote; throws a plain sentence on anything else. */
export const smoothingFromBytes = (bytes: Uint8Array): LocalModel => localFromBytes(smoothing, bytes);

/** Which parameters each form leaves free: alpha; alpha and beta; alpha, beta and phi. A missing beta is 0. */
const forms = [
  { start: [0.5], free: () => true },
  { start: [0.5, 0.05], free: () => true },
  { start: [0.5, 0.05, 0.95], free: ([, , phi = 1]: Float64Array) => phi >= 0.8 && phi <= 0.98 },
] as const;

/** Level and slope. */
const smoothing: StateModel = {
  magic: "TrSmooth",
  skipped: 1,
  allows: ([alpha = 0, beta = 0]) => alpha >= 0.0001 && alpha <= 0.9999 && beta >= 0 && beta <= alpha,
  start(values, parameters) {
    if (parameters.length === 1) return Float64Array.of(values[0]!, 0);
    const few = Math.min(10, values.length);
    return Float64Array.of(values[0]!, (values[few - 1]! - values[0]!) / (few - 1));
  },
  says: ([level = 0, slope = 0], [, , phi = 1]) => level + phi * slope,
  step(state, [alpha = 0, beta = 0, phi = 1], _, error) {
    state[0]! += phi * state[1]! + alpha * error;
    state[1] = phi * state[1]! + beta * error;
  },
};

const level = (value: number) => ({ parameters: Float64Array.of(0.5), state: Float64Array.of(value, 0) });
