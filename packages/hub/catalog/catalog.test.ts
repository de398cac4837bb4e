import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { BatchResult, Item } from "@trato/contract";
import fc from "fast-check";
import { silentLog } from "../platform/index.ts";
import { type TestDatabase, testDatabase } from "../testing/database.ts";
import { type Ask, serve } from "../testing/serve.ts";
import { type Catalog, listItemsRoute, openCatalog, putItemsRoute, readItemRoute } from "./index.ts";

const tea = { sku: "TEA-20", title: "Té 20 bolsas", category: "tea", priceMinor: 250, currency: "USD" };

describe("catalogue", () => {
  let at: TestDatabase;
  let catalog: Catalog;
  let ask: Ask;
  let stop: () => Promise<unknown>;
  before(async () => {
    at = await testDatabase();
    catalog = await openCatalog({ database: at.database, log: silentLog, pollMs: 60_000 });
    ({ ask, stop } = serve(at.database, [
      putItemsRoute(catalog),
      listItemsRoute(catalog),
      readItemRoute(catalog),
    ]));
  });
  after(async () => {
    await stop();
    await catalog.stop();
    await at.stop();
  });
  const put = (...items: unknown[]) => ask<BatchResult>("PUT", "/v1/items", { items });

  test("an item is there at once, with what was left out filled in", async () => {
    const { status, body } = await put(tea);
    assert.equal(status, 200);
    assert.deepEqual(body.results, [{ id: "TEA-20", result: "created" }]);
    const kept = {
      ...tea,
      title: { es: "Té 20 bolsas", en: "Té 20 bolsas" },
      kind: "product",
      inStock: true,
      sellable: true,
    };
    assert.deepEqual((await ask("GET", "/v1/items/TEA-20")).body, kept);
    assert.deepEqual(catalog.now().items.get("TEA-20"), kept);
    assert.equal(catalog.now().version, body.version);
  });

  test("the same batch again changes nothing, not even the version", async () => {
    const first = await put(tea);
    const again = await put({ ...tea, inStock: true });
    assert.deepEqual(again.body.results, [{ id: "TEA-20", result: "unchanged" }]);
    assert.equal(again.body.version, first.body.version);
  });

  test("a wrong row is refused with its field, and the right ones beside it are kept", async () => {
    const rows = [
      { ...tea, sku: "A", priceMinor: -1 },
      { ...tea, sku: "B" },
      "tea",
      { ...tea, sku: "B" },
      { ...tea, sku: "C", currency: "XYZ" },
    ];
    const { status, body } = await put(...rows);
    assert.equal(status, 200);
    assert.deepEqual(
      body.results.map((one) => one.result),
      ["refused", "created", "refused", "refused", "refused"],
    );
    assert.deepEqual(
      body.results.map((one) => one.errors?.[0]?.pointer),
      ["/body/items/0/priceMinor", undefined, "/body/items/2", "/body/items/3/sku", "/body/items/4/currency"],
    );
    assert.match(body.results[3]!.errors![0]!.detail, /row 1 has "B" already/);
    assert.equal((await ask("GET", "/v1/items/A")).status, 404);
    assert.equal((await ask("GET", "/v1/items/B")).status, 200);
  });

  test("names that a database or a program would trip over are refused", async () => {
    const bad = ["__proto__", "", "a\u0001b", "x".repeat(101), "\ud800".repeat(2)];
    const { body } = await put(...bad.map((sku) => ({ ...tea, sku })));
    assert.deepEqual(
      body.results.slice(0, 4).map((one) => one.result),
      Array(4).fill("refused"),
    );
    const odd = ["constructor", "ñandú/1 ½", "'; drop table catalog_item; --", "toString"];
    const kept = await put(...odd.map((sku) => ({ ...tea, sku })));
    assert.equal(kept.body.created, odd.length);
    for (const sku of odd) {
      assert.equal((await ask<Item>("GET", `/v1/items/${encodeURIComponent(sku)}`)).body.sku, sku);
    }
  });

  test("an empty batch, one of 1,001 and a body that is no batch are refused as a whole", async () => {
    for (const items of [[], Array.from({ length: 1_001 }, (_, i) => ({ ...tea, sku: `n${i}` })), "all"]) {
      assert.equal((await ask("PUT", "/v1/items", { items })).status, 400);
    }
  });

  test("pages follow one another without a gap or a repeat", async () => {
    await put(
      ...Array.from({ length: 25 }, (_, i) => ({
        ...tea,
        sku: `page-${String(i).padStart(2, "0")}`,
        category: "paged",
      })),
    );
    const skus: string[] = [];
    let next: string | undefined;
    do {
      const path = `/v1/items?category=paged&limit=7${next === undefined ? "" : `&after=${next}`}`;
      const { body } = await ask<{ items: Item[]; next?: string }>("GET", path);
      skus.push(...body.items.map((item) => item.sku));
      next = body.next;
    } while (next !== undefined);
    assert.deepEqual(
      skus,
      Array.from({ length: 25 }, (_, i) => `page-${String(i).padStart(2, "0")}`),
    );
  });

  test("the catalogue of a version stays what it was, whatever is written later", async () => {
    const prices = fc.array(fc.record({ sku: fc.constantFrom("h1", "h2", "h3"), priceMinor: fc.nat(5) }), {
      minLength: 1,
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(prices, async (writes) => {
        const views = [catalog.now()];
        for (const write of writes) {
          await put({ ...tea, ...write });
          views.push(catalog.now());
        }
        for (const view of views) {
          const past = await catalog.asOf(view.version);
          const other = await openCatalog({ database: at.database, log: silentLog, pollMs: 60_000 });
          const asRead = await other.asOf(view.version);
          await other.stop();
          assert.deepEqual(new Map([...asRead.items].sort()), new Map([...view.items].sort()));
          assert.deepEqual(new Map([...past.items].sort()), new Map([...view.items].sort()));
        }
      }),
      { numRuns: 5 },
    );
  });

  test("batches that overlap and arrive at once are all kept, each under a version of its own", async () => {
    const before = Number(catalog.now().version);
    const batches = Array.from({ length: 10 }, (_, n) =>
      Array.from({ length: 5 }, (_, i) => ({ ...tea, sku: `race-${(i + n) % 7}`, priceMinor: 1_000 + n })),
    );
    const answers = await Promise.all(batches.map((batch) => put(...batch)));
    const versions = answers.map(({ body }) => Number(body.version)).sort((a, b) => a - b);
    assert.deepEqual(
      versions,
      Array.from({ length: 10 }, (_, n) => before + 1 + n),
    );
    const last = answers.findIndex(({ body }) => Number(body.version) === before + 10);
    for (const { sku, priceMinor } of batches[last]!)
      assert.equal(catalog.now().items.get(sku)?.priceMinor, priceMinor);
  });

  test("another process sees a change by looking again", async () => {
    const other = await openCatalog({ database: at.database, log: silentLog, pollMs: 5 });
    await put({ ...tea, sku: "TEA-20", inStock: false });
    while (other.now().items.get("TEA-20")?.inStock !== false)
      await new Promise((resolve) => setTimeout(resolve, 5));
    await other.stop();
  });
});
