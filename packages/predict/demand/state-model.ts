import { assert } from "@trato/base";
import { readArrays, writeArrays } from "../arrays/bytes.ts";
import { nelderMead } from "../numbers/minimise.ts";
import { checkHorizon, type LocalModel } from "./local.ts";

/**
 * A model that keeps a few numbers, says the next value from them, and corrects them by its error: exponential
 * smoothing in all its forms. `step` is given the error, 0 when nothing was seen, and moves the state on.
 */
export type StateModel = {
  readonly magic: string;
  /** The state before the first value. */
  start(values: Float64Array, parameters: Float64Array): Float64Array;
  /** What the state says of the next value. */
  says(state: Float64Array, parameters: Float64Array): number;
  step(state: Float64Array, parameters: Float64Array, value: number, error: number): void;
  /** False where the parameters are out of range. */
  allows(parameters: Float64Array): boolean;
  /** The sum of squares leaves out so many values at the beginning. */
  readonly skipped: number;
};

/** Parameters, the state after the last value, and the mean square of the errors on the way. */
export type Fitted = { parameters: Float64Array; state: Float64Array; meanSquare: number };

const version = 1;
const evaluationsMax = 160;

/** Least squares of one-step errors, by the simplex. Cost: at most 160 passes over the series, some 5 ns a value. */
export function fitState(model: StateModel, values: Float64Array, start: readonly number[]): Fitted {
  // The logarithm makes the tolerance one of ratios, whatever the values' size.
  const cost = (at: readonly number[]) => {
    const parameters = Float64Array.from(at);
    if (!model.allows(parameters)) return Number.POSITIVE_INFINITY;
    return Math.log(run(model, values, parameters).meanSquare + 1e-300);
  };
  const { at } = nelderMead(cost, start, { step: 0.1, evaluationsMax, tolerance: 1e-5 });
  return run(model, values, Float64Array.from(at));
}

function run(model: StateModel, values: Float64Array, parameters: Float64Array): Fitted {
  const state = model.start(values, parameters);
  let squares = 0;
  for (let t = 0; t < values.length; t++) {
    const error = values[t]! - model.says(state, parameters);
    if (t >= model.skipped) squares += error * error;
    model.step(state, parameters, values[t]!, error);
  }
  return { parameters, state, meanSquare: squares / Math.max(1, values.length - model.skipped) };
}

export function localFrom(
  model: StateModel,
  { parameters, state }: Pick<Fitted, "parameters" | "state">,
): LocalModel {
  return {
    forecast(horizon) {
      checkHorizon(horizon);
      const moving = state.slice();
      return Float64Array.from({ length: horizon }, () => {
        const said = model.says(moving, parameters);
        model.step(moving, parameters, said, 0);
        return said;
      });
    },
    toBytes: () => writeArrays(model.magic, version, [parameters, state]),
  };
}

export function localFromBytes(model: StateModel, bytes: Uint8Array): LocalModel {
  const [parameters, state, ...rest] = readArrays(model.magic, version, bytes);
  const right = parameters instanceof Float64Array && state instanceof Float64Array && rest.length === 0;
  assert(right, "it keeps parameters and a state");
  return localFrom(model, { parameters, state });
}
