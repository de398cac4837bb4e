import { checkSeries, type LocalModel } from "./local.ts";
import { fitState, localFrom, localFromBytes, type StateModel } from "./state-model.ts";

/**
 * Half exponential smoothing, half the straight line through all that came, the line refitted with every
 * value; how much of each (theta) and how fast (alpha) are fitted.
 *
 * Cost: 160 passes. Source: Fiorucci et al., "Models for optimising the theta method", 2016 (DOTM). Not for a
 * series with a season: take that out first. Fewer than 5 values give the last one.
 */
export function fitTheta(values: Float64Array): LocalModel {
  checkSeries(values);
  if (values.length < 5) return localFrom(theta, still(values));
  return localFrom(theta, fitState(theta, values, [0.5, 1]));
}

/** Reads what `toBytes` wrote; throws a plain sentence on anything else. */
export const thetaFromBytes = (bytes: Uint8Array): LocalModel => localFromBytes(theta, bytes);

/** State: level, slope and intercept of the line, mean so far, values so far. */
const theta: StateModel = {
  magic: "TrThetaD",
  skipped: 2,
  allows: ([alpha = 0, logTheta = 0]) => alpha >= 0.05 && alpha <= 0.99 && logTheta >= 0 && logTheta <= 6,
  start: (values) => Float64Array.of(values[0]!, 0, 0, 0, 0),
  says([level = 0, slope = 0, intercept = 0, , seen = 0], [alpha = 0, logTheta = 0]) {
    const decay = (1 - alpha) ** seen;
    return (
      level + (1 - Math.exp(-logTheta)) * (decay * intercept + ((1 - decay * (1 - alpha)) / alpha) * slope)
    );
  },
  step(state, [alpha = 0], value) {
    const t = state[4]! + 1;
    const slope = ((t - 2) * state[1]! + (6 / t) * (value - state[3]!)) / (t + 1);
    const mean = ((t - 1) * state[3]! + value) / t;
    state[0]! += alpha * (value - state[0]!);
    // One value has no slope.
    state[1] = t === 1 ? 0 : slope;
    state[2] = mean - ((t + 1) / 2) * state[1]!;
    state[3] = mean;
    state[4] = t;
  },
};

function still(values: Float64Array) {
  return {
    parameters: Float64Array.of(0.99, 0),
    state: Float64Array.of(values.at(-1)!, 0, 0, values.at(-1)!, 1),
  };
}
