/**
 * # 6. Quarantine and repair
 *
 * What cannot be kept as an event is put aside with the sender's own bytes, the reason from a
 * [closed list](../../packages/contract/events/quarantine-reasons.ts), and where in the event it lies. It stays counted as
 * `quarantined`; nothing else waits for it.
 *
 * Somebody looks at it (`trato quarantine list`, `show`), then **repairs** it: sends the event as it should have been, under
 * the source that sent it first. Or **drops** it: settled as not worth keeping, its bytes stay. A connector that meets a line
 * it cannot read hands it over with `POST /v1/quarantine`, so that it is counted too; `trato import` does so.
 */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Quarantined } from "@trato/contract";
import { daysAgo, openShop } from "./testing/shop.ts";

const shop = await openShop();
after(() => shop.stop());

const list = async (query = ""): Promise<Quarantined[]> =>
  (await shop.get<{ items: Quarantined[] }>(`/v1/quarantine${query}`)).items;
const badSale = {
  ...{ id: "till-3/77", type: "order.placed", time: daysAgo(1), identities: { loyalty: "90017" } },
  data: {
    orderId: "77",
    currency: "USD",
    totalMinor: 12.5,
    lines: [{ sku: "rice-2kg", quantity: 1, amountMinor: 1_250 }],
  },
};
const goodSale = { ...badSale, data: { ...badSale.data, totalMinor: 1_250 } };

test("what is put aside says why, where, and in whose words", async () => {
  await shop.send(badSale);
  const [one] = await list();
  assert.equal(one?.reason, "data_invalid");
  assert.equal(one?.pointer, "/data/totalMinor");
  assert.equal(one?.source, "local");
  assert.deepEqual(JSON.parse(one!.bytes), badSale);
  assert.equal((await shop.ask("GET", "/v1/people?kind=loyalty&value=90017")).status, 404);
});

test("repaired, it is an event like any other, and settled; nobody can settle it twice", async () => {
  const [one] = await list();
  const path = `/v1/quarantine/${one?.quarantineId}/repair`;
  const still = await shop.ask<{ code: string }>("POST", path, { event: badSale });
  assert.deepEqual([still.status, still.body.code], [422, "repair_invalid"]);

  assert.deepEqual(await shop.post(path, { event: goodSale }), { fate: "applied" });
  const { slices } = await shop.who("loyalty", "90017");
  assert.equal((slices["orders"] as { orders: number }).orders, 1);
  assert.deepEqual(await list(), []);
  assert.equal((await list("?all=true"))[0]?.settled, "repaired");

  const again = await shop.ask<{ code: string }>("POST", path, { event: goodSale });
  assert.deepEqual([again.status, again.body.code], [409, "quarantine_settled"]);
  assert.equal((await shop.send(goodSale)).repeat, 1, "the till may send the right one now");
});

test("dropped, it is settled and its bytes stay", async () => {
  await shop.send({ id: "x-1", type: "Not A Type", time: daysAgo(1) });
  const [one] = await list();
  await shop.post(`/v1/quarantine/${one?.quarantineId}/drop`);
  assert.deepEqual(await list(), []);
  const settled = (await list("?all=true")).find(({ quarantineId }) => quarantineId === one?.quarantineId);
  assert.deepEqual([settled?.settled, settled?.eventId], ["dropped", "x-1"]);
});

test("a connector hands over what it could not read, and the counters still add up", async () => {
  const items = [{ reason: "line_invalid", detail: "Line 7: no quantity.", bytes: "A1;;rice;2.80" }];
  const taken = await shop.post<{ quarantined: number }>("/v1/quarantine", { items });
  assert.equal(taken.quarantined, 1);
  const { adds, quarantineOpen } = await shop.get<{ adds: boolean; quarantineOpen: unknown[] }>(
    "/v1/events/counters",
  );
  assert.deepEqual([adds, quarantineOpen], [true, [{ reason: "line_invalid", open: 1 }]]);
});
