import { assert } from "@trato/base";
import { readArrays, writeArrays } from "../arrays/bytes.ts";
import { checkHorizon, checkSeries, type LocalModel } from "./local.ts";

const magic = "TrSNaive";
const version = 1;

/**
 * What was a season ago will be again; with a season of 1 (the default), what was last. The figure that every
 * other has to beat.
 *
 * Cost: nothing. Fewer values than a season give the last one. Not for anything that is moving.
 */
export function fitSeasonalNaive(
  values: Float64Array,
  { seasonRows = 1 }: { seasonRows?: number } = {},
): LocalModel {
  checkSeries(values);
  assert(Number.isInteger(seasonRows) && seasonRows >= 1, "seasonRows is a whole number from 1");
  return naiveFrom(values.length < seasonRows ? values.slice(-1) : values.slice(-seasonRows));
}

/** Reads what `toBytes` wrote; throws a plain sentence on anything else. */
export function seasonalNaiveFromBytes(bytes: Uint8Array): LocalModel {
  const [last, ...rest] = readArrays(magic, version, bytes);
  assert(last instanceof Float64Array && last.length > 0 && rest.length === 0, "it keeps one season");
  return naiveFrom(last);
}

function naiveFrom(last: Float64Array): LocalModel {
  return {
    forecast(horizon) {
      checkHorizon(horizon);
      return Float64Array.from({ length: horizon }, (_, h) => last[h % last.length]!);
    },
    toBytes: () => writeArrays(magic, version, [last]),
  };
}
