/**
 * # 7. Idempotency keys
 *
 * A request whose answer was lost has perhaps been carried out, perhaps not. Two rules make sending it again harmless:
 *
 * - **Events carry their own name**: the same `id` from the same source is a repeat ([chapter 1](01-every-event-has-one-fate.md)).
 *   A batch needs no key.
 * - **Commands take an `Idempotency-Key`**: carts, orders, payments, holds, and what staff do (undo a merge, repair, drop,
 *   erase, train, promote, revoke a key); [the reference](../reference/openapi.json) says which. Make one text per
 *   intention and send it with every try. The answer is stored in the transaction of the effect: either both exist or
 *   neither does. The same key and body again get the stored answer, with the header `Idempotency-Replayed: true`; another
 *   body gets 422; while the first is still running, 409. A refusal stores nothing, so the same key may be tried again
 *   with what is right. Keys are remembered for seven days.
 *
 * `PUT` of rows (items, places, prices, promotions, taxes, stock, offers, placements) needs no key: the same row again
 * changes nothing, and a difference of stock is named by its `commandId`. `POST /v1/decisions` takes none: asking twice
 * makes two decisions, and only what is reported as seen counts. What answers with a secret (keys, webhooks) takes none
 * either, since an answer that is kept would keep the secret: look whether it is there, and delete what is there twice.
 */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Quarantined } from "@trato/contract";
import { daysAgo, items, openShop } from "./testing/shop.ts";

const shop = await openShop();
after(() => shop.stop());

const putAside = async (id: string): Promise<string> => {
  await shop.send({ id, type: "item.viewed", data: { sku: "whisk" } });
  const page = await shop.get<{ items: Quarantined[] }>("/v1/quarantine");
  return page.items.find(({ eventId }) => eventId === id)!.quarantineId;
};
const use = (key: string, path: string, body?: unknown) =>
  shop.ask<{ code?: string }>("POST", path, body, { headers: { "idempotency-key": key } });
const repaired = (id: string, sku = "whisk") => ({
  event: { id, type: "item.viewed", time: daysAgo(1), data: { sku } },
});

test("a command sent again with its key acts once and is answered the same", async () => {
  const path = `/v1/quarantine/${await putAside("v-1")}/repair`;
  const first = await use("repair-v-1", path, repaired("v-1"));
  const again = await use("repair-v-1", path, repaired("v-1"));
  assert.deepEqual([first.status, again.status, again.text], [200, 200, first.text]);
  assert.equal(again.headers.get("idempotency-replayed"), "true");
  const withoutKey = await shop.ask<{ code: string }>("POST", path, repaired("v-1"));
  assert.equal(withoutKey.body.code, "quarantine_settled");
});

test("the same key with another body is refused: it is another intention", async () => {
  const path = `/v1/quarantine/${await putAside("v-2")}/repair`;
  await use("repair-v-2", path, repaired("v-2"));
  const other = await use("repair-v-2", path, repaired("v-2", "rice-2kg"));
  assert.deepEqual([other.status, other.body.code], [422, "idempotency_mismatch"]);
});

test("of ten tries at the same moment one acts; the others are answered the same, or told that it still runs", async () => {
  const path = `/v1/quarantine/${await putAside("v-3")}/drop`;
  const answers = await Promise.all(Array.from({ length: 10 }, () => use("drop-v-3", path)));
  const acted = answers.filter((one) => one.status === 200 && !one.headers.has("idempotency-replayed"));
  assert.equal(acted.length, 1);
  for (const { status, body } of answers)
    assert.ok(status === 200 || body.code === "idempotency_running", `${status}`);
});

test("what was refused may be tried again with the same key", async () => {
  const path = `/v1/quarantine/${await putAside("v-4")}/repair`;
  const wrong = { ...repaired("v-4").event, time: "yesterday" };
  assert.equal((await use("repair-v-4", path, { event: wrong })).body.code, "repair_invalid");
  assert.equal((await use("repair-v-4", path, repaired("v-4"))).status, 200);
});

test("items need no key: the same rows again change nothing, and make no new version", async () => {
  const first = await shop.put<{ version: string; created: number }>("/v1/items", { items });
  const again = await shop.put<{ version: string; unchanged: number }>("/v1/items", { items });
  assert.deepEqual(
    [first.created, again.unchanged, again.version],
    [items.length, items.length, first.version],
  );
});
