import { assert, chance } from "@trato/base";
import { type Binned, type Bins, binsOf, binTable } from "./bins.ts";
import { type Drawn, drawer } from "./draw.ts";
import { forestOf } from "./forest.ts";
import { addScores, type Ground, type Grown, groundOf, growTree } from "./grow.ts";
import {
  type Aim,
  checkTarget,
  type Objective,
  objectiveOf,
  type Rows,
  weightedQuantile,
} from "./objective.ts";
import { settingsOf, type TreeOptions, type TreeSettings } from "./options.ts";
import { checkTable, type Table } from "./table.ts";
import { type Trees, treesFrom } from "./trees.ts";

/** The answers to a table's rows, and how much each row counts (default 1). */
export type Answers = { readonly target: ArrayLike<number>; readonly weights?: ArrayLike<number> };

/**
 * Gradient boosting of histogram trees: each tree steps down the slope of the loss that all before it left.
 * Handles missing values, categories and any scale; the same data, options and seed give the same model.
 *
 * Cost: rounds × rows × columns × some 2 ns × half the depth; a byte a value and 16 a bin and leaf of memory.
 * Sources: Friedman 2001; Ke et al., "LightGBM", NIPS 2017. Not for a handful of rows, nor to extrapolate: a
 * tree says nothing larger than it has seen. Without a row, or with one answer, it says that constant.
 */
export function fitTrees(table: Table, answers: Answers, options: TreeOptions): Trees {
  checkTable(table);
  const settings = settingsOf(options, table);
  const objective = objectiveOf(settings.aim);
  const rows = rowsFrom(table, answers, settings.aim);
  assert(table.rowCount > 0, "there is a row to learn from");
  const start = objective.start(rows);
  rows.scores.fill(start);
  const bins = table.columns.map((column) => binsOf(column, settings.binsMax));
  const binned = binTable(table, bins);
  const ground = groundOf(binned, bins, settings.monotone, settings);
  const watch = watcher(options, settings, objective, { bins, start, table });
  const trees: Grown[] = [];
  const draw = drawer(settings, table.rowCount, table.columns.length, chance(settings.seed));
  const slopes = new Float64Array(2 * table.rowCount);
  for (let round = 0; round < settings.rounds; round++) {
    objective.slopes(rows, slopes);
    const tree = oneRound(ground, rows, objective, { slopes, drawn: draw() });
    trees.push(tree);
    addScores(tree, binned, settings.rate, rows.scores);
    options.progress?.((round + 1) / settings.rounds);
    if (watch?.isOver(tree)) break;
  }
  const kept = trees.slice(0, watch?.best() ?? trees.length);
  return treesFrom({
    aim: settings.aim,
    start,
    forest: forestOf(kept, bins, settings.rate),
    columns: table.columns.map(({ name, kind }) => ({ name, kind })),
  });
}

function rowsFrom(table: Table, { target, weights }: Answers, aim: Aim): Rows {
  const { rowCount } = table;
  assert(target.length === rowCount, "there is an answer a row");
  assert(weights === undefined || weights.length === rowCount, "there is a weight a row");
  checkTarget(aim, target);
  const own = weights === undefined ? new Float64Array(rowCount).fill(1) : Float64Array.from(weights);
  assert(
    own.every((weight) => weight >= 0 && Number.isFinite(weight)),
    "weights are not negative",
  );
  return { target, weights: own, scores: new Float64Array(rowCount) };
}

function oneRound(
  ground: Ground,
  rows: Rows,
  { leafLevel }: Objective,
  { slopes, drawn }: { slopes: Float64Array; drawn: Drawn },
): Grown {
  const tree = growTree(ground, { slopes, rows: drawn.rows, columns: drawn.columns });
  if (leafLevel !== undefined) renewLeaves(tree, rows, leafLevel);
  return tree;
}

/** Leaves of a loss without curvature: not the Newton step but the quantile of what is left of their rows. */
function renewLeaves({ nodes, rows: order }: Grown, { target, weights, scores }: Rows, level: number): void {
  for (const node of nodes) {
    if (node.split !== undefined) continue;
    const own = order.subarray(node.from, node.to);
    const left = Float64Array.from(own, (row) => target[row]! - scores[row]!);
    const value = weightedQuantile(
      left,
      Float64Array.from(own, (row) => weights[row]!),
      level,
    );
    node.value = Math.min(node.high, Math.max(node.low, value));
  }
}

type Watch = { isOver(tree: Grown): boolean; best(): number };

/** Follows the loss on rows that nothing is learnt from, and says when it has not fallen for long enough. */
function watcher(
  { validation }: TreeOptions,
  { patienceRounds, rate, aim }: TreeSettings,
  objective: Objective,
  { bins, start, table }: { bins: readonly Bins[]; start: number; table: Table },
): Watch | undefined {
  if (validation === undefined) return undefined;
  checkTable(validation.table);
  const sameColumns =
    validation.table.columns.map(({ name }) => name).join() === table.columns.map(({ name }) => name).join();
  assert(sameColumns, "the validation table has the same columns");
  const rows = rowsFrom(validation.table, validation, aim);
  const binned: Binned = binTable(validation.table, bins);
  rows.scores.fill(start);
  let round = 0;
  let best = { round: 0, loss: objective.loss(rows) };
  return {
    isOver(tree) {
      round++;
      addScores(tree, binned, rate, rows.scores);
      const loss = objective.loss(rows);
      if (loss < best.loss) best = { round, loss };
      return round - best.round >= patienceRounds;
    },
    best: () => best.round,
  };
}
