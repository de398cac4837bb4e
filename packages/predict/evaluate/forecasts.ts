import { assert } from "@trato/base";

/**
 * How far forecasts are off. `said` and `came` go together; where what came is `NaN` nothing is counted.
 * Sources: Hyndman and Koehler 2006 (MASE); Makridakis et al. 2020 (sMAPE and OWA as the M4 competition has them).
 */
export type Told = { readonly said: ArrayLike<number>; readonly came: ArrayLike<number> };

/** Mean of 200 |y − f| / (|y| + |f|), in per cent. Both 0 is no error. */
export function symmetricPercent(told: Told): number {
  return meanOver(told, (said, came) =>
    said === came ? 0 : (200 * Math.abs(came - said)) / (Math.abs(came) + Math.abs(said)),
  );
}

/** Mean of 100 |y − f| / |y|, in per cent: rewards saying too little. */
export function absolutePercent(told: Told): number {
  return meanOver(told, (said, came) => (100 * Math.abs(came - said)) / Math.abs(came));
}

/** Mean absolute error in units of `scale`, which is `naiveError` of what was learnt from. */
export function scaledError(told: Told, scale: number): number {
  assert(scale > 0, "a scale is above 0");
  return meanOver(told, (said, came) => Math.abs(came - said)) / scale;
}

/** Sum of the absolute errors over the sum of what came. */
export function weightedPercent(told: Told): number {
  return meanOver(told, (said, came) => Math.abs(came - said)) / meanOver(told, (_, came) => Math.abs(came));
}

/** Mean |y(t) − y(t − season)| over the values that are both there; NaN when none are. */
export function naiveError(values: Float64Array, seasonRows: number): number {
  const before = values.subarray(0, Math.max(0, values.length - seasonRows));
  return meanOver({ said: before, came: values.subarray(seasonRows) }, (said, came) => Math.abs(came - said));
}

function meanOver({ said, came }: Told, of: (said: number, came: number) => number): number {
  assert(said.length === came.length, "every forecast has what came");
  let [sum, count] = [0, 0];
  for (let i = 0; i < came.length; i++) {
    if (Number.isNaN(came[i]) || Number.isNaN(said[i])) continue;
    sum += of(said[i]!, came[i]!);
    count++;
  }
  return sum / count;
}
