import { limits } from "@trato/base";
import { doubles, numbering, wholeNumbers } from "./growing.ts";

/** What one person looked at lately, oldest first, and when they last bought what they ever bought. */
export type Browsed = {
  readonly views: readonly { readonly sku: string; readonly timeMs: number }[];
  readonly boughtMs: ReadonlyMap<string, number>;
};

/**
 * Visits as flat arrays in shared memory, the oldest first: visit `v` began at `timeOf[v]` and looked at
 * `itemOf[start[v] .. start[v + 1])`; each was bought within a week (1) or not.
 */
export type Visits = {
  readonly timeOf: Float64Array;
  readonly start: Int32Array;
  readonly itemOf: Int32Array;
  readonly boughtOf: Int32Array;
  readonly skus: readonly string[];
};

const pauseMs = 30 * 60_000;
export const visitHorizonMs = 7 * 24 * 3_600_000;

type Visit = {
  readonly timeMs: number;
  readonly skus: readonly string[];
  readonly bought: readonly boolean[];
};

/** Cuts what people looked at into visits, wherever half an hour passed; the last `limits.visitsMax` of them. */
export async function collectVisits(
  pages: AsyncIterable<readonly Browsed[]>,
  signal?: AbortSignal,
): Promise<Visits> {
  let visits: Visit[] = [];
  for await (const page of pages) {
    signal?.throwIfAborted();
    for (const browsed of page) visits.push(...visitsOf(browsed));
    if (visits.length > 2 * limits.visitsMax) visits = lastOf(visits);
  }
  const skus = numbering();
  const [timeOf, start, itemOf, boughtOf] = [doubles(), wholeNumbers(), wholeNumbers(), wholeNumbers()];
  start.push(0);
  for (const visit of lastOf(visits)) {
    timeOf.push(visit.timeMs);
    for (const [i, sku] of visit.skus.entries()) {
      itemOf.push(skus.of(sku));
      boughtOf.push(visit.bought[i] === true ? 1 : 0);
    }
    start.push(itemOf.length());
  }
  return {
    ...{ timeOf: timeOf.finish(), start: start.finish() },
    ...{ itemOf: itemOf.finish(), boughtOf: boughtOf.finish(), skus: skus.names() },
  };
}

const lastOf = (visits: Visit[]): Visit[] =>
  visits.sort((a, b) => a.timeMs - b.timeMs || compare(a.skus, b.skus)).slice(-limits.visitsMax);

const compare = (a: readonly string[], b: readonly string[]): number =>
  a.join("\n") < b.join("\n") ? -1 : 1;

function visitsOf({ views, boughtMs }: Browsed): Visit[] {
  const visits: { timeMs: number; skus: string[]; bought: boolean[] }[] = [];
  let beforeMs = Number.NEGATIVE_INFINITY;
  for (const { sku, timeMs } of views) {
    if (timeMs - beforeMs > pauseMs) visits.push({ timeMs, skus: [], bought: [] });
    const visit = visits.at(-1)!;
    const purchaseMs = boughtMs.get(sku) ?? Number.NEGATIVE_INFINITY;
    visit.skus.push(sku);
    visit.bought.push(purchaseMs >= visit.timeMs && purchaseMs < visit.timeMs + visitHorizonMs);
    beforeMs = timeMs;
  }
  return visits;
}
