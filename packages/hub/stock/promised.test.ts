import assert from "node:assert/strict";
import { after, afterEach, test } from "node:test";
import { promiseOwner, type Want } from "./index.ts";
import { testRoom } from "./testing/room.ts";

const room = await testRoom();
after(() => room.stop());
afterEach(() => room.assertBooks());

const lines = (...skus: string[]) => skus.map((sku) => ({ sku, quantity: 1 }));
const promise = (holdId: string, to: string, ...skus: string[]) =>
  room.hold(room.want(holdId, lines(...skus), { owner: promiseOwner(to) }));
const ask = (want: Want, personId: string | null, decisionIds: string[] = []) =>
  room.database.transaction((tx) =>
    room.stock.holdPromised(tx, want, { personId, decisionIds }, room.clock.nowMs()),
  );
const heldBy = async (holdId: string) =>
  (await room.stock.find(holdId, room.clock.nowMs()))?.lines.map(({ sku }) => sku).sort();

test("of what was promised only what is asked for changes hands; the rest stays promised", async () => {
  await room.feed(...["a", "b", "c"].map((sku) => ({ sku, placeId: "A", onHand: 1 })));
  await promise("p-1", "ana", "a", "b", "c");
  const got = await ask(room.want("cart-1", lines("b")), "ana");
  assert.equal(got?.ok, true);
  assert.deepEqual([await heldBy("cart-1"), await heldBy("p-1")], [["b"], ["a", "c"]]);
});

test("when it is still not enough, promises are as they were, and nobody else gets the unit", async () => {
  await room.feed({ sku: "d", placeId: "A", onHand: 1 }, { sku: "e", placeId: "A", onHand: 0 });
  await promise("p-2", "ana", "d");
  assert.equal((await ask(room.want("cart-2", lines("e")), "ana"))?.ok, undefined, "none of e was promised");
  assert.equal((await ask(room.want("cart-2", lines("d", "e")), "ana"))?.ok, false);
  assert.deepEqual([await heldBy("p-2"), await heldBy("cart-2")], [["d"], undefined]);
  assert.equal(await ask(room.want("cart-3", lines("d")), "luis"), undefined);
  assert.equal((await room.hold(room.want("cart-3", lines("d"))))[0]?.ok, false);
  assert.equal((await ask(room.want("cart-4", lines("d")), null, ["p-2"]))?.ok, true);
});

test("somebody who looks at page after page is promised what each of them shows", async () => {
  await room.feed({ sku: "f", placeId: "A", onHand: 100 });
  for (let i = 0; i < 30; i++) assert.equal((await promise(`page-${i}`, "eva", "f"))[0]?.ok, true);
  assert.equal((await room.level("f", "A"))?.held, 30);
});

test("with an erased person goes what was promised to them", async () => {
  await room.feed({ sku: "g", placeId: "A", onHand: 1 });
  await promise("p-g", "rita", "g");
  assert.equal(await room.database.transaction((tx) => room.stock.erase(tx, ["rita"])), 1);
  assert.equal((await room.level("g", "A"))?.held, 0);
  assert.deepEqual(
    await room.database.query({
      name: "",
      text: "select 1 from stock_hold where owner = 'promise/rita'",
      values: [],
    }),
    [],
  );
});
