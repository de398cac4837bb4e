import type { Bins } from "./bins.ts";
import type { Histogram } from "./histogram.ts";

/** What a leaf is, as far as seeking its best split goes. `low` and `high` bound its value (monotone columns). */
export type Leaf = {
  readonly slope: number;
  readonly curve: number;
  readonly rows: number;
  readonly low: number;
  readonly high: number;
};

/** How a leaf parts. Rows of the bins 1 to `bin` go left, or of the bins marked in `leftBins`. */
export type Split = {
  readonly column: number;
  readonly gain: number;
  readonly bin: number;
  readonly missingLeft: boolean;
  readonly leftBins: Uint8Array | undefined;
  readonly leftSlope: number;
  readonly leftCurve: number;
  /** Added to the curvature in both leaves' values. */
  readonly l2: number;
};

export type SplitRules = {
  readonly rowsPerLeafMin: number;
  readonly curvePerLeafMin: number;
  readonly l2: number;
  readonly gainMin: number;
  /** Categories: pull to the mean, extra l2, the most on one side, rows before one counts. */
  readonly categorySmooth: number;
  readonly categoryL2: number;
  readonly categoriesPerSplitMax: number;
  readonly rowsPerCategoriesMin: number;
};

/** With so few bins each category is tried alone. */
const aloneMax = 5;

/** A leaf's value: the Newton step, within the leaf's bounds. */
export function leafValue(
  slope: number,
  curve: number,
  l2: number,
  { low, high }: { low: number; high: number },
): number {
  return Math.min(high, Math.max(low, -slope / (curve + l2)));
}

/** How much the loss falls (twice) when the sums take this value. */
const fallOf = (slope: number, curve: number, l2: number, value: number): number =>
  -(2 * slope * value + (curve + l2) * value * value);

type Best = { -readonly [K in keyof Split]: Split[K] };

/**
 * The best split of a leaf on one column, if one gains more than `better.gain`; else `better`. Rows on each
 * side are estimated from curvature, as no count is kept. Cost: twice the bins; for categories, their sort.
 */
export function bestSplit(given: {
  readonly histogram: Histogram;
  readonly at: number;
  readonly bins: Bins;
  readonly column: number;
  readonly leaf: Leaf;
  readonly monotone: number;
  readonly rules: SplitRules;
  readonly better: Split;
}): Split {
  const { bins, leaf, rules, better } = given;
  if (bins.binCount < 2 || (bins.kind === "number" && bins.binCount < 3 && !hasMissing(given))) return better;
  const best: Best = { ...better };
  if (bins.kind === "category") {
    if (bins.binCount <= aloneMax) tryAlone(given, best);
    else trySorted(given, best);
  } else {
    const directions = hasMissing(given) ? [false, true] : [false];
    for (const missingLeft of directions) tryNumbers(given, missingLeft, best);
    // Nothing was missing here, so what is missing later goes where most rows go.
    if (directions.length === 1 && best.column === given.column && best.gain > better.gain) {
      best.missingLeft = best.leftCurve * 2 > leaf.curve;
    }
  }
  return best.gain > better.gain && best.gain > rules.gainMin ? best : better;
}

type Given = Parameters<typeof bestSplit>[0];

const hasMissing = ({ histogram, at }: Given): boolean => histogram[at + 1]! > 0;

function tryNumbers(
  { histogram, at, bins, column, leaf, monotone, rules }: Given,
  missingLeft: boolean,
  best: Best,
) {
  const { slope, curve, rows } = leaf;
  const { l2, curvePerLeafMin } = rules;
  const curveMin = Math.max(curvePerLeafMin, (rules.rowsPerLeafMin - 0.5) * (curve / rows));
  const before = fallOf(slope, curve, l2, leafValue(slope, curve, l2, leaf));
  const isFree =
    leaf.low === Number.NEGATIVE_INFINITY && leaf.high === Number.POSITIVE_INFINITY && monotone === 0;
  let leftSlope = missingLeft ? histogram[at]! : 0;
  let leftCurve = missingLeft ? histogram[at + 1]! : 0;
  // The last bin may go left only where what is missing stays right, and the other way round.
  const last = missingLeft || !(histogram[at + 1]! > 0) ? bins.binCount - 2 : bins.binCount - 1;
  for (let bin = missingLeft ? 0 : 1; bin <= last; bin++) {
    if (bin > 0) {
      leftSlope += histogram[at + 2 * bin]!;
      leftCurve += histogram[at + 2 * bin + 1]!;
    }
    if (leftCurve < curveMin) continue;
    const rightCurve = curve - leftCurve;
    if (rightCurve < curveMin) break;
    const rightSlope = slope - leftSlope;
    let gain: number;
    if (isFree) {
      gain =
        (leftSlope * leftSlope) / (leftCurve + l2) + (rightSlope * rightSlope) / (rightCurve + l2) - before;
    } else {
      const left = leafValue(leftSlope, leftCurve, l2, leaf);
      const right = leafValue(rightSlope, rightCurve, l2, leaf);
      if (monotone * (right - left) < 0) continue;
      gain = fallOf(leftSlope, leftCurve, l2, left) + fallOf(rightSlope, rightCurve, l2, right) - before;
    }
    if (gain > best.gain) {
      Object.assign(best, { column, gain, bin, missingLeft, leftBins: undefined, leftSlope, leftCurve, l2 });
    }
  }
}

