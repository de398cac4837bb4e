import { assert } from "@trato/base";
import { readArrays, writeArrays } from "../arrays/bytes.ts";

/** How far forecasts were off in the past, by how far ahead they looked. */
export type Intervals = {
  /** The interval around a forecast for `ahead` steps (1 is the next) that holds a share `level` of what comes. */
  around(forecast: number, ahead: number, level: number): { readonly low: number; readonly high: number };
  toBytes(): Uint8Array;
};

/** A forecast that was made once: how many steps ahead it looked, what it said, what came. */
export type Past = { readonly ahead: number; readonly said: number; readonly came: number };

const magic = "TrConfDm";
const version = 1;

/**
 * Whatever the model, the interval reaches as far below and above as its own past errors did: of n errors at
 * the same distance ahead the ⌈(n + 1) · share⌉-th, which holds at least that share of what comes, as long as
 * errors to come are like those.
 *
 * Cost: a sort. Source: Vovk, Gammerman and Shafer 2005 (split conformal); here each side has its half. Not
 * where errors grow with the forecast: make them relative first. Further ahead than any error of the past takes
 * the furthest; too few errors for a level give the largest there is.
 */
export function fitIntervals(past: readonly Past[]): Intervals {
  assert(past.length > 0, "there is a forecast of the past");
  const aheads = Int32Array.from(new Set(past.map(({ ahead }) => ahead))).sort();
  assert(aheads[0]! >= 1, "ahead is counted from 1");
  const errors = [...aheads].map((ahead) => {
    const own = past.filter((one) => one.ahead === ahead);
    return Float64Array.from(own, ({ said, came }) => came - said).sort();
  });
  return intervalsFrom(aheads, errors);
}

/** Reads what `toBytes` wrote; throws a plain sentence on anything else. */
export function intervalsFromBytes(bytes: Uint8Array): Intervals {
  const [aheads, ...errors] = readArrays(magic, version, bytes);
  const doubles = errors.every((array) => array instanceof Float64Array && array.length > 0);
  assert(
    aheads instanceof Int32Array && aheads.length === errors.length && doubles,
    "there are errors a distance",
  );
  return intervalsFrom(aheads, errors as Float64Array[]);
}

function intervalsFrom(aheads: Int32Array, errors: readonly Float64Array[]): Intervals {
  return {
    around(forecast, ahead, level) {
      assert(ahead >= 1 && level > 0 && level < 1, "ahead is counted from 1, a level is between 0 and 1");
      const at = aheads.findLastIndex((one) => one <= ahead);
      const own = errors[Math.max(0, at)]!;
      const beyond = Math.min(own.length, Math.ceil((own.length + 1) * (1 - (1 - level) / 2)));
      return { low: forecast + own[own.length - beyond]!, high: forecast + own[beyond - 1]! };
    },
    toBytes: () => writeArrays(magic, version, [aheads, ...errors]),
  };
}
