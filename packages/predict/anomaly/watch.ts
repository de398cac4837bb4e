import { assert } from "@trato/base";
import { readArrays, writeArrays } from "../arrays/bytes.ts";
import { contextual, contextualFromBytes } from "./contextual.ts";
import type { Detector } from "./detector.ts";
import { extremes, extremesFromBytes } from "./extremes.ts";
import { seasonalFromBytes, seasonalResidual } from "./seasonal.ts";

export type WatchOptions = {
  /** Values that only teach; default 300. The seasonal part waits for a season too. */
  readonly warmupRows?: number;
  /** Values in a season; default 168, a week of hours. */
  readonly seasonRows?: number;
  /** How long it keeps silent after it has told of something; default a fifth of the warm-up. */
  readonly restRows?: number;
};

const magic = "TrWatchS";
const version = 1;
const told = 0.5;
/** The context's score counts from here on: 0.7 of the contexts were met without this level. */
const contextShare = 0.7;

/**
 * The detector to begin with: the strangest of what three say of a value (a new extreme, what the season does
 * not explain, what has never followed before), then a rest, so that one incident is told once.
 *
 * Cost: a microsecond or two a value; memory for a season. Source: none; the parts name theirs. Measured by
 * the protocol of the Numenta Anomaly Benchmark in `bench/predict/anomaly.ts`. Not a cause, and not a verdict:
 * in a shop most of what is strange is a campaign.
 */
export function watch({ warmupRows = 300, seasonRows = 168, restRows }: WatchOptions = {}): Detector {
  const parts = [
    extremes({ warmupRows }),
    seasonalResidual({ seasonRows, warmupRows: Math.max(warmupRows, Math.ceil((seasonRows * 8) / 7)) }),
    contextual({ warmupRows }),
  ];
  const rest = restRows ?? Math.floor(warmupRows / 5);
  assert(Number.isInteger(rest) && rest >= 0, "restRows is a whole number from 0");
  return watchFrom(Float64Array.of(rest, 0), parts);
}

/** A detector that has already seen `history`, oldest first. */
export function fitWatch(history: ArrayLike<number>, options: WatchOptions = {}): Detector {
  const detector = watch(options);
  for (let row = 0; row < history.length; row++) detector.next(history[row]!);
  return detector;
}

/** Reads what `toBytes` wrote; throws a plain sentence on anything else. */
export function watchFromBytes(bytes: Uint8Array): Detector {
  const [state, ...parts] = readArrays(magic, version, bytes);
  assert(
    state instanceof Float64Array && state.length === 2 && parts.length === 3,
    "a watch has three parts",
  );
  const readers = [extremesFromBytes, seasonalFromBytes, contextualFromBytes];
  const read = parts.map((part, at) => {
    assert(part instanceof Uint8Array, "a part is a detector's bytes");
    return readers[at]!(part);
  });
  return watchFrom(state.slice(), read);
}

/** `state`: rows of rest, rows of it that are left. */
function watchFrom(state: Float64Array, parts: readonly Detector[]): Detector {
  return {
    next(value) {
      const [extreme = 0, seasonal = 0, context = 0] = parts.map((part) => part.next(value));
      const score = Math.max(extreme, seasonal, context * (told / contextShare));
      if (state[1]! > 0) {
        state[1]!--;
        return 0;
      }
      if (score >= told) state[1] = state[0]!;
      return Math.min(1, score);
    },
    toBytes: () => writeArrays(magic, version, [state, ...parts.map((part) => part.toBytes())]),
  };
}
