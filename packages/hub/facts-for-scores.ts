import type { Catalog } from "./catalog/index.ts";
import { readDecided } from "./decide/index.ts";
import { readAssetEvents, readPurchases } from "./events/index.ts";
import { type People, readBrowsed, readTraits } from "./people/index.ts";
import type { Database } from "./platform/index.ts";
import type { AssetEvent, Browsed, Chosen, Purchase, Sources } from "./scores/index.ts";

const rowsPerPage = 2_000;

/** What models learn from, as the log and the profiles tell it, each with the person it is of today. */
export function factSources(
  database: Database,
  { people, catalog }: { readonly people: Pick<People, "whoIs">; readonly catalog: Pick<Catalog, "places"> },
): Sources {
  return {
    countryOfPlace: (placeId) => catalog.places().places.get(placeId)?.country,
    purchases: () => purchases(database, people),
    assets: () => assets(database, people),
    browsed: () => readVisits(database),
    decided: () => chosen(database, people),
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

const whatHappened = {
  "asset.registered": "registered",
  "asset.read": "read",
  "asset.serviced": "cared",
  "asset.repaired": "cared",
  "asset.retired": "retired",
} as const;

/** Counters that say how much a thing was used; a temperature does not. */
const useMeasures = new Set(["use", "hours", "cycles", "loads", "km"]);

/** What the log tells of things that people own. */
async function* assets(database: Database, people: Pick<People, "whoIs">): AsyncGenerator<AssetEvent[]> {
  for await (const page of readAssetEvents(database, rowsPerPage)) {
    const today = await people.whoIs(database, [...new Set(page.map(({ personId }) => personId))]);
    yield page.map(({ personId, type, timeMs, data }) => {
      const text = (name: string): string | null => (typeof data[name] === "string" ? data[name] : null);
      const bought = Date.parse(text("boughtOn") ?? "");
      const isUse = type === "asset.read" && useMeasures.has(text("measure") ?? "");
      return {
        personId: today.get(personId)?.personId ?? personId,
        assetId: text("assetId") ?? "",
        what: whatHappened[type],
        timeMs,
        sku: text("sku"),
        boughtMs: Number.isFinite(bought) ? bought : null,
        use: isUse && typeof data["value"] === "number" ? data["value"] : null,
      };
    });
  }
}

/** Everybody of whom a decision is kept, in the arm that chance put them in. */
async function* chosen(database: Database, people: Pick<People, "whoIs">): AsyncGenerator<Chosen[]> {
  const ever = { fromMs: 0, untilMs: Number.MAX_SAFE_INTEGER };
  for await (const page of readDecided(database, ever)) {
    const today = await people.whoIs(database, [...new Set(page.map(({ personId }) => personId))]);
    yield page.flatMap(({ personId, basis, firstMs }): Chosen[] => {
      const known = today.get(personId)?.personId;
      if (known === undefined || (basis !== "personal" && basis !== "holdout")) return [];
      return [{ personId: known, arm: basis === "personal" ? "treated" : "holdout", firstMs }];
    });
  }
}

type Views = { readonly views?: Browsed["views"] } | null;
type Bought = readonly { readonly sku: string; readonly lastMs: number }[] | null;

/** What profiles hold of what people looked at, and of when they bought it. */
export async function* readVisits(database: Database): AsyncGenerator<Browsed[]> {
  for await (const page of readBrowsed<Views, Bought>(database, rowsPerPage)) {
    yield page.map(({ personId, interest, bought }) => ({
      personId,
      views: interest?.views ?? [],
      boughtMs: new Map((bought ?? []).map(({ sku, lastMs }) => [sku, lastMs])),
    }));
  }
}
