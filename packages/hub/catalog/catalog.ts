import { type Clock, systemClock } from "@trato/base";
import type { BatchResult, Item, ItemInput, Place } from "@trato/contract";
import { itemInput } from "@trato/contract";
import { recordThings } from "../events/index.ts";
import { type Database, keepSnapshot, type Log, rememberPast, rowChecker } from "../platform/index.ts";
import type { PlacesView } from "./place-store.ts";
import { openPlaces } from "./places.ts";
import { completeItem, itemErrors, summarise } from "./rules.ts";
import {
  type CatalogueView,
  listItems,
  readItems,
  readPastItems,
  readPastView,
  readView,
  writeItems,
} from "./store.ts";

export type Catalog = Awaited<ReturnType<typeof openCatalog>>;

const checkItems = rowChecker<ItemInput>({
  schema: itemInput,
  under: "items",
  idField: "sku",
  more: itemErrors,
});

/** The catalogue: what can be sold, as it is now and as it was. */
export async function openCatalog(needs: {
  readonly database: Database;
  readonly log: Log;
  readonly clock?: Clock;
  readonly pollMs?: number;
}) {
  const { database, log, clock = systemClock } = needs;
  const snapshots = await keepSnapshot<CatalogueView>({
    name: "catalogue",
    log,
    load: (before) => readView(database, before),
    ...(needs.pollMs === undefined ? {} : { pollMs: needs.pollMs }),
  });
  const places = await openPlaces(needs);
  const past = rememberPast((version) => readPastView(database, version));
  return {
    /** The items of this instant, at most `limits.snapshotPollMs` behind what another process wrote. */
    now: (): CatalogueView => snapshots.now(),
    /** The items as they were at a version. */
    asOf: async (version: string): Promise<CatalogueView> =>
      version === snapshots.now().version ? snapshots.now() : past(version),
    /** Some items as they were at a version: from memory when it is the version of this instant. */
    itemsAsOf: async (skus: readonly string[], version: string): Promise<ReadonlyMap<string, Item>> => {
      const view = snapshots.now();
      return view.version === version ? view.items : readPastItems(database, skus, version);
    },
    /** Writes a batch, each row by itself; when this returns, `now()` shows it. */
    async put(rows: readonly unknown[], language?: string): Promise<BatchResult> {
      const checked = checkItems(rows, language);
      const items = checked.flatMap((one) => ("row" in one ? [completeItem(one.row)] : []));
      const { version, fates } = await database.transaction(async (tx) => {
        const nowMs = clock.nowMs();
        const { written, ...done } = await writeItems(tx, items, nowMs);
        const things = written.map((data) => ({ type: "item.changed" as const, store: null, data }));
        await recordThings(tx, things, nowMs);
        return done;
      });
      await snapshots.refresh();
      return summarise(version, checked, fates);
    },
    find: async (sku: string): Promise<Item | undefined> => (await readItems(database, [sku])).get(sku),
    list: (page: { after: string; limit: number; category: string | null }): Promise<Item[]> =>
      listItems(database, page),
    /** The places of this instant, at most `limits.snapshotPollMs` behind what another process wrote. */
    places: (): PlacesView => places.now(),
    /** False for a name that no place has, where there are places. */
    mayBePlace: (placeId: string): boolean => {
      const known = places.now().places;
      return known.size === 0 || known.has(placeId);
    },
    placesAsOf: (version: string): Promise<PlacesView> => places.asOf(version),
    /** Writes places, each row by itself; when this returns, `places()` shows it. */
    putPlaces: (rows: readonly unknown[], language?: string): Promise<BatchResult> =>
      places.put(rows, language),
    listPlaces: (page: { after: string; limit: number }): Place[] => places.list(page),
    refresh: () => Promise.all([snapshots.refresh(), places.refresh()]),
    stop: async (): Promise<void> => {
      await Promise.all([snapshots.stop(), places.stop()]);
    },
  };
}
