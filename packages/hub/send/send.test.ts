import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { hourMs, limits, minuteMs } from "@trato/base";
import { change, keyOf, stage, verify } from "./testing/stage.ts";

const on = await stage();
after(() => on.stop());
const { advance, ask, clock, database, deliveriesOf, make, openSender, remove, sender, shop, stateOf, tell } =
  on;

test("a change arrives where its topic is wanted, once, with what changed in it", async () => {
  const [orders, carts] = [await make("/orders"), await make("/carts", ["cart.changed"])];
  await tell(change("o1"), change("c1", "cart.changed"), change("p1", "payment.changed"));
  await Promise.all([sender.sendDue(), sender.sendDue()]);
  await sender.sendDue();
  assert.deepEqual([shop.at("/orders").map(keyOf), shop.at("/carts").map(keyOf)], [["o1"], ["c1"]]);
  const body = JSON.parse(shop.at("/orders")[0]!.body) as { data: { sequence: number } };
  const { sequence, ...data } = body.data;
  assert.ok(Number.isInteger(sequence));
  assert.deepEqual(
    { ...body, data },
    {
      type: "order.changed",
      timestamp: "2026-11-25T00:00:00.000Z",
      data: { key: "o1", place: "quito", personId: null, data: { state: "placed" } },
    },
  );
  await remove(orders, carts);
});

test("what is answered with 500 comes again on the published schedule, with the same id and body and a new time", async () => {
  const made = await make("/later");
  shop.answer("/later", (response) => response.writeHead(500).end("not now"));
  await tell(change("l1"));
  await sender.sendDue();
  await advance(4_900);
  assert.equal(shop.at("/later").length, 1, "five seconds are not over");
  await advance(1_101);
  assert.equal(shop.at("/later").length, 2);
  shop.answer("/later", (response) => response.writeHead(200).end());
  await advance(6 * minuteMs);
  await advance(24 * hourMs);
  const all = shop.at("/later");
  assert.equal(all.length, 3);
  assert.equal(new Set(all.map(({ headers, body }) => `${headers["webhook-id"]} ${body}`)).size, 1);
  assert.equal(new Set(all.map(({ headers }) => headers["webhook-timestamp"])).size, 3);
  const [delivery] = await deliveriesOf(made);
  assert.deepEqual([delivery?.state, delivery?.attempts], ["delivered", 3]);
  const path = `/v1/webhooks/${made.webhookId}/deliveries/${delivery?.deliveryId}`;
  const read = await ask<{ body: string; tries: { status: number; answer: string }[] }>("GET", path);
  assert.deepEqual(
    read.body.tries.map(({ status, answer }) => [status, answer]),
    [
      [500, "not now"],
      [500, "not now"],
      [200, ""],
    ],
  );
  assert.equal(read.body.body, all[0]?.body);
  await remove(made);
});

test("redirects are not followed, endless answers are cut off, and one that says nothing is given up", async () => {
  const paths = { "/redirect": "refused", "/endless": "arrived", "/silent": "late", "/cut": "unreachable" };
  shop.answer("/redirect", (response) => response.writeHead(302, { location: `${shop.url}/secret` }).end());
  shop.answer("/endless", (response) => {
    const more = () =>
      void (response.write("x".repeat(10_000)) ? setImmediate(more) : response.once("drain", more));
    more();
  });
  shop.answer("/silent", () => undefined);
  shop.answer("/cut", (response) => void response.socket?.destroy());
  const made = await Promise.all(Object.keys(paths).map((path) => make(path)));
  const noTls = await make("/tls", ["order.changed"], shop.url.replace("http:", "https:"));
  await tell(change("b1"));
  await sender.sendDue();
  for (const [i, outcome] of Object.values(paths).entries()) {
    const [delivery] = await deliveriesOf(made[i]!);
    const path = `/v1/webhooks/${made[i]!.webhookId}/deliveries/${delivery?.deliveryId}`;
    const { body } = await ask<{ tries: { outcome: string; answer: string }[] }>("GET", path);
    assert.deepEqual(
      body.tries.map((one) => one.outcome),
      [outcome],
    );
    assert.ok(body.tries[0]!.answer.length <= limits.sendAnswerCharsKept);
  }
  assert.equal(shop.at("/secret").length, 0);
  assert.equal((await stateOf(noTls)).failures, 1);
  await remove(noTls, ...made);
});

