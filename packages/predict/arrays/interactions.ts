import { assert } from "@trato/base";
import { type Baskets, checkBaskets, personStarts } from "./baskets.ts";

/**
 * Who took what, once or not at all: person `p` holds `itemOf[starts[p] .. starts[p + 1])`, ascending and
 * distinct. The sparse 0/1 matrix that models of taste learn from.
 */
export type Interactions = {
  readonly personCount: number;
  readonly itemCount: number;
  readonly starts: Int32Array;
  readonly itemOf: Int32Array;
};

/** Interactions of lists of items, one per person, in any sequence and with repeats. Cost: a sort per person. */
export function interactionsFrom(lists: readonly ArrayLike<number>[], itemCount: number): Interactions {
  const rows = lists.map((list) => distinct(Int32Array.from(list)));
  const starts = new Int32Array(rows.length + 1);
  for (const [p, row] of rows.entries()) starts[p + 1] = starts[p]! + row.length;
  const itemOf = new Int32Array(starts[rows.length]!);
  for (const [p, row] of rows.entries()) itemOf.set(row, starts[p]!);
  const interactions = { personCount: rows.length, itemCount, starts, itemOf };
  checkInteractions(interactions);
  return interactions;
}

/** All that each person ever bought; how often and when is forgotten. Cost: a sort per person. */
export function interactionsOf(baskets: Baskets): Interactions {
  checkBaskets(baskets);
  const { basketStart, itemOf, itemCount } = baskets;
  const starts = personStarts(baskets);
  const lists = Array.from({ length: baskets.personCount }, (_, p) =>
    itemOf.subarray(basketStart[starts[p]!]!, basketStart[starts[p + 1]!]!),
  );
  return interactionsFrom(lists, itemCount);
}

/** Throws, naming what is wrong, when the arrays are not interactions. Cost: one pass. */
export function checkInteractions({ personCount, itemCount, starts, itemOf }: Interactions): void {
  assert(starts.length === personCount + 1, "interactions have one start more than persons");
  assert(starts[0] === 0 && starts[personCount] === itemOf.length, "the persons hold all items");
  for (let p = 0; p < personCount; p++) {
    assert(starts[p]! <= starts[p + 1]!, "starts do not fall");
    let previous = -1;
    for (let at = starts[p]!; at < starts[p + 1]!; at++) {
      assert(itemOf[at]! > previous && itemOf[at]! < itemCount, "items ascend and are below itemCount");
      previous = itemOf[at]!;
    }
  }
}

/** The same matrix turned over: who holds each item, ascending. Cost: two passes. */
export function turned({ personCount, itemCount, starts, itemOf }: Interactions): Interactions {
  const turnedStarts = new Int32Array(itemCount + 1);
  for (const item of itemOf) turnedStarts[item + 1]!++;
  for (let item = 0; item < itemCount; item++) turnedStarts[item + 1]! += turnedStarts[item]!;
  const next = turnedStarts.slice();
  const personOf = new Int32Array(itemOf.length);
  for (let p = 0; p < personCount; p++) {
    for (let at = starts[p]!; at < starts[p + 1]!; at++) personOf[next[itemOf[at]!]!++] = p;
  }
  return { personCount: itemCount, itemCount: personCount, starts: turnedStarts, itemOf: personOf };
}

/** How many entries each row has. */
export function sizes({ starts }: { readonly starts: Int32Array }): Float64Array {
  return Float64Array.from({ length: starts.length - 1 }, (_, row) => starts[row + 1]! - starts[row]!);
}

function distinct(items: Int32Array): Int32Array {
  items.sort();
  let kept = 0;
  for (let at = 0; at < items.length; at++) {
    if (at === 0 || items[at] !== items[at - 1]) items[kept++] = items[at]!;
  }
  return items.subarray(0, kept);
}
