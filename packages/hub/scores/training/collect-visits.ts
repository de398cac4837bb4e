import { limits } from "@trato/base";
import type { View } from "../slice.ts";
import { type Labels, labelsOfSaid } from "./estimates.ts";
import { doubles, numbering, wholeNumbers } from "./growing.ts";
import { nothingSaid, type Said } from "./said.ts";

/** What one person looked at lately, oldest first, and when they last bought what they ever bought. */
export type Browsed = {
  readonly personId: string;
  readonly views: readonly View[];
  readonly boughtMs: ReadonlyMap<string, number>;
};

/**
 * Visits as flat arrays in shared memory, the oldest first: visit `v` began at `timeOf[v]` and looked at
 * `itemOf[start[v] .. start[v + 1])`; each was bought within a week (1) or not. It was one of person `personOf[v]`, in
 * channel `channelOf[v]` or -1.
 */
export type Visits = Said & {
  readonly personOf: Int32Array;
  readonly timeOf: Float64Array;
  readonly start: Int32Array;
  readonly itemOf: Int32Array;
  readonly boughtOf: Int32Array;
  readonly skus: readonly string[];
  readonly channelOf: Int32Array;
  readonly channels: readonly string[];
};

const pauseMs = 30 * 60_000;
export const visitHorizonMs = 7 * 24 * 3_600_000;

type Visit = {
  readonly personId: string;
  readonly timeMs: number;
  readonly channel: string | undefined;
  readonly skus: readonly string[];
  readonly bought: readonly boolean[];
};

/** The labels of visits: what their people said of themselves, and the channel in which they began. */
export function labelsOfVisits(visits: Visits, untilMs: number): (visit: number) => Labels {
  const said = labelsOfSaid(visits, untilMs);
  return (visit) => {
    const channel = visits.channels[visits.channelOf[visit]!];
    return { ...said(visits.personOf[visit]!), ...(channel === undefined ? {} : { channel }) };
  };
}

/** Cuts what people looked at into visits, wherever half an hour passed; the last `limits.visitsMax` of them. */
export async function collectVisits(
  pages: AsyncIterable<readonly Browsed[]>,
  signal?: AbortSignal,
): Promise<{ readonly visits: Visits; readonly personIds: readonly string[] }> {
  let visits: Visit[] = [];
  for await (const page of pages) {
    signal?.throwIfAborted();
    for (const browsed of page) visits.push(...visitsOf(browsed));
    if (visits.length > 2 * limits.visitsMax) visits = lastOf(visits);
  }
  const [skus, persons, channels] = [numbering(), numbering(), numbering()];
  const [timeOf, start, personOf] = [doubles(), wholeNumbers(), wholeNumbers()];
  const [itemOf, boughtOf, channelOf] = [wholeNumbers(), wholeNumbers(), wholeNumbers()];
  start.push(0);
  for (const visit of lastOf(visits)) {
    timeOf.push(visit.timeMs);
    personOf.push(persons.of(visit.personId));
    channelOf.push(channels.of(visit.channel));
    for (const [i, sku] of visit.skus.entries()) {
      itemOf.push(skus.of(sku));
      boughtOf.push(visit.bought[i] === true ? 1 : 0);
    }
    start.push(itemOf.length());
  }
  const columns = { timeOf: timeOf.finish(), start: start.finish(), personOf: personOf.finish() };
  const of = { itemOf: itemOf.finish(), boughtOf: boughtOf.finish(), skus: skus.names() };
  const where = { channelOf: channelOf.finish(), channels: channels.names() };
  const visitsOfAll = { ...columns, ...of, ...where, ...nothingSaid(persons.size()) };
  return { visits: visitsOfAll, personIds: persons.names() };
}

const lastOf = (visits: Visit[]): Visit[] =>
  visits.sort((a, b) => a.timeMs - b.timeMs || compare(a.skus, b.skus)).slice(-limits.visitsMax);

const compare = (a: readonly string[], b: readonly string[]): number =>
  a.join("\n") < b.join("\n") ? -1 : 1;

function visitsOf({ personId, views, boughtMs }: Browsed): Visit[] {
  const visits: (Omit<Visit, "skus" | "bought"> & { skus: string[]; bought: boolean[] })[] = [];
  let beforeMs = Number.NEGATIVE_INFINITY;
  for (const { sku, timeMs, channel } of views) {
    if (timeMs - beforeMs > pauseMs) visits.push({ personId, timeMs, channel, skus: [], bought: [] });
    const visit = visits.at(-1)!;
    const purchaseMs = boughtMs.get(sku) ?? Number.NEGATIVE_INFINITY;
    visit.skus.push(sku);
    visit.bought.push(purchaseMs >= visit.timeMs && purchaseMs < visit.timeMs + visitHorizonMs);
    beforeMs = timeMs;
  }
  return visits;
}
