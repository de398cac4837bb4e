import assert from "node:assert/strict";
import { after, afterEach, test } from "node:test";
import type { HoldAnswer, StockMovement } from "@trato/contract";
import { promiseOwner } from "./index.ts";
import { bundleOf, testRoom } from "./testing/room.ts";

const room = await testRoom();
after(() => room.stop());
afterEach(() => room.assertBooks());

type Refused = { code: string; detail?: string; errors?: { pointer: string; detail: string }[] };
const post = (path: string, body: object) => room.ask<Refused & HoldAnswer>("POST", path, body);
const want = (holdId: string, sku: string, more: object = {}) =>
  post("/v1/holds", { holdId, owner: "ana", channel: "web", lines: [{ sku, quantity: 1 }], ...more });

test("a system reaches its own holds by their names, and no hold of a cart or of another system", async () => {
  await room.feed({ sku: "tea", placeId: "A", onHand: 9 });
  const others = ["0198d7e2-0000-7000-8000-000000000001", "other/h-1"];
  await room.hold(...others.map((name) => room.want(name, [{ sku: "tea", quantity: 2 }])));
  for (const name of [others[0]!, "h-1"]) {
    assert.equal((await room.ask("GET", `/v1/holds/${name}`)).status, 404);
    assert.equal((await room.ask("DELETE", `/v1/holds/${name}`)).status, 404);
    const own = await want(name, "tea");
    assert.deepEqual([own.status, own.body.holdId], [201, name]);
    assert.equal((await room.ask<HoldAnswer>("GET", `/v1/holds/${name}`)).body.lines[0]?.quantity, 1);
    assert.equal((await room.ask("DELETE", `/v1/holds/${name}`)).status, 200);
  }
  assert.equal((await room.level("tea", "A"))?.held, 4, "what others hold is held");
  assert.deepEqual(await room.release(...others), [true, true]);
});

test("what a decision promised is read and given back by the decision's id", async () => {
  const decisionId = "0198d7e2-0000-7000-8000-000000000002";
  await room.feed({ sku: "mate", placeId: "A", onHand: 1 });
  await room.hold(room.want(decisionId, [{ sku: "mate", quantity: 1 }], { owner: promiseOwner("ana") }));
  assert.equal((await room.ask("GET", `/v1/holds/${decisionId}`)).status, 200);
  assert.equal((await room.ask("DELETE", `/v1/holds/${decisionId}`)).status, 200);
  assert.equal((await room.level("mate", "A"))?.held, 0);
});

test("a transfer's name is its own: other goods or another way under it are refused", async () => {
  await room.feed({ sku: "corn", placeId: "A", onHand: 9 });
  const sent = {
    transferId: "0001",
    fromPlaceId: "A",
    toPlaceId: "B",
    lines: [{ sku: "corn", quantity: 2 }],
  };
  const statuses = [];
  for (const more of [{}, {}, { toPlaceId: "C" }, { lines: [{ sku: "corn", quantity: 3 }] }])
    statuses.push((await post("/v1/stock/transfers", { ...sent, ...more })).status);
  assert.deepEqual(statuses, [201, 201, 409, 409]);
  assert.equal((await room.level("corn", "A"))?.onHand, 7);
});

test("a place, a channel or an item that does not exist is told as that, not as an empty shelf", async () => {
  await room.feed({ sku: "rice", placeId: "A", onHand: 1 });
  const nowhere = await want("n-1", "rice", { placeIds: ["A", "NOPE"] });
  assert.deepEqual([nowhere.status, nowhere.body.code], [404, "place_unknown"]);
  const fax = await want("n-2", "rice", { channel: "fax" });
  assert.deepEqual([fax.body.code, fax.body.errors?.[0]?.pointer], ["request_invalid", "/body/channel"]);
  const ghost = await want("n-3", "ghost");
  assert.deepEqual([ghost.status, ghost.body.code], [404, "item_unknown"]);
});

test("a bundle has no stock of its own: it is neither counted, received nor sent", async () => {
  await room.catalog.put([bundleOf("basket", [{ sku: "rice", quantity: 1 }])]);
  assert.deepEqual(await room.feed({ sku: "basket", placeId: "A", onHand: 3 }), ["refused"]);
  const lines = [{ sku: "basket", quantity: 1 }];
  const received = await post("/v1/stock/receipts", { commandId: "r-1", placeId: "A", lines });
  const sent = await post("/v1/stock/transfers", {
    transferId: "b-1",
    ...{ fromPlaceId: "A", toPlaceId: "B", lines },
  });
  for (const { body } of [received, sent])
    assert.deepEqual([body.code, body.errors?.[0]?.pointer], ["request_invalid", "/body/lines/0/sku"]);
});

test("a place that does not serve a channel has nothing available to it", async () => {
  await room.feed({ sku: "salt", placeId: "A", onHand: 5 });
  const availableTo = async (channel: string) =>
    (
      await room.ask<{ levels: { available: number }[] }>(
        "GET",
        `/v1/stock?sku=salt&placeId=A&channel=${channel}`,
      )
    ).body.levels[0]?.available;
  assert.deepEqual([await availableTo("web"), await availableTo("kiosk")], [5, 0]);
});

test("the movements of a balance add up to it also after a hold ran out, at the instant it did", async () => {
  await room.feed({ sku: "milk", placeId: "A", onHand: 2 });
  await want("m-1", "milk", { forMs: 1_000 });
  const endMs = room.clock.nowMs() + 1_000;
  room.clock.advance(5_000);
  type Why = { level: { held: number; available: number }; movements: StockMovement[] };
  const { body } = await room.ask<Why>("GET", "/v1/stock/milk/why?placeId=A");
  assert.deepEqual([body.level.held, body.level.available], [0, 2]);
  assert.deepEqual(
    body.movements.map(({ reason, quantity, at }) => [reason, quantity, Date.parse(at) === endMs]),
    [
      ["expire", 1, true],
      ["hold", 1, false],
      ["count", 2, false],
    ],
  );
});

test("documents of different kinds may have one number, and a ticket one number for all its lines", async () => {
  await room.feed({ sku: "oats", placeId: "A", onHand: 9 }, { sku: "nuts", placeId: "A", onHand: 9 });
  room.clock.advance(1_000);
  const ticket = {
    placeId: "A",
    delta: -1,
    commandId: "812",
    at: new Date(room.clock.nowMs()).toISOString(),
  };
  const lines = ["oats", "nuts"].map((sku) => ({ ...ticket, sku }));
  assert.deepEqual(await room.feed(...lines), ["applied", "applied"]);
  assert.deepEqual(await room.feed(...lines), ["repeat", "repeat"]);
  const goods = { lines: [{ sku: "oats", quantity: 4 }] };
  await post("/v1/stock/transfers", { transferId: "812", fromPlaceId: "A", toPlaceId: "B", ...goods });
  const came = await room.ask<{ lines: { received: number }[] }>("POST", "/v1/stock/transfers/812/receipts", {
    commandId: "812",
  });
  assert.equal(came.body.lines[0]?.received, 4);
  await post("/v1/stock/receipts", { commandId: "812", placeId: "A", ...goods });
  assert.deepEqual(
    [(await room.level("oats", "A"))?.onHand, (await room.level("oats", "B"))?.onHand],
    [8, 4],
  );
});
