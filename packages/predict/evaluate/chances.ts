import { assert } from "@trato/base";

/**
 * How good chances were that something comes, measured on what came (1) and what did not (0). `auc`: how
 * often what came stood above what did not; `averagePrecision`: how pure the top is, over all tops.
 *
 * Cost: a sort. Sources: Hanley and McNeil 1982 (AUC); Brier 1950; Naeini et al. 2015 (calibration error).
 */
export type ChanceScores = {
  readonly auc: number;
  readonly averagePrecision: number;
  readonly logLoss: number;
  readonly brier: number;
  /** Mean distance between what was said and what came, over twenty groups of equal size. */
  readonly calibrationError: number;
};

const groups = 20;
const chanceMin = 1e-15;

/** Throws without both outcomes: an AUC of one kind means nothing. */
export function scoreChances(chances: ArrayLike<number>, came: ArrayLike<number>): ChanceScores {
  const count = chances.length;
  assert(came.length === count, "there is an outcome for every chance");
  const sorted = Uint32Array.from(chances, (_, i) => i).sort((a, b) => chances[b]! - chances[a]!);
  let [logLoss, squares, positives] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    const said = Math.min(1 - chanceMin, Math.max(chanceMin, chances[i]!));
    logLoss -= Math.log(came[i] === 1 ? said : 1 - said);
    squares += (chances[i]! - came[i]!) ** 2;
    positives += came[i]!;
  }
  assert(positives > 0 && positives < count, "both outcomes are among them");
  return {
    ...rankScores(sorted, chances, came, positives),
    logLoss: logLoss / count,
    brier: squares / count,
    calibrationError: calibrationError(sorted, chances, came),
  };
}

/** Equal chances are passed together, so that their sequence does not matter. */
function rankScores(
  sorted: Uint32Array,
  chances: ArrayLike<number>,
  came: ArrayLike<number>,
  positives: number,
) {
  let [seen, found, above, precision] = [0, 0, 0, 0];
  for (let i = 0; i < sorted.length; ) {
    let here = 0;
    let next = i;
    for (; next < sorted.length && chances[sorted[next]!] === chances[sorted[i]!]; next++)
      here += came[sorted[next]!]!;
    const others = next - i - here;
    above += others * (found + here / 2);
    found += here;
    seen += next - i;
    precision += here * (found / seen);
    i = next;
  }
  return { auc: above / (positives * (sorted.length - positives)), averagePrecision: precision / positives };
}

function calibrationError(sorted: Uint32Array, chances: ArrayLike<number>, came: ArrayLike<number>): number {
  let error = 0;
  for (let group = 0; group < groups; group++) {
    const from = Math.floor((group * sorted.length) / groups);
    const to = Math.floor(((group + 1) * sorted.length) / groups);
    let off = 0;
    for (let i = from; i < to; i++) off += chances[sorted[i]!]! - came[sorted[i]!]!;
    error += Math.abs(off);
  }
  return error / sorted.length;
}
