import { assert } from "@trato/base";
import { readArrays, writeArrays } from "../arrays/bytes.ts";
import { autoregressionFromBytes, fitAutoregression } from "./autoregression.ts";
import { complexSmoothingFromBytes, fitComplexSmoothing } from "./complex-smoothing.ts";
import { checkHorizon, checkSeries, type LocalModel } from "./local.ts";
import { deseason } from "./seasons.ts";
import { fitSmoothing, smoothingFromBytes } from "./smoothing.ts";
import { fitTheta, thetaFromBytes } from "./theta.ts";

export type EnsembleOptions = {
  /** Rows in each season, such as [7] for days or [24, 168] for hours; default none. */
  readonly seasons?: readonly number[];
  /** Nothing below this is forecast; default 0 where no value is below 0, else no bound. */
  readonly least?: number;
};

const magic = "TrEnsemb";
const version = 1;
const horizonMax = 1_000;

/**
 * The median, step by step, of smoothing, complex smoothing, theta and an autoregression: each errs in its own
 * way, and the median takes no side. Seasons are taken out before and put back after.
 *
 * Cost: the sum of its parts, some milliseconds for a few hundred values. Source: Petropoulos and Svetunkov,
 * "A simple combination of univariate models", 2020. Not for demand that is mostly zero: see `intermittent`.
 */
export function fitEnsemble(values: Float64Array, options: EnsembleOptions = {}): LocalModel {
  checkSeries(values);
  const least = options.least ?? (values.every((value) => value >= 0) ? 0 : Number.NEGATIVE_INFINITY);
  const seasonal = deseason(values, options.seasons ?? []);
  const fits = [fitSmoothing, fitComplexSmoothing, fitTheta, fitAutoregression];
  const models = fits.map((fit) => fit(seasonal.values));
  // The season to come, as what is added or multiplied: what it makes of a flat line of ones and of noughts.
  const ones = seasonal.restore(new Float64Array(horizonMax).fill(1));
  const noughts = seasonal.restore(new Float64Array(horizonMax));
  return ensembleFrom(models, { ones, noughts, least });
}

type Season = { readonly ones: Float64Array; readonly noughts: Float64Array; readonly least: number };

/** Reads what `toBytes` wrote; throws a plain sentence on anything else. */
export function ensembleFromBytes(bytes: Uint8Array): LocalModel {
  const [least, ones, noughts, ...parts] = readArrays(magic, version, bytes);
  const doubles = [least, ones, noughts].every((array) => array instanceof Float64Array);
  assert(doubles && parts.length === 4, "an ensemble has a season and four models");
  const readers = [smoothingFromBytes, complexSmoothingFromBytes, thetaFromBytes, autoregressionFromBytes];
  const models = readers.map((read, at) => {
    const part = parts[at];
    assert(part instanceof Uint8Array, "a part is a model's bytes");
    return read(part);
  });
  return ensembleFrom(models, {
    ones: ones as Float64Array,
    noughts: noughts as Float64Array,
    least: least![0]!,
  });
}

function ensembleFrom(models: readonly LocalModel[], { ones, noughts, least }: Season): LocalModel {
  return {
    forecast(horizon) {
      checkHorizon(horizon);
      assert(horizon <= horizonMax, `an ensemble looks ${horizonMax} steps ahead at most`);
      const all = models.map((model) => model.forecast(horizon));
      return Float64Array.from({ length: horizon }, (_, h) => {
        const sorted = all.map((one) => one[h]!).sort((a, b) => a - b);
        const middle = (sorted[1]! + sorted[2]!) / 2;
        return Math.max(least, noughts[h]! + middle * (ones[h]! - noughts[h]!));
      });
    },
    toBytes() {
      return writeArrays(magic, version, [
        Float64Array.of(least),
        ones,
        noughts,
        ...models.map((one) => one.toBytes()),
      ]);
    },
  };
}
