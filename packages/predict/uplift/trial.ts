import { assert } from "@trato/base";
import { checkTable, rowsOf, type Table } from "../trees/table.ts";

/** Who was treated by the toss of a coin, what was known of them before, and what came of it. */
export type Trial = {
  readonly facts: Table;
  /** 1 treated, 0 left alone. */
  readonly treated: Uint8Array;
  /** What counts: 1 and 0 for a visit, or an amount. */
  readonly outcome: Float64Array;
};

/** What treating would change, by person. */
export type Uplift = {
  /** The outcome expected when treated, less that when left alone, of each row. */
  effectAll(facts: Table): Float64Array;
  toBytes(): Uint8Array;
};

/** Throws, naming what is wrong; both groups must have somebody. Cost: one pass. */
export function checkTrial({ facts, treated, outcome }: Trial): void {
  checkTable(facts);
  assert(
    treated.length === facts.rowCount && outcome.length === facts.rowCount,
    "every row was treated or not",
  );
  let count = 0;
  for (const one of treated) {
    assert(one === 0 || one === 1, "treated is 0 or 1");
    count += one;
  }
  assert(outcome.every(Number.isFinite), "an outcome is a number");
  if (count === 0 || count === treated.length)
    throw new Error("One group is empty: there is nothing to compare.");
}

/** The rows of one group, with their outcomes. */
export function groupOf({ facts, treated, outcome }: Trial, group: 0 | 1) {
  const rows = Int32Array.from(treated.keys()).filter((row) => treated[row] === group);
  return { facts: rowsOf(facts, rows), outcome: Float64Array.from(rows, (row) => outcome[row]!) };
}
