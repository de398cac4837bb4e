import { assert } from "@trato/base";
import { readArrays, writeArrays } from "../arrays/bytes.ts";

/**
 * From a score to the share of outcomes that came of such scores. `chance` is between 0 and 1, and does not
 * fall as the score grows.
 */
export type Calibrator = {
  chance(score: number): number;
  toBytes(): Uint8Array;
};

/** Scores, and for each whether what was foretold came (1) or not (0). */
export type Outcomes = { readonly scores: ArrayLike<number>; readonly came: ArrayLike<number> };

const magic = "TrIsoton";
const version = 1;

/**
 * The non-decreasing steps nearest to the outcomes: neighbours that stand in the wrong sequence are pooled
 * until none do; between the middles of the steps the chance is a straight line.
 *
 * Cost: a sort. Source: Ayer et al. 1955 (pool adjacent violators); Zadrozny and Elkan, KDD 2002. Not for
 * fewer than some thousand outcomes: it then learns their noise, and Platt's two numbers do better. Outcomes
 * that are all alike give that chance; without any it throws.
 */
export function fitIsotonic({ scores, came }: Outcomes): Calibrator {
  checkOutcomes({ scores, came });
  const sorted = Uint32Array.from(scores, (_, i) => i).sort((a, b) => scores[a]! - scores[b]!);
  const blocks: { sum: number; count: number; scores: number }[] = [];
  for (const [rank, at] of sorted.entries()) {
    const isTie = rank > 0 && scores[sorted[rank - 1]!] === scores[at];
    let block = { sum: came[at]!, count: 1, scores: scores[at]! };
    if (isTie) block = joined(blocks.pop()!, block);
    const nextIsTie = rank + 1 < sorted.length && scores[sorted[rank + 1]!] === scores[at];
    while (!nextIsTie && blocks.length > 0 && meanOf(blocks.at(-1)!) >= meanOf(block)) {
      block = joined(blocks.pop()!, block);
    }
    blocks.push(block);
  }
  return isotonicFrom(
    Float64Array.from(blocks, (block) => block.scores / block.count),
    Float64Array.from(blocks, meanOf),
  );
}

type Block = { sum: number; count: number; scores: number };
const meanOf = ({ sum, count }: Block): number => sum / count;
const joined = (a: Block, b: Block): Block => ({
  sum: a.sum + b.sum,
  count: a.count + b.count,
  scores: a.scores + b.scores,
});

/** Reads what `toBytes` wrote; throws a plain sentence on anything else. */
export function isotonicFromBytes(bytes: Uint8Array): Calibrator {
  const [at, chances, ...rest] = readArrays(magic, version, bytes);
  const right = at instanceof Float64Array && chances instanceof Float64Array && rest.length === 0;
  assert(right && at.length === chances.length && at.length > 0, "steps are two arrays of one length");
  const ascends = (array: Float64Array) => array.every((value, i) => i === 0 || value >= array[i - 1]!);
  assert(ascends(at) && ascends(chances), "steps ascend");
  return isotonicFrom(at, chances);
}

function isotonicFrom(at: Float64Array, chances: Float64Array): Calibrator {
  const last = at.length - 1;
  return {
    chance(score) {
      if (score <= at[0]!) return chances[0]!;
      if (score >= at[last]!) return chances[last]!;
      let [low, high] = [0, last];
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if (at[middle]! <= score) low = middle;
        else high = middle;
      }
      const share = (score - at[low]!) / (at[high]! - at[low]!);
      return chances[low]! + share * (chances[high]! - chances[low]!);
    },
    toBytes: () => writeArrays(magic, version, [at, chances]),
  };
}

/** Throws unless there is an outcome of 0 or 1 for every score, and one at all. */
export function checkOutcomes({ scores, came }: Outcomes): void {
  assert(
    scores.length === came.length && scores.length > 0,
    "there is an outcome for every score, and one at least",
  );
  for (let i = 0; i < scores.length; i++) {
    assert(Number.isFinite(scores[i]), `score ${i} is a number`);
    assert(came[i] === 0 || came[i] === 1, `outcome ${i} is 0 or 1`);
  }
}
