import { assert } from "@trato/base";
import { readArrays, writeArrays } from "../arrays/bytes.ts";
import type { Detector } from "./detector.ts";
import { extremes, extremesFromBytes } from "./extremes.ts";

export type SeasonalOptions = {
  /** Values in a season, such as a week of hours; default 168. */
  readonly seasonRows?: number;
  /** Values that are averaged before they are compared with a season ago; default 20. */
  readonly meanRows?: number;
  /** Values that only teach, a season and more; default 8/7 of a season, 300 at least. */
  readonly warmupRows?: number;
  /** An excess of the difference that scores 0.5; default 0.02. */
  readonly tolerance?: number;
};

const magic = "TrSeason";
const version = 1;

/**
 * The mean of the last values less the same mean a season ago is what the season does not explain; when that
 * lies beyond everything so far, the value is strange. Means, because one loud value is for `extremes`.
 *
 * Cost: two additions a value; memory for a season and a mean. Source: seasonal differences, Box and Jenkins
 * 1970. Not for a stream without a season, which it compares with an accidental past.
 */
export function seasonalResidual(options: SeasonalOptions = {}): Detector {
  const { seasonRows = 168, meanRows = 20, tolerance = 0.02 } = options;
  const warmupRows = options.warmupRows ?? Math.max(300, Math.ceil((seasonRows * 8) / 7));
  assert(Number.isInteger(seasonRows) && seasonRows >= 1, "seasonRows is a whole number from 1");
  assert(Number.isInteger(meanRows) && meanRows >= 1, "meanRows is a whole number from 1");
  const means = new Float64Array(seasonRows).fill(Number.NaN);
  const last = new Float64Array(meanRows).fill(Number.NaN);
  const differences = Math.max(1, warmupRows - seasonRows - meanRows + 1);
  return seasonalFrom(Float64Array.of(0), means, last, extremes({ warmupRows: differences, tolerance }));
}

/** Reads what `toBytes` wrote; throws a plain sentence on anything else. */
export function seasonalFromBytes(bytes: Uint8Array): Detector {
  const [count, means, last, inner, ...rest] = readArrays(magic, version, bytes);
  const doubles = [count, means, last].every((array) => array instanceof Float64Array && array.length > 0);
  assert(doubles && inner instanceof Uint8Array && rest.length === 0, "a seasonal residual has four arrays");
  const [a, b, c] = [count, means, last].map((array) => array!.slice() as Float64Array) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  return seasonalFrom(a, b, c, extremesFromBytes(inner));
}

/** `means` and `last` are rings; `count` is how many values came. */
function seasonalFrom(
  count: Float64Array,
  means: Float64Array,
  last: Float64Array,
  beyond: Detector,
): Detector {
  return {
    next(value) {
      const at = count[0]!++;
      last[at % last.length] = value;
      let [sum, known] = [0, 0];
      for (const one of last) {
        if (Number.isNaN(one)) continue;
        sum += one;
        known++;
      }
      // While values are missing the mean is of those that are there; of none it is missing too.
      const mean = known === 0 || at < last.length - 1 ? Number.NaN : sum / known;
      const before = means[at % means.length]!;
      means[at % means.length] = mean;
      const score = beyond.next(mean - before);
      return Number.isNaN(value) ? 0 : score;
    },
    toBytes: () => writeArrays(magic, version, [count, means, last, beyond.toBytes()]),
  };
}
