import { collect, type PersonTraits, type Purchase } from "./collect.ts";
import { type AssetEvent, collectAssets } from "./collect-assets.ts";
import { type Chosen, collectTrial } from "./collect-trial.ts";
import { type Browsed, collectVisits } from "./collect-visits.ts";
import type { FactKind, Facts } from "./family.ts";
import { readSaid } from "./said.ts";

/** Where facts are read, a page at a time, in any sequence. */
export type Sources = {
  /** Every purchase of the log that belongs to a person; not those cancelled. */
  purchases(): AsyncIterable<readonly Purchase[]>;
  /** What people said of themselves; a figure is told apart by it. */
  traits(): AsyncIterable<readonly PersonTraits[]>;
  /** What was told of things that people own. */
  assets(): AsyncIterable<readonly AssetEvent[]>;
  /** What people looked at lately, whoever they are. */
  browsed(): AsyncIterable<readonly Browsed[]>;
  /** Who was decided for, in which arm; not those who have not agreed. */
  decided(): AsyncIterable<readonly Chosen[]>;
  /** Where a place is. */
  countryOfPlace(placeId: string): string | undefined;
};

export type ReadFacts = {
  readonly facts: Facts;
  /** Who the numbers of persons are, by what they are numbered in. */
  readonly personIds: Readonly<Record<FactKind, readonly string[]>>;
};

/** Reads what the families that are to be trained learn from; of the rest nothing. */
export async function readFacts(
  sources: Sources,
  wanted: ReadonlySet<FactKind>,
  nowMs: number,
  signal?: AbortSignal,
): Promise<ReadFacts> {
  // The trial is about those who ordered.
  const reads = wanted.has("trial") ? new Set([...wanted, "orders" as const]) : wanted;
  const of = <Fact>(kind: FactKind, read: () => AsyncIterable<readonly Fact[]>) =>
    reads.has(kind) ? read() : none<Fact>();
  const bought = await collect(of("orders", sources.purchases), signal);
  const trial = await collectTrial(of("trial", sources.decided), bought.personIds, signal);
  const owned = await collectAssets(of("assets", sources.assets), signal);
  const seen = await collectVisits(of("visits", sources.browsed), signal);
  const personIds = { orders: bought.personIds, assets: owned.personIds, visits: seen.personIds };
  const said = await readSaid(sources.traits(), personIds, signal);
  const countryOfPlace = bought.orders.places.map((place) => sources.countryOfPlace(place) ?? null);
  return {
    facts: {
      nowMs,
      orders: { ...bought.orders, ...said.orders, countryOfPlace },
      assets: { ...owned.assets, ...said.assets },
      visits: { ...seen.visits, ...said.visits },
      trial,
    },
    personIds: { ...personIds, trial: bought.personIds },
  };
}

async function* none<Fact>(): AsyncGenerator<readonly Fact[]> {}
