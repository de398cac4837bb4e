import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { chance, pickInt, systemClock } from "@trato/base";
import type { CartAnswer, OrderAnswer } from "@trato/contract";
import { shopAt } from "../orders/testing/shop.ts";
import { ask, type HubAt } from "../testing/ask.ts";
import { assertSound } from "../testing/sound.ts";
import { homeFor, portOf, spawnHub } from "../testing/spawn-hub.ts";

const carts = 40;
const onHand = 1_000;

async function openShop(hub: HubAt): Promise<void> {
  const { done } = shopAt(hub);
  const store = { kind: "store", country: "EC", timezone: "America/Guayaquil", channels: ["web"] };
  await done("PUT", "/v1/places", { places: [{ ...store, placeId: "A", name: "A" }] });
  const item = { sku: "coffee", title: "coffee", category: "goods", priceMinor: 599, currency: "USD" };
  await done("PUT", "/v1/items", { items: [item] });
  await done("PUT", "/v1/stock", { levels: [{ sku: "coffee", placeId: "A", onHand }] });
}

/** Carts of people, each with two coffees. */
async function fill(hub: HubAt): Promise<string[]> {
  const shop = shopAt(hub);
  return Promise.all(
    Array.from({ length: carts }, async (_, i) => {
      const { cartId } = await shop.open({ identities: { email: `buyer-${i}@example.com` } });
      assert.equal((await shop.change(cartId, [{ do: "add", sku: "coffee", quantity: 2 }])).status, 200);
      return cartId;
    }),
  );
}

test("a hub killed in the middle of checkouts leaves each order whole or not at all, and the same key ends it once", async (t) => {
  const seed = systemClock.nowMs() % 100_000;
  t.diagnostic(`seed ${seed}`);
  const home = await homeFor(t);
  const first = await spawnHub(t, { home });
  await openShop(first);
  const cartIds = await fill(first);
  const tenders = [
    { kind: "cash", amountMinor: 500 },
    { kind: "cash", amountMinor: 698 },
  ];
  const buy = (hub: HubAt, cartId: string) =>
    ask<OrderAnswer>(
      hub,
      "POST",
      `/v1/carts/${cartId}/order`,
      { tenders },
      { headers: { "idempotency-key": cartId } },
    );
  const answers = Promise.allSettled(cartIds.map((cartId) => buy(first, cartId)));
  await delay(5 + pickInt(chance(seed), 60));
  await first.kill();
  const told = (await answers).map((one) =>
    one.status === "fulfilled" && one.value.status === 201 ? one.value.body : null,
  );

  const second = await spawnHub(t, { home, port: portOf(first) });
  const shop = shopAt(second);
  let whole = 0;
  for (const [i, cartId] of cartIds.entries()) {
    const cart = await shop.done<CartAnswer>("GET", `/v1/carts/${cartId}`);
    if (told[i] !== null)
      assert.equal(cart.orderId, told[i]!.orderId, `seed ${seed}: what was told is there`);
    assert.ok(cart.state === "open" || cart.state === "ordered", `seed ${seed}`);
    if (cart.state === "open") continue;
    whole += 1;
    const order = await shop.order(cart.orderId!);
    assert.deepEqual([order.totalMinor, order.parts.map(({ left }) => left)], [1_198, [2]], `seed ${seed}`);
    const why = await shop.done<{ tenders: object[] }>("GET", `/v1/orders/${order.orderId}/why`);
    assert.equal(why.tenders.length, 2, `seed ${seed}: an order has its tenders`);
  }
  const levels = await shop.done<{ levels: { held: number; allocated: number }[] }>(
    "GET",
    "/v1/stock?sku=coffee",
  );
  const { held, allocated } = levels.levels[0]!;
  assert.deepEqual([held, allocated], [2 * (carts - whole), 2 * whole], `seed ${seed}: ${whole} were bought`);

  const again = await Promise.all(cartIds.map((cartId) => buy(second, cartId)));
  assert.ok(
    again.every(({ status }) => status === 201),
    `seed ${seed}`,
  );
  for (const [i, { body }] of again.entries()) if (told[i] !== null) assert.deepEqual(body, told[i]);
  const { orders } = await shop.done<{ orders: OrderAnswer[] }>("GET", "/v1/orders?limit=1000");
  assert.equal(orders.length, carts, `seed ${seed}: each was bought once`);
  await assertSound(second);
});
