import { assert } from "@trato/base";

/** Which group each row belongs to: the item, the store, the week. Groups are numbered from 0. */
export type Grouping = { readonly of: Int32Array; readonly count: number };

/** Numbers a list of any whole numbers as groups, by ascending number. */
export function groupingOf(values: ArrayLike<number>): Grouping {
  const found = [...new Set(Array.from(values))].sort((a, b) => a - b);
  const at = new Map(found.map((value, i) => [value, i]));
  return { of: Int32Array.from(values, (value) => at.get(value)!), count: found.length };
}

/** A constant, and an effect per group of each grouping, whose sum is nearest to the target. */
export type Effects = {
  readonly constant: number;
  readonly effects: readonly Float64Array[];
  readonly sweeps: number;
};

/** For each group, the groups of another grouping that it meets, and in how many rows. */
type Meetings = { readonly starts: Int32Array; readonly others: Int32Array; readonly counts: Float64Array };

/** What of the rows every fit on the same groupings shares. */
export type Crossing = {
  readonly groupings: readonly Grouping[];
  readonly sizes: readonly Float64Array[];
  /** [a][b]: what groups of a meet of b; absent for a = b. */
  readonly meetings: readonly (readonly (Meetings | undefined)[])[];
};

/** Counts which groups meet. Cost: a few passes per pair of groupings; memory for the pairs that meet. */
export function crossingOf(groupings: readonly Grouping[]): Crossing {
  const rowCount = groupings[0]?.of.length ?? 0;
  for (const { of, count } of groupings) {
    assert(of.length === rowCount, "every grouping has a group for every row");
    for (const group of of) assert(group >= 0 && group < count, "groups are numbered from 0");
  }
  const sorted = groupings.map(rowsByGroup);
  const meetings = groupings.map((_, a) =>
    groupings.map((other, b) => (a === b ? undefined : meetingsOf(sorted[a]!, other))),
  );
  const sizes = sorted.map(({ starts }) =>
    Float64Array.from({ length: starts.length - 1 }, (_, g) => starts[g + 1]! - starts[g]!),
  );
  return { groupings, sizes, meetings };
}

function rowsByGroup({ of, count }: Grouping): { starts: Int32Array; rows: Int32Array } {
  const starts = new Int32Array(count + 1);
  for (const group of of) starts[group + 1]!++;
  for (let g = 0; g < count; g++) starts[g + 1]! += starts[g]!;
  const next = starts.slice();
  const rows = new Int32Array(of.length);
  for (let row = 0; row < of.length; row++) rows[next[of[row]!]!++] = row;
  return { starts, rows };
}

function meetingsOf(
  { starts, rows }: { starts: Int32Array; rows: Int32Array },
  { of, count }: Grouping,
): Meetings {
  const groups = starts.length - 1;
  const tally = new Float64Array(count);
  const [others, counts]: [number[], number[]] = [[], []];
  const outStarts = new Int32Array(groups + 1);
  for (let g = 0; g < groups; g++) {
    const met: number[] = [];
    for (let at = starts[g]!; at < starts[g + 1]!; at++) {
      const other = of[rows[at]!]!;
      if (tally[other]! === 0) met.push(other);
      tally[other]!++;
    }
    for (const other of met) {
      others.push(other);
      counts.push(tally[other]!);
      tally[other] = 0;
    }
    outStarts[g + 1] = others.length;
  }
  return { starts: outStarts, others: Int32Array.from(others), counts: Float64Array.from(counts) };
}

export type EffectsOptions = {
  /** A pull of every effect to 0, as strong as so many rows; default 0. Groups of few rows then lean on the rest. */
  readonly l2?: number;
  /** Ends when a sweep changes no effect by more than this share of the target's deviation; default 1e-9. */
  readonly tolerance?: number;
  readonly sweepsMax?: number;
};

/**
 * Alternating projections: each grouping in turn takes what the others leave. It is done on the table of which groups
 * meet, not on the rows: a sweep costs the pairs that meet, some hundred thousand instead of millions.
 *
 * Sources: Guimarães, Portugal, "A simple feasible procedure to fit models with high-dimensional fixed effects",
 * 2010; it is Gauss–Seidel on the normal equations. Not for groupings that hardly meet (each worker in one firm):
 * sweeps then number thousands; it throws when they pass `sweepsMax` (10,000).
 */
export function fitEffects(crossing: Crossing, target: Float64Array, options: EffectsOptions = {}): Effects {
  const { l2 = 0, tolerance = 1e-9, sweepsMax = 10_000 } = options;
  const { groupings, sizes, meetings } = crossing;
  const rowCount = target.length;
  assert(
    groupings.every(({ of }) => of.length === rowCount),
    "there is a target for every row",
  );
  const constant = rowCount === 0 ? 0 : target.reduce((a, b) => a + b, 0) / rowCount;
  const sums = groupings.map(({ of, count }) => {
    const sum = new Float64Array(count);
    for (let row = 0; row < rowCount; row++) sum[of[row]!]! += target[row]! - constant;
    return sum;
  });
  const deviation = Math.sqrt(
    target.reduce((sum, y) => sum + (y - constant) ** 2, 0) / Math.max(1, rowCount),
  );
  const largest = target.reduce((most, y) => Math.max(most, Math.abs(y)), 0);
  // Below the last digits of the target there is nothing to settle.
  const settled = Math.max(tolerance * deviation, 1e-14 * largest, 1e-300);
  const effects = groupings.map(({ count }) => new Float64Array(count));
  const leftFor = (a: number, g: number, shift: number) => {
    let left = sums[a]![g]! - sizes[a]![g]! * shift;
    for (let b = 0; b < groupings.length; b++) {
      const table = meetings[a]![b];
      if (table === undefined) continue;
      const { starts, others, counts } = table;
      for (let at = starts[g]!; at < starts[g + 1]!; at++) left -= counts[at]! * effects[b]![others[at]!]!;
    }
    return left;
  };
  let shift = 0;
  for (let sweep = 1; sweep <= sweepsMax && rowCount > 0; sweep++) {
    let moved = 0;
    for (let a = 0; a < groupings.length; a++) {
      const own = effects[a]!;
      const before = own.slice();
      let middle = 0;
      for (let g = 0; g < own.length; g++) {
        own[g] = leftFor(a, g, shift) / (sizes[a]![g]! + l2 || 1);
        middle += (sizes[a]![g]! * own[g]!) / rowCount;
      }
      // What all groups of a grouping share belongs to the constant: passed around, it would take for ever to settle.
      shift += middle;
      for (let g = 0; g < own.length; g++) {
        if (sizes[a]![g]! > 0) own[g]! -= middle;
        moved = Math.max(moved, Math.abs(own[g]! - before[g]!));
      }
    }
    if (moved <= settled || groupings.length === 1) {
      return { constant: constant + shift, effects, sweeps: sweep };
    }
  }
  if (groupings.length === 0 || rowCount === 0) return { constant, effects, sweeps: 0 };
  throw new Error(
    `The effects still moved after ${sweepsMax} sweeps: groups meet too seldom; give l2 above 0.`,
  );
}

/** The target less the effects of each row's groups: what they leave. */
export function residuals(
  { groupings }: Crossing,
  target: Float64Array,
  { constant, effects }: Effects,
): Float64Array {
  const left = target.map((y) => y - constant);
  for (const [a, { of }] of groupings.entries()) {
    const own = effects[a]!;
    for (let row = 0; row < left.length; row++) left[row]! -= own[of[row]!]!;
  }
  return left;
}
