/**
 * Puts one in its place among the `most` best so far, which are sorted; what falls off the end is returned, the one
 * itself when it is not among them. For a few of many this takes a fraction of a whole sort.
 */
export function keepBest<One>(
  best: One[],
  one: One,
  most: number,
  comesBefore: (one: One, other: One) => boolean,
): One | undefined {
  const isFull = best.length >= most;
  if (isFull && (most === 0 || !comesBefore(one, best[most - 1]!))) return one;
  const last = isFull ? best[most - 1] : undefined;
  let at = isFull ? most - 1 : best.length;
  for (; at > 0 && comesBefore(one, best[at - 1]!); at--) best[at] = best[at - 1]!;
  best[at] = one;
  return last;
}
