import { assert } from "@trato/base";
import type { Column } from "../trees/table.ts";
import type { Asked, PastRules, Peaks } from "./panel.ts";

/**
 * Columns of what stands fast at an origin, whichever period behind it is asked for: each is reckoned once a series
 * and origin. `sized` ones are in units of the series' size. Cost: the longest window, a series and origin.
 */
export function originColumns(
  values: readonly Float64Array[],
  asked: readonly Asked[],
  sizes: Float64Array,
  rules: PastRules,
): Column[] {
  const facts = factsOf(rules);
  const known = new Map<number, number[]>();
  const columns = facts.map(({ name }) => {
    return { name, kind: "number", values: new Float32Array(asked.length) } as const;
  });
  for (const [row, { series, origin }] of asked.entries()) {
    const key = series * 0x1_0000_0000 + origin;
    let own = known.get(key);
    if (own === undefined) {
      own = facts.flatMap(({ of }) => of(values[series]!, origin));
      known.set(key, own);
    }
    for (const [at, { isSized }] of facts.entries())
      columns[at]!.values[row] = isSized ? own[at]! / sizes[row]! : own[at]!;
  }
  return columns;
}

type Fact = {
  readonly name: string;
  readonly isSized: boolean;
  of(own: Float64Array, origin: number): number;
};

function factsOf({ windows, medians = [], noughts = [], peaks }: PastRules): Fact[] {
  const sized = (name: string, rows: number, of: (seen: Float64Array) => number): Fact => {
    return { name, isSized: true, of: (own, origin) => of(seenBefore(own, origin, rows)) };
  };
  const share = (seen: Float64Array) => seen.filter((value) => value === 0).length / seen.length;
  return [
    ...windows.map((rows) => sized(`mean ${rows}`, rows, meanOf)),
    ...medians.map((rows) => sized(`median ${rows}`, rows, medianOf)),
    ...noughts.map((rows) => ({ ...sized(`noughts ${rows}`, rows, share), isSized: false })),
    ...(peaks === undefined ? [] : peakFacts(peaks)),
  ];
}

/** How long ago the last peak was, how many there were, how long one has lasted, and what sells without them. */
function peakFacts({ above, within, counted, usual }: Peaks): Fact[] {
  assert(above > 1 && within > 0, "a peak is above the median of some periods");
  const isPeak = (own: Float64Array, origin: number) => {
    const limit = above * (medianOf(seenBefore(own, origin, within)) || 1);
    return (t: number): boolean => own[t]! > limit;
  };
  const count = (rows: number): Fact => ({
    name: `peaks ${rows}`,
    isSized: false,
    of(own, origin) {
      const is = isPeak(own, origin);
      let found = 0;
      for (let t = Math.max(0, origin - rows); t < origin; t++) if (is(t)) found++;
      return found;
    },
  });
  const since: Fact = {
    name: "since a peak",
    isSized: false,
    of(own, origin) {
      const is = isPeak(own, origin);
      for (let t = origin - 1; t >= Math.max(0, origin - within); t--) if (is(t)) return origin - t;
      return within + 1;
    },
  };
  const lasting: Fact = {
    name: "peak lasting",
    isSized: false,
    of(own, origin) {
      const is = isPeak(own, origin);
      const seen = Array.from({ length: Math.min(origin, within) }, (_, back) => origin - 1 - back).filter(
        (t) => !Number.isNaN(own[t]!),
      );
      const end = seen.findIndex((t) => !is(t));
      return end === -1 ? seen.length : end;
    },
  };
  const without: Fact = {
    name: `mean ${usual} without peaks`,
    isSized: true,
    of(own, origin) {
      const is = isPeak(own, origin);
      return meanOf(
        own.subarray(Math.max(0, origin - usual), origin).filter((value, at) => {
          return !Number.isNaN(value) && !is(Math.max(0, origin - usual) + at);
        }),
      );
    },
  };
  return [since, lasting, ...counted.map(count), without];
}

/** The values that were seen in the last so many periods before the origin. */
function seenBefore(own: Float64Array, origin: number, rows: number): Float64Array {
  return own.subarray(Math.max(0, origin - rows), origin).filter((value) => !Number.isNaN(value));
}

export function meanOf(seen: Float64Array): number {
  return seen.length === 0 ? Number.NaN : seen.reduce((a, b) => a + b, 0) / seen.length;
}

/** Sorts in place. */
export function medianOf(seen: Float64Array): number {
  if (seen.length === 0) return Number.NaN;
  seen.sort();
  const half = seen.length >> 1;
  return seen.length % 2 === 1 ? seen[half]! : (seen[half - 1]! + seen[half]!) / 2;
}
