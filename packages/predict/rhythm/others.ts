import { dayMs } from "@trato/base";
import type { Series } from "./series.ts";
import { intervalDays, type RhythmStats } from "./stats.ts";

/** What the other items of a household show: closed intervals, and the sum of each over what is usual of its item. */
export type Others = { readonly intervals: number; readonly lasted: number };

/** `item`'s share of a household's closed intervals. */
const ownOf = (count: number, spanMs: number, usual: number): Others => ({
  intervals: count,
  lasted: spanMs / dayMs / usual,
});

const without = (all: Others, own: Others): Others => ({
  intervals: Math.max(0, all.intervals - own.intervals),
  lasted: Math.max(0, all.lasted - own.lasted),
});

/**
 * What the household of each row shows besides the row's item, at the end of what was seen. `usualOf`: days of each
 * item, as `ErlangRhythm` has them.
 */
export function othersOf(series: Series, usualOf: Float64Array): (row: number) => Others {
  const { rows, itemOf, personOf } = series;
  const own = (row: number) =>
    ownOf(rows[5 * row]! - 1, rows[5 * row + 2]! - rows[5 * row + 1]!, usualOf[itemOf[row]!]!);
  const households = new Map<number, Others>();
  for (let row = 0; row < series.length; row++) {
    const before = households.get(personOf[row]!);
    const { intervals, lasted } = own(row);
    households.set(personOf[row]!, {
      intervals: intervals + (before?.intervals ?? 0),
      lasted: lasted + (before?.lasted ?? 0),
    });
  }
  return (row) => without(households.get(personOf[row]!)!, own(row));
}

/**
 * The same as it was when an interval began, for a walk over purchases by person and time: asked of each interval as
 * it closes. `undefined` where the item had been bought once.
 */
export function othersInTime(usualOf: Float64Array) {
  let household = -1;
  let all: Others = { intervals: 0, lasted: 0 };
  let atLast = new Map<number, Others>();
  return (before: RhythmStats, item: number, timeMs: number, person: number): Others | undefined => {
    if (person !== household) {
      household = person;
      all = { intervals: 0, lasted: 0 };
      atLast = new Map();
    }
    const then = atLast.get(item);
    const usual = usualOf[item]!;
    all = { intervals: all.intervals + 1, lasted: all.lasted + intervalDays(before, timeMs) / usual };
    atLast.set(item, without(all, ownOf(before.count, timeMs - before.firstMs, usual)));
    return then;
  };
}
