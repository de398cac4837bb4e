/**
 * # 14. Following what happens
 *
 * A screen that shows stock, a till that shows a cart, an ERP that books orders: each wants to hear of a change, not to
 * ask again and again. There are two ways.
 *
 * - **The stream**: `GET /v1/stream` answers with server-sent events for as long as somebody listens. Each event has an
 *   id. Whoever breaks off sends the last id again as `Last-Event-ID` (browsers do it by themselves) and hears what it
 *   missed, at any hub, up to 24 hours later: nothing is skipped and nothing comes twice.
 * - **Webhooks**: the hub sends each change to an address of yours, signed by
 *   [Standard Webhooks](https://www.standardwebhooks.com), and again until you answer 2xx: ten times over three days.
 *
 * A change is announced in the transaction that makes it. What was rolled back is never heard, and what was committed
 * always is, whichever hub did it. [Topics](../reference/topics.md) has what each tells and which scope it needs; the stream
 * itself needs `stream:read`, making webhooks `webhooks:admin`. Deliveries of a webhook may overtake each other: of two
 * changes of one thing the one with the larger `sequence` is later. A webhook to your own machine, for trying things out,
 * needs a hub that was started with `TRATO_WEBHOOKS_LOOPBACK=1`. A public key hears nothing but one cart, whose token it
 * shows.
 */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { Webhook } from "standardwebhooks";
import { until } from "../platform/postgres/testing/start.ts";
import { receiver } from "../send/testing/receiver.ts";
import { testHub } from "../testing/hub.ts";
import { followHub } from "../testing/stream.ts";
import { items, openShop } from "./testing/shop.ts";

const shop = await openShop();
const other = await testHub({
  clock: shop.clock,
  database: { database: shop.database, url: shop.hub.databaseUrl, stop: async () => undefined },
});
const erp = await receiver();
after(async () => {
  await Promise.all([erp.stop(), other.stop()]);
  await shop.stop();
});

const place = {
  placeId: "quito",
  kind: "store",
  name: "Quito",
  country: "EC",
  timezone: "America/Guayaquil",
};
await shop.put("/v1/items", { items });
await shop.put("/v1/places", { places: [{ ...place, channels: ["pos", "web"], priority: 1 }] });

let minute = 0;
const count = (sku: string, onHand: number) => {
  const countedAt = new Date(shop.clock.nowMs() - 3_600_000 + 60_000 * ++minute).toISOString();
  return shop.put("/v1/stock", { levels: [{ placeId: "quito", sku, onHand, countedAt }] });
};

let lastId = "";

test("what one hub is told, a screen hears that follows another hub", async () => {
  const screen = await followHub(other, { topic: "stock.changed", place: "quito" });
  assert.equal((await screen.next())?.event, "ready");
  await count("rice-2kg", 40);
  const [heard] = await screen.take(1);
  assert.equal(heard?.event, "stock.changed");
  assert.equal(heard?.data.key, "quito");
  const [level] = heard!.data.data["levels"] as { sku: string; onHand: number }[];
  assert.deepEqual([level?.sku, level?.onHand], ["rice-2kg", 40]);
  lastId = screen.lastId();
  screen.close();
});

test("a screen that was away hears what it missed, in order and once, and goes on from there", async () => {
  await count("rice-2kg", 39);
  await count("whisk", 7);
  const screen = await followHub(shop.at, { topic: "stock.changed" }, { after: lastId });
  const missed = await screen.take(2);
  const skus = missed.map(({ data }) => (data.data["levels"] as { sku: string }[])[0]!.sku);
  assert.deepEqual(skus, ["rice-2kg", "whisk"]);
  screen.close();
});

test("who only comes by now and then asks for what is new and hears when that was all", async () => {
  const visit = await followHub(other, { topic: "stock.changed", ends: "caught_up" }, { after: lastId });
  const events = (await visit.rest()).map(({ event }) => event);
  assert.deepEqual(events, ["ready", "stock.changed", "stock.changed", "caught_up"]);
});

test("a shopper's phone follows the cart that it shows, with a public key and the cart's token", async () => {
  await shop.put("/v1/stock", { levels: [{ placeId: "quito", sku: "softener-1l", onHand: 5 }] });
  const where = { channel: "web", placeId: "quito", currency: "USD" };
  const cart = await shop.post<{ cartId: string; token: string }>("/v1/carts", where);
  // The public key stands in the shop's page for everybody to read; the token is known to whoever has the cart.
  const { secret } = await shop.post<{ secret: string }>("/v1/keys", {
    ...{ kind: "public", source: "web", label: "the shop's page" },
  });
  const phone = await followHub(other, { cart: cart.token }, { key: secret });
  assert.equal((await phone.next())?.event, "ready");

  const changes = [{ do: "add", sku: "softener-1l", quantity: 2 }];
  await shop.post(`/v1/carts/${cart.cartId}/changes`, { changes });
  // The opening of the cart may be heard once more: what others were still writing at that moment is not skipped.
  const linesHeard = async (): Promise<unknown[]> => {
    const [heard] = await phone.take(1);
    assert.deepEqual([heard?.event, heard?.data.key], ["cart.changed", cart.cartId]);
    const lines = heard?.data.data["lines"] as unknown[];
    return lines.length === 0 ? linesHeard() : lines;
  };
  assert.deepEqual(await linesHeard(), [{ sku: "softener-1l", quantity: 2 }]);
  phone.close();
});

/** What the ERP heard, once it is so many requests: what others are still writing is waited for. */
async function heardByErp(requests: number) {
  await until(async () => {
    await shop.hub.rooms.sender.sendDue();
    return erp.at("/trato").length >= requests;
  });
  assert.equal(erp.at("/trato").length, requests);
  return erp.at("/trato");
}

/** What became of its deliveries, once each is settled: either hub may send one, and what came of it is kept after the answer. */
async function settledStates(webhookId: string): Promise<string[]> {
  let states: string[] = [];
  await until(async () => {
    const { deliveries } = await shop.get<{ deliveries: { state: string }[] }>(
      `/v1/webhooks/${webhookId}/deliveries`,
    );
    states = deliveries.map(({ state }) => state);
    return !states.includes("waiting");
  });
  return states;
}

test("an ERP gets the same by webhook, and knows by the signature that it came from this hub", async () => {
  const wanted = { url: `${erp.url}/trato`, topics: ["stock.changed"], label: "ERP" };
  const made = await shop.post<{ webhookId: string; secret: string }>("/v1/webhooks", wanted);
  await count("coffee-500g", 12);
  const [got] = await heardByErp(1);
  assert.equal((JSON.parse(got!.body) as { type: string }).type, "stock.changed");
  // The receiver's side, as the published library does it. (The hub's clock stands still here, so time is not looked at.)
  const signature = got!.headers["webhook-signature"] as string;
  const at = new Date(Number(got!.headers["webhook-timestamp"]) * 1_000);
  assert.equal(new Webhook(made.secret).sign(got!.headers["webhook-id"] as string, at, got!.body), signature);

  assert.deepEqual(await settledStates(made.webhookId), ["delivered"]);
  await shop.post(`/v1/webhooks/${made.webhookId}/replay`, { state: "all" });
  const ids = (await heardByErp(2)).map(({ headers }) => headers["webhook-id"]);
  assert.equal(ids[0], ids[1], "a replay bears the id of before, so that the ERP knows it");
});
