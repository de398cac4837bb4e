import type { Column, Table } from "./table.ts";

/**
 * Each value becomes the number of a bin, so that a split is sought among 255 places instead of as many as
 * there are rows. Bin 0 is what is missing (of a category also what is rare); numbers are cut at quantiles.
 *
 * Cost: sorting a sample of each column. Source: Ke et al., "LightGBM", NIPS 2017. Not for a column whose
 * meaning lies within a 255th of its rows, such as a key.
 */
export type Bins = {
  readonly kind: Column["kind"];
  /** Bin b holds numbers above `uppers[b - 2]`, up to and with `uppers[b - 1]`; the last upper is infinite. */
  readonly uppers: Float64Array;
  /** The category of bin b is `categories[b - 1]`. */
  readonly categories: Int32Array;
  readonly binCount: number;
};

/** A column of bin numbers for every column of the table. */
export type Binned = { readonly rowCount: number; readonly columns: readonly Uint8Array[] };

const sampleMax = 200_000;

export function binsOf(column: Column, binsMax: number): Bins {
  if (column.kind === "category") return categoryBins(column, binsMax);
  const uppers = cutsOf(column, binsMax);
  return { kind: "number", uppers, categories: new Int32Array(0), binCount: uppers.length + 1 };
}

/** Bins a table by bins that were made from another of the same columns. */
export function binTable({ rowCount, columns }: Table, bins: readonly Bins[]): Binned {
  return { rowCount, columns: columns.map((column, at) => binColumn(column, bins[at]!)) };
}

function binColumn({ values }: Column, { kind, uppers, categories }: Bins): Uint8Array {
  const out = new Uint8Array(values.length);
  if (kind === "number") {
    const last = uppers.length - 1;
    for (let row = 0; row < values.length; row++) {
      const value = values[row]!;
      if (Number.isNaN(value)) continue;
      let [low, high] = [0, last];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (value <= uppers[middle]!) high = middle;
        else low = middle + 1;
      }
      out[row] = low + 1;
    }
    return out;
  }
  const binOf = new Map(Array.from(categories, (category, at) => [category, at + 1]));
  for (let row = 0; row < values.length; row++) out[row] = binOf.get(values[row]!) ?? 0;
  return out;
}

/** The most frequent categories, at most as many as there are bins, most frequent first. */
function categoryBins({ values }: Column, binsMax: number): Bins {
  const counts = new Map<number, number>();
  for (const value of values) if (value >= 0) counts.set(value, (counts.get(value) ?? 0) + 1);
  const sorted = [...counts].sort(([a, m], [b, n]) => n - m || a - b).slice(0, binsMax - 1);
  const categories = Int32Array.from(sorted, ([category]) => category);
  return { kind: "category", uppers: new Float64Array(0), categories, binCount: categories.length + 1 };
}

/** Distinct values each in a bin when they fit; else bins of about as many rows each, ties kept together. */
function cutsOf({ values }: Column, binsMax: number): Float64Array {
  const sorted = sample(values).sort();
  let rowsLeft = sorted.length;
  const [distinct, counts] = runsOf(sorted);
  const uppers: number[] = [];
  const room = binsMax - 1;
  let inBin = 0;
  for (let i = 0; i < distinct.length - 1; i++) {
    inBin += counts[i]!;
    const share = distinct.length <= room ? 1 : rowsLeft / (room - uppers.length);
    // A value that fills a bin of its own does not drag what stands before it along.
    const nextIsLarge = distinct.length > room && counts[i + 1]! >= share && inBin >= share / 2;
    if ((inBin < share && !nextIsLarge) || uppers.length === room - 1) continue;
    uppers.push(between(distinct[i]!, distinct[i + 1]!));
    rowsLeft -= inBin;
    inBin = 0;
  }
  return Float64Array.from([...uppers, Number.POSITIVE_INFINITY]);
}

/** The middle, or the lower value where nothing representable lies between. */
function between(low: number, high: number): number {
  const middle = low + (high - low) / 2;
  return middle < high ? middle : low;
}

function sample(values: Column["values"]): Float64Array {
  const step = Math.max(1, Math.ceil(values.length / sampleMax));
  const taken = new Float64Array(Math.ceil(values.length / step));
  let count = 0;
  for (let row = 0; row < values.length; row += step) {
    const value = values[row]!;
    if (!Number.isNaN(value)) taken[count++] = value;
  }
  return taken.subarray(0, count);
}

/** The distinct values of a sorted array, in place of its beginning, and how often each stands there. */
function runsOf(sorted: Float64Array): [Float64Array, Float64Array] {
  const counts = new Float64Array(sorted.length);
  let last = -1;
  for (const value of sorted) {
    if (last < 0 || sorted[last] !== value) sorted[++last] = value;
    counts[last]!++;
  }
  return [sorted.subarray(0, last + 1), counts];
}
