import { collect, type PersonTraits, type Purchase } from "./collect.ts";
import { type AssetEvent, collectAssets } from "./collect-assets.ts";
import { type Browsed, collectVisits } from "./collect-visits.ts";
import type { FactKind, Facts } from "./family.ts";

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
  const of = <Fact>(kind: FactKind, read: () => AsyncIterable<readonly Fact[]>) =>
    wanted.has(kind) ? read() : none<Fact>();
  const bought = await collect(of("orders", sources.purchases), of("orders", sources.traits), signal);
  const owned = await collectAssets(of("assets", sources.assets), signal);
  const visits = await collectVisits(of("visits", sources.browsed), signal);
  return {
    facts: { nowMs, orders: bought.orders, assets: owned.assets, visits },
    personIds: { orders: bought.personIds, assets: owned.personIds, visits: [] },
  };
}

async function* none<Fact>(): AsyncGenerator<readonly Fact[]> {}
