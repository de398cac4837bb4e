import { assert, chance, pickInt } from "@trato/base";
import type { Learner } from "../linear/learner.ts";
import { rowsOf, type Table } from "../trees/table.ts";
import { crossingOf, fitEffects, type Grouping } from "./effects.ts";
import { type Slope, slopeOf } from "./slope.ts";

/** Learns a target on some rows, and says what it expects on others. */
export type Nuisance = (given: {
  target: Float64Array;
  learnOn: Int32Array;
  sayOn: Int32Array;
}) => Float64Array;

/** What a constant and shrunken effects of groups expect; a group that was not learnt is as the constant. */
export function byEffects(groupings: readonly Grouping[], l2 = 1): Nuisance {
  return ({ target, learnOn, sayOn }) => {
    const pick = (rows: Int32Array) =>
      groupings.map(({ of, count }) => ({ of: rows.map((row) => of[row]!), count }));
    const { constant, effects } = fitEffects(
      crossingOf(pick(learnOn)),
      Float64Array.from(learnOn, (row) => target[row]!),
      {
        l2,
        tolerance: 1e-6,
      },
    );
    return Float64Array.from(sayOn, (row) =>
      groupings.reduce((sum, { of }, a) => sum + effects[a]![of[row]!]!, constant),
    );
  };
}

/** What a learner expects from columns: ridge, trees. */
export function byLearner(table: Table, learner: Learner): Nuisance {
  return ({ target, learnOn, sayOn }) => {
    const learnt = learner(rowsOf(table, learnOn), {
      target: Float64Array.from(learnOn, (row) => target[row]!),
    });
    return learnt.predictAll(rowsOf(table, sayOn));
  };
}

export type OrthogonalOptions = {
  readonly nuisance: Nuisance;
  readonly cluster: Grouping;
  /** Default 5. Clusters stay whole when `wholeClusters` (default false: rows are dealt at random). */
  readonly folds?: number;
  readonly wholeClusters?: boolean;
  readonly seed?: number;
};

/**
 * Double machine learning: what a flexible learner cannot foresee of the target, on what it cannot foresee of the
 * price, each foreseen from rows that it has not learnt; small faults of the learners then cancel from the slope.
 *
 * Cost: twice the learner, per fold. Source: Chernozhukov et al., "Double/debiased machine learning", 2018. Not when
 * something that nobody wrote down moved both price and demand.
 */
export function fitOrthogonal(target: Float64Array, price: Float64Array, options: OrthogonalOptions): Slope {
  const { nuisance, cluster, folds = 5, wholeClusters = false, seed = 1 } = options;
  const rowCount = target.length;
  assert(price.length === rowCount && cluster.of.length === rowCount, "every row has a price and a cluster");
  assert(folds >= 2 && folds <= rowCount, "there are two folds or more, and no more than rows");
  const draw = chance(seed);
  const dealt = Int32Array.from({ length: wholeClusters ? cluster.count : rowCount }, () =>
    pickInt(draw, folds),
  );
  const foldOf = wholeClusters ? cluster.of.map((group) => dealt[group]!) : dealt;
  const rows = Int32Array.from(target.keys());
  const [targetLeft, priceLeft] = [target.slice(), price.slice()];
  for (let fold = 0; fold < folds; fold++) {
    const learnOn = rows.filter((row) => foldOf[row] !== fold);
    const sayOn = rows.filter((row) => foldOf[row] === fold);
    if (learnOn.length === 0 || sayOn.length === 0) continue;
    for (const [values, left] of [
      [target, targetLeft],
      [price, priceLeft],
    ] as const) {
      const said = nuisance({ target: values, learnOn, sayOn });
      for (const [at, row] of sayOn.entries()) left[row]! -= said[at]!;
    }
  }
  return slopeOf({
    target: targetLeft,
    price: priceLeft,
    clusterOf: cluster.of,
    clusterCount: cluster.count,
    lost: 0,
  });
}
