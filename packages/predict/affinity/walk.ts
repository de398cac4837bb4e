import { type Interactions, sizes, turned } from "../arrays/interactions.ts";

/** Interactions from both sides, and how much each person's word weighs. */
export type Walk = {
  readonly interactions: Interactions;
  /** Who holds each item. */
  readonly holders: Interactions;
  readonly personWeight: Float64Array;
  /** How many persons hold each item. */
  readonly heldBy: Float64Array;
};

/** A person of n items weighs n to the power of minus `personPower`: who takes everything says little. */
export function walkOf(interactions: Interactions, personPower: number): Walk {
  const holders = turned(interactions);
  const personWeight = sizes(interactions).map((size) => (size === 0 ? 0 : size ** -personPower));
  return { interactions, holders, personWeight, heldBy: sizes(holders) };
}

/** One row's sums, and where they are: `touched` lists the items whose sum is not 0. */
export type WalkRow = { readonly sums: Float64Array; readonly touched: Int32Array };

export function walkRow(itemCount: number): WalkRow {
  return { sums: new Float64Array(itemCount), touched: new Int32Array(itemCount) };
}

/**
 * Adds up in `sums` the weight of the persons who hold both `item` and each other item, `item` itself included;
 * returns how many entries of `touched` say where. The row must come with zeros; `clear` gives them back.
 * Cost: the items of all who hold `item`; for all items the sum of the squares of the persons' sizes.
 */
export function walkFrom({ interactions, holders, personWeight }: Walk, item: number, row: WalkRow): number {
  const { sums, touched } = row;
  const { starts, itemOf } = interactions;
  let touchedCount = 0;
  for (let h = holders.starts[item]!; h < holders.starts[item + 1]!; h++) {
    const person = holders.itemOf[h]!;
    const weight = personWeight[person]!;
    for (let at = starts[person]!; at < starts[person + 1]!; at++) {
      const other = itemOf[at]!;
      if (sums[other] === 0) touched[touchedCount++] = other;
      sums[other]! += weight;
    }
  }
  return touchedCount;
}

export function clear({ sums, touched }: WalkRow, touchedCount: number): void {
  for (let t = 0; t < touchedCount; t++) sums[touched[t]!] = 0;
}
