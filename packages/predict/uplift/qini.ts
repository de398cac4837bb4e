import { assert, chance, pickInt } from "@trato/base";
import type { Estimate } from "../evaluate/bootstrap.ts";

/** People ranked by what treating them is said to change, and what then came of treating some. */
export type Treatments = {
  readonly scores: ArrayLike<number>;
  readonly treated: Uint8Array;
  readonly outcome: Float64Array;
};

/** Both per person treated: Qini is how far the curve lies above chance, AUUC how high it lies. */
export type QiniScores = { readonly qini: Estimate; readonly auuc: Estimate };

/**
 * How well a ranking finds those whom treating changes. From the top down, q(k) is what the treated among the first k
 * brought beyond those left alone, as if as many; Qini is the mean of q(k) − (k / n) q(n), AUUC the mean of q(k).
 * Equal scores are passed together. The interval is of a bootstrap over people.
 *
 * Cost: a sort, and one pass a draw. Source: Radcliffe, "Using control groups to target on predicted lift", 2007.
 * Not on people who were treated for a reason: only chance makes the groups alike.
 */
export function qiniOf(
  ranked: Treatments,
  options: { seed?: number; draws?: number; level?: number } = {},
): QiniScores {
  const { seed = 1, draws = 500, level = 0.95 } = options;
  const { scores, treated, outcome } = ranked;
  const n = scores.length;
  assert(
    treated.length === n && outcome.length === n,
    "everybody has a score, was treated or not, and an outcome",
  );
  assert(draws >= 10 && level > 0 && level < 1, "at least 10 draws, a level between 0 and 1");
  if (!treated.includes(1) || !treated.includes(0))
    throw new Error("One group is empty: there is nothing to compare.");
  const sorted = Int32Array.from({ length: n }, (_, i) => i).sort((a, b) => scores[b]! - scores[a]! || a - b);
  const times = new Float64Array(n).fill(1);
  const { qini, auuc } = walk(ranked, sorted, times);
  const draw = chance(seed);
  const [qinis, auucs] = [new Float64Array(draws), new Float64Array(draws)];
  for (let d = 0; d < draws; d++) {
    times.fill(0);
    for (let i = 0; i < n; i++) times[pickInt(draw, n)]!++;
    ({ qini: qinis[d], auuc: auucs[d] } = walk(ranked, sorted, times));
  }
  const between = (mean: number, values: Float64Array): Estimate => {
    values.sort();
    const at = (share: number) => values[Math.round(share * (draws - 1))]!;
    return { mean, low: at((1 - level) / 2), high: at((1 + level) / 2) };
  };
  return { qini: between(qini, qinis), auuc: between(auuc, auucs) };
}

/** One pass down the ranking, in which everybody counts `times`. */
function walk({ scores, treated, outcome }: Treatments, sorted: Int32Array, times: Float64Array) {
  const count = [0, 0];
  const sum = [0, 0];
  let [before, area, seen] = [0, 0, 0];
  for (let at = 0; at < sorted.length; ) {
    let here = 0;
    const score = scores[sorted[at]!]!;
    for (; at < sorted.length && scores[sorted[at]!] === score; at++) {
      const row = sorted[at]!;
      const group = treated[row]!;
      here += times[row]!;
      count[group]! += times[row]!;
      sum[group]! += times[row]! * outcome[row]!;
    }
    const alike = count[0] === 0 ? 0 : (sum[0]! * count[1]!) / count[0]!;
    const now = sum[1]! - alike;
    // k runs over everybody of this score, along a straight line: its mean height, counted at the ends of the steps.
    area += here * before + ((now - before) * (here + 1)) / 2;
    if (here === 0) area -= (now - before) / 2;
    before = now;
    seen += here;
  }
  const all = Math.max(1, count[1]!);
  const auuc = area / seen / all;
  return { auuc, qini: auuc - ((seen + 1) / (2 * seen)) * (before / all) };
}

/** The treated's mean outcome less that of those left alone, among the `share` of people with the highest scores. */
export function upliftAt({ scores, treated, outcome }: Treatments, share: number): number {
  assert(share > 0 && share <= 1, "a share is above 0, at most 1");
  const sorted = Int32Array.from({ length: scores.length }, (_, i) => i).sort(
    (a, b) => scores[b]! - scores[a]! || a - b,
  );
  const [count, sum] = [
    [0, 0],
    [0, 0],
  ];
  for (const row of sorted.subarray(0, Math.max(1, Math.round(share * scores.length)))) {
    count[treated[row]!]!++;
    sum[treated[row]!]! += outcome[row]!;
  }
  return sum[1]! / count[1]! - sum[0]! / count[0]!;
}
