import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { chance, limits, type PersonId, systemClock } from "@trato/base";
import { ask, send } from "../../testing/ask.ts";
import { testDatabase } from "../../testing/database.ts";
import { assertProblem } from "../../testing/endpoints.ts";
import { testHub } from "../../testing/hub.ts";
import { followHub, type Heard } from "../../testing/stream.ts";
import { announce, type Change, pruneOutbox } from "../outbox.ts";

const at = await testDatabase();
const { database } = at;
const [one, two] = [await testHub({ database: at }), await testHub({ database: at })];
after(async () => {
  await Promise.all([one.stop(), two.stop()]);
  await at.stop();
});

const nowMs = Date.UTC(2026, 10, 25);
const change = (key: string, more: Partial<Change> = {}): Change => ({
  topic: "cart.changed",
  key,
  place: null,
  personId: null,
  data: {},
  ...more,
});
const tell = (...changes: Change[]) => database.transaction((tx) => announce(tx, changes, nowMs));
const keysOf = (heard: readonly Heard[]) => heard.map(({ data }) => data.key);

test("a change made through one hub is heard at another, as it was announced", async () => {
  const following = await followHub(two, { topic: "cart.changed" });
  assert.equal((await following.next())?.event, "ready");
  await tell(change("c1", { place: "quito", data: { lines: [{ sku: "café\n", quantity: 2 }] } }));
  const [heard] = await following.take(1);
  assert.equal(heard?.event, "cart.changed");
  const { sequence, ...told } = heard!.data as typeof heard.data & { sequence: number };
  assert.ok(Number.isInteger(sequence));
  assert.deepEqual(told, {
    topic: "cart.changed",
    key: "c1",
    place: "quito",
    personId: null,
    at: "2026-11-25T00:00:00.000Z",
    data: { lines: [{ sku: "café\n", quantity: 2 }] },
  });
  following.close();
});

test("topics, places, keys and people are heard by those who asked for them, and by no others", async () => {
  const email = `${randomUUID()}@example.com`;
  const time = new Date(systemClock.nowMs()).toISOString();
  await send(one, [
    { id: randomUUID(), type: "item.viewed", time, identities: { email }, data: { sku: "x" } },
  ]);
  const found = await ask<{ personId: PersonId }>(one, "GET", `/v1/people?kind=email&value=${email}`);
  const { personId } = found.body;
  const asked = {
    places: { place: "quito,cuenca" },
    person: { personId },
    keys: { key: "k1,k2", topic: "order.changed,cart.changed" },
    topic: { topic: "stock.changed" },
  };
  const following = await Promise.all(Object.values(asked).map((query) => followHub(two, query)));
  for (const one of following) assert.equal((await one.next())?.event, "ready");
  const end = { place: "quito", personId, topic: "stock.changed" } as const;
  await tell(
    change("k1", { topic: "order.changed" }),
    change("k1", { topic: "payment.changed" }),
    change("a", { place: "quito" }),
    change("b", { place: "loja" }),
    change("c", { personId }),
    change("d", { personId: randomUUID() as PersonId }),
    change("e", { topic: "stock.changed", place: "cuenca" }),
    change("k2", { place: "loja", personId }),
    change("end", end),
  );
  const heard = await Promise.all(
    [3, 3, 2, 2].map(async (count, i) => keysOf(await following[i]!.take(count))),
  );
  assert.deepEqual(heard, [
    ["a", "e", "end"],
    ["c", "k2", "end"],
    ["k1", "k2"],
    ["e", "end"],
  ]);
  for (const one of following) one.close();
});

