import assert from "node:assert/strict";
import { after, afterEach, describe, test } from "node:test";
import { minuteMs } from "@trato/base";
import fc from "fast-check";
import { noonMs, testRoom } from "./testing/room.ts";

const room = await testRoom();
after(() => room.stop());
afterEach(() => room.assertBooks());

const at = (minutes: number): string => new Date(noonMs + minutes * minuteMs).toISOString();
const count = (sku: string, onHand: number, minutes: number) => ({
  ...{ sku, placeId: "A", onHand, countedAt: at(minutes) },
});
const change = (sku: string, delta: number, minutes: number, commandId: string) => ({
  ...{ sku, placeId: "A", delta, at: at(minutes), commandId },
});

describe("the feed", () => {
  test("a count sets what is on hand, and the same one again changes nothing", async () => {
    assert.deepEqual(await room.feed(count("tea", 12, -10)), ["applied"]);
    assert.deepEqual(await room.feed(count("tea", 12, -10)), ["unchanged"]);
    assert.equal((await room.level("tea", "A"))?.onHand, 12);
  });

  test("an older count never overwrites a newer one", async () => {
    await room.feed(count("milk", 5, -10));
    assert.deepEqual(await room.feed(count("milk", 50, -11)), ["older"]);
    assert.equal((await room.level("milk", "A"))?.onHand, 5);
    assert.deepEqual(await room.feed(count("milk", 7, -9), count("milk", 9, -9.5)), ["applied", "older"]);
    assert.equal((await room.level("milk", "A"))?.onHand, 7);
  });

  test("what came or went after a count still counts, also when the count arrives later", async () => {
    await room.feed(change("rice", 10, -20, "r-1"), change("rice", -2, -5, "r-2"));
    assert.deepEqual(await room.feed(count("rice", 30, -10)), ["applied"]);
    assert.equal((await room.level("rice", "A"))?.onHand, 28);
    assert.deepEqual(await room.feed(change("rice", -4, -15, "r-3")), ["older"]);
    assert.equal((await room.level("rice", "A"))?.onHand, 28);
  });

  test("a difference moves once, however often it is sent", async () => {
    await room.feed(count("salt", 5, -30));
    const sold = change("salt", -1, -1, "till-7/812");
    assert.deepEqual(await room.feed(sold, sold), ["applied", "repeat"]);
    assert.deepEqual(await room.feed(sold), ["repeat"]);
    assert.equal((await room.level("salt", "A"))?.onHand, 4);
  });

  test("more can leave than was ever counted: it is said, and nothing is promised until it is made good", async () => {
    await room.feed(change("soap", -3, -2, "s-1"));
    const short = await room.level("soap", "A");
    assert.deepEqual([short?.onHand, short?.available], [-3, 0]);
    await room.feed(change("soap", 5, -1, "s-2"));
    const good = await room.level("soap", "A");
    assert.deepEqual([good?.onHand, good?.available], [2, 2]);
  });

  test("a count that finds less than is promised takes nothing from anybody, and promises nothing more", async () => {
    await room.feed(count("book", 5, -10));
    const [held] = await room.hold(room.want("h-book", [{ sku: "book", quantity: 4 }]));
    assert.equal(held?.ok, true);
    await room.feed(count("book", 3, 0));
    const level = await room.level("book", "A");
    assert.deepEqual([level?.onHand, level?.held, level?.available], [3, 4, 0]);
    const [kept] = await room.hold(room.want("h-book", [{ sku: "book", quantity: 4 }]));
    assert.equal(kept?.ok, true, "what is held may be kept");
    const [more] = await room.hold(room.want("h-book", [{ sku: "book", quantity: 5 }]));
    assert.equal(more?.ok, false);
    await room.release("h-book");
    assert.equal((await room.level("book", "A"))?.available, 3);
  });

  test("buffers keep units back: from every channel, or from one instead", async () => {
    await room.feed({ ...count("pear", 10, -1), safety: 3, channelBuffers: { pos: 0, web: 6 } });
    const availableTo = async (channel: string) => {
      const path = `/v1/stock?sku=pear${channel === "" ? "" : `&channel=${channel}`}`;
      return (await room.ask<{ levels: { available: number }[] }>("GET", path)).body.levels[0]?.available;
    };
    assert.deepEqual(await Promise.all(["", "pos", "web", "constructor"].map(availableTo)), [7, 10, 4, 0]);
    const pears = (channel: string, quantity: number) =>
      room.hold(room.want(`pear-${channel}`, [{ sku: "pear", quantity }], { channel }));
    assert.equal((await pears("web", 5))[0]?.ok, false);
    assert.equal((await pears("web", 4))[0]?.ok, true);
    assert.equal((await pears("pos", 6))[0]?.ok, true, "the till sells what the others must leave");
  });

  test("wrong rows are refused with their field, and the right ones beside them are kept", async () => {
    const rows = [
      { sku: "x", placeId: "nowhere", onHand: 1 },
      { sku: "x", placeId: "A", onHand: 1, delta: 1, commandId: "x" },
      { sku: "x", placeId: "A", delta: 1 },
      { sku: "x", placeId: "A" },
      { sku: "x", placeId: "A", onHand: -1 },
      { sku: "x", placeId: "A", onHand: 1.5 },
      { sku: "x", placeId: "A", onHand: 1, countedAt: at(60) },
      { sku: "x", placeId: "A", onHand: 1, countedAt: "yesterday" },
      { sku: "x", placeId: "A", onHand: 3 },
      "x",
    ];
    const results = await room.feed(...rows);
    assert.deepEqual(results, [
      "refused",
      "refused",
      "refused",
      "refused",
      "refused",
      "refused",
      "refused",
      "refused",
      "applied",
      "refused",
    ]);
  });

  test("whichever way counts and differences arrive, the stock is the same (B5)", async () => {
    const facts = fc.array(
      fc.oneof(
        fc.record({
          kind: fc.constant("count" as const),
          units: fc.nat(20),
          minutes: fc.integer({ min: -6, max: -1 }),
        }),
        fc.record({
          kind: fc.constant("change" as const),
          units: fc.integer({ min: -5, max: 5 }).filter((n) => n !== 0),
          minutes: fc.integer({ min: -6, max: -1 }),
        }),
      ),
      { minLength: 2, maxLength: 8 },
    );
    const orders = facts.chain((list) =>
      fc.tuple(
        fc.constant(list),
        fc.shuffledSubarray(
          list.map((_, i) => i),
          { minLength: list.length },
        ),
      ),
    );
    let run = 0;
    await fc.assert(
      fc.asyncProperty(orders, async ([list, order]) => {
        run += 1;
        const rowOf = (way: string) => (i: number) => {
          const { kind, units, minutes } = list[i]!;
          const sku = `b5-${run}-${way}`;
          return kind === "count" ? count(sku, units, minutes) : change(sku, units, minutes, `${sku}/${i}`);
        };
        for (const i of list.keys()) await room.feed(rowOf("one")(i));
        await room.feed(...order.map(rowOf("all")));
        for (const i of order) await room.feed(rowOf("other")(i));
        const onHand = await Promise.all(
          ["one", "all", "other"].map(async (way) => (await room.level(`b5-${run}-${way}`, "A"))?.onHand),
        );
        const counts = list.filter(({ kind }) => kind === "count");
        const last = Math.max(...counts.map(({ minutes }) => minutes));
        const lowest = Math.min(
          ...counts.filter(({ minutes }) => minutes === last).map(({ units }) => units),
        );
        const since = list.filter(({ kind, minutes }) => kind === "change" && !(minutes < last));
        const model = (counts.length === 0 ? 0 : lowest) + since.reduce((sum, { units }) => sum + units, 0);
        assert.deepEqual(onHand, [model, model, model]);
      }),
      { numRuns: 25 },
    );
  });
});
