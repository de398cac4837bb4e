import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { dayMs, hourMs, minuteMs, type PersonId } from "@trato/base";
import { noScores, type Scores } from "../scores/index.ts";
import { type TestDatabase, testDatabase } from "../testing/database.ts";
import { eraseMomentsOf } from "./index.ts";
import { momentHub } from "./testing/hub.ts";

/** Everybody needs coffee every 14 days, give or take two; nobody needs anything else. */
function coffeeEvery14Days(version: string): Scores {
  return {
    ...noScores,
    version,
    newest: version,
    due: (sku, { lastMs }) =>
      sku === "coffee"
        ? {
            lowMs: lastMs + 12 * dayMs,
            medianMs: lastMs + 14 * dayMs,
            highMs: lastMs + 16 * dayMs,
            repeat: 0.9,
          }
        : null,
    dueBetween: () => 0.8,
  };
}

describe("moments", () => {
  // The first database keeps the server up; each test gets one of its own.
  const databases: TestDatabase[] = [];
  const another = async (): Promise<TestDatabase> => {
    const one = await testDatabase();
    databases.push(one);
    return one;
  };
  before(another);
  after(async () => {
    for (const one of databases.reverse()) await one.stop();
  });
  const fresh = async () => {
    const at = await another();
    return { at, ...momentHub(at) };
  };

  test("a cart left for half an hour is found once, and closed when it is bought", async () => {
    const { clock, watcher, say, openOf, list, profile } = await fresh();
    await say("ana@x.ec", "cart.item_added", { sku: "coffee", quantity: 2 });
    clock.advance(29 * minuteMs);
    assert.equal((await watcher().tick()).cartsLeft, 0);
    clock.advance(minuteMs);
    assert.equal((await watcher().tick()).cartsLeft, 1);
    assert.equal((await watcher().tick()).cartsLeft, 0);

    const [open] = await openOf("ana@x.ec");
    assert.equal(open?.kind, "cart_left");
    assert.deepEqual(open?.evidence["lines"], { coffee: 2 });
    const { personId } = await profile("ana@x.ec");
    const [listed] = (await list({ personId, open: true })).moments;
    assert.equal(listed?.momentId, open?.momentId);
    assert.deepEqual(listed?.words, { en: "cart left", es: "carrito abandonado" });

    clock.advance(hourMs);
    await say("ana@x.ec", "order.placed", {
      orderId: "A",
      currency: "USD",
      totalMinor: 5,
      lines: [{ sku: "coffee", quantity: 2 }],
    });
    assert.deepEqual(await openOf("ana@x.ec"), []);
    assert.deepEqual((await list({ open: true })).moments, []);
    assert.deepEqual(
      (await list({})).moments.map((one) => one.open),
      [false],
    );
    clock.advance(dayMs);
    assert.equal((await watcher().tick()).cartsLeft, 0);
  });

  test("a cart that is touched again is another cart, left again half an hour later", async () => {
    const { clock, watcher, say, openOf } = await fresh();
    await say("ana@x.ec", "cart.item_added", { sku: "coffee", quantity: 1 });
    clock.advance(hourMs);
    assert.equal((await watcher().tick()).cartsLeft, 1);
    await say("ana@x.ec", "cart.item_added", { sku: "filters", quantity: 1 });
    assert.deepEqual(await openOf("ana@x.ec"), [], "the person is back");
    clock.advance(hourMs);
    assert.equal((await watcher().tick()).cartsLeft, 1);
    assert.deepEqual((await openOf("ana@x.ec"))[0]?.evidence["lines"], { coffee: 1, filters: 1 });
  });

  test("carts out of an import of last year are no news, and are not looked at again and again", async () => {
    const { clock, needs, watcher, say, list } = await fresh();
    for (let i = 0; i < 5; i++) {
      await say(
        `p${i}@x.ec`,
        "cart.updated",
        { lines: [{ sku: "coffee", quantity: 1 }] },
        clock.nowMs() - 365 * dayMs,
      );
    }
    assert.equal((await watcher().tick()).cartsLeft, 0);
    assert.deepEqual((await list({})).moments, []);
    const waiting = await needs.database.transaction((tx) => needs.takeWakeUps(tx, clock.nowMs(), 10));
    assert.equal(waiting.length, 0);
  });

  test("many hubs that watch at once share the work and find each cart once", async () => {
    const { clock, watcher, say, list } = await fresh();
    for (let i = 0; i < 40; i++) await say(`p${i}@x.ec`, "cart.item_added", { sku: "coffee", quantity: 1 });
    clock.advance(hourMs);
    const ticks = await Promise.all([1, 2, 3, 4].map(() => watcher().tick()));
    const later = await watcher().tick();
    assert.equal(ticks.reduce((sum, tick) => sum + tick.cartsLeft, 0) + later.cartsLeft, 40);
    assert.equal((await list({ limit: 1000 })).moments.length, 40);
  });

  test("when the power goes between finding and recording, the cart is found the next time", async () => {
    const { clock, watcher, world, say, openOf, list } = await fresh();
    await say("ana@x.ec", "cart.item_added", { sku: "coffee", quantity: 1 });
    clock.advance(hourMs);
    world.recordFails = true;
    await assert.rejects(watcher().tick(), /the power went/);
    assert.deepEqual((await list({})).moments, [], "nothing is half kept");
    world.recordFails = false;
    assert.equal((await watcher().tick()).cartsLeft, 1);
    assert.equal((await openOf("ana@x.ec")).length, 1);
  });

  test("what runs out is looked for hourly and after a training, and found once per purchase", async () => {
    const { clock, watcher, world, say, openOf } = await fresh();
    const buy = (order: string, sku: string) =>
      say("ana@x.ec", "order.placed", {
        orderId: order,
        currency: "USD",
        totalMinor: 5,
        lines: [{ sku, quantity: 1 }],
      });
    assert.equal((await watcher().tick()).runsOut, null, "without a model nothing is foreseen");
    world.scores = coffeeEvery14Days("1");
    for (const order of ["A", "B"]) {
      await buy(order, "coffee");
      await buy(`${order}2`, "soap");
      clock.advance(14 * dayMs);
    }
    assert.equal((await watcher().tick()).runsOut, 1);
    const [open] = await openOf("ana@x.ec");
    assert.deepEqual([open?.kind, open?.subject, open?.confidence], ["runs_out", "coffee", 0.8]);
    assert.equal(open?.windowStartMs, clock.nowMs() - 2 * dayMs);
    assert.equal(open?.evidence["modelVersion"], "1");

    assert.equal((await watcher().tick()).runsOut, null, "not within the hour");
    clock.advance(hourMs);
    assert.equal((await watcher().tick()).runsOut, 0, "it is open already");
    world.scores = coffeeEvery14Days("2");
    assert.equal((await watcher().tick()).runsOut, 0, "a new model is asked at once");
    clock.advance(3 * dayMs);
    assert.equal((await watcher().tick()).runsOut, 0, "its window is over");

    await buy("C", "coffee");
    assert.deepEqual(await openOf("ana@x.ec"), []);
    clock.advance(10 * dayMs);
    assert.equal((await watcher().tick()).runsOut, 1, "three days before the next one may begin");
  });

  test("pages of the list follow one another, and the profile folded from the log is the live one", async () => {
    const { at, clock, watcher, people, say, list, profile } = await fresh();
    for (let i = 0; i < 7; i++) {
      await say(`p${i}@x.ec`, "cart.item_added", { sku: "coffee", quantity: 1 });
      clock.advance(hourMs);
      await watcher().tick();
    }
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await list({ limit: 3, kind: "cart_left", ...(after === undefined ? {} : { after }) });
      seen.push(...page.moments.map((one) => one.foundAt));
      after = page.next;
    } while (after !== undefined);
    assert.deepEqual(seen, [...seen].sort().reverse());
    assert.equal(new Set(seen).size, 7);
    assert.deepEqual((await list({ kind: "runs_out" })).moments, []);
    const verified = await people.verify();
    assert.equal(verified.people, 7);
    assert.equal(verified.different.length, 0, JSON.stringify(verified));

    const { members } = await profile("p0@x.ec");
    assert.equal(await at.database.transaction((tx) => eraseMomentsOf(tx, members as PersonId[])), 1);
    assert.equal((await list({})).moments.length, 6);
  });

  test("a watcher that was started works by itself and stops when it is told", async () => {
    const { clock, watcher, say, openOf } = await fresh();
    await say("ana@x.ec", "cart.item_added", { sku: "coffee", quantity: 1 });
    clock.advance(hourMs);
    const one = watcher();
    one.start();
    while ((await openOf("ana@x.ec")).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    await one.stop();
  });
});
