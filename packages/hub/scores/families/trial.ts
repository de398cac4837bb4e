import { dayMs } from "@trato/base";
import { basketsFrom, personTable, type Table, type Treatments } from "@trato/predict";
import type { Facts } from "../training/family.ts";

/** Whether somebody bought is looked at for as long after their first decision as a decision's chances are about. */
export const horizonMs = 7 * dayMs;

/** Buyers as they entered the trial, a row each, by the time of their first decision. */
export type Entered = {
  readonly persons: Int32Array;
  readonly firstMs: Float64Array;
  readonly treated: Uint8Array;
  /** 1 for who ordered within the horizon from then on. */
  readonly bought: Uint8Array;
  /** What their orders before that said of them: the arm has not touched it yet. */
  readonly table: Table;
  /** The rows of those who entered from `fromMs` on and whose horizon ended by `untilMs`. */
  between(fromMs: number, untilMs: number): Int32Array;
};

/**
 * Whoever had ordered before they were first decided for and whose horizon is over, by intention to treat: what they
 * did counts in their arm, whether or not they saw anything. Decisions are kept for 400 days: of who was decided for
 * before, the first that is kept counts. Cost: a sort and two passes over the orders.
 */
export function enteredOf({ orders, trial }: Facts): Entered {
  const { skus, personCount, personOf, untilMs } = orders;
  const isIn = (person: number) =>
    trial.armOf[person]! >= 0 && trial.firstMs[person]! + horizonMs <= untilMs + 1;
  // Counted from the first decision, everybody is looked at at 0; who is not in it has no past.
  const timeOf = orders.timeOf.map((ms, line) =>
    isIn(personOf[line]!) ? ms - trial.firstMs[personOf[line]!]! : 0,
  );
  const baskets = basketsFrom({ ...orders, timeOf }, { personCount, itemCount: skus.length });
  const boughtOf = new Uint8Array(personCount);
  for (const [line, ms] of timeOf.entries()) if (ms >= 0 && ms < horizonMs) boughtOf[personOf[line]!] = 1;
  const { persons: all, table: looked } = personTable(baskets, 0);
  const startOf = (row: number) => trial.firstMs[all[row]!]!;
  const sorted = Int32Array.from(all.keys()).sort((a, b) => startOf(a) - startOf(b) || a - b);
  const persons = sorted.map((row) => all[row]!);
  const firstMs = Float64Array.from(sorted, startOf);
  const columns = looked.columns.map((column) => ({
    ...column,
    values: Float64Array.from(sorted, (row) => column.values[row]!),
  }));
  return {
    ...{ persons, firstMs, table: { rowCount: persons.length, columns } },
    treated: Uint8Array.from(persons, (person) => trial.armOf[person]!),
    bought: Uint8Array.from(persons, (person) => boughtOf[person]!),
    between: (from, until) =>
      Int32Array.from(firstMs.keys()).filter(
        (row) => firstMs[row]! >= from && firstMs[row]! + horizonMs <= until,
      ),
  };
}

/**
 * Each person's part in Qini, whose mean it is: with as many left alone as treated throughout, q(k) is a sum over
 * people, so models can be compared person by person. Outcomes are told from their mean, which changes nothing but how
 * far chance moves them. Equal scores share their places. Empty when an arm is. Cost: a sort.
 */
export function gainOf({ scores, treated, outcome }: Treatments): Float64Array {
  const count = treated.length;
  const treatedCount = treated.reduce((sum, one) => sum + one, 0);
  if (treatedCount === 0 || treatedCount === count) return new Float64Array();
  const mean = outcome.reduce((sum, one) => sum + one, 0) / count;
  const places = placesOf(scores);
  return outcome.map((one, row) => {
    const share = treated[row] === 1 ? 1 / treatedCount : -1 / (count - treatedCount);
    return (one - mean) * share * ((count + 1) / 2 - places[row]!);
  });
}

/** The place of each from the top, 1 the highest; equal ones have the mean of theirs. */
function placesOf(scores: ArrayLike<number>): Float64Array {
  const sorted = Int32Array.from({ length: scores.length }, (_, row) => row).sort(
    (a, b) => scores[b]! - scores[a]! || a - b,
  );
  const places = new Float64Array(scores.length);
  for (let at = 0; at < sorted.length; ) {
    let end = at + 1;
    while (end < sorted.length && scores[sorted[end]!] === scores[sorted[at]!]) end++;
    for (const row of sorted.subarray(at, end)) places[row] = (at + 1 + end) / 2;
    at = end;
  }
  return places;
}
