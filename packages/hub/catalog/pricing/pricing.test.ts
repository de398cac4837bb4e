import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { dayMs, fakeClock } from "@trato/base";
import type { BatchResult, Item } from "@trato/contract";
import { silentLog } from "../../platform/index.ts";
import { type TestDatabase, testDatabase } from "../../testing/database.ts";
import { type Ask, serve } from "../../testing/serve.ts";
import {
  type Catalog,
  explainPriceRoute,
  openCatalog,
  openPricing,
  type Pricing,
  priceCart,
  ruleRoutes,
} from "../index.ts";

type Page = { prices: { placeId: string }[]; next?: string };
type Why = {
  totalMinor: number;
  quantity: number;
  row: string | null;
  passedOver: string[];
  discounts: { promotionId: string; amountMinor: number }[];
  lowest: { lowestMinor: number | null; from: string; until: string; reducedSince: string | null };
  history: { from: string; priceMinor: number | null }[];
};

const began = Date.parse("2026-08-01T00:00:00Z");
const oil = { title: "Aceite 1 l", category: "pantry", priceMinor: 300, currency: "USD" };

describe("pricing", () => {
  const clock = fakeClock(began);
  let at: TestDatabase;
  let catalog: Catalog;
  let pricing: Pricing;
  let ask: Ask;
  let stop: () => Promise<unknown>;
  const open = () =>
    openPricing({
      ...{ database: at.database, log: silentLog, clock, pollMs: 60_000 },
      ...{ items: catalog.now, countryOf: () => "EC" },
    });
  before(async () => {
    at = await testDatabase();
    catalog = await openCatalog({ database: at.database, log: silentLog, clock, pollMs: 60_000 });
    pricing = await open();
    ({ ask, stop } = serve(at.database, [...ruleRoutes(pricing), explainPriceRoute(pricing)], clock));
  });
  after(async () => {
    await stop();
    await pricing.stop();
    await catalog.stop();
    await at.stop();
  });
  const putPrices = async (...prices: object[]) =>
    (await ask<BatchResult>("PUT", "/v1/prices", { prices })).body;
  const putPromotions = async (...promotions: object[]) =>
    (await ask<BatchResult>("PUT", "/v1/promotions", { promotions })).body;
  const sell = (sku: string, more: Partial<Item> = {}) => catalog.put([{ ...oil, sku, ...more }]);
  const why = async (sku: string, query = "") =>
    (await ask<Why>("GET", `/v1/prices/${sku}/why${query}`)).body;
  const day = (days: number) => clock.set(began + days * dayMs);
  const dayOf = (instant: string | null) =>
    instant === null ? null : Math.round((Date.parse(instant) - began) / dayMs);

  test("the same rows again change nothing; a wrong row is refused with its field, beside right ones", async () => {
    await sell("p1");
    const row = { sku: "p1", currency: "USD", priceMinor: 250, validFrom: "2026-07-01T00:00:00-05:00" };
    assert.equal((await putPrices(row)).created, 1);
    const again = await putPrices({ ...row, validFrom: "2026-07-01T05:00:00Z" }, row);
    assert.deepEqual(
      again.results.map(({ result, errors }) => [result, errors?.[0]?.pointer]),
      [
        ["changed", undefined],
        ["refused", "/body/prices/1/sku"],
      ],
      "one instant, written in two ways, is one row",
    );
    const wrong = await putPrices(
      { ...row, priceMinor: 2.5 },
      { ...row, currency: "XXX" },
      { ...row, validUntil: "2026-06-01T00:00:00Z" },
      { ...row, validFrom: "2026-02-31T00:00:61Z" },
      { ...row, placeId: "gye" },
    );
    assert.deepEqual(
      wrong.results.map(({ errors }) => errors?.[0]?.pointer),
      ["/priceMinor", "/currency", "/validUntil", "/validFrom", undefined].map((field, i) =>
        field === undefined ? undefined : `/body/prices/${i}${field}`,
      ),
    );
    const minimum = { currency: "USD", amountMinor: 100 };
    const effect = { kind: "percent", ratePpm: 1 };
    const refused = await putPromotions({ id: "x", title: { es: "x", en: "x" }, effect, minimum });
    assert.equal(refused.results[0]?.errors?.[0]?.pointer, "/body/promotions/0/minimum");
  });

  test("what was put is priced by at once, and by another process when it looks again", async () => {
    await sell("p2");
    const other = await open();
    await putPrices({ sku: "p2", currency: "USD", priceMinor: 200 });
    await putPromotions({
      ...{ id: "p2-week", title: { es: "x", en: "x" }, skus: ["p2"] },
      effect: { kind: "percent", ratePpm: 100_000 },
    });
    await ask("PUT", "/v1/taxes", {
      taxes: [{ id: "vat", name: { es: "IVA", en: "VAT" }, country: "EC", ratePpm: 150_000, mode: "added" }],
    });
    await other.refresh();
    for (const { views } of [pricing, other]) {
      const cart = priceCart(views(), {
        ...{ placeId: null, channel: "web", currency: "USD", groups: [], atMs: clock.nowMs() },
        lines: [{ lineId: "1", sku: "p2", quantity: 1 }],
      });
      assert.deepEqual([cart.grossMinor, cart.discountMinor, cart.totalMinor], [200, 20, 207]);
    }
    await other.stop();
    await ask("PUT", "/v1/taxes", {
      taxes: [
        {
          ...{ id: "vat", name: { es: "IVA", en: "VAT" }, country: "EC", ratePpm: 150_000, mode: "added" },
          withdrawn: true,
        },
      ],
    });
    const listed = await ask<{ prices: { sku: string }[]; next?: string }>("GET", "/v1/prices?sku=p2");
    assert.deepEqual(
      listed.body.prices.map(({ sku }) => sku),
      ["p2"],
    );
  });

  test("a change of price is announced in the transaction that makes it", async () => {
    await sell("p3");
    await putPrices({ sku: "p3", currency: "USD", priceMinor: 111, placeId: "gye" });
    await putPrices({ sku: "p3", currency: "USD", priceMinor: 111, placeId: "gye" });
    const rows = await at.database.query<{ topic: string; place: string; data: object }>({
      name: "",
      text: "select topic, place, data from platform_outbox where key = 'p3'",
      values: [],
    });
    const data = { sku: "p3", currency: "USD", priceMinor: 111, placeId: "gye" };
    assert.deepEqual(rows, [{ topic: "price.changed", place: "gye", data }]);
  });

  test("pages of price rows follow one another without a gap or a repeat", async () => {
    const places = Array.from({ length: 25 }, (_, i) => `place-${String(i).padStart(2, "0")}`);
    await putPrices(...places.map((placeId) => ({ sku: "paged", currency: "USD", priceMinor: 1, placeId })));
    const seen: string[] = [];
    let next: string | undefined = "";
    while (next !== undefined) {
      const path: string = `/v1/prices?sku=paged&limit=7&after=${encodeURIComponent(next)}`;
      const { body }: { body: Page } = await ask<Page>("GET", path);
      seen.push(...body.prices.map(({ placeId }) => placeId));
      next = body.next;
    }
    assert.deepEqual(seen, places);
  });

  test("why says which row made the price, which it passed over, and what promotions took off", async () => {
    await sell("w1");
    await putPrices(
      { sku: "w1", currency: "USD", priceMinor: 290, channel: "web" },
      { sku: "w1", currency: "USD", priceMinor: 280, placeId: "gye" },
    );
    await putPromotions({
      ...{ id: "w1-off", title: { es: "x", en: "x" }, skus: ["w1"] },
      effect: { kind: "amount", amountMinor: 30, currency: "USD" },
    });
    const told = await why("w1", "?placeId=gye&channel=web");
    assert.deepEqual([told.totalMinor, told.row], [250, "w1?currency=USD&placeId=gye"]);
    assert.deepEqual(told.passedOver, ["w1?currency=USD&channel=web"]);
    assert.deepEqual(told.discounts, [{ promotionId: "w1-off", amountMinor: 30 }]);
    assert.equal((await why("w1")).row, "w1?currency=USD&channel=web");
    assert.equal((await ask("GET", "/v1/prices/nothing/why")).status, 404);
    assert.equal((await ask("GET", "/v1/prices/w1/why?currency=EUR")).status, 404);
  });

  test("raising a price before lowering it does not raise the price that must be stated", async () => {
    day(0);
    await sell("o1");
    await putPrices({ sku: "o1", currency: "USD", priceMinor: 300 });
    day(60);
    await putPrices({ sku: "o1", currency: "USD", priceMinor: 400 });
    day(75);
    await putPromotions({
      ...{ id: "o1-friday", title: { es: "x", en: "x" }, skus: ["o1"], from: "2026-08-01T00:00:00Z" },
      effect: { kind: "percent", ratePpm: 250_000 },
    });
    day(80);
    const { lowest, totalMinor, history } = await why("o1");
    assert.deepEqual(
      [totalMinor, lowest.lowestMinor],
      [300, 300],
      "3.00 was asked within 30 days before day 75",
    );
    assert.deepEqual([dayOf(lowest.from), dayOf(lowest.until), dayOf(lowest.reducedSince)], [45, 75, 75]);
    assert.deepEqual(
      history
        .filter(({ priceMinor }) => priceMinor !== null)
        .map((step) => [dayOf(step.from), step.priceMinor]),
      [
        [0, 300],
        [60, 400],
        [75, 300],
      ],
      "the promotion was told on day 75, whatever it says of when it began",
    );
  });

  test("a price that nobody here was asked does not count: another place, a group, a cart from a sum on", async () => {
    day(100);
    await sell("o2");
    const row = { sku: "o2", currency: "USD" };
    await putPrices({ ...row, placeId: "uio", priceMinor: 100 }, { ...row, group: "staff", priceMinor: 150 });
    await putPromotions({
      ...{ id: "o2-cart", title: { es: "x", en: "x" }, skus: ["o2"] },
      effect: { kind: "cart_percent", ratePpm: 500_000 },
      minimum: { currency: "USD", amountMinor: 1_000 },
    });
    day(110);
    const { lowest } = await why("o2", "?placeId=gye&group=staff");
    assert.deepEqual([lowest.lowestMinor, lowest.reducedSince], [300, null]);
    assert.equal((await why("o2", "?placeId=uio")).lowest.lowestMinor, 100);
  });

  test("several reductions in a row are one: the price to state is that before the first", async () => {
    day(130);
    await sell("o3");
    await putPrices({ sku: "o3", currency: "USD", priceMinor: 500 });
    for (const [at_, priceMinor] of [
      [150, 450],
      [155, 400],
      [160, 350],
    ] as const) {
      day(at_);
      await putPrices({ sku: "o3", currency: "USD", priceMinor });
    }
    day(165);
    const { lowest } = await why("o3");
    assert.deepEqual([lowest.lowestMinor, dayOf(lowest.reducedSince)], [500, 150]);
    day(245);
    assert.equal((await why("o3")).lowest.reducedSince, null, "after 90 days it is the price");
  });
});
