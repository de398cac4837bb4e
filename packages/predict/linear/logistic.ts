import { assert } from "@trato/base";
import type { Answers } from "../trees/boost.ts";
import type { Table } from "../trees/table.ts";
import { type Linear, linearOf, standardOf } from "./linear.ts";
import { type LinearOptions, solveWeighted } from "./ridge.ts";

const roundsMax = 50;

/**
 * The chance that a target is 1, as a weighted sum bent into (0, 1); fitted by weighted least squares again and
 * again, with a pull to 0 that keeps it finite when a column tells the answer.
 *
 * Cost: some seven times ridge. Source: McCullagh, Nelder, "Generalized Linear Models", 1989. Not for bends and
 * interactions that are not columns. With one answer only it says nearly that; without rows, one half.
 */
export function fitLogistic(
  table: Table,
  { target, weights }: Answers,
  { l2 = 1 }: LinearOptions = {},
): Linear {
  assert(target.length === table.rowCount, "there is an answer a row");
  for (let i = 0; i < target.length; i++) assert(target[i] === 0 || target[i] === 1, "a target is 0 or 1");
  const standard = standardOf(table);
  const { rows, width } = standard;
  const count = table.rowCount;
  const at = new Float64Array(width);
  const working = new Float64Array(count);
  const pulls = new Float64Array(count);
  for (let round = 0; round < roundsMax && count > 0; round++) {
    for (let i = 0; i < count; i++) {
      let raw = 0;
      for (let j = 0; j < width; j++) raw += at[j]! * rows[i * width + j]!;
      // Where all is said already, a row keeps a trace of weight.
      const chance = 1 / (1 + Math.exp(-Math.max(-30, Math.min(30, raw))));
      const spread = Math.max(1e-9, chance * (1 - chance));
      pulls[i] = (weights?.[i] ?? 1) * spread;
      working[i] = raw + (target[i]! - chance) / spread;
    }
    const next = solveWeighted(standard, working, pulls, l2);
    let moved = 0;
    for (let j = 0; j < width; j++) {
      // The constant has no pull: one answer only would walk without end.
      const by = Math.max(-5, Math.min(5, next[j]! - at[j]!));
      moved = Math.max(moved, Math.abs(by));
      at[j] = Math.max(-25, Math.min(25, at[j]! + by));
    }
    if (moved < 1e-10) break;
  }
  return linearOf(standard, at, "logistic");
}