test("410 switches the webhook off and says so; put again, it goes on with what comes then", async () => {
  const made = await make("/gone");
  const watch = await make("/watch", ["webhook.disabled"]);
  shop.answer("/gone", (response) => response.writeHead(410).end());
  await tell(change("g1"));
  await sender.sendDue();
  const { state, why } = await stateOf(made);
  assert.deepEqual([state, why], ["disabled", "gone"]);
  await tell(change("g2"));
  await advance(hourMs);
  assert.equal(shop.at("/gone").length, 1);
  assert.deepEqual(shop.at("/watch").map(keyOf), [made.webhookId]);
  shop.answer("/gone", (response) => response.writeHead(204).end());
  const wanted = { url: `${shop.url}/gone`, topics: ["order.changed"], label: "back" };
  assert.equal((await ask("PUT", `/v1/webhooks/${made.webhookId}`, wanted)).status, 200);
  await tell(change("g3"));
  await sender.sendDue();
  assert.deepEqual(shop.at("/gone").map(keyOf), ["g1", "g3"]);
  await remove(made, watch);
});

test("five days without an arrival switch it off", async () => {
  const made = await make("/failing");
  shop.answer("/failing", (response) => response.writeHead(503).end());
  for (let day = 0; day <= 6; day++) {
    await tell(change(`f${day}`));
    await sender.sendDue();
    clock.advance(24 * hourMs);
  }
  const { state, why } = await stateOf(made);
  assert.deepEqual([state, why], ["disabled", "failing"]);
  await remove(made);
});

test("one that hangs delays no other, however much waits for it", async () => {
  const [dead, living] = [await make("/dead"), await make("/living")];
  const hanging: (() => void)[] = [];
  shop.answer("/dead", (response) => void hanging.push(() => response.end()));
  await tell(...Array.from({ length: 12 }, (_, i) => change(`d${i}`)));
  const done = sender.sendDue();
  while (shop.at("/living").length < 12) await new Promise((resolve) => setTimeout(resolve, 5));
  const atDead = shop.at("/dead").length;
  assert.ok(atDead < 12, `${atDead} of 12 were tried at the dead one by then`);
  await done;
  assert.equal(
    (await deliveriesOf(dead)).every(({ state }) => state === "waiting"),
    true,
  );
  assert.deepEqual(new Set(shop.at("/living").map(keyOf)).size, 12);
  await remove(dead, living);
});

test("past deliveries are sent again when asked for, by time or by id, under their old ids", async () => {
  const made = await make("/replayed");
  await tell(change("x1"), change("x2"));
  await sender.sendDue();
  const replay = async (body: object) => {
    const path = `/v1/webhooks/${made.webhookId}/replay`;
    const answer = await ask<{ replayed: number }>("POST", path, body);
    await sender.sendDue();
    return answer.body.replayed;
  };
  assert.equal(await replay({}), 0, "none has failed");
  assert.equal(await replay({ state: "all" }), 2);
  const [newest] = await deliveriesOf(made);
  assert.equal(await replay({ deliveryIds: [newest!.deliveryId] }), 1);
  assert.equal(await replay({ since: new Date(clock.nowMs() + 1).toISOString(), state: "all" }), 0);
  const all = shop.at("/replayed");
  assert.equal(all.length, 5);
  assert.equal(new Set(all.map(({ headers }) => headers["webhook-id"])).size, 2);
  verify(made.secret, all[4]!, clock.nowMs());
  await remove(made);
});

