import { fitTrees } from "../trees/boost.ts";
import { treesFromBytes } from "../trees/trees.ts";
import type { Learner, Reader } from "./learner.ts";
import { linearFromBytes } from "./linear.ts";
import { fitLogistic } from "./logistic.ts";
import { fitRidge } from "./ridge.ts";

/** Learners by name, with their default options: what can be said where a function cannot be handed over. */
export const learners = {
  /** A mean, linear in the columns. */
  ridge: fitRidge,
  /** A chance, its log-odds linear in the columns. */
  logistic: fitLogistic,
  /** A mean by boosted trees. */
  trees: (table, answers) => fitTrees(table, answers, { aim: { kind: "mean" } }),
  /** A chance by boosted trees. */
  chanceTrees: (table, answers) => fitTrees(table, answers, { aim: { kind: "binary" } }),
} as const satisfies Readonly<Record<string, Learner>>;

export type LearnerName = keyof typeof learners;

/** Reads what any of `learners` wrote; throws a plain sentence on anything else. */
export const learntFromBytes: Reader = (bytes) =>
  String.fromCharCode(...bytes.subarray(0, 8)) === "TrTreesB"
    ? treesFromBytes(bytes)
    : linearFromBytes(bytes);
