import assert from "node:assert/strict";
import { after, test } from "node:test";
import { type JsonObject, minuteMs, type PersonId } from "@trato/base";
import fc from "fast-check";
import type { KeptEvent } from "../events/index.ts";
import type { OrdersState } from "../orders/index.ts";
import { testDatabase } from "../testing/database.ts";
import { findLeftCarts } from "./jobs/left-carts.ts";
import { momentHub } from "./testing/hub.ts";

const at = await testDatabase();
after(at.stop);
const hub = momentHub(at);
const { clock, needs, say, profile } = hub;
const look = () => findLeftCarts(needs, clock.nowMs());
let count = 0;

/** The hub's own event of a person, in a transaction that stays open until `commit` is called. */
function begin(personId: PersonId, type: string, data: JsonObject) {
  const timeMs = clock.nowMs();
  const where = { channel: "web", store: null, session: null, identities: [] };
  const about = { id: `own-${count++}`, source: "trato", type, timeMs, receivedAtMs: timeMs };
  const event = { ...about, ...where, data } as KeptEvent;
  const gate = Promise.withResolvers<void>();
  const appended = Promise.withResolvers<void>();
  const done = needs.database.transaction(async (tx) => {
    await needs.record(tx, [{ personId, event }]);
    appended.resolve();
    await gate.promise;
  });
  const commit = () => {
    gate.resolve();
    return done;
  };
  return { timeMs, appended: Promise.race([appended.promise, done]), commit };
}

const oneMore = { sku: "coffee", quantity: 1 };
async function newPerson(): Promise<PersonId> {
  const email = `n${count++}@x.ec`;
  await say(email, "product.viewed", { sku: "coffee" });
  return (await profile(email)).personId;
}
const cartOf = async (personId: PersonId) => {
  const found = await hub.people.find({ personId });
  assert.ok(found.ok);
  return (found.value.slices["orders"] as OrdersState | undefined)?.cart ?? null;
};
const touch = async (personId: PersonId) => begin(personId, "cart.item_added", oneMore).commit();

test("who goes on with a cart is looked at half an hour after the last change, however often it was changed", async () => {
  const personId = await newPerson();
  for (const minutes of [0, 20, 20]) {
    clock.advance(minutes * minuteMs);
    await touch(personId);
    assert.equal((await look()).found, 0);
  }
  clock.advance(29 * minuteMs);
  assert.equal((await look()).found, 0);
  clock.advance(minuteMs);
  assert.equal((await look()).found, 1);
  assert.equal((await cartOf(personId))?.told, true);
});

test("a change under way when its person is looked at has them looked at again", async () => {
  const personId = await newPerson();
  await touch(personId);
  clock.advance(28 * minuteMs);
  const change = begin(personId, "cart.item_added", oneMore);
  await change.appended;
  clock.advance(2 * minuteMs);
  assert.equal((await look()).looked, 0, "it is left to whoever comes after the change");
  await change.commit();
  assert.deepEqual(await look(), { looked: 1, found: 0 });
  clock.advance(28 * minuteMs);
  assert.equal((await look()).found, 1);
});

test("a change under way while the cart is bought is looked at all the same", async () => {
  const personId = await newPerson();
  await touch(personId);
  clock.advance(minuteMs);
  const change = begin(personId, "cart.item_added", { sku: "milk", quantity: 1 });
  await change.appended;
  await begin(personId, "order.placed", { orderId: "o", lines: [oneMore] }).commit();
  await change.commit();
  assert.deepEqual((await cartOf(personId))?.lines, [{ sku: "milk", quantity: 1 }]);
  clock.advance(30 * minuteMs);
  assert.equal((await look()).found, 1);
});

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("touch" as const), who: fc.nat({ max: 1 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("buy" as const), who: fc.nat({ max: 1 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("commit" as const), nth: fc.nat({ max: 5 }) }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("wait" as const), minutes: fc.integer({ min: 1, max: 4 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("pause" as const) }) },
);

test("no cart that was left is forgotten, whatever was under way while its person was looked at", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const people = [await newPerson(), await newPerson()];
      const open: ReturnType<typeof begin>[] = [];
      const ending: { timeMs: number; done: Promise<void> }[] = [];
      const release = (nth: number) => {
        const [one] = open.splice(nth, 1);
        if (one !== undefined) ending.push({ timeMs: one.timeMs, done: one.commit() });
      };
      // Whoever holds a person is among them: all end.
      const endAll = async () => {
        while (open.length > 0) release(0);
        await Promise.all(ending.splice(0).map(({ done }) => done));
      };
      for (const one of steps) {
        if (one.do === "touch") open.push(begin(people[one.who]!, "cart.item_added", oneMore));
        if (one.do === "buy")
          open.push(begin(people[one.who]!, "order.placed", { orderId: `o${count++}`, lines: [oneMore] }));
        if (one.do === "commit" && open.length > 0) release(one.nth % open.length);
        if (one.do === "wait") {
          // No transaction is open for five minutes.
          const oldestMs = clock.nowMs() + (one.minutes - 4) * minuteMs;
          if ([...open, ...ending].some(({ timeMs }) => timeMs < oldestMs)) await endAll();
          clock.advance(one.minutes * minuteMs);
        }
        if (one.do === "pause") {
          await endAll();
          clock.advance(27 * minuteMs);
        }
        await look();
      }
      await endAll();
      for (let minutes = 0; minutes < 61; minutes++) {
        clock.advance(minuteMs);
        await look();
      }
      for (const personId of people) assert.ok((await cartOf(personId))?.told ?? true, JSON.stringify(steps));
    }),
    { numRuns: 25 },
  );
});
