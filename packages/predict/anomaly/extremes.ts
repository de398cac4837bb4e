import { assert } from "@trato/base";
import { readArrays, writeArrays } from "../arrays/bytes.ts";
import { type Detector, excessOf, scoreOf, widen } from "./detector.ts";

export type ExtremesOptions = {
  /** Values that only teach; default 300. */
  readonly warmupRows?: number;
  /** An excess over the range so far that scores 0.5, as a share of the range; default 0.005. */
  readonly tolerance?: number;
};

const magic = "TrExtrem";
const version = 1;

/**
 * A value beyond everything so far is strange, the more the further out. It forgets nothing, so each record
 * is told once and not again.
 *
 * Cost: nothing; four numbers. Source: the "spatial anomaly" of Ahmad et al., Neurocomputing 2017. Not for a
 * stream that grows for ever (take its differences), and blind to what is strange inside the range.
 */
export function extremes({ warmupRows = 300, tolerance = 0.005 }: ExtremesOptions = {}): Detector {
  assert(warmupRows >= 1 && tolerance > 0, "warmupRows is at least 1, tolerance above 0");
  return extremesFrom(
    Float64Array.of(warmupRows, tolerance, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
  );
}

/** Reads what `toBytes` wrote; throws a plain sentence on anything else. */
export function extremesFromBytes(bytes: Uint8Array): Detector {
  const [state, ...rest] = readArrays(magic, version, bytes);
  assert(
    state instanceof Float64Array && state.length === 5 && rest.length === 0,
    "extremes have five numbers",
  );
  return extremesFrom(state.slice());
}

function extremesFrom(state: Float64Array): Detector {
  const [warmupRows = 1, tolerance = 1] = state;
  return {
    next(value) {
      if (Number.isNaN(value)) return 0;
      const range = { low: state[3]!, high: state[4]! };
      const score = state[2]! >= warmupRows ? scoreOf(excessOf(range, value), tolerance) : 0;
      widen(range, value);
      state.set([state[2]! + 1, range.low, range.high], 2);
      return score;
    },
    toBytes: () => writeArrays(magic, version, [state]),
  };
}
