import { assert, limits } from "@trato/base";

/** One purchase as training reads it: one order of one person. */
export type Purchase = {
  readonly personId: string;
  readonly timeMs: number;
  readonly orderId: string;
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
};

/**
 * All purchases as flat arrays in shared memory, one row per line: a worker thread reads them without a copy.
 * Persons, baskets and items are numbered from 0 as they appear; only the items keep their names.
 */
export type Collected = {
  readonly personOf: Int32Array;
  readonly basketOf: Int32Array;
  readonly itemOf: Int32Array;
  readonly timeOf: Float64Array;
  readonly skus: readonly string[];
  readonly personCount: number;
  readonly basketCount: number;
  readonly fromMs: number;
  readonly untilMs: number;
};

/**
 * Reads all pages of purchases, in any sequence. The same order of a person met twice (two systems said it) is one
 * basket, with the lines of both. Throws above `limits.trainingLinesMax` lines, or when `signal` says stop.
 * Cost: 20 bytes a line, and the names of people, orders and items while it reads.
 */
export async function collect(
  pages: AsyncIterable<readonly Purchase[]>,
  onRead: (lines: number) => void,
  signal?: AbortSignal,
): Promise<Collected> {
  const persons = new Map<string, number>();
  const baskets = new Map<string, number>();
  const items = new Map<string, number>();
  const rows = growingRows();
  let fromMs = Number.POSITIVE_INFINITY;
  let untilMs = Number.NEGATIVE_INFINITY;
  for await (const page of pages) {
    signal?.throwIfAborted();
    for (const { personId, timeMs, orderId, lines } of page) {
      if (lines.length === 0) continue;
      const person = numberOf(persons, personId);
      const basket = numberOf(baskets, `${personId}\n${orderId}`);
      fromMs = Math.min(fromMs, timeMs);
      untilMs = Math.max(untilMs, timeMs);
      for (const { sku } of lines) rows.push(person, basket, numberOf(items, sku), timeMs);
    }
    assert(
      rows.length() <= limits.trainingLinesMax,
      `training reads at most ${limits.trainingLinesMax} lines`,
    );
    onRead(rows.length());
  }
  const counts = { personCount: persons.size, basketCount: baskets.size };
  return { ...rows.finish(), skus: [...items.keys()], ...counts, fromMs, untilMs };
}

function numberOf(names: Map<string, number>, name: string): number {
  let number = names.get(name);
  if (number === undefined) {
    number = names.size;
    names.set(name, number);
  }
  return number;
}

/** Four columns that double when they are full. */
function growingRows() {
  let length = 0;
  let persons = new Int32Array(4_096);
  let baskets = new Int32Array(4_096);
  let items = new Int32Array(4_096);
  let times = new Float64Array(4_096);
  const grow = (): void => {
    const size = 2 * persons.length;
    persons = moved(persons, new Int32Array(size));
    baskets = moved(baskets, new Int32Array(size));
    items = moved(items, new Int32Array(size));
    times = moved(times, new Float64Array(size));
  };
  return {
    length: () => length,
    push(person: number, basket: number, item: number, timeMs: number): void {
      if (length === persons.length) grow();
      persons[length] = person;
      baskets[length] = basket;
      items[length] = item;
      times[length] = timeMs;
      length += 1;
    },
    finish: () => ({
      personOf: moved(persons.subarray(0, length), new Int32Array(new SharedArrayBuffer(4 * length))),
      basketOf: moved(baskets.subarray(0, length), new Int32Array(new SharedArrayBuffer(4 * length))),
      itemOf: moved(items.subarray(0, length), new Int32Array(new SharedArrayBuffer(4 * length))),
      timeOf: moved(times.subarray(0, length), new Float64Array(new SharedArrayBuffer(8 * length))),
    }),
  };
}

function moved<Column extends Int32Array | Float64Array>(from: ArrayLike<number>, to: Column): Column {
  to.set(from);
  return to;
}
