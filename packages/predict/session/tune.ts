import { maximise } from "../numbers/maximise.ts";
import { type partFiller, type SessionWeights, sessionParts } from "./blend-parts.ts";
import type { Sessions } from "./sessions.ts";

/** One click to be foretold: the parts of every candidate side by side, and which of them was clicked. */
type Case = { readonly items: Int32Array; readonly parts: Float32Array; readonly right: number };

/** With fewer clicks to choose by, the best weights are those of chance. */
const casesMin = 300;
const casesMax = 4_000;
const width = sessionParts.length;
const listed = 20;

/**
 * The weights that rank the clicks of `tail` best: highest mean of hit@20 + 2 × MRR@20, climbed to from `start`;
 * `start` when there are too few clicks. Cost: some 60 rankings of at most 4,000 clicks' candidates.
 */
export function tuneSessionWeights(given: {
  filler: ReturnType<typeof partFiller>;
  tail: Sessions;
  start: SessionWeights;
  lastAgain: boolean;
}): SessionWeights {
  const { start } = given;
  const { cases, asked } = casesOf(given);
  if (asked < casesMin) return start;
  const value = (logs: readonly number[]) => {
    const weights = logs.map(Math.exp);
    let sum = 0;
    for (const one of cases) {
      const rank = rankOf(one, weights);
      if (rank <= listed) sum += 1 + 2 / rank;
    }
    return sum / asked;
  };
  const from = sessionParts.map((part) => Math.log(Math.max(1e-3, start[part])));
  const { at } = maximise(value, from, { step: 0.6, stepMin: 0.1, roundsMax: 8 });
  return Object.fromEntries(sessionParts.map((part, i) => [part, Math.exp(at[i]!)])) as SessionWeights;
}

/** The rank of the item that was clicked, or some number above `listed`. */
function rankOf({ items, parts, right }: Case, weights: readonly number[]): number {
  const scoreOf = (candidate: number) => {
    let score = 0;
    for (let part = 0; part < width; part++) score += weights[part]! * parts[candidate * width + part]!;
    return score;
  };
  const clicked = scoreOf(right);
  let rank = 1;
  for (let other = 0; other < items.length && rank <= listed; other++) {
    const score = scoreOf(other);
    if (score > clicked || (score === clicked && items[other]! < items[right]!)) rank++;
  }
  return rank;
}

/** At most `casesMax` clicks, evenly spread; those that are no candidate at all are only counted. */
function casesOf(given: { filler: ReturnType<typeof partFiller>; tail: Sessions; lastAgain: boolean }) {
  const { sessionStart, itemOf } = given.tail;
  const stride = Math.ceil(itemOf.length / casesMax);
  const cases: Case[] = [];
  let asked = 0;
  let seen = 0;
  for (let s = 0; s + 1 < sessionStart.length; s++) {
    for (let at = sessionStart[s]! + 1; at < sessionStart[s + 1]!; at++) {
      if (!given.lastAgain && itemOf[at] === itemOf[at - 1]) continue;
      if (seen++ % stride !== 0) continue;
      asked++;
      const found = caseOf(given.filler, itemOf.subarray(sessionStart[s]!, at), itemOf[at]!, given.lastAgain);
      if (found !== null) cases.push(found);
    }
  }
  return { cases, asked };
}

function caseOf(
  filler: ReturnType<typeof partFiller>,
  recent: Int32Array,
  clicked: number,
  lastAgain: boolean,
): Case | null {
  filler.fill(recent, -1);
  const rowOf = new Map<number, number>();
  const left = lastAgain ? -1 : recent.at(-1)!;
  for (const tally of filler.tallies) {
    for (let at = 0; at < tally.count(); at++) {
      const item = tally.touched[at]!;
      if (item !== left && !rowOf.has(item)) rowOf.set(item, rowOf.size);
    }
  }
  const right = rowOf.get(clicked);
  if (right === undefined) return null;
  const items = Int32Array.from(rowOf.keys());
  const parts = new Float32Array(items.length * width);
  for (const [row, item] of items.entries()) {
    for (let part = 0; part < width; part++) {
      parts[row * width + part] = filler.shares[part]! * filler.tallies[part]!.values[item]!;
    }
  }
  return { items, parts, right };
}
