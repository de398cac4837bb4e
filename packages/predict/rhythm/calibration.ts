import { assert } from "@trato/base";

/**
 * Makes stated chances true: where 10 % of later intervals ended below what the model called its 4 % point, 4
 * % is read as 10 %. A monotone curve from stated to true chance through `bends + 1` points, straight between
 * them.
 *
 * Cost: a sort to fit, six comparisons to read. Source: Kuleshov, Fenner, Ermon, "Accurate uncertainties for
 * deep learning using calibrated regression", 2018. Not for fewer than some hundred intervals: it then stays
 * near identity.
 */
export type Calibration = Float64Array;

const bends = 32;
/** So many imagined intervals agree with the model: what few real ones say is pulled towards it. */
const agreeing = 200;
const riseMin = 1e-9;

/** The curve that leaves every chance as it is. */
export function noCalibration(): Calibration {
  return Float64Array.from({ length: bends + 1 }, (_, bend) => bend / bends);
}

/**
 * Fits the curve to the chances that the model stated for intervals that then ended; sorts `stated` in place.
 */
export function fitCalibration(stated: Float64Array): Calibration {
  const curve = noCalibration();
  stated.sort();
  const weight = stated.length / (stated.length + agreeing);
  for (let bend = 1; bend < bends; bend++) {
    const found = quantileOfSorted(stated, bend / bends);
    const pulled = stated.length === 0 ? curve[bend]! : weight * found + (1 - weight) * curve[bend]!;
    curve[bend] = Math.min(1 - (bends - bend) * riseMin, Math.max(curve[bend - 1]! + riseMin, pulled));
  }
  return curve;
}

/** The stated chance that corresponds to a true one. */
export function statedChance(curve: Calibration, trueChance: number): number {
  const place = trueChance * bends;
  const bend = Math.min(bends - 1, Math.floor(place));
  return curve[bend]! + (place - bend) * (curve[bend + 1]! - curve[bend]!);
}

/** The true chance that corresponds to a stated one. */
export function trueChance(curve: Calibration, stated: number): number {
  let low = 0;
  let high = bends;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (curve[middle]! <= stated) low = middle;
    else high = middle;
  }
  return (low + (stated - curve[low]!) / (curve[high]! - curve[low]!)) / bends;
}

/** Throws when the numbers are no such curve. */
export function checkCalibration(curve: Float64Array): void {
  assert(
    curve.length === bends + 1 && curve[0] === 0 && curve[bends] === 1,
    "a calibration runs from 0 to 1",
  );
  for (let bend = 0; bend < bends; bend++) assert(curve[bend]! < curve[bend + 1]!, "a calibration rises");
}

function quantileOfSorted(sorted: Float64Array, level: number): number {
  if (sorted.length === 0) return level;
  const place = level * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(sorted.length - 1, below + 1);
  return sorted[below]! + (place - below) * (sorted[above]! - sorted[below]!);
}
