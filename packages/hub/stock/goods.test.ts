import assert from "node:assert/strict";
import { after, afterEach, describe, test } from "node:test";
import type { Transfer } from "@trato/contract";
import { distanceM, placesFor } from "./nearest.ts";
import { placeOf, testRoom } from "./testing/room.ts";

const room = await testRoom();
after(() => room.stop());
afterEach(() => room.assertBooks());

type Told = Transfer & { readonly code?: string };
const send = (transferId: string, sku: string, quantity: number, to = "B") =>
  room.ask<Told>("POST", "/v1/stock/transfers", {
    ...{ transferId, fromPlaceId: "A", toPlaceId: to },
    lines: [{ sku, quantity }],
  });
const came = (transferId: string, body: object) =>
  room.ask<Told>("POST", `/v1/stock/transfers/${transferId}/receipts`, body);

describe("goods that move", () => {
  test("what is expected becomes what is on hand when it comes, once, and more than was expected comes too", async () => {
    await room.feed({ sku: "oil", placeId: "A", incoming: 10 });
    const receipt = { commandId: "asn-1", placeId: "A", lines: [{ sku: "oil", quantity: 4 }] };
    assert.equal(
      (await room.ask<{ result: string }>("POST", "/v1/stock/receipts", receipt)).body.result,
      "received",
    );
    assert.equal(
      (await room.ask<{ result: string }>("POST", "/v1/stock/receipts", receipt)).body.result,
      "repeat",
    );
    assert.deepEqual(
      [(await room.level("oil", "A"))?.onHand, (await room.level("oil", "A"))?.incoming],
      [4, 6],
    );
    await room.ask("POST", "/v1/stock/receipts", {
      ...receipt,
      commandId: "asn-2",
      lines: [{ sku: "oil", quantity: 9 }],
    });
    const level = await room.level("oil", "A");
    assert.deepEqual([level?.onHand, level?.incoming, level?.available], [13, 0, 13]);
    const nowhere = await room.ask<{ code: string }>("POST", "/v1/stock/receipts", {
      ...receipt,
      placeId: "nowhere",
    });
    assert.equal(nowhere.body.code, "place_unknown");
  });

  test("a transfer leaves one place, is on the way, and arrives in parts; what is given up is lost", async () => {
    await room.feed({ sku: "jam", placeId: "A", onHand: 10 });
    assert.equal((await send("t-1", "jam", 6)).status, 201);
    assert.equal((await send("t-1", "jam", 6)).body.lines[0]?.sent, 6);
    const [from, to] = [await room.level("jam", "A"), await room.level("jam", "B")];
    assert.deepEqual([from?.onHand, to?.onHand, to?.inTransit], [4, 0, 6]);
    const some = { commandId: "t-1/1", lines: [{ sku: "jam", quantity: 4 }] };
    assert.equal((await came("t-1", some)).body.state, "in_transit");
    assert.deepEqual((await came("t-1", some)).body.lines, [{ sku: "jam", sent: 6, received: 4, lost: 0 }]);
    const much = { commandId: "t-1/2", lines: [{ sku: "jam", quantity: 3 }] };
    assert.equal((await came("t-1", much)).body.code, "transfer_exceeded");
    const last = await came("t-1", { commandId: "t-1/2", lines: [{ sku: "jam", quantity: 1 }], close: true });
    assert.deepEqual(last.body.lines, [{ sku: "jam", sent: 6, received: 5, lost: 1 }]);
    assert.equal((await room.ask<Told>("GET", "/v1/stock/transfers/t-1")).body.state, "arrived");
    const there = await room.level("jam", "B");
    assert.deepEqual([there?.available, there?.inTransit], [5, 0]);
  });

  test("what is promised to somebody does not leave, and a place sends nothing to itself", async () => {
    await room.feed({ sku: "ham", placeId: "A", onHand: 3 });
    await room.hold(room.want("h-ham", [{ sku: "ham", quantity: 2 }]));
    assert.equal((await send("t-2", "ham", 2)).body.code, "out_of_stock");
    assert.equal((await room.ask<Told>("GET", "/v1/stock/transfers/t-2")).body.code, "transfer_unknown");
    assert.equal((await send("t-2", "ham", 1, "A")).body.code, "request_invalid");
    room.clock.advance(60_000);
    assert.equal((await send("t-2", "ham", 3)).status, 201, "the hold is over");
  });
});

test("the nearest place serves first, those without coordinates follow by priority, a place without the channel never", () => {
  const guayaquil = { latitude: -2.1894, longitude: -79.8891 };
  const quito = { latitude: -0.1807, longitude: -78.4678 };
  // 272,678 m by Vincenty's formula on WGS 84; the sphere is within 0.6 % of it.
  assert.ok(Math.abs(distanceM(guayaquil, quito) - 272_678) < 0.006 * 272_678);
  assert.equal(distanceM(quito, quito), 0);
  const places = [
    placeOf("far", quito),
    placeOf("near", guayaquil),
    placeOf("second", { priority: 2 }),
    placeOf("first", { priority: 1 }),
    placeOf("closed", { ...guayaquil, channels: [] }),
  ] as unknown as Parameters<typeof placesFor>[0];
  const names = placesFor(places, { channel: "web", near: { latitude: -2, longitude: -79.9 } });
  assert.deepEqual(
    names.map(({ place: { placeId } }) => placeId),
    ["near", "far", "first", "second"],
  );
});
