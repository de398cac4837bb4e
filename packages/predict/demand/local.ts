import { assert } from "@trato/base";

/** What one series will do, from itself alone. */
export type LocalModel = {
  /** The next `horizon` values, the nearest first. */
  forecast(horizon: number): Float64Array;
  toBytes(): Uint8Array;
};

/** Throws unless every value is a number and there is one; the models say what they do with few. */
export function checkSeries(values: Float64Array): void {
  assert(values.length > 0, "a series has a value");
  assert(
    values.every(Number.isFinite),
    "a series has no missing values; fill them first, with what a shop knows",
  );
}

export function checkHorizon(horizon: number): void {
  assert(Number.isInteger(horizon) && horizon >= 1 && horizon <= 10_000, "a horizon is 1 to 10,000");
}
