import type { Binned, Bins } from "./bins.ts";
import { subtract } from "./histogram.ts";
import { type Room, roomFor } from "./room.ts";
import { bestSplit, type Leaf, leafValue, type Split, type SplitRules } from "./split.ts";

/** One tree in terms of bins. Node 0 is the root; a node without a split is a leaf. */
export type Grown = {
  readonly nodes: readonly GrownNode[];
  /** The drawn rows, leaf by leaf: a leaf holds `rows[from .. to)`. The next tree overwrites them. */
  readonly rows: Int32Array;
};

export type GrownNode = {
  split: Split | undefined;
  left: number;
  right: number;
  value: number;
  readonly from: number;
  to: number;
  readonly low: number;
  readonly high: number;
};

export type GrowRules = SplitRules & { readonly leavesMax: number; readonly depthMax: number };

/** What stays from tree to tree: the binned table, and room to work in. */
export type Ground = {
  readonly binned: Binned;
  readonly bins: readonly Bins[];
  /** Where each column's part of a histogram begins. */
  readonly starts: Int32Array;
  /** 1 where what is said must not fall as the column grows, -1 where it must not rise. */
  readonly monotone: Int8Array;
  readonly rules: GrowRules;
  readonly room: Room;
  readonly spare: Int32Array;
};

type Open = Leaf & {
  readonly node: number;
  readonly depth: number;
  /** Which of the room's histograms is its own. */
  readonly histogram: number;
  best: Split;
};

export function groundOf(
  binned: Binned,
  bins: readonly Bins[],
  monotone: Int8Array,
  rules: GrowRules,
): Ground {
  const starts = new Int32Array(bins.length);
  let length = 0;
  for (const [column, { binCount }] of bins.entries()) {
    starts[column] = length;
    length += 2 * binCount;
  }
  const room = roomFor(binned, starts, { length, leavesMax: rules.leavesMax });
  return {
    binned,
    bins,
    starts,
    monotone,
    rules,
    room,
    spare: new Int32Array(binned.rowCount),
  };
}

const noSplit: Split = {
  column: -1,
  gain: Number.NEGATIVE_INFINITY,
  bin: 0,
  missingLeft: false,
  leftBins: undefined,
  leftSlope: 0,
  leftCurve: 0,
  l2: 0,
};

/**
 * Grows one tree, each time parting the leaf that gains most, until there are `leavesMax` or none gains.
 * `slopes` are interleaved per row of the table; `rows` (reordered here) and `columns` are what was drawn.
 *
 * Cost: rows × columns × about half the depth. Source: Shi, "Best-first decision tree learning", 2007.
 */
export function growTree(
  ground: Ground,
  { slopes, rows: drawn, columns }: { slopes: Float64Array; rows: Int32Array; columns: Int32Array },
): Grown {
  const { rules, room } = ground;
  const rows = room.order.subarray(0, drawn.length);
  rows.set(drawn);
  const [slope, curve] = sumOf(slopes, rows);
  const unbounded = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
  const value = leafValue(slope, curve, rules.l2, unbounded);
  const nodes: GrownNode[] = [
    { split: undefined, left: -1, right: -1, value, from: 0, to: rows.length, ...unbounded },
  ];
  const root = {
    slope,
    curve,
    rows: rows.length,
    ...unbounded,
    node: 0,
    depth: 0,
    histogram: 0,
    best: noSplit,
  };
  fillHistogram(ground, root.histogram, { slopes, columns, from: 0, to: rows.length });
  seek(ground, root, columns);
  const open: Open[] = [root];
  while (open.length < rules.leavesMax) {
    let most = 0;
    for (let i = 1; i < open.length; i++) if (open[i]!.best.gain > open[most]!.best.gain) most = i;
    const parent = open[most]!;
    if (parent.best.column < 0) break;
    const [left, right] = part(ground, parent, nodes, { rows, free: open.length });
    open[most] = left;
    open.push(right);
    if (open.length === rules.leavesMax) break;
    const [smaller, larger] = left.rows <= right.rows ? [left, right] : [right, left];
    const { from, to } = nodes[smaller.node]!;
    // Neither child can part again: no histogram is needed.
    if (larger.rows < 2 * rules.rowsPerLeafMin || larger.depth >= rules.depthMax) continue;
    fillHistogram(ground, smaller.histogram, { slopes, columns, from, to });
    subtract(
      room.histograms[larger.histogram]!,
      room.histograms[parent.histogram]!,
      room.histograms[smaller.histogram]!,
    );
    seek(ground, smaller, columns);
    seek(ground, larger, columns);
  }
  return { nodes, rows };
}

function sumOf(slopes: Float64Array, rows: Int32Array): [number, number] {
  let [slope, curve] = [0, 0];
  for (const row of rows) {
    slope += slopes[2 * row]!;
    curve += slopes[2 * row + 1]!;
  }
  return [slope, curve];
}

