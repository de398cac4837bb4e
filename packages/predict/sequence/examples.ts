import type { Columns } from "../affinity/near-ridge.ts";
import type { Sequences } from "../arrays/sequences.ts";

/**
 * Each step of a sequence as a row: in X what came before, the item before at 1 and each earlier one at `decay` of
 * the later; in Y the item that came. Items further back than `reach` are left out.
 */
export type Examples = {
  readonly x: Columns;
  readonly y: Columns;
  /** X by rows. */
  readonly rows: { readonly starts: Int32Array; readonly columns: Int32Array; readonly values: Float32Array };
};

/** Cost: steps × reach. An item that came twice stands once in a row, at its last place. */
export function examplesOf(sequences: Sequences, decay: number, reach: number): Examples {
  const { itemCount, starts, itemOf } = sequences;
  const rowStarts = [0];
  const [columns, values, next]: [number[], number[], number[]] = [[], [], []];
  for (let p = 0; p + 1 < starts.length; p++) {
    for (let at = starts[p]! + 1; at < starts[p + 1]!; at++) {
      const seen = new Set<number>();
      for (let back = 1; back <= Math.min(reach, at - starts[p]!); back++) {
        const item = itemOf[at - back]!;
        if (seen.has(item)) continue;
        seen.add(item);
        columns.push(item);
        values.push(decay ** (back - 1));
      }
      rowStarts.push(columns.length);
      next.push(itemOf[at]!);
    }
  }
  const rows = {
    starts: Int32Array.from(rowStarts),
    columns: Int32Array.from(columns),
    values: Float32Array.from(values),
  };
  const single = {
    starts: Int32Array.from({ length: next.length + 1 }, (_, row) => row),
    columns: Int32Array.from(next),
    values: new Float32Array(next.length).fill(1),
  };
  return { rows, x: byColumn(rows, itemCount), y: byColumn(single, itemCount) };
}

function byColumn(rows: Examples["rows"], columnCount: number): Columns {
  const starts = new Int32Array(columnCount + 1);
  for (const column of rows.columns) starts[column + 1]!++;
  for (let column = 0; column < columnCount; column++) starts[column + 1]! += starts[column]!;
  const next = starts.slice();
  const rowOf = new Int32Array(rows.columns.length);
  const values = new Float32Array(rows.columns.length);
  for (let row = 0; row + 1 < rows.starts.length; row++) {
    for (let at = rows.starts[row]!; at < rows.starts[row + 1]!; at++) {
      const to = next[rows.columns[at]!]!++;
      rowOf[to] = row;
      values[to] = rows.values[at]!;
    }
  }
  return { rowCount: rows.starts.length - 1, starts, rowOf, values };
}
