import { maximise } from "../numbers/maximise.ts";
import { lnBeta } from "../numbers/special.ts";

/**
 * Whether an item is bought again at all: after each purchase a person stays with an item with a chance of
 * their own, drawn from the item's Beta distribution, or is lost for good.
 *
 * Whoever has not come back yet is either lost or not due: an expectation step weighs the two by how long ago
 * it is. Cost: some 50 passes over at most `seriesMax` series. Source: the dropout of Fader, Hardie, Lee,
 * "Counting your customers the easy way", 2005. Not for items that people pause and take up again: a pause
 * reads as lost.
 */
export type RepeatPrior = {
  /** Per item, and last for an item never seen: the two parameters of its Beta distribution. */
  readonly stayOf: Float64Array;
  readonly leaveOf: Float64Array;
};

/**
 * What is known of each person and item: returns so far, and the chance that an interval lasts as long as the
 * open one.
 */
export type Trials = {
  readonly itemOf: Int32Array;
  readonly returns: Float64Array;
  readonly lasting: Float64Array;
};

const seriesMax = 100_000;
const emRounds = 8;
const unknown = { mean: 0.5, weight: 2 };

/** Fits the prior; with no trials at all, every item is as likely as not to be bought again. */
export function fitRepeatPrior(trials: Trials, itemCount: number): RepeatPrior {
  const { mean, weight } = trials.itemOf.length === 0 ? unknown : fitPeople(trials);
  const meanOf = new Float64Array(itemCount + 1).fill(mean);
  const came = new Float64Array(itemCount);
  const tried = new Float64Array(itemCount);
  for (const item of trials.itemOf) tried[item]!++;
  for (let round = 0; round < emRounds; round++) {
    came.fill(0);
    for (let s = 0; s < trials.itemOf.length; s++) {
      const item = trials.itemOf[s]!;
      came[item]! += trials.returns[s]! > 0 ? 1 : notLost(meanOf[item]!, trials.lasting[s]!);
    }
    const { mean: middle, weight: strength } = fitItems(came, tried, meanOf[itemCount]!);
    for (let item = 0; item < itemCount; item++) {
      meanOf[item] = (strength * middle + came[item]!) / (strength + tried[item]!);
    }
    meanOf[itemCount] = middle;
  }
  return { stayOf: meanOf.map((m) => m * weight), leaveOf: meanOf.map((m) => (1 - m) * weight) };
}

/**
 * The chance that somebody who may stay with chance `stay` has not left, having been away with chance
 * `lasting`.
 */
export function notLost(stay: number, lasting: number): number {
  return (stay * lasting) / (1 - stay + stay * lasting);
}

/**
 * The logarithm of the chance of so many returns, and then of having left or of an interval lasting as it
 * does.
 */
export function lnComebacks(stay: number, leave: number, returns: number, lasting: number): number {
  return lnReturns(stay, leave, returns) + lnOpen(stay, leave, returns, lasting);
}

/** The part that depends on the returns alone: few different numbers, worth keeping. */
function lnReturns(stay: number, leave: number, returns: number): number {
  return lnBeta(stay + returns, leave) - lnBeta(stay, leave) - Math.log(stay + leave + returns);
}

function lnOpen(stay: number, leave: number, returns: number, lasting: number): number {
  return Math.log(leave + lasting * (stay + returns));
}

/** Mean and weight (sum of both parameters) of one Beta distribution for all persons and items. */
function fitPeople({ itemOf, returns, lasting }: Trials): { mean: number; weight: number } {
  const stride = Math.ceil(itemOf.length / seriesMax);
  const value = ([logit, lnWeight]: readonly number[]) => {
    const { stay, leave } = shapes(logit!, lnWeight!);
    if (Math.abs(logit!) > 7 || Math.abs(lnWeight!) > 7) return Number.NEGATIVE_INFINITY;
    const kept: number[] = [];
    let total = 0;
    for (let s = 0; s < itemOf.length; s += stride) {
      const times = returns[s]!;
      kept[times] ??= lnReturns(stay, leave, times);
      total += kept[times] + lnOpen(stay, leave, times, lasting[s]!);
    }
    return total;
  };
  return shapes(...pair(maximise(value, [0, 0.7], { step: 0.5, stepMin: 0.01, roundsMax: 40 }).at));
}

/** Mean and weight of the Beta distribution from which the items' means come. */
function fitItems(came: Float64Array, tried: Float64Array, before: number): { mean: number; weight: number } {
  const value = ([logit, lnWeight]: readonly number[]) => {
    const { stay, leave } = shapes(logit!, lnWeight!);
    if (Math.abs(logit!) > 7 || Math.abs(lnWeight!) > 7) return Number.NEGATIVE_INFINITY;
    const start = lnBeta(stay, leave);
    let total = 0;
    for (let item = 0; item < came.length; item++) {
      if (tried[item] === 0) continue;
      total += lnBeta(stay + came[item]!, leave + tried[item]! - came[item]!) - start;
    }
    return total;
  };
  const from = Math.max(-6, Math.min(6, Math.log(before / (1 - before))));
  return shapes(...pair(maximise(value, [from, 2], { step: 0.5, stepMin: 0.02, roundsMax: 30 }).at));
}

function shapes(logit: number, lnWeight: number) {
  const mean = 1 / (1 + Math.exp(-logit));
  const weight = Math.exp(lnWeight);
  return { mean, weight, stay: mean * weight, leave: (1 - mean) * weight };
}

function pair(numbers: readonly number[]): [number, number] {
  return [numbers[0]!, numbers[1]!];
}