test("what waits for its next try is tried now when it is asked for", async () => {
  shop.answer("/repaired", (response) => response.writeHead(500).end());
  const made = await make("/repaired");
  await tell(change("v1"));
  await sender.sendDue();
  shop.answer("/repaired", (response) => response.writeHead(204).end());
  const path = `/v1/webhooks/${made.webhookId}/replay`;
  assert.deepEqual((await ask("POST", path, { state: "waiting" })).body, { replayed: 1 });
  await sender.sendDue();
  assert.deepEqual((await deliveriesOf(made))[0]?.state, "delivered");
  await remove(made);
});

test("what an old address answers is not the word of the one the webhook was moved to", async () => {
  const [came, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  shop.answer("/old", (response) => {
    came.resolve();
    void answered.promise.then(() => response.writeHead(410).end());
  });
  const made = await make("/old");
  await tell(change("u1"));
  const sending = sender.sendDue();
  await came.promise;
  await ask("PUT", `/v1/webhooks/${made.webhookId}`, {
    ...{ url: `${shop.url}/moved`, topics: ["order.changed"], label: "moved" },
  });
  answered.resolve();
  await sending;
  await sender.sendDue();
  assert.equal((await stateOf(made)).state, "active");
  assert.deepEqual(shop.at("/moved").map(keyOf), ["u1"]);
  await remove(made);
});

test("a paused webhook gathers, and gets all of it when it goes on; a new one gets nothing of before", async () => {
  const made = await make("/paused");
  const put = (paused: boolean) =>
    ask("PUT", `/v1/webhooks/${made.webhookId}`, {
      ...{ url: `${shop.url}/paused`, topics: ["order.changed"], label: "p" },
      paused,
    });
  await put(true);
  await tell(change("w1"));
  await sender.sendDue();
  assert.equal(shop.at("/paused").length, 0);
  const late = await make("/new");
  await put(false);
  await sender.sendDue();
  assert.deepEqual(shop.at("/paused").map(keyOf), ["w1"]);
  assert.equal(shop.at("/new").length, 0);
  await remove(made, late);
});

test("two hubs that send at once send each delivery once; what one held when it died is sent by another", async () => {
  const made = await make("/shared");
  const other = openSender(8);
  await tell(...Array.from({ length: 30 }, (_, i) => change(`h${i}`)));
  await Promise.all([sender.sendDue(), other.sendDue()]);
  assert.equal(shop.at("/shared").length, 30);
  await tell(change("orphan"));
  await database.query({
    name: "",
    text: "update send_webhook set state = 'paused' where webhook_id = $1",
    values: [made.webhookId],
  });
  await sender.sendDue();
  await database.query({
    name: "",
    text: `with w as (update send_webhook set state = 'active' where webhook_id = $1)
           update send_delivery set leased_until_ms = $2 where webhook_id = $1 and state = 'waiting'`,
    values: [made.webhookId, clock.nowMs() + limits.sendLeaseMs],
  });
  await other.sendDue();
  assert.equal(shop.at("/shared").length, 30, "it is held");
  clock.advance(limits.sendLeaseMs);
  await other.sendDue();
  assert.equal(shop.at("/shared").length, 31);
  await other.stop();
  await remove(made);
});

test("what may not be a webhook is refused with the reason, and there are so many and no more", async () => {
  const wanted = { url: "http://example.com/", topics: ["order.changed"], label: "x" };
  const refused = await ask<{ code: string }>("POST", "/v1/webhooks", wanted);
  assert.deepEqual([refused.status, refused.body.code], [422, "webhook_url_refused"]);
  const unknown = await ask<{ code: string }>("DELETE", `/v1/webhooks/${randomUUID()}`);
  assert.deepEqual([unknown.status, unknown.body.code], [404, "webhook_unknown"]);
  const many = await Promise.all(Array.from({ length: limits.webhooksMax - 1 }, () => make("/many")));
  many.push(await make("/many"));
  const full = await ask<{ code: string }>("POST", "/v1/webhooks", { ...wanted, url: shop.url });
  assert.equal(full.body.code, "webhooks_too_many");
  await remove(...many);
});
