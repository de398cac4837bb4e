import { assert } from "@trato/base";

/** What each person took, in the sequence in which it was taken: `itemOf[starts[p] .. starts[p + 1])`. */
export type Sequences = {
  readonly itemCount: number;
  readonly starts: Int32Array;
  readonly itemOf: Int32Array;
};

/** Sequences of lists of items, one per person, earliest first; repeats stay. Cost: one pass. */
export function sequencesFrom(lists: readonly ArrayLike<number>[], itemCount: number): Sequences {
  const starts = new Int32Array(lists.length + 1);
  for (const [p, list] of lists.entries()) starts[p + 1] = starts[p]! + list.length;
  const itemOf = new Int32Array(starts[lists.length]!);
  for (const [p, list] of lists.entries()) itemOf.set(Array.from(list), starts[p]!);
  const sequences = { itemCount, starts, itemOf };
  checkSequences(sequences);
  return sequences;
}

/** Throws, naming what is wrong, when the arrays are not sequences. Cost: one pass. */
export function checkSequences({ itemCount, starts, itemOf }: Sequences): void {
  assert(starts.length > 0 && starts[0] === 0, "sequences have one start more than persons");
  assert(starts[starts.length - 1] === itemOf.length, "the sequences hold all items");
  for (let p = 0; p + 1 < starts.length; p++) assert(starts[p]! <= starts[p + 1]!, "starts do not fall");
  for (const item of itemOf) assert(item >= 0 && item < itemCount, "items are below itemCount");
}
