import { assert } from "@trato/base";
import { readArrays, writeArrays } from "../arrays/bytes.ts";
import { checkSparseRows, type SparseRows } from "../arrays/sparse.ts";
import { topOf } from "../arrays/top.ts";
import { type Neighbours, neighboursFrom } from "./neighbours.ts";

/**
 * What every item-to-item model becomes, whatever it was learnt by: short lists of weights, strongest first, that
 * add up over the seeds. Serving reads the seeds' lists and nothing else: a few microseconds a seed.
 */
export type ItemModel = Neighbours & { toBytes(): Uint8Array };

const magic = "TrItemTo";
const version = 1;

/** Puts the operations on rows that are already known to be right. */
export function itemModelFrom(rows: SparseRows): ItemModel {
  return {
    ...neighboursFrom(rows),
    toBytes: () => writeArrays(magic, version, [rows.starts, rows.columns, rows.values]),
  };
}

/** Reads what `toBytes` wrote; throws a plain sentence on anything else. */
export function itemModelFromBytes(bytes: Uint8Array): ItemModel {
  const [starts, columns, values, ...rest] = readArrays(magic, version, bytes);
  const right =
    starts instanceof Int32Array && columns instanceof Int32Array && values instanceof Float32Array;
  assert(right && rest.length === 0, "an item model is two arrays of whole numbers and one of weights");
  assert(starts.length > 0, "an item model has a first start");
  checkSparseRows({ starts, columns, values }, starts.length - 1);
  return itemModelFrom({ starts, columns, values });
}

/** Rows that are written one after the other, each pruned to its strongest weights. */
export type RowWriter = {
  /** Looks at one more weight of the present row. Zero is no weight. */
  offer(column: number, value: number): void;
  /** Keeps the strongest of what was offered, by size whatever the sign, and begins the next row. */
  end(): void;
  /** All rows; call it when as many have ended as there are items. */
  rows(): SparseRows;
};

/** Weights so much weaker than their row's strongest are rounding, not knowledge. */
const noise = 1e-6;

/** Writes `itemCount` rows of at most `neighboursMax` weights. Memory: 8 bytes a weight that is kept. */
export function rowWriter(itemCount: number, neighboursMax: number): RowWriter {
  assert(Number.isSafeInteger(neighboursMax) && neighboursMax > 0, "neighboursMax is above 0");
  const width = Math.max(1, Math.min(neighboursMax, itemCount));
  const best = topOf(width);
  const chosen = new Int32Array(width);
  const given = new Float32Array(itemCount);
  const starts = new Int32Array(itemCount + 1);
  let columns = new Int32Array(Math.min(itemCount * width, 1 << 16));
  let values = new Float32Array(columns.length);
  let [row, used] = [0, 0];
  return {
    offer(column, value) {
      given[column] = value;
      if (value !== 0) best.offer(column, Math.abs(given[column]!));
    },
    end() {
      const count = best.take(chosen);
      if (used + count > columns.length) {
        const room = Math.min(itemCount * width, 2 * columns.length + count);
        columns = enlarged(columns, new Int32Array(room));
        values = enlarged(values, new Float32Array(room));
      }
      const least = count === 0 ? 0 : noise * Math.abs(given[chosen[0]!]!);
      for (const column of chosen.subarray(0, count)) {
        if (Math.abs(given[column]!) < least) break;
        columns[used] = column;
        values[used++] = given[column]!;
      }
      starts[++row] = used;
    },
    rows() {
      assert(row === itemCount, "every item has its row");
      return { starts, columns: columns.slice(0, used), values: values.slice(0, used) };
    },
  };
}

function enlarged<Flat extends Int32Array | Float32Array>(old: Flat, room: Flat): Flat {
  room.set(old);
  return room;
}

/** Rows of a square matrix turned into its columns; each is then sorted from strong to weak. Cost: a sort a row. */
export function turnedRows({ starts, columns, values }: SparseRows): SparseRows {
  const itemCount = starts.length - 1;
  const turnedStarts = new Int32Array(itemCount + 1);
  for (const column of columns) turnedStarts[column + 1]!++;
  for (let item = 0; item < itemCount; item++) turnedStarts[item + 1]! += turnedStarts[item]!;
  const writer = rowWriter(itemCount, longest(turnedStarts));
  const next = turnedStarts.slice();
  const [rowOf, weightOf] = [new Int32Array(columns.length), new Float32Array(columns.length)];
  for (let row = 0; row < itemCount; row++) {
    for (let at = starts[row]!; at < starts[row + 1]!; at++) {
      const to = next[columns[at]!]!++;
      rowOf[to] = row;
      weightOf[to] = values[at]!;
    }
  }
  for (let item = 0; item < itemCount; item++) {
    for (let at = turnedStarts[item]!; at < turnedStarts[item + 1]!; at++)
      writer.offer(rowOf[at]!, weightOf[at]!);
    writer.end();
  }
  return writer.rows();
}

function longest(starts: Int32Array): number {
  let most = 1;
  for (let row = 0; row + 1 < starts.length; row++) most = Math.max(most, starts[row + 1]! - starts[row]!);
  return most;
}
