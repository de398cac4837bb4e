import type { Answers } from "../trees/boost.ts";
import type { Table } from "../trees/table.ts";

/** Something that was fitted and says one number a row: a mean, or the chance that the target is 1. */
export type Learnt = { predictAll(table: Table): Float64Array; toBytes(): Uint8Array };

/**
 * Whatever learns a number from a table: `ridge`, `logistic`, or boosted trees by
 * `(table, answers) => fitTrees(table, answers, { aim: { kind: "binary" } })`.
 */
export type Learner = (table: Table, answers: Answers) => Learnt;

/** How to read back what a learner wrote. */
export type Reader = (bytes: Uint8Array) => Learnt;