test("a slow transaction's change is heard after it commits, and nobody who resumed meanwhile misses it", async () => {
  const begun = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  const following = await followHub(two, { topic: "cart.changed" });
  assert.equal((await following.next())?.event, "ready");
  const slow = database.transaction(async (tx) => {
    await announce(tx, [change("slow")], nowMs);
    // Changes are written at the end; a transaction has its place among others from its first write on.
    await tx.query({ name: "test/slow_has_its_place", text: "select pg_current_xact_id()", values: [] });
    begun.resolve();
    await goOn.promise;
  });
  await begun.promise;
  await tell(change("fast"));
  const early = await followHub(two, { topic: "cart.changed", ends: "caught_up" });
  const before = keysOf((await early.rest()).filter(({ event }) => event === "cart.changed"));
  goOn.resolve();
  await slow;
  assert.deepEqual(keysOf(await following.take(2)), ["slow", "fast"]);
  const resumed = await followHub(one, { topic: "cart.changed" }, { after: early.lastId() });
  const later = await resumed.take(2 - before.length);
  assert.deepEqual([...before, ...keysOf(later)], ["slow", "fast"]);
  following.close();
  resumed.close();
});

test("a slow transaction in another database of the server delays nobody", async () => {
  const elsewhere = await testDatabase();
  const begun = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  const slow = elsewhere.database.transaction(async (tx) => {
    await tx.query({ name: "test/slow_elsewhere", text: "select pg_current_xact_id()", values: [] });
    begun.resolve();
    await goOn.promise;
  });
  await begun.promise;
  const following = await followHub(two, { topic: "cart.changed" });
  assert.equal((await following.next())?.event, "ready");
  await tell(change("meanwhile"));
  assert.deepEqual(keysOf(await following.take(1)), ["meanwhile"]);
  goOn.resolve();
  await slow;
  following.close();
  await elsewhere.stop();
});

test("whoever breaks off again and again, at either hub, hears every change once and in order", async () => {
  const seed = systemClock.nowMs();
  const random = chance(seed);
  const total = 400;
  const first = await followHub(one, { topic: "order.changed" });
  await first.next();
  first.close();
  const telling = (async () => {
    for (let n = 0; n < total; ) {
      const count = 1 + Math.floor(random() * 7);
      const wanted = Array.from({ length: Math.min(count, total - n) }, (_, i) =>
        change(String(n + i), { topic: "order.changed" }),
      );
      await tell(change("other"), ...wanted);
      n += wanted.length;
    }
  })();
  const heard: string[] = [];
  let after = first.lastId();
  let turns = 0;
  while (heard.length < total) {
    const hub = turns++ % 2 === 0 ? two : one;
    const following = await followHub(hub, { topic: "order.changed" }, { after });
    const count = Math.min(1 + Math.floor(random() * 40), total - heard.length);
    heard.push(...keysOf(await following.take(count)));
    after = following.lastId();
    following.close();
  }
  await telling;
  assert.deepEqual(
    heard,
    Array.from({ length: total }, (_, n) => String(n)),
    `seed ${seed}, ${turns} streams`,
  );
});

test("a topic is heard with the scope of reading the same, and a public key by itself hears none", async () => {
  const keyWith = async (body: object) =>
    (await ask<{ secret: string }>(one, "POST", "/v1/keys", { source: "t", label: "t", ...body })).body
      .secret;
  const key = await keyWith({ kind: "secret", scopes: ["stream:read", "stock:read"] });
  const forbidden = await ask(one, "GET", "/v1/stream?topic=stock.changed,cart.changed", undefined, { key });
  assert.equal(assertProblem(forbidden, "beyond its scopes"), "topic_forbidden");
  const following = await followHub(one, {}, { key });
  assert.equal((await following.next())?.event, "ready");
  await tell(change("cart"), change("quito", { topic: "stock.changed" }));
  assert.deepEqual(keysOf(await following.take(1)), ["quito"]);
  following.close();
  const open = await keyWith({ kind: "public" });
  const refused = await ask(one, "GET", "/v1/stream", undefined, { key: open });
  assert.equal(assertProblem(refused, "a public key"), "topic_forbidden");
});

