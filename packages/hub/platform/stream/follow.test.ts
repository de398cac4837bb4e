import assert from "node:assert/strict";
import { after, test } from "node:test";
import { limits, type PersonId } from "@trato/base";
import fc from "fast-check";
import { testDatabase } from "../../testing/database.ts";
import { silentLog } from "../log.ts";
import { announce } from "../outbox.ts";
import type { Connection } from "./connection.ts";
import { follow } from "./follow.ts";
import { createGroups } from "./groups.ts";
import { type About, addressesFor, addressesOf, type Interest, wants } from "./interest.ts";
import { idOf, isAfter, readId } from "./position.ts";
import { createReaders } from "./readers.ts";
import { endOfOutbox } from "./store.ts";
import { startTail } from "./tail.ts";

const { database, stop } = await testDatabase();
after(stop);

/** A reader in memory that takes nothing until it is let. */
function reader(gate: Promise<void> = Promise.resolve()) {
  const written: string[] = [];
  const closed: (() => void)[] = [];
  const connection: Connection = {
    write: (chunk) => void written.push(chunk.toString()),
    drained: () => gate,
    drop: () => assert.fail("it is not dropped"),
    end: () => assert.fail("it does not end"),
    isOpen: () => true,
    onClose: (heard) => void closed.push(heard),
  };
  const keys = () => [...written.join("").matchAll(/"key":"(\d+)"/g)].map((match) => Number(match[1]));
  return { connection, keys, close: () => closed.map((heard) => heard()) };
}

test("more than can be kept comes while a reader catches up: it is read from the outbox instead, and is heard once", async () => {
  const groups = createGroups();
  const tail = await startTail({ database, log: silentLog, hear: groups.tell });
  const begin = await endOfOutbox(database);
  const text = "x".repeat(limits.streamBufferBytesMax / 4);
  const tell = (n: number) =>
    announce(
      database,
      [{ topic: "cart.changed", key: String(n), place: null, personId: null, data: { text } }],
      0,
    );
  await tell(0);
  await tail.reached(await endOfOutbox(database));
  const gate = Promise.withResolvers<void>();
  const slow = reader(gate.promise);
  const interest: Interest = { topics: ["cart.changed"] };
  const live = follow({ database, tail, groups }, slow.connection, {
    interest,
    after: begin,
    endsCaughtUp: false,
  });
  while (slow.keys().length === 0) await tail.reached(await endOfOutbox(database));
  for (let n = 1; n < 9; n++) await tell(n);
  const other = reader();
  await follow({ database, tail, groups }, other.connection, { interest, after: begin, endsCaughtUp: false });
  gate.resolve();
  assert.equal(await live, true);
  await tell(9);
  while (slow.keys().length < 10 || other.keys().length < 10) await tail.reached(await endOfOutbox(database));
  assert.deepEqual(slow.keys(), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  assert.deepEqual(other.keys(), slow.keys());
  await tail.stop();
});

test("looking an interest up finds a change exactly when the change is wanted, and finds it once", () => {
  const name = fc.constantFrom("a", "b", "c");
  const some = fc.option(fc.uniqueArray(name, { minLength: 1 }), { nil: undefined });
  const topic = fc.constantFrom("cart.changed", "order.changed", "stock.changed");
  const interest = fc.record({
    topics: fc.uniqueArray(topic, { minLength: 1 }),
    keys: some,
    places: some,
    people: some,
  }) as unknown as fc.Arbitrary<Interest>;
  const about = fc.record({
    topic,
    key: name,
    place: fc.option(name),
    personId: fc.option(name) as fc.Arbitrary<PersonId | null>,
  }) as fc.Arbitrary<About>;
  fc.assert(
    fc.property(interest, about, (wanted, change) => {
      const stands = new Set(addressesOf(wanted));
      const found = addressesFor(change).filter((address) => stands.has(address)).length;
      assert.ok(found <= 1);
      if (wants(wanted, change)) assert.equal(found, 1);
    }),
  );
});

test("a group that everybody left holds nothing, and a change costs it nothing", () => {
  const groups = createGroups();
  const heard: string[] = [];
  const leave = groups.join({ topics: ["cart.changed"] }, (chunk) => heard.push(chunk.toString()));
  leave();
  leave();
  const at = { tx: 1n, row: 1n };
  groups.tell([{ at, topic: "cart.changed", key: "1", place: null, personId: null, atMs: 0, data: "{}" }]);
  assert.deepEqual(heard, []);
});

test("ids say their position and sort by it; what is none of ours is none", () => {
  const position = fc.record({
    tx: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    row: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }),
  });
  fc.assert(
    fc.property(position, position, (one, other) => {
      assert.deepEqual(readId(idOf(one)), { ...one });
      assert.equal(isAfter(one, other), one.tx === other.tx ? one.row > other.row : one.tx > other.tx);
    }),
  );
  for (const text of ["", "1", "1-", "-1", "a-1", "1-1-1", `${2n ** 64n}-1`, `1-${2n ** 63n}`]) {
    assert.equal(readId(text), undefined, text);
  }
});

test("a key has so many streams and no more, until one of them ends", () => {
  let open = 0;
  const readers = createReaders((count) => {
    open = count;
  });
  const key = { id: "k", source: "s", kind: "secret", scopes: [] } as const;
  const taken = Array.from({ length: limits.streamsPerSecretKeyMax }, () => {
    assert.equal(readers.hasRoom(key).ok, true);
    const one = reader();
    readers.take(one.connection, key);
    return one;
  });
  const refused = readers.hasRoom(key);
  assert.equal(refused.ok === false && refused.problem, "streams_too_many");
  assert.equal(readers.hasRoom({ ...key, id: "another" }).ok, true);
  taken[0]!.close();
  assert.equal(readers.hasRoom(key).ok, true);
  assert.equal(open, limits.streamsPerSecretKeyMax - 1);
  assert.deepEqual(readers.keyIds(), ["k"]);
});
