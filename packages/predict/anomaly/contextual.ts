import { assert } from "@trato/base";
import { readArrays, writeArrays } from "../arrays/bytes.ts";
import { type Detector, widen } from "./detector.ts";

export type ContextualOptions = {
  /** Steps into which the range so far is cut; default 5. */
  readonly levels?: number;
  /** How many steps back a context reaches; default 3. */
  readonly length?: number;
  /** Values that only teach; default 300. */
  readonly warmupRows?: number;
};

const magic = "TrContxt";
const version = 1;
/** A context that was met so often counts no more than this. */
const weightMax = 50;
const headLength = 6;

/**
 * Values become a few levels, and each level is looked up behind the one, two, three levels before it: the
 * score is the share of these contexts, by how often they were met, behind which it has never come.
 *
 * Cost: `length` look-ups; levels to the power of length + 1 counts. Sources: Smirnov's contextual detector,
 * 2016, for the idea of contexts; Cleary and Witten 1984 for contexts of several lengths. Not for values whose
 * meaning lies in small differences, and late where every sequence has been seen.
 */
export function contextual({ levels = 5, length = 3, warmupRows = 300 }: ContextualOptions = {}): Detector {
  assert(Number.isInteger(levels) && levels >= 2 && levels <= 16, "levels is 2 to 16");
  assert(Number.isInteger(length) && length >= 1 && levels ** (length + 1) <= 1_000_000, "length is small");
  assert(warmupRows >= 1, "warmupRows is at least 1");
  const unknown = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const head = Float64Array.of(levels, length, warmupRows, 0, ...unknown);
  return contextualFrom(head, new Int32Array(length).fill(-1), new Float64Array(countsOf(levels, length)));
}

/** Reads what `toBytes` wrote; throws a plain sentence on anything else. */
export function contextualFromBytes(bytes: Uint8Array): Detector {
  const [head, past, counts, ...rest] = readArrays(magic, version, bytes);
  const right = head instanceof Float64Array && past instanceof Int32Array && counts instanceof Float64Array;
  assert(right && head.length === headLength && rest.length === 0, "a contextual detector has three arrays");
  const [levels = 0, length = 0] = head;
  assert(past.length === length && counts.length === countsOf(levels, length), "there is a count a sequence");
  return contextualFrom(head.slice(), past.slice(), counts.slice());
}

/** Sequences of 2 to length + 1 levels, one length behind the other. */
function countsOf(levels: number, length: number): number {
  let sum = 0;
  for (let reach = 1; reach <= length; reach++) sum += levels ** (reach + 1);
  return sum;
}

/** `head`: levels, length, warm-up, values so far, low, high. `past`: the last levels, latest first, -1 unknown. */
function contextualFrom(head: Float64Array, past: Int32Array, counts: Float64Array): Detector {
  const [levels = 2, length = 1, warmupRows = 1] = head;
  return {
    next(value) {
      if (Number.isNaN(value)) {
        past.fill(-1);
        return 0;
      }
      const range = { low: head[4]!, high: head[5]! };
      widen(range, value);
      const level = levelOf(value, range, levels);
      const score = lookUp(counts, past, level, levels, length);
      past.copyWithin(1, 0);
      past[0] = level;
      head.set([head[3]! + 1, range.low, range.high], 3);
      return head[3]! > warmupRows ? score : 0;
    },
    toBytes: () => writeArrays(magic, version, [head, past, counts]),
  };
}

function levelOf(value: number, { low, high }: { low: number; high: number }, levels: number): number {
  return high > low ? Math.min(levels - 1, Math.floor(((value - low) / (high - low)) * levels)) : 0;
}

/** The weighted share of contexts that have never met this level next; counts it in all of them. */
function lookUp(
  counts: Float64Array,
  past: Int32Array,
  level: number,
  levels: number,
  length: number,
): number {
  let [missing, total, start, context, size] = [0, 0, 0, 0, 1];
  for (let reach = 1; reach <= length && past[reach - 1]! >= 0; reach++) {
    context += past[reach - 1]! * size;
    size *= levels;
    const row = start + context * levels;
    let met = 0;
    for (let next = 0; next < levels; next++) met += counts[row + next]!;
    const weight = Math.min(met, weightMax);
    total += weight;
    if (counts[row + level] === 0) missing += weight;
    counts[row + level]!++;
    start += size * levels;
  }
  return total === 0 ? 0 : missing / total;
}
