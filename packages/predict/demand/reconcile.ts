import { assert } from "@trato/base";
import { solveSymmetric } from "../numbers/normal-equations.ts";

/**
 * Sums over items: row r of the whole is the sum of the items in `sums[r]`. The items themselves are such rows
 * too, each of one; the chain is the row of all.
 */
export type Hierarchy = { readonly itemCount: number; readonly sums: readonly Int32Array[] };

/** The hierarchy of items in groups on several levels: every item, every group, the whole, in this sequence. */
export function hierarchyOf(itemCount: number, levels: readonly Int32Array[]): Hierarchy {
  const items = Array.from({ length: itemCount }, (_, item) => Int32Array.of(item));
  const groups = levels.flatMap((groupOf) => {
    assert(groupOf.length === itemCount, "every level has a group an item");
    const members = new Map<number, number[]>();
    for (const [item, group] of groupOf.entries()) {
      const own = members.get(group);
      if (own === undefined) members.set(group, [item]);
      else own.push(item);
    }
    return [...members].sort(([a], [b]) => a - b).map(([, items]) => Int32Array.from(items));
  });
  return {
    itemCount,
    sums: [...items, ...groups, Int32Array.from({ length: itemCount }, (_, item) => item)],
  };
}

/** Every row as the sum of its items' forecasts. Cost: the sizes of the sums. */
export function bottomUp({ sums }: Hierarchy, items: ArrayLike<number>): Float64Array {
  return Float64Array.from(sums, (own) => own.reduce((sum, item) => sum + items[item]!, 0));
}

/**
 * The forecasts for items that, summed, come nearest to the forecasts of all rows, each row weighing as much as
 * its forecasts were right: `variances` are of each row's past errors. Returns every row, now adding up.
 *
 * Cost: items³ / 6, so some thousand items at once. Source: Wickramasuriya, Athanasopoulos and Hyndman, "Optimal
 * forecast reconciliation" (MinT), 2019, with the diagonal of the errors' covariance. Not with variances of a
 * few errors each; equal ones make it least squares.
 */
export function minTrace(
  hierarchy: Hierarchy,
  forecasts: ArrayLike<number>,
  variances: ArrayLike<number>,
): Float64Array {
  const { itemCount, sums } = hierarchy;
  assert(forecasts.length === sums.length && variances.length === sums.length, "every row has both");
  const matrix = new Float64Array(itemCount * itemCount);
  const right = new Float64Array(itemCount);
  for (const [row, own] of sums.entries()) {
    const weight = 1 / variances[row]!;
    assert(weight > 0 && Number.isFinite(weight), "variances are above 0");
    for (const item of own) {
      right[item]! += weight * forecasts[row]!;
      for (const other of own) matrix[item * itemCount + other]! += weight;
    }
  }
  const items = solveSymmetric(matrix, right);
  assert(items !== undefined, "every item stands in a row of its own");
  return bottomUp(hierarchy, items);
}
