import assert from "node:assert/strict";
import { after, afterEach, describe, test } from "node:test";
import { limits } from "@trato/base";
import { bundleOf, testRoom } from "./testing/room.ts";

const room = await testRoom();
after(() => room.stop());
afterEach(() => room.assertBooks());

let made = 0;
/** An item nobody else of this file uses, with so many units at each place. */
async function item(units: Readonly<Record<string, number>>): Promise<string> {
  const sku = `item-${made++}`;
  await room.feed(...Object.entries(units).map(([placeId, onHand]) => ({ sku, placeId, onHand })));
  return sku;
}
const problemOf = (result: { ok: boolean; problem?: string } | undefined) =>
  result?.ok === false ? result.problem : result?.ok;

describe("holds", () => {
  test("the last unit is held once, and is there for the next when it is given back", async () => {
    const sku = await item({ A: 1 });
    const lines = [{ sku, quantity: 1 }];
    const results = await room.hold(room.want("h-1", lines), room.want("h-2", lines));
    assert.deepEqual(results.map(problemOf), [true, "out_of_stock"]);
    assert.deepEqual(await room.release("h-1", "h-1", "h-2"), [true, false, false]);
    assert.deepEqual((await room.hold(room.want("h-2", lines))).map(problemOf), [true]);
  });

  test("all lines are held or none", async () => {
    const [there, gone] = [await item({ A: 5 }), await item({ A: 0 })];
    const lines = [there, gone].map((sku) => ({ sku, quantity: 1 }));
    assert.deepEqual((await room.hold(room.want("h-3", lines))).map(problemOf), ["out_of_stock"]);
    assert.equal((await room.level(there, "A"))?.held, 0);
  });

  test("the first place that has everything serves everything; only when none has, lines are split", async () => {
    const [one, two] = [await item({ A: 1, B: 3, C: 9 }), await item({ A: 9, B: 2 })];
    const placesOf = async (...lines: [string, number][]) => {
      const [held] = await room.hold(
        room.want(
          "h-4",
          lines.map(([sku, quantity]) => ({ sku, quantity })),
        ),
      );
      assert.ok(held?.ok === true);
      return held.value.lines.map(({ sku, placeId, quantity }) => [sku, placeId, quantity]);
    };
    assert.deepEqual(await placesOf([one, 1], [two, 1]), [
      [one, "A", 1],
      [two, "A", 1],
    ]);
    assert.deepEqual(await placesOf([one, 2], [two, 2]), [
      [one, "B", 2],
      [two, "B", 2],
    ]);
    assert.deepEqual(await placesOf([one, 2], [two, 3]), [
      [one, "B", 2],
      [two, "A", 3],
    ]);
    assert.deepEqual(await placesOf([one, 11]), [
      [one, "A", 1],
      [one, "B", 3],
      [one, "C", 7],
    ]);
  });

  test("the same name again grows, shrinks and renews what it holds, and moves only the difference", async () => {
    const sku = await item({ A: 5 });
    const hold = async (quantity: number, expiresMs?: number) =>
      (
        await room.hold(room.want("h-5", [{ sku, quantity }], expiresMs === undefined ? {} : { expiresMs }))
      )[0];
    await hold(2);
    await hold(4);
    await hold(4, room.clock.nowMs() + 90_000);
    await hold(1);
    assert.equal(problemOf(await hold(6)), "out_of_stock");
    assert.equal((await room.level(sku, "A"))?.held, 1, "a refusal leaves what was held");
    const why = await room.ask<{ movements: { reason: string; quantity: number }[] }>(
      "GET",
      `/v1/stock/${sku}/why?placeId=A`,
    );
    assert.deepEqual(
      why.body.movements.map(({ reason, quantity }) => [reason, quantity]),
      [
        ["release", 3],
        ["hold", 2],
        ["hold", 2],
        ["count", 5],
      ],
    );
  });

  test("a hold is over at its millisecond: it holds nothing, tidied away or not", async () => {
    const sku = await item({ A: 1 });
    const expiresMs = room.clock.nowMs() + 1_000;
    await room.hold(room.want("h-6", [{ sku, quantity: 1 }], { expiresMs }));
    room.clock.advance(999);
    assert.equal((await room.level(sku, "A"))?.available, 0);
    room.clock.advance(1);
    const level = await room.level(sku, "A");
    assert.deepEqual([level?.available, level?.held], [1, 0]);
    assert.equal((await room.ask("GET", "/v1/holds/h-6")).status, 404);
    assert.deepEqual((await room.hold(room.want("h-7", [{ sku, quantity: 1 }]))).map(problemOf), [true]);
    assert.deepEqual((await room.allocate({ holdId: "h-6", orderId: "o-6" })).map(problemOf), [
      "hold_expired",
    ]);
    assert.deepEqual((await room.allocate({ holdId: "h-7", orderId: "o-7" })).map(problemOf), [true]);
  });

  test("sold and expired in the same millisecond: one of the two, never both (C3)", async () => {
    for (let round = 0; round < 30; round++) {
      const sku = await item({ A: 1 });
      const endsMs = room.clock.nowMs() + 10;
      const mine = `mine-${round}`;
      await room.hold(room.want(mine, [{ sku, quantity: 1 }], { expiresMs: endsMs }));
      // Two hubs whose clocks stand on either side of the end: one sells what the other takes back.
      const [sold, other] = await Promise.all([
        room.database.transaction((tx) =>
          room.stock.allocate(tx, [{ holdId: mine, orderId: mine }], endsMs - 1),
        ),
        room.database.transaction((tx) =>
          room.stock.hold(tx, [room.want(`other-${round}`, [{ sku, quantity: 1 }])], endsMs),
        ),
      ]);
      assert.notEqual(sold[0]?.ok, other[0]?.ok, `round ${round}`);
      const level = await room.level(sku, "A");
      assert.equal(level!.held + level!.allocated, 1);
      assert.equal(level?.available, 0);
    }
    await room.assertBooks("after the races");
  });

  test("who opens 500 holds gets as many as one may have, and stands in nobody's way (C4)", async () => {
    const sku = await item({ A: 500 });
    const lines = [{ sku, quantity: 1 }];
    const bot = Array.from({ length: 500 }, (_, i) => room.want(`bot-${i}`, lines, { owner: "bot" }));
    const batches = Array.from({ length: 10 }, (_, i) => room.hold(...bot.slice(i * 50, i * 50 + 50)));
    const results = (await Promise.all(batches)).flat();
    assert.equal(results.filter(({ ok }) => ok).length, limits.holdsPerOwnerMax);
    const refused = results.find(({ ok }) => !ok);
    assert.equal(problemOf(refused), "holds_too_many");
    assert.deepEqual((await room.hold(room.want("h-8", lines))).map(problemOf), [true]);
    room.clock.advance(60_000);
    assert.deepEqual((await room.hold(room.want("bot-again", lines, { owner: "bot" }))).map(problemOf), [
      true,
    ]);
    assert.equal((await room.level(sku, "A"))?.available, 499);
  });

  test("a bundle is held with all its parts or not at all, and shares them with single items", async () => {
    const [cup, plate] = [await item({ A: 4, B: 4 }), await item({ A: 1, B: 2 })];
    await room.catalog.put([
      bundleOf("set", [
        { sku: cup, quantity: 2 },
        { sku: plate, quantity: 1 },
      ]),
    ]);
    const asked = { skus: ["set", cup] };
    const available = await room.stock.available(room.database, asked, room.clock.nowMs());
    assert.deepEqual(
      available.get("set"),
      new Map([
        ["A", 1],
        ["B", 2],
      ]),
    );
    const [held] = await room.hold(
      room.want("h-9", [
        { sku: "set", quantity: 1 },
        { sku: cup, quantity: 1 },
      ]),
    );
    assert.ok(held?.ok === true);
    assert.deepEqual(held.value.lines, [
      { forSku: "set", sku: cup, quantity: 2, placeId: "A" },
      { forSku: "set", sku: plate, quantity: 1, placeId: "A" },
      { forSku: cup, sku: cup, quantity: 1, placeId: "A" },
    ]);
    const results = await room.hold(
      room.want("h-10", [{ sku: "set", quantity: 3 }]),
      room.want("h-11", [{ sku: "set", quantity: 2 }]),
      room.want("h-12", [{ sku: "set", quantity: 1 }]),
    );
    assert.deepEqual(results.map(problemOf), ["out_of_stock", true, "out_of_stock"]);
    assert.equal((await room.level(plate, "B"))?.held, 2);
    assert.equal((await room.level(cup, "A"))?.available, 1);
  });

  test("what is held becomes an order's, leaves with it or comes back, each command once", async () => {
    const sku = await item({ A: 5 });
    await room.hold(room.want("h-13", [{ sku, quantity: 4 }]));
    assert.deepEqual((await room.allocate({ holdId: "h-13", orderId: "o-1" })).map(problemOf), [true]);
    assert.deepEqual((await room.allocate({ holdId: "h-13", orderId: "o-1" })).map(problemOf), [
      "hold_expired",
    ]);
    const inside = <T>(work: (tx: Parameters<typeof room.stock.ship>[0]) => Promise<T>) =>
      room.database.transaction(work);
    const nowMs = room.clock.nowMs();
    const one = { orderId: "o-1", commandId: "ship-1", lines: [{ sku, placeId: "A", quantity: 1 }] };
    const shipped = await inside((tx) => room.stock.ship(tx, [one, one], nowMs));
    assert.deepEqual(
      shipped.map((done) => done.ok && done.value.repeat),
      [false, true],
    );
    const much = { orderId: "o-1", commandId: "ship-2", lines: [{ sku, placeId: "A", quantity: 4 }] };
    const refused = await inside((tx) => room.stock.ship(tx, [much], nowMs));
    assert.equal(problemOf(refused[0]), "not_allocated");
    const back = { orderId: "o-1", commandId: "ship-2", lines: [{ sku, placeId: "A", quantity: 1 }] };
    await inside((tx) => room.stock.deallocate(tx, [back], nowMs));
    await inside((tx) => room.stock.ship(tx, [{ orderId: "o-1", commandId: "ship-3" }], nowMs));
    const level = await room.level(sku, "A");
    assert.deepEqual([level?.onHand, level?.allocated, level?.available], [2, 0, 2]);
    const returned = { placeId: "B", sku, quantity: 1, commandId: "r-1", reason: "return" as const };
    assert.deepEqual(await inside((tx) => room.stock.receive(tx, [returned, returned], nowMs)), [
      true,
      false,
    ]);
    assert.equal((await room.level(sku, "B"))?.available, 1);
  });

  test("the same new name held by two at once is one hold", async () => {
    const sku = await item({ A: 10 });
    await Promise.all(
      Array.from({ length: 8 }, (_, i) => room.hold(room.want("h-14", [{ sku, quantity: 1 + (i % 3) }]))),
    );
    const [level] = [await room.level(sku, "A")];
    const hold = await room.stock.find("h-14", room.clock.nowMs());
    assert.equal(level?.held, hold?.lines[0]?.quantity);
  });
});
