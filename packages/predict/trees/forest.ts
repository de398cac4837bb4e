import { assert } from "@trato/base";
import type { FlatArray } from "../arrays/bytes.ts";
import type { Bins } from "./bins.ts";
import type { Grown } from "./grow.ts";
import type { Table } from "./table.ts";

/**
 * Trees as flat arrays over raw values, all nodes of all trees in one numbering. A row goes left at a number
 * when it is at most the threshold, at a category when it is in the node's set.
 */
export type Forest = {
  readonly columnCount: number;
  /** The first node of each tree. */
  readonly roots: Int32Array;
  /** -1 at a leaf. */
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly column: Int32Array;
  /** At a category: where its set begins in `sets`. */
  readonly threshold: Float64Array;
  /** 1: what is missing goes left; 2: a category. */
  readonly flags: Uint8Array;
  readonly value: Float64Array;
  /** How many rows of the training came by. */
  readonly cover: Float64Array;
  /** Per set: how many words follow, then 32 categories a word. */
  readonly sets: Int32Array;
};

const missingLeft = 1;
const isCategory = 2;

/** Whether a row with this value goes left at a node. */
export function goesLeft(forest: Forest, node: number, value: number): boolean {
  const flags = forest.flags[node]!;
  if (flags & isCategory) {
    if (!(value >= 0)) return false;
    const at = forest.threshold[node]!;
    const word = value >>> 5;
    return word < forest.sets[at]! && (forest.sets[at + 1 + word]! & (1 << (value & 31))) !== 0;
  }
  return Number.isNaN(value) ? (flags & missingLeft) !== 0 : value <= forest.threshold[node]!;
}

/** The sum of the leaves' values that a row ends in, from the tree `from` on. Cost: trees × depth, 10 ns each. */
export function sumOfLeaves(forest: Forest, row: ArrayLike<number>, from = 0): number {
  const { roots, left, right, column, value } = forest;
  let sum = 0;
  for (let tree = from; tree < roots.length; tree++) {
    let node = roots[tree]!;
    while (left[node]! >= 0) node = goesLeft(forest, node, row[column[node]!]!) ? left[node]! : right[node]!;
    sum += value[node]!;
  }
  return sum;
}

/** The same for every row of a table, added to `out`. */
export function addSums(forest: Forest, { rowCount, columns }: Table, out: Float64Array): void {
  const row = new Float64Array(columns.length);
  for (let at = 0; at < rowCount; at++) {
    for (let column = 0; column < columns.length; column++) row[column] = columns[column]!.values[at]!;
    out[at]! += sumOfLeaves(forest, row);
  }
}

/** Lays grown trees out over raw values; each tree's values are multiplied by `rate`. */
export function forestOf(trees: readonly Grown[], bins: readonly Bins[], rate: number): Forest {
  const nodeCount = trees.reduce((sum, { nodes }) => sum + nodes.length, 0);
  const roots = new Int32Array(trees.length);
  const [left, right, column] = [0, 1, 2].map(() => new Int32Array(nodeCount).fill(-1)) as Int32Array[];
  const [threshold, value, cover] = [0, 1, 2].map(() => new Float64Array(nodeCount)) as Float64Array[];
  const flags = new Uint8Array(nodeCount);
  const sets: number[] = [];
  let at = 0;
  for (const [tree, { nodes }] of trees.entries()) {
    const root = at;
    roots[tree] = root;
    for (const node of nodes) {
      value![at] = node.value * rate;
      cover![at] = node.to - node.from;
      if (node.split !== undefined) {
        const own = bins[node.split.column]!;
        left![at] = root + node.left;
        right![at] = root + node.right;
        column![at] = node.split.column;
        flags[at] = (node.split.missingLeft ? missingLeft : 0) | (own.kind === "category" ? isCategory : 0);
        threshold![at] = own.kind === "category" ? sets.length : upperOf(own, node.split.bin);
        if (node.split.leftBins !== undefined) sets.push(...setOf(own, node.split.leftBins));
      }
      at++;
    }
  }
  return {
    columnCount: bins.length,
    roots,
    left: left!,
    right: right!,
    column: column!,
    threshold: threshold!,
    flags,
    value: value!,
    cover: cover!,
    sets: Int32Array.from(sets),
  };
}

/** Bin 0 alone on the left: only what is missing goes there. */
function upperOf({ uppers }: Bins, bin: number): number {
  return bin === 0 ? Number.NEGATIVE_INFINITY : uppers[bin - 1]!;
}

function setOf({ categories }: Bins, leftBins: Uint8Array): number[] {
  const members = [...categories].filter((_, at) => leftBins[at + 1] === 1);
  const words = new Int32Array((Math.max(...members) >>> 5) + 1);
  for (const category of members) words[category >>> 5]! |= 1 << (category & 31);
  return [words.length, ...words];
}

/** The forest's arrays, for `writeArrays`. */
export function forestArrays(forest: Forest): FlatArray[] {
  const { columnCount, roots, left, right, column, threshold, flags, value, cover, sets } = forest;
  return [Int32Array.of(columnCount), roots, left, right, column, threshold, flags, value, cover, sets];
}

/** Reads them back; throws when a child, a column or a set lies outside. */
export function forestFromArrays(arrays: readonly FlatArray[]): Forest {
  const [count, roots, left, right, column, threshold, flags, value, cover, sets] = arrays;
  const whole = [count, roots, left, right, column, sets].every((array) => array instanceof Int32Array);
  const doubles = [threshold, value, cover].every((array) => array instanceof Float64Array);
  assert(arrays.length === 10 && whole && doubles && flags instanceof Uint8Array, "a forest has ten arrays");
  const forest = {
    columnCount: count![0]!,
    roots,
    left,
    right,
    column,
    threshold,
    flags,
    value,
    cover,
    sets,
  };
  checkForest(forest as Forest);
  return forest as Forest;
}

function checkForest({
  columnCount,
  roots,
  left,
  right,
  column,
  threshold,
  flags,
  sets,
  ...rest
}: Forest): void {
  const nodeCount = left.length;
  for (const array of [right, column, threshold, flags, rest.value, rest.cover]) {
    assert(array.length === nodeCount, "every node has all its numbers");
  }
  const isNode = (node: number) => node >= 0 && node < nodeCount;
  assert(roots.every(isNode), "every tree begins at a node");
  for (let node = 0; node < nodeCount; node++) {
    if (left[node]! < 0) continue;
    // Children come after their parent: a walk ends.
    assert(
      [left[node]!, right[node]!].every((child) => child > node && isNode(child)),
      "children are nodes",
    );
    assert(column[node]! >= 0 && column[node]! < columnCount, "a node asks for a column");
    if ((flags[node]! & isCategory) === 0) continue;
    const at = threshold[node]!;
    assert(at >= 0 && at < sets.length && at + sets[at]! < sets.length, "a set lies within the sets");
  }
}
