import { assert } from "@trato/base";

/**
 * What was bought together, as flat arrays: basket `b` holds `itemOf[basketStart[b] .. basketStart[b + 1])`.
 * Baskets are sorted by person, then time; items within a basket ascend and are distinct. Persons, items and
 * baskets are numbers from 0; the caller keeps the names.
 */
export type Baskets = {
  readonly personCount: number;
  readonly itemCount: number;
  readonly basketStart: Int32Array;
  readonly itemOf: Int32Array;
  readonly personOfBasket: Int32Array;
  /** Milliseconds since 1970 UTC. */
  readonly timeOfBasket: Float64Array;
};

/** One row per line of a receipt, in any sequence; `basketOf` numbers the receipts from 0. */
export type Lines = {
  readonly personOf: Int32Array;
  readonly basketOf: Int32Array;
  readonly itemOf: Int32Array;
  readonly timeOf: Float64Array;
};

/**
 * Builds baskets from receipt lines: the same item twice in one basket counts once, a basket's time is its
 * earliest line's. Throws when a basket has lines of two persons. Cost: O(n log n) of the lines.
 */
export function basketsFrom(lines: Lines, counts: { personCount: number; itemCount: number }): Baskets {
  const { personOf, basketOf, itemOf, timeOf } = lines;
  const lineCount = itemOf.length;
  assert(
    personOf.length === lineCount && basketOf.length === lineCount && timeOf.length === lineCount,
    "every line has a person, a basket, an item and a time",
  );
  let named = 0;
  for (const basket of basketOf) named = Math.max(named, basket + 1);
  const person = new Int32Array(named).fill(-1);
  const timeMs = new Float64Array(named).fill(Number.POSITIVE_INFINITY);
  for (let line = 0; line < lineCount; line++) {
    const basket = basketOf[line]!;
    assert(basket >= 0, "baskets are numbered from 0");
    assert(person[basket] === -1 || person[basket] === personOf[line], "a basket belongs to one person");
    person[basket] = personOf[line]!;
    timeMs[basket] = Math.min(timeMs[basket]!, timeOf[line]!);
  }
  const sorted = Int32Array.from({ length: named }, (_, basket) => basket)
    .filter((basket) => person[basket] !== -1)
    .sort((a, b) => person[a]! - person[b]! || timeMs[a]! - timeMs[b]! || a - b);
  const rank = new Int32Array(named);
  for (let b = 0; b < sorted.length; b++) rank[sorted[b]!] = b;
  const { basketStart, items } = gather(basketOf, itemOf, rank, sorted.length);
  const baskets: Baskets = {
    ...counts,
    basketStart,
    itemOf: items,
    personOfBasket: sorted.map((basket) => person[basket]!),
    timeOfBasket: Float64Array.from(sorted, (basket) => timeMs[basket]!),
  };
  checkBaskets(baskets);
  return baskets;
}

/** Counting sort of the lines by basket, then sort and drop repeats inside each basket. */
function gather(basketOf: Int32Array, itemOf: Int32Array, rank: Int32Array, basketCount: number) {
  const start = new Int32Array(basketCount + 1);
  for (const basket of basketOf) start[rank[basket]! + 1]!++;
  for (let b = 0; b < basketCount; b++) start[b + 1]! += start[b]!;
  const next = start.slice();
  const all = new Int32Array(itemOf.length);
  for (let line = 0; line < itemOf.length; line++) all[next[rank[basketOf[line]!]!]!++] = itemOf[line]!;
  const basketStart = new Int32Array(basketCount + 1);
  let kept = 0;
  for (let b = 0; b < basketCount; b++) {
    const inside = all.subarray(start[b]!, start[b + 1]!).sort();
    let previous = -1;
    for (const item of inside) {
      if (item === previous) continue;
      previous = item;
      all[kept++] = item;
    }
    basketStart[b + 1] = kept;
  }
  return { basketStart, items: all.slice(0, kept) };
}

/** Throws, naming what is wrong, when the arrays are not baskets. Cost: one pass. */
export function checkBaskets(baskets: Baskets): void {
  const { personCount, itemCount, basketStart, itemOf, personOfBasket, timeOfBasket } = baskets;
  const basketCount = personOfBasket.length;
  assert(basketStart.length === basketCount + 1, "basketStart has one entry more than there are baskets");
  assert(timeOfBasket.length === basketCount, "every basket has a time");
  assert(basketStart[0] === 0 && basketStart[basketCount] === itemOf.length, "the baskets hold all items");
  for (let b = 0; b < basketCount; b++) {
    const person = personOfBasket[b]!;
    assert(person >= 0 && person < personCount, "a basket's person is below personCount");
    assert(Number.isFinite(timeOfBasket[b]), "a basket's time is a number");
    if (b > 0) {
      const before = personOfBasket[b - 1]!;
      const later = before === person && timeOfBasket[b - 1]! <= timeOfBasket[b]!;
      assert(before < person || later, "baskets are sorted by person, then time");
    }
    assert(basketStart[b]! <= basketStart[b + 1]!, "basketStart does not fall");
    let previous = -1;
    for (let at = basketStart[b]!; at < basketStart[b + 1]!; at++) {
      assert(itemOf[at]! > previous && itemOf[at]! < itemCount, "items ascend and are below itemCount");
      previous = itemOf[at]!;
    }
  }
}

/** The baskets of `[fromMs, untilMs)`, with the same persons and items. Cost: one pass, copies. */
export function basketsBetween(baskets: Baskets, fromMs: number, untilMs: number): Baskets {
  const { basketStart, itemOf, personOfBasket, timeOfBasket } = baskets;
  const kept: number[] = [];
  const starts = [0];
  const items = new Int32Array(itemOf.length);
  let used = 0;
  for (let b = 0; b < personOfBasket.length; b++) {
    if (timeOfBasket[b]! < fromMs || timeOfBasket[b]! >= untilMs) continue;
    kept.push(b);
    for (let at = basketStart[b]!; at < basketStart[b + 1]!; at++) items[used++] = itemOf[at]!;
    starts.push(used);
  }
  return {
    personCount: baskets.personCount,
    itemCount: baskets.itemCount,
    basketStart: Int32Array.from(starts),
    itemOf: items.slice(0, used),
    personOfBasket: Int32Array.from(kept, (b) => personOfBasket[b]!),
    timeOfBasket: Float64Array.from(kept, (b) => timeOfBasket[b]!),
  };
}

/** Where each person's baskets start: person `p` has baskets `[starts[p], starts[p + 1])`. */
export function personStarts(baskets: Baskets): Int32Array {
  const starts = new Int32Array(baskets.personCount + 1);
  for (const person of baskets.personOfBasket) starts[person + 1]!++;
  for (let p = 0; p < baskets.personCount; p++) starts[p + 1]! += starts[p]!;
  return starts;
}

/** The latest time of any basket; throws when there is none. */
export function lastTimeMs(baskets: Baskets): number {
  assert(baskets.timeOfBasket.length > 0, "there is at least one basket");
  let latest = Number.NEGATIVE_INFINITY;
  for (const timeMs of baskets.timeOfBasket) latest = Math.max(latest, timeMs);
  return latest;
}
