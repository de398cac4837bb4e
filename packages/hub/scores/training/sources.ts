import { collect, type PersonTraits, type Purchase } from "./collect.ts";
import type { FactKind, Facts } from "./family.ts";

/** Where facts are read, a page at a time, in any sequence. */
export type Sources = {
  /** Every purchase of the log that belongs to a person; not those cancelled. */
  purchases(): AsyncIterable<readonly Purchase[]>;
  /** What people said of themselves; a figure is told apart by it. */
  traits(): AsyncIterable<readonly PersonTraits[]>;
};

/** Reads what the families that are to be trained learn from; of the rest nothing. */
export async function readFacts(
  sources: Sources,
  wanted: ReadonlySet<FactKind>,
  signal?: AbortSignal,
): Promise<Facts> {
  const purchases = wanted.has("orders") ? sources.purchases() : none<Purchase>();
  const traits = wanted.has("orders") ? sources.traits() : none<PersonTraits>();
  const { orders } = await collect(purchases, traits, signal);
  return { orders };
}

async function* none<Fact>(): AsyncGenerator<readonly Fact[]> {}
