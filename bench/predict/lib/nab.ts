import { readRows } from "./data.ts";

/** One stream of the Numenta Anomaly Benchmark; a window is the first and last row of an incident. */
export type Stream = {
  readonly name: string;
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
  readonly windows: readonly (readonly [number, number])[];
  /** Rows at the beginning that are not scored. */
  readonly probationRows: number;
};

export type Profile = {
  readonly truePositive: number;
  readonly falsePositive: number;
  readonly missed: number;
};

export const profiles = {
  standard: { truePositive: 1, falsePositive: 0.11, missed: 1 },
  lowFalsePositive: { truePositive: 1, falsePositive: 0.22, missed: 1 },
  lowFalseNegative: { truePositive: 1, falsePositive: 0.11, missed: 2 },
} as const satisfies Record<string, Profile>;

const timeMsOf = (text: string): number => Date.parse(`${text.slice(0, 19).replace(" ", "T")}Z`);

export function readStreams(): Stream[] {
  const points = Map.groupBy(readRows("nab/nab.csv.gz").rows, ([file = ""]) => file);
  const windows = Map.groupBy(readRows("nab/windows.csv.gz").rows, ([file = ""]) => file);
  return [...points].map(([name, rows]) => {
    const timesMs = Float64Array.from(rows, ([, time = ""]) => timeMsOf(time));
    const spans = (windows.get(name) ?? []).map(([, start = "", end = ""]) => {
      const from = timesMs.findIndex((time) => time >= timeMsOf(start));
      return [from, timesMs.findLastIndex((time) => time <= timeMsOf(end))] as const;
    });
    return {
      name,
      timesMs,
      values: Float64Array.from(rows, ([, , value]) => Number(value)),
      windows: spans.sort(([a], [b]) => a - b),
      probationRows: Math.min(Math.floor(0.15 * rows.length), 750),
    };
  });
}

/** 1 well before the end of a window, 0 at it, -1 long after. */
const worth = (position: number): number => 2 / (1 + Math.exp(5 * position)) - 1;

type Row = { readonly score: number; readonly window: number; readonly worth: number };

/** The final score of all streams at the best single threshold, or at the one given. 100 is perfect, 0 is silence. */
export function nabScore(
  streams: readonly Stream[],
  scores: readonly Float64Array[],
  { truePositive, falsePositive, missed }: Profile,
  threshold?: number,
): number {
  const rows = rowsOf(streams, scores).sort((a, b) => b.score - a.score);
  const windowCount = streams.reduce((sum, { windows }) => sum + windows.length, 0);
  const best = new Float64Array(windowCount).fill(-missed);
  let raw = -missed * windowCount;
  let most = raw;
  for (const [at, row] of rows.entries()) {
    if (threshold !== undefined && row.score < threshold) break;
    if (row.window < 0) raw += falsePositive * row.worth;
    else if (truePositive * row.worth > best[row.window]!) {
      raw += truePositive * row.worth - best[row.window]!;
      best[row.window] = truePositive * row.worth;
    }
    // Rows of one score are told together.
    if (rows[at + 1]?.score !== row.score) most = threshold === undefined ? Math.max(most, raw) : raw;
  }
  return (100 * (most + windowCount * missed)) / (windowCount * (truePositive + missed));
}

/** What each row would be worth if it were told. */
function rowsOf(streams: readonly Stream[], scores: readonly Float64Array[]): Row[] {
  const rows: Row[] = [];
  let before = 0;
  for (const [at, { values, windows, probationRows }] of streams.entries()) {
    for (let row = probationRows; row < values.length; row++) {
      const inside = windows.findIndex(([from, to]) => row >= from && row <= to);
      const score = scores[at]![row]!;
      if (inside >= 0) {
        const [from, to] = windows[inside]!;
        rows.push({
          score,
          window: before + inside,
          worth: worth(-(to - row + 1) / (to - from + 1)) / worth(-1),
        });
        continue;
      }
      const last = windows.findLast(([, to]) => to < row);
      const position = last === undefined ? Number.POSITIVE_INFINITY : (row - last[1]) / (last[1] - last[0]);
      rows.push({ score, window: -1, worth: position > 3 ? -1 : worth(position) });
    }
    before += windows.length;
  }
  return rows;
}
