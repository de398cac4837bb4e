import { type Forest, goesLeft } from "./forest.ts";

/**
 * Each column's share in one row's score: its Shapley value, where a column that is not known is averaged
 * over the training rows that came by. Walks every path once, carrying for each column met how much of the
 * path is kept with it and without it.
 *
 * Cost: trees × leaves × depth². Source: Lundberg et al., "From local explanations to global understanding",
 * 2020, algorithm 2 (path-dependent). Not a statement about causes: of two columns that say the same, chance
 * decides which is credited.
 */
export type Attribution = {
  /** The mean score over the training rows. */
  readonly base: number;
  /** Adds the shares to `out`. */
  add(row: ArrayLike<number>, out: Float64Array): void;
};

/** A path's columns; entry i: the column, shares with it unknown (`zero`) and known (`one`), permutation weight. */
type Path = { column: Int32Array; zero: Float64Array; one: Float64Array; weight: Float64Array };

export function attributionOf(forest: Forest): Attribution {
  const { roots } = forest;
  const paths = Array.from({ length: depthOf(forest) + 2 }, (_, depth) => pathOf(depth + 1));
  let base = 0;
  for (const root of roots) base += meanBelow(forest, root);
  return {
    base,
    add(row, out) {
      for (const root of roots) {
        walk({ forest, row, out, paths }, { node: root, depth: 0, zero: 1, one: 1, column: -1, length: 0 });
      }
    },
  };
}

function pathOf(length: number): Path {
  return {
    column: new Int32Array(length + 1),
    zero: new Float64Array(length + 1),
    one: new Float64Array(length + 1),
    weight: new Float64Array(length + 1),
  };
}

/** Children come after their parents, so one pass upwards or downwards suffices. */
function depthOf({ left, right }: Forest): number {
  const depth = new Int32Array(left.length);
  let most = 0;
  for (let node = 0; node < left.length; node++) {
    most = Math.max(most, depth[node]!);
    if (left[node]! < 0) continue;
    depth[left[node]!] = depth[node]! + 1;
    depth[right[node]!] = depth[node]! + 1;
  }
  return most;
}

function meanBelow(forest: Forest, node: number): number {
  const { left, right, cover, value } = forest;
  if (left[node]! < 0) return value[node]!;
  const [a, b] = [left[node]!, right[node]!];
  return (cover[a]! * meanBelow(forest, a) + cover[b]! * meanBelow(forest, b)) / cover[node]!;
}

type Walk = { forest: Forest; row: ArrayLike<number>; out: Float64Array; paths: readonly Path[] };
type Step = { node: number; depth: number; zero: number; one: number; column: number; length: number };

function walk(given: Walk, { node, depth, zero, one, column, length }: Step): void {
  const { forest, row, out, paths } = given;
  const path = paths[depth]!;
  if (depth > 0) copy(paths[depth - 1]!, path, length);
  extend(path, length, { zero, one, column });
  const { left, right, cover, value } = forest;
  if (left[node]! < 0) {
    for (let i = 1; i <= length; i++) {
      const weight = weightWithout(path, length, i);
      out[path.column[i]!]! += weight * (path.one[i]! - path.zero[i]!) * value[node]!;
    }
    return;
  }
  const asked = forest.column[node]!;
  const isLeft = goesLeft(forest, node, row[asked]!);
  const [hot, cold] = isLeft ? [left[node]!, right[node]!] : [right[node]!, left[node]!];
  let [zeroBefore, oneBefore, next] = [1, 1, length + 1];
  for (let i = 1; i <= length; i++) {
    if (path.column[i] !== asked) continue;
    [zeroBefore, oneBefore] = [path.zero[i]!, path.one[i]!];
    unwind(path, length, i);
    next = length;
    break;
  }
  const step = { depth: depth + 1, column: asked, length: next };
  walk(given, { ...step, node: hot, zero: (zeroBefore * cover[hot]!) / cover[node]!, one: oneBefore });
  // The walk below has its own path, so this one is still as it was.
  walk(given, { ...step, node: cold, zero: (zeroBefore * cover[cold]!) / cover[node]!, one: 0 });
}

function copy(from: Path, to: Path, length: number): void {
  for (let i = 0; i < length; i++) {
    to.column[i] = from.column[i]!;
    to.zero[i] = from.zero[i]!;
    to.one[i] = from.one[i]!;
    to.weight[i] = from.weight[i]!;
  }
}

/** Adds a column at the end; `length` is how many there were. */
function extend(
  { column, zero, one, weight }: Path,
  length: number,
  add: { zero: number; one: number; column: number },
) {
  column[length] = add.column;
  zero[length] = add.zero;
  one[length] = add.one;
  weight[length] = length === 0 ? 1 : 0;
  for (let i = length - 1; i >= 0; i--) {
    weight[i + 1]! += (add.one * weight[i]! * (i + 1)) / (length + 1);
    weight[i] = (add.zero * weight[i]! * (length - i)) / (length + 1);
  }
}

/** Takes the column at `at` out again; `last` is the index of the last. */
function unwind({ column, zero, one, weight }: Path, last: number, at: number): void {
  const [z, o] = [zero[at]!, one[at]!];
  let next = weight[last]!;
  for (let i = last - 1; i >= 0; i--) {
    if (o !== 0) {
      const before = weight[i]!;
      weight[i] = (next * (last + 1)) / ((i + 1) * o);
      next = before - (weight[i]! * z * (last - i)) / (last + 1);
    } else {
      weight[i] = (weight[i]! * (last + 1)) / (z * (last - i));
    }
  }
  for (let i = at; i < last; i++) {
    column[i] = column[i + 1]!;
    zero[i] = zero[i + 1]!;
    one[i] = one[i + 1]!;
  }
}

/** The sum of the weights as if the column at `at` were taken out. */
function weightWithout({ zero, one, weight }: Path, last: number, at: number): number {
  const [z, o] = [zero[at]!, one[at]!];
  let [sum, next] = [0, weight[last]!];
  for (let i = last - 1; i >= 0; i--) {
    if (o !== 0) {
      const own = (next * (last + 1)) / ((i + 1) * o);
      sum += own;
      next = weight[i]! - (own * z * (last - i)) / (last + 1);
    } else {
      sum += (weight[i]! * (last + 1)) / (z * (last - i));
    }
  }
  return sum;
}