function fillHistogram(
  { room }: Ground,
  histogram: number,
  given: { slopes: Float64Array; columns: Int32Array; from: number; to: number },
): void {
  const { slopes, columns, from, to } = given;
  const { order, gathered } = room;
  room.histograms[histogram]!.fill(0);
  for (let i = from, j = 0; i < to; i++, j += 2) {
    const row = 2 * order[i]!;
    gathered[j] = slopes[row]!;
    gathered[j + 1] = slopes[row + 1]!;
  }
  room.add(histogram, columns, { from, to });
}

/** Sets the leaf's best split. */
function seek({ bins, starts, monotone, rules, room }: Ground, leaf: Open, columns: Int32Array): void {
  leaf.best = noSplit;
  if (leaf.rows < 2 * rules.rowsPerLeafMin || leaf.depth >= rules.depthMax) return;
  const histogram = room.histograms[leaf.histogram]!;
  for (const column of columns) {
    const at = starts[column]!;
    const given = { histogram, at, bins: bins[column]!, column, leaf, monotone: monotone[column]!, rules };
    leaf.best = bestSplit({ ...given, better: leaf.best });
  }
}

/** Parts a leaf: moves its rows, adds two nodes. The larger child takes over the parent's histogram. */
function part(
  ground: Ground,
  parent: Open,
  nodes: GrownNode[],
  { rows, free }: { rows: Int32Array; free: number },
): [Open, Open] {
  const split = parent.best;
  const node = nodes[parent.node]!;
  const middle = moveRows(ground, rows, node, split);
  const { leftSlope, leftCurve, l2 } = split;
  const [slope, curve] = [parent.slope - leftSlope, parent.curve - leftCurve];
  const leftValue = leafValue(leftSlope, leftCurve, l2, parent);
  const rightValue = leafValue(slope, curve, l2, parent);
  const direction = ground.monotone[split.column]!;
  const between = (leftValue + rightValue) / 2;
  const { low, high } = parent;
  const leftBounds =
    direction > 0 ? { low, high: between } : direction < 0 ? { low: between, high } : { low, high };
  const rightBounds =
    direction > 0 ? { low: between, high } : direction < 0 ? { low, high: between } : { low, high };
  Object.assign(node, { split, left: nodes.length, right: nodes.length + 1 });
  const leaf = { split: undefined, left: -1, right: -1 };
  nodes.push({ ...leaf, value: leftValue, from: node.from, to: middle, ...leftBounds });
  nodes.push({ ...leaf, value: rightValue, from: middle, to: node.to, ...rightBounds });
  const [leftRows, rightRows] = [middle - node.from, node.to - middle];
  const [a, b] = leftRows <= rightRows ? [free, parent.histogram] : [parent.histogram, free];
  const depth = parent.depth + 1;
  const left = { slope: leftSlope, curve: leftCurve, rows: leftRows, ...leftBounds, histogram: a };
  const right = { slope, curve, rows: rightRows, ...rightBounds, histogram: b };
  return [
    { ...left, node: node.left, depth, best: noSplit },
    { ...right, node: node.right, depth, best: noSplit },
  ];
}

/** Left rows first, each side in its former sequence; returns where the right side begins. */
function moveRows(
  { binned, spare }: Ground,
  rows: Int32Array,
  { from, to }: GrownNode,
  split: Split,
): number {
  const goes = goesLeftOf(split);
  const bins = binned.columns[split.column]!;
  let [left, right] = [from, 0];
  for (let i = from; i < to; i++) {
    const row = rows[i]!;
    if (goes[bins[row]!]!) rows[left++] = row;
    else spare[right++] = row;
  }
  rows.set(spare.subarray(0, right), left);
  return left;
}

/** For each of 256 bins whether it goes left. */
function goesLeftOf({ bin, missingLeft, leftBins }: Split): Uint8Array {
  const goes = new Uint8Array(256);
  if (leftBins !== undefined) goes.set(leftBins);
  else {
    goes.fill(1, 1, bin + 1);
    goes[0] = missingLeft ? 1 : 0;
  }
  return goes;
}

/** Adds the tree's values, times `rate`, to the scores of all rows of a binned table. Cost: rows × depth. */
export function addScores(
  { nodes }: Grown,
  { columns, rowCount }: Binned,
  rate: number,
  scores: Float64Array,
): void {
  const goes = nodes.map(({ split }) => (split === undefined ? undefined : goesLeftOf(split)));
  const binsOf = nodes.map(({ split }) => columns[split?.column ?? 0]!);
  const lefts = Int32Array.from(nodes, ({ left }) => left);
  const rights = Int32Array.from(nodes, ({ right }) => right);
  const values = Float64Array.from(nodes, ({ value }) => value * rate);
  for (let row = 0; row < rowCount; row++) {
    let node = 0;
    while (lefts[node]! >= 0) node = goes[node]![binsOf[node]![row]!]! ? lefts[node]! : rights[node]!;
    scores[row]! += values[node]!;
  }
}
