import { assert } from "@trato/base";
import type { FlatArray } from "../arrays/bytes.ts";

/** A sparse vector of items for every person, and the same turned inside out. */
export type PersonRows = {
  readonly itemCount: number;
  readonly starts: Int32Array;
  readonly itemOf: Int32Array;
  readonly amountOf: Float32Array;
  /** Per person the sum of squares. */
  readonly squares: Float64Array;
  /** Per item: who has it, and how much of it. */
  readonly itemStarts: Int32Array;
  readonly personOf: Int32Array;
  readonly heldOf: Float32Array;
};

/** The rows of these vectors. Cost: three passes. */
export function personRows(rows: readonly ReadonlyMap<number, number>[], itemCount: number): PersonRows {
  const starts = new Int32Array(rows.length + 1);
  for (const [person, row] of rows.entries()) starts[person + 1] = starts[person]! + row.size;
  const itemOf = new Int32Array(starts[rows.length]!);
  const amountOf = new Float32Array(itemOf.length);
  for (const [person, row] of rows.entries()) {
    let at = starts[person]!;
    for (const [item, value] of row) {
      itemOf[at] = item;
      amountOf[at++] = value;
    }
  }
  return personRowsFrom([starts, itemOf, amountOf], itemCount);
}

/** The three arrays that make the rest. */
export function personRowArrays({ starts, itemOf, amountOf }: PersonRows): FlatArray[] {
  return [starts, itemOf, amountOf];
}

/** The rows of `personRowArrays`; throws when they are none. */
export function personRowsFrom(
  [starts, itemOf, amountOf]: readonly unknown[],
  itemCount: number,
): PersonRows {
  assert(starts instanceof Int32Array && itemOf instanceof Int32Array, "rows have starts and items");
  assert(
    amountOf instanceof Float32Array && amountOf.length === itemOf.length,
    "every item of a row has a value",
  );
  assert(starts[0] === 0 && starts.at(-1) === itemOf.length, "the rows hold all items");
  for (let p = 1; p < starts.length; p++) assert(starts[p - 1]! <= starts[p]!, "starts do not fall");
  for (const item of itemOf) assert(item >= 0 && item < itemCount, `an item is below ${itemCount}`);
  const itemStarts = new Int32Array(itemCount + 1);
  for (const item of itemOf) itemStarts[item + 1]!++;
  for (let item = 0; item < itemCount; item++) itemStarts[item + 1]! += itemStarts[item]!;
  const next = itemStarts.slice();
  const personOf = new Int32Array(itemOf.length);
  const heldOf = new Float32Array(itemOf.length);
  const squares = new Float64Array(starts.length - 1);
  for (let person = 0; person < squares.length; person++) {
    for (let at = starts[person]!; at < starts[person + 1]!; at++) {
      const place = next[itemOf[at]!]!++;
      personOf[place] = person;
      heldOf[place] = amountOf[at]!;
      squares[person]! += amountOf[at]! ** 2;
    }
  }
  return { itemCount, starts, itemOf, amountOf, squares, itemStarts, personOf, heldOf };
}

/**
 * Finds who shares an item with a vector: calls `onPerson` with each and the dot product. The buffer of dot
 * products is kept between calls. Cost: the people of the vector's items.
 */
export function dotsWith(
  rows: PersonRows,
): (items: Iterable<readonly [number, number]>, onPerson: (person: number, dot: number) => void) => void {
  const dots = new Float64Array(rows.squares.length);
  const met = new Int32Array(rows.squares.length);
  return (items, onPerson) => {
    let count = 0;
    for (const [item, value] of items) {
      for (let at = rows.itemStarts[item]!; at < rows.itemStarts[item + 1]!; at++) {
        const person = rows.personOf[at]!;
        if (dots[person] === 0) met[count++] = person;
        dots[person]! += value * rows.heldOf[at]!;
      }
    }
    for (let at = 0; at < count; at++) {
      onPerson(met[at]!, dots[met[at]!]!);
      dots[met[at]!] = 0;
    }
  };
}
