/**
 * # 11. One stock that cannot be oversold
 *
 * The till, the site and the app sell from one stock. What each place has of each item is kept in one row, and changes in
 * the statement that writes the movement behind it; the database itself refuses a row that promises what is not there.
 *
 * - `PUT /v1/stock` feeds it: **counts** (so many were there at a time) and **differences** (so many came or went). They may
 *   come late, twice and out of order: an older count never overwrites a newer one.
 * - `POST /v1/holds` promises units for a while, all lines or none. A hold is over at its millisecond, whoever looks.
 * - `GET /v1/stock/{sku}/why` tells every movement that made a balance.
 *
 * A count may find less than was promised. Then nobody loses what they hold, and nothing more is promised until the rest
 * has come: the hub says so (`onHand` below `held`) instead of hiding it.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { HoldAnswer, StockLevel } from "@trato/contract";
import { hourMs, openShop, today } from "./testing/shop.ts";

const shop = await openShop();
after(() => shop.stop());

const at = (hours: number): string => new Date(today + hours * hourMs).toISOString();
const place = (placeId: string, latitude: number, longitude: number) => ({
  ...{ placeId, kind: "store", name: placeId, country: "EC", timezone: "America/Guayaquil" },
  ...{ latitude, longitude, channels: ["web", "pos"] },
});
const feed = (...levels: object[]) => shop.put<{ results: { result: string }[] }>("/v1/stock", { levels });
const hold = (holdId: string, lines: object[], more: object = {}) => {
  const body = { holdId, owner: holdId, channel: "web", forMs: hourMs, lines, ...more };
  return shop.ask<HoldAnswer & { code?: string }>("POST", "/v1/holds", body);
};
const levelsOf = async (sku: string, more = "") =>
  (await shop.get<{ levels: StockLevel[] }>(`/v1/stock?sku=${sku}${more}`)).levels;

before(async () => {
  await shop.put("/v1/places", {
    places: [place("Guayaquil", -2.19, -79.89), place("Quito", -0.18, -78.47)],
  });
});

test("whoever comes first gets the last one; the next is told no, and why", async () => {
  await feed({ sku: "whisk", placeId: "Quito", onHand: 1, countedAt: at(-1) });
  const first = await hold("ana", [{ sku: "whisk", quantity: 1 }]);
  assert.deepEqual(first.body.lines, [{ forSku: "whisk", placeId: "Quito", sku: "whisk", quantity: 1 }]);
  const second = await hold("luis", [{ sku: "whisk", quantity: 1 }], { channel: "pos" });
  assert.deepEqual([second.status, second.body.code], [409, "out_of_stock"]);
});

test("when the hold is over, the unit is there for the next, in that millisecond", async () => {
  shop.clock.advance(hourMs);
  assert.equal((await levelsOf("whisk"))[0]?.available, 1);
  assert.equal((await hold("luis", [{ sku: "whisk", quantity: 1 }])).status, 201);
});

test("an older count that arrives late overwrites nothing; what was sold after a count still counts", async () => {
  const counted = (onHand: number, hours: number) =>
    feed({ sku: "rice-2kg", placeId: "Quito", onHand, countedAt: at(hours) });
  await feed({ sku: "rice-2kg", placeId: "Quito", delta: -2, at: at(-2), commandId: "till-7/812" });
  await counted(30, -3);
  assert.equal((await levelsOf("rice-2kg"))[0]?.onHand, 28);
  assert.deepEqual(
    (await counted(99, -5)).results.map(({ result }) => result),
    ["older"],
  );
  assert.equal((await levelsOf("rice-2kg"))[0]?.onHand, 28);
});

test("a bundle is held with all its parts or not at all", async () => {
  const breakfast = {
    ...{ sku: "breakfast", title: "Desayuno", category: "bundles", priceMinor: 990, currency: "USD" },
    parts: [
      { sku: "coffee-500g", quantity: 1 },
      { sku: "coffee-filters", quantity: 2 },
    ],
  };
  await shop.put("/v1/items", { items: [breakfast] });
  await feed(
    { sku: "coffee-500g", placeId: "Guayaquil", onHand: 5, countedAt: at(-1) },
    { sku: "coffee-filters", placeId: "Guayaquil", onHand: 3, countedAt: at(-1) },
  );
  assert.equal((await hold("two", [{ sku: "breakfast", quantity: 2 }])).body.code, "out_of_stock");
  assert.equal((await levelsOf("coffee-500g"))[0]?.held, 0);
  assert.equal((await hold("one", [{ sku: "breakfast", quantity: 1 }])).body.lines.length, 2);
});

test("the nearest place that can serve does; a buffer keeps the last ones for the till", async () => {
  const soap = { sku: "soap", countedAt: at(-1), onHand: 3, safety: 2, channelBuffers: { pos: 0 } };
  await feed({ ...soap, placeId: "Quito" }, { ...soap, placeId: "Guayaquil" });
  const near = { latitude: -2.17, longitude: -79.92 };
  const placesOf = ({ body }: { body: HoldAnswer }) => body.lines.map(({ placeId }) => placeId);
  assert.deepEqual(placesOf(await hold("near", [{ sku: "soap", quantity: 1 }], { near })), ["Guayaquil"]);
  assert.deepEqual(placesOf(await hold("next", [{ sku: "soap", quantity: 1 }], { near })), ["Quito"]);
  assert.equal((await hold("none", [{ sku: "soap", quantity: 1 }], { near })).body.code, "out_of_stock");
  const atTill = { channel: "pos", placeIds: ["Quito"] };
  assert.equal((await hold("till", [{ sku: "soap", quantity: 2 }], atTill)).status, 201);
});

test("every balance can be accounted for", async () => {
  const why = await shop.get<{ movements: { reason: string; from: string; to: string; quantity: number }[] }>(
    "/v1/stock/whisk/why?placeId=Quito",
  );
  assert.deepEqual(
    why.movements.map(({ reason, from, to }) => `${reason}: ${from} to ${to}`),
    ["hold: free to held", "expire: held to free", "hold: free to held", "count: outside to free"],
  );
});