/** Each category against all others. */
function tryAlone(given: Given, best: Best) {
  const { histogram, at, bins } = given;
  for (let bin = 1; bin < bins.binCount; bin++) {
    offer(
      given,
      { left: [bin], slope: histogram[at + 2 * bin]!, curve: histogram[at + 2 * bin + 1]! },
      given.rules.l2,
      best,
    );
  }
}

/**
 * Categories sorted by slope over curvature: the best subset is then near a prefix or a suffix (Fisher 1958).
 */
function trySorted(given: Given, best: Best) {
  const { histogram, at, bins, leaf, rules } = given;
  const { categorySmooth, categoriesPerSplitMax, rowsPerCategoriesMin } = rules;
  const rowsPerCurve = leaf.rows / leaf.curve;
  const keyOf = (bin: number) => histogram[at + 2 * bin]! / (histogram[at + 2 * bin + 1]! + categorySmooth);
  const rowsOf = (bin: number) => histogram[at + 2 * bin + 1]! * rowsPerCurve;
  const sorted: number[] = [];
  for (let bin = 1; bin < bins.binCount; bin++) if (rowsOf(bin) >= categorySmooth) sorted.push(bin);
  sorted.sort((a, b) => keyOf(a) - keyOf(b) || a - b);
  const most = Math.min(categoriesPerSplitMax, (sorted.length + 1) >> 1);
  for (const from of [sorted, sorted.toReversed()]) {
    const left: number[] = [];
    let [slope, curve, fresh] = [0, 0, 0];
    for (const bin of from.slice(0, most)) {
      left.push(bin);
      slope += histogram[at + 2 * bin]!;
      curve += histogram[at + 2 * bin + 1]!;
      fresh += rowsOf(bin);
      if (leaf.rows - curve * rowsPerCurve < rowsPerCategoriesMin) break;
      if (fresh < rowsPerCategoriesMin) continue;
      if (offer(given, { left, slope, curve }, rules.l2 + rules.categoryL2, best)) fresh = 0;
    }
  }
}

/** Takes the bins on the left if both sides are large enough and it is the best; true when they are. */
function offer(
  { column, leaf, rules, bins }: Given,
  side: { readonly left: readonly number[]; readonly slope: number; readonly curve: number },
  l2: number,
  best: Best,
): boolean {
  const curveMin = Math.max(rules.curvePerLeafMin, (rules.rowsPerLeafMin - 0.5) * (leaf.curve / leaf.rows));
  const rightCurve = leaf.curve - side.curve;
  if (side.curve < curveMin || rightCurve < curveMin) return false;
  const rightSlope = leaf.slope - side.slope;
  const left = leafValue(side.slope, side.curve, l2, leaf);
  const right = leafValue(rightSlope, rightCurve, l2, leaf);
  const before = fallOf(leaf.slope, leaf.curve, rules.l2, leafValue(leaf.slope, leaf.curve, rules.l2, leaf));
  const gain = fallOf(side.slope, side.curve, l2, left) + fallOf(rightSlope, rightCurve, l2, right) - before;
  if (gain > best.gain) {
    const leftBins = new Uint8Array(bins.binCount);
    for (const bin of side.left) leftBins[bin] = 1;
    const leftSums = { leftSlope: side.slope, leftCurve: side.curve };
    Object.assign(best, { column, gain, bin: 0, missingLeft: false, leftBins, ...leftSums, l2 });
  }
  return true;
}
