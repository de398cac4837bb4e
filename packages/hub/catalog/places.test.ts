import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { BatchResult, Place } from "@trato/contract";
import { silentLog } from "../platform/index.ts";
import { type TestDatabase, testDatabase } from "../testing/database.ts";
import { type Ask, serve } from "../testing/serve.ts";
import { type Catalog, listPlacesRoute, openCatalog, putPlacesRoute } from "./index.ts";

const store = {
  placeId: "GYE-01",
  kind: "store",
  name: "Guayaquil",
  country: "EC",
  timezone: "America/Guayaquil",
  latitude: -2.19,
  longitude: -79.89,
  channels: ["pos", "web"],
  priority: 10,
};

describe("places", () => {
  let at: TestDatabase;
  let catalog: Catalog;
  let ask: Ask;
  let stop: () => Promise<unknown>;
  before(async () => {
    at = await testDatabase();
    catalog = await openCatalog({ database: at.database, log: silentLog, pollMs: 60_000 });
    ({ ask, stop } = serve(at.database, [putPlacesRoute(catalog), listPlacesRoute(catalog)]));
  });
  after(async () => {
    await stop();
    await catalog.stop();
    await at.stop();
  });
  const put = (...places: unknown[]) => ask<BatchResult>("PUT", "/v1/places", { places });

  test("a place is there at once, and the same one again makes no new version", async () => {
    const first = await put(store, { ...store, placeId: "UIO-W", kind: "warehouse", priority: undefined });
    assert.deepEqual(
      first.body.results.map((one) => one.result),
      ["created", "created"],
    );
    assert.deepEqual(catalog.places().places.get("GYE-01"), store);
    assert.equal(catalog.places().places.get("UIO-W")?.priority, 1_000_000);
    const again = await put(store);
    assert.deepEqual([again.body.unchanged, again.body.version], [1, first.body.version]);
  });

  test("a wrong row is refused with its field, and the right ones beside it are kept", async () => {
    const { longitude: _, ...half } = store;
    const rows = [
      { ...store, placeId: "A", timezone: "America/Atlantis" },
      { ...half, placeId: "B" },
      { ...store, placeId: "C", country: "Ecuador" },
      { ...store, placeId: "D", kind: "kiosk" },
      { ...store, placeId: "E" },
      { ...store, placeId: "__proto__" },
    ];
    const { body } = await put(...rows);
    assert.deepEqual(
      body.results.map((one) => one.errors?.[0]?.pointer),
      ["timezone", "longitude", "country", "kind", undefined, "placeId"].map((field, i) =>
        field === undefined ? undefined : `/body/places/${i}/${field}`,
      ),
    );
    assert.deepEqual([body.created, body.refused], [1, 5]);
  });

  test("pages follow one another without a gap or a repeat", async () => {
    await put(...Array.from({ length: 12 }, (_, i) => ({ ...store, placeId: `page-${i}` })));
    const seen: string[] = [];
    let next: string | undefined = "page-";
    while (next !== undefined) {
      const page: { body: { places: Place[]; next?: string } } = await ask(
        "GET",
        `/v1/places?limit=5&after=${next}`,
      );
      seen.push(...page.body.places.map(({ placeId }) => placeId));
      next = page.body.next;
    }
    assert.deepEqual(seen, Array.from({ length: 12 }, (_, i) => `page-${i}`).sort());
  });

  test("the places of a version stay what they were, whatever is written later", async () => {
    const before = catalog.places();
    await put({ ...store, priority: 99 });
    await put({ ...store, channels: [] });
    const other = await openCatalog({ database: at.database, log: silentLog, pollMs: 60_000 });
    const sorted = (view: { places: ReadonlyMap<string, Place> }) => [...view.places].sort();
    assert.deepEqual(sorted(await other.placesAsOf(before.version)), sorted(before));
    assert.deepEqual(sorted(other.places()), sorted(catalog.places()));
    assert.deepEqual(catalog.places().places.get("GYE-01")?.channels, []);
    await other.stop();
  });
});