test("what cannot be followed is refused with the field that is wrong", async () => {
  for (const [path, code] of [
    ["/v1/stream?topic=weather", "request_invalid"],
    ["/v1/stream?topic=", "request_invalid"],
    ["/v1/stream?lastEventId=yesterday", "request_invalid"],
    ["/v1/stream?lastEventId=99999999999999999999-1", "request_invalid"],
    ["/v1/stream?personId=nobody", "request_invalid"],
    [`/v1/stream?personId=${randomUUID()}`, "person_unknown"],
  ] as const) {
    assert.equal(assertProblem(await ask(one, "GET", path), path), code);
  }
});

test("when what was missed is forgotten already, or the id is of another database, the reader is told", async () => {
  const beside = await followHub(two, { topic: "cart.changed" });
  await beside.next();
  await tell(change("old"));
  const first = await followHub(one, { topic: "cart.changed", ends: "caught_up" });
  await first.rest();
  await tell(change("forgotten"), change("forgotten too"));
  // The other hub has read them all by then: what it reads late it tells late.
  assert.deepEqual(keysOf(await beside.take(3)), ["old", "forgotten", "forgotten too"]);
  beside.close();
  await pruneOutbox(database, nowMs + limits.outboxKeptMs + 1);
  for (const id of [first.lastId(), `${2n ** 62n}-7`]) {
    const following = await followHub(two, { topic: "cart.changed" }, { after: id });
    assert.equal((await following.next())?.event, "gap", id);
    assert.equal((await following.next())?.event, "ready");
    await tell(change("new"));
    assert.deepEqual(keysOf(await following.take(1)), ["new"]);
    following.close();
  }
});

test("a key that is revoked ends its streams", async () => {
  const wanted = { source: "t", label: "t", kind: "secret", scopes: ["stream:read", "stock:read"] };
  const made = await ask<{ secret: string; keyId: string }>(one, "POST", "/v1/keys", wanted);
  const following = await followHub(two, {}, { key: made.body.secret });
  await following.next();
  await ask(one, "POST", `/v1/keys/${made.body.keyId}/revoke`);
  assert.deepEqual(
    (await following.rest()).map(({ data }) => data.reason),
    ["key_revoked"],
  );
});

test("a hub that stops says so to its readers, who go on at another one where they broke off", async () => {
  const leaving = await testHub({ database: at });
  const following = await followHub(leaving, { topic: "cart.changed" });
  await following.next();
  await tell(change("before"));
  assert.deepEqual(keysOf(await following.take(1)), ["before"]);
  await leaving.stop();
  assert.deepEqual(
    (await following.rest()).map(({ event, data }) => [event, data.reason]),
    [["dropped", "stopping"]],
  );
  await tell(change("meanwhile"));
  const next = await followHub(one, { topic: "cart.changed" }, { after: following.lastId() });
  assert.deepEqual(keysOf(await next.take(1)), ["meanwhile"]);
  next.close();
});

test("a reader who takes nothing is dropped with a last word, delays nobody, and resumes without a loss", async () => {
  const big = (n: number) => change(`big ${n}`, { data: { text: "x".repeat(100_000) } });
  const slow = await followHub(one, { topic: "cart.changed" });
  const quick = await followHub(one, { topic: "cart.changed" });
  for (const one of [slow, quick]) assert.equal((await one.next())?.event, "ready");
  // What sockets buffer between two processes of one machine is some megabytes.
  const total = 200;
  const all: string[] = [];
  for (let n = 0; n < total; n++) {
    await tell(big(n));
    all.push(...keysOf(await quick.take(1)));
  }
  const heard = await slow.rest();
  const last = heard.pop();
  assert.deepEqual([last?.event, last?.data.reason], ["dropped", "slow"]);
  assert.ok(heard.length < total, "it was dropped on the way");
  const resumed = await followHub(two, { topic: "cart.changed" }, { after: slow.lastId() });
  const missed = await resumed.take(total - heard.length);
  assert.deepEqual([...keysOf(heard), ...keysOf(missed)], all);
  resumed.close();
  quick.close();
});
