import type { Baskets } from "../arrays/baskets.ts";
import type { SparseRows } from "../arrays/sparse.ts";
import { topOf } from "../arrays/top.ts";

/** For each item the baskets that hold it: item `i` is in `basketOf[starts[i] .. starts[i + 1])`. */
export type Holding = { readonly starts: Int32Array; readonly basketOf: Int32Array };

/** The baskets turned inside out. Cost: two passes. */
export function basketsOfItems({ basketStart, itemOf, itemCount, timeOfBasket }: Baskets): Holding {
  const starts = new Int32Array(itemCount + 1);
  for (const item of itemOf) starts[item + 1]!++;
  for (let item = 0; item < itemCount; item++) starts[item + 1]! += starts[item]!;
  const next = starts.slice();
  const basketOf = new Int32Array(itemOf.length);
  for (let b = 0; b < timeOfBasket.length; b++) {
    for (let at = basketStart[b]!; at < basketStart[b + 1]!; at++) basketOf[next[itemOf[at]!]!++] = b;
  }
  return { starts, basketOf };
}

/** Which basket each basket is paired with (-1: none), and how much a pair weighs, by its target. */
export type Pairing = { readonly targetOf: Int32Array; readonly weightOf: Float64Array };

/**
 * Edges from the items of each basket to those of its target. The weight is the cosine with shrinkage: what
 * both share, over the root of the product of what each has, plus `shrink`. An item has no edge to itself.
 *
 * One item's row is counted at a time, so memory holds one row and the strongest edges of the rows before.
 */
export function edgesBetween(
  baskets: Baskets,
  holding: Holding,
  pairing: Pairing,
  { neighboursMax, shrink }: { neighboursMax: number; shrink: number },
): SparseRows {
  const { itemCount } = baskets;
  const { fromWeight, toWeight } = totals(baskets, pairing);
  const starts = new Int32Array(itemCount + 1);
  const columns: number[] = [];
  const values: number[] = [];
  const row = { shared: new Float64Array(itemCount), touched: new Int32Array(itemCount) };
  const best = topOf(neighboursMax);
  const chosen = new Int32Array(neighboursMax);
  for (let item = 0; item < itemCount; item++) {
    const touchedCount = countRow(baskets, holding, pairing, item, row);
    const edgeTo = (other: number) =>
      Math.fround(row.shared[other]! / (Math.sqrt(fromWeight[item]! * toWeight[other]!) + shrink));
    for (const other of row.touched.subarray(0, touchedCount)) {
      if (other !== item) best.offer(other, edgeTo(other));
    }
    for (const other of chosen.subarray(0, best.take(chosen))) {
      columns.push(other);
      values.push(edgeTo(other));
    }
    for (const other of row.touched.subarray(0, touchedCount)) row.shared[other] = 0;
    starts[item + 1] = columns.length;
  }
  return { starts, columns: Int32Array.from(columns), values: Float32Array.from(values) };
}

/** What the paired baskets weigh in which an item stands, as source and as target. */
function totals({ basketStart, itemOf, itemCount }: Baskets, { targetOf, weightOf }: Pairing) {
  const fromWeight = new Float64Array(itemCount);
  const toWeight = new Float64Array(itemCount);
  for (let b = 0; b < targetOf.length; b++) {
    const target = targetOf[b]!;
    if (target < 0) continue;
    const weight = weightOf[target]!;
    for (let at = basketStart[b]!; at < basketStart[b + 1]!; at++) fromWeight[itemOf[at]!]! += weight;
    for (let at = basketStart[target]!; at < basketStart[target + 1]!; at++) toWeight[itemOf[at]!]! += weight;
  }
  return { fromWeight, toWeight };
}

/**
 * Adds up in `shared` what one item shares with every other; returns how many entries of `touched` say where.
 */
function countRow(
  { basketStart, itemOf }: Baskets,
  { starts, basketOf }: Holding,
  { targetOf, weightOf }: Pairing,
  item: number,
  { shared, touched }: { shared: Float64Array; touched: Int32Array },
): number {
  let touchedCount = 0;
  for (let held = starts[item]!; held < starts[item + 1]!; held++) {
    const target = targetOf[basketOf[held]!]!;
    if (target < 0) continue;
    const weight = weightOf[target]!;
    for (let at = basketStart[target]!; at < basketStart[target + 1]!; at++) {
      const other = itemOf[at]!;
      if (shared[other] === 0) touched[touchedCount++] = other;
      shared[other]! += weight;
    }
  }
  return touchedCount;
}
