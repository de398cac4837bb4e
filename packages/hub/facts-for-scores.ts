import { readPurchases } from "./events/index.ts";
import { type People, readTraits } from "./people/index.ts";
import type { Database } from "./platform/index.ts";
import type { Purchase, Sources } from "./scores/index.ts";

const rowsPerPage = 2_000;

/** What models learn from, as the log and the profiles tell it, each with the person it is of today. */
export function factSources(database: Database, people: Pick<People, "whoIs">): Sources {
  return {
    purchases: () => purchases(database, people),
    traits: () => readTraits(database, rowsPerPage),
  };
}

type OrderData = {
  readonly orderId: string;
  readonly lines: Purchase["lines"];
  readonly currency?: string;
  readonly totalMinor?: number;
};

/** The purchases of the log; a cancelled order is none. */
async function* purchases(database: Database, people: Pick<People, "whoIs">): AsyncGenerator<Purchase[]> {
  const cancelled = new Set<string>();
  for await (const page of readPurchases(database, rowsPerPage, ["order.cancelled"])) {
    for (const { personId, data } of page) cancelled.add(`${personId}\n${String(data["orderId"])}`);
  }
  for await (const page of readPurchases(database, rowsPerPage, ["order.placed"])) {
    const today = await people.whoIs(database, [...new Set(page.map(({ personId }) => personId))]);
    const found: Purchase[] = [];
    for (const { personId, timeMs, channel, store, data } of page) {
      const { orderId, lines, currency, totalMinor } = data as unknown as OrderData;
      if (cancelled.has(`${personId}\n${orderId}`)) continue;
      found.push({
        ...{ personId: today.get(personId)?.personId ?? personId, timeMs, orderId, lines, channel, store },
        ...(currency === undefined ? {} : { currency }),
        ...(totalMinor === undefined ? {} : { totalMinor }),
      });
    }
    yield found;
  }
}
