import { topOf } from "../arrays/top.ts";
import type { Tally } from "./tally.ts";
import type { Trails } from "./trails.ts";

/** So many items of a step are walked on from; more added nothing on Diginetica. */
const spread = 20;

/** Adds `weight` times the chance of each neighbour of the item. */
export function stepFrom(
  { width, nearOf, weightOf, totalOf }: Trails,
  item: number,
  weight: number,
  out: Tally,
): void {
  const share = weight / totalOf[item]!;
  const end = (item + 1) * width;
  for (let at = item * width; at < end && nearOf[at] !== -1; at++)
    out.add(nearOf[at]!, share * weightOf[at]!);
}

/** Steps on from the heaviest of `from` into `out`: what is near to what is near. */
export function walkOn(trails: Trails): (from: Tally, out: Tally) => void {
  const heaviest = topOf(spread);
  const items = new Int32Array(spread);
  return (from, out) => {
    for (let at = 0; at < from.count(); at++)
      heaviest.offer(from.touched[at]!, from.values[from.touched[at]!]!);
    const count = heaviest.take(items);
    for (let at = 0; at < count; at++) stepFrom(trails, items[at]!, from.values[items[at]!]!, out);
  };
}
