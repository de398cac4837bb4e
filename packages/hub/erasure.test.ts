import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { nobody, type PersonId, systemClock } from "@trato/base";
import { announce } from "./platform/index.ts";
import { until } from "./platform/postgres/testing/start.ts";
import { eraseRooms } from "./routes.ts";
import { ask, send } from "./testing/ask.ts";
import { testDatabase } from "./testing/database.ts";
import { type DumpedRow, dumpDatabase, tablesWith } from "./testing/dump.ts";
import { assertProblem } from "./testing/endpoints.ts";
import { testHub } from "./testing/hub.ts";
import { assertSound, countersOf } from "./testing/sound.ts";

const database = await testDatabase();
const hub = await testHub({ database });
after(async () => {
  await hub.stop();
  await database.stop();
});

const agoMs = (ms: number) => new Date(systemClock.nowMs() - ms).toISOString();
let count = 0;

/** Everything the hub can hold of somebody whose every id and text has `mark` in it. */
function lifeOf(mark: string): object[] {
  const email = `${mark}@example.com`;
  const device = `${mark}-tablet`;
  const event = (type: string, minutesAgo: number, data: object, identities: object = { email }) => {
    const id = `${mark}-${++count}`;
    return { id, type, time: agoMs(minutesAgo * 60_000), session: `${mark}-s`, identities, data };
  };
  const lines = [{ sku: "coffee", quantity: 1, amountMinor: 500 }];
  const decision = { decisionId: `${mark}-decision`, key: "item:coffee" };
  return [
    event("item.viewed", 90, { sku: "coffee" }, { device }),
    event(
      "person.described",
      89,
      { traits: { name: mark, language: "es" } },
      { email, loyalty: `${mark}-card` },
    ),
    event("consent.given", 88, {
      purpose: "personalise",
      channel: "any",
      textVersion: "1",
      language: "es",
      evidence: mark,
    }),
    event("order.placed", 80, { orderId: `${mark}-o1`, currency: "USD", totalMinor: 500, lines }),
    event("decision.exposed", 70, { ...decision, placement: "web.home", rank: 1 }),
    event("decision.outcome", 69, { ...decision, outcome: "clicked" }),
    event("cart.item_added", 60, { sku: "coffee", quantity: 1 }),
    event("custom.note", 50, { text: `said by ${mark}` }, { email, device }),
  ];
}

async function personOf(email: string): Promise<{ personId: string; members: string[] }> {
  const { status, body } = await ask<{ personId: string; members: string[] }>(
    hub,
    "GET",
    `/v1/people?kind=email&value=${email}`,
  );
  assert.equal(status, 200, email);
  return body;
}

/** What is to be sent stays. */
const webhook = { url: "http://127.0.0.1:9/", topics: ["cart.changed"], label: "away", paused: true };
assert.equal((await ask(hub, "POST", "/v1/webhooks", webhook)).status, 201);

/** Makes the person, with decisions made for them, a cart, and the moment of the one they left. */
async function live(mark: string): Promise<{ personId: string; members: string[] }> {
  assert.equal((await send(hub, lifeOf(mark))).body.quarantined, 0);
  const person = await personOf(`${mark}@example.com`);
  for (const named of [{ personId: person.personId }, { identities: { email: `${mark}@example.com` } }]) {
    assert.equal((await ask(hub, "POST", "/v1/decisions", { placement: "web.home", ...named })).status, 200);
  }
  const cart = { personId: person.personId, channel: "web", currency: "USD" };
  assert.equal((await ask(hub, "POST", "/v1/carts", cart)).status, 200);
  await until(async () => {
    const { body } = await ask<{ moments: unknown[] }>(hub, "GET", `/v1/moments?personId=${person.personId}`);
    return body.moments.length > 0;
  });
  await database.database.query({
    name: "",
    text: `insert into scores_person (person_id, family, subject, version, scored_ms, score)
           values ($1, 'lifetime', '', 1, 1, '{"alive": 0.9}') on conflict do nothing`,
    values: [person.personId],
  });
  const change = { topic: "cart.changed" as const, key: `${mark}-cart`, place: null, data: {} };
  await announce(
    database.database,
    [{ ...change, personId: person.personId as PersonId }],
    systemClock.nowMs(),
  );
  await hub.hub.rooms.sender.sendDue();
  await settled();
  return person;
}

/** Waits until whoever reads the log has read all of it. */
async function settled(): Promise<void> {
  for (const consumer of hub.hub.rooms.consumers) await consumer.drain();
}

/** The books of the hub itself count everybody and name nobody; nor do the decisions for nobody. */
const books =
  /^(graphile_worker\.|public\.(events_(tally|erased|cursor)|people_(tombstone|erasures)|platform_|moments_scan|send_cursor))/;
const ofNobody = `person_id=${nobody}`;
const rowsWithout = (rows: readonly DumpedRow[], marks: readonly string[]): DumpedRow[] =>
  rows.filter(
    ({ table, text }) =>
      !books.test(table) && ![ofNobody, ...marks].some((mark) => text.toLowerCase().includes(mark)),
  );

async function rowsOf(table: string, members: readonly string[]): Promise<number> {
  const rows = await database.database.query<{ n: string }>({
    name: "",
    text: `select count(*) as n from ${table} where person_id = any($1::uuid[])`,
    values: [members],
  });
  return Number(rows[0]!.n);
}

describe("when a person is erased", () => {
  test("every table that holds something by person is emptied of them, whichever room it belongs to", async () => {
    const { personId, members } = await live("everywhere");
    const tables = await tablesWith(database.url, "person_id");
    const held = new Map<string, number>();
    for (const table of tables) held.set(table, await rowsOf(table, members));
    assert.deepEqual(
      tables.filter((table) => held.get(table) === 0),
      [],
      "this test must leave a row in each table, or it proves nothing",
    );
    const { status, body } = await ask<{ removed: Record<string, number> }>(
      hub,
      "POST",
      `/v1/people/${personId}/erase`,
    );
    assert.equal(status, 200);
    const rooms = eraseRooms(hub.hub.rooms).map(({ room }) => room);
    assert.deepEqual(Object.keys(body.removed).sort(), ["events", "identities", ...rooms].sort());
    await settled();
    for (const table of tables.filter((one) => one !== "people_person")) {
      assert.equal(await rowsOf(table, members), 0, `${table} keeps nothing`);
    }
    const dump = await dumpDatabase(database.url);
    assert.deepEqual(
      dump.filter(({ text }) => /everywhere/i.test(text)),
      [],
    );
    const naming = dump
      .filter(({ text }) => members.some((member) => text.includes(member)))
      .map(({ table }) => table);
    assert.deepEqual(
      [...new Set(naming)],
      ["public.people_person"],
      "the bare id stays, to say that it was erased",
    );
    await assertSound(hub);
  });

  test("and again, the hub says that they were; no name leads to them any more", async () => {
    const { personId, members } = await live("again");
    const headers = { "idempotency-key": "erase-again" };
    const first = await ask(hub, "POST", `/v1/people/${personId}/erase`, undefined, { headers });
    assert.equal(first.status, 200);
    const replayed = await ask(hub, "POST", `/v1/people/${personId}/erase`, undefined, { headers });
    assert.deepEqual(replayed.body, first.body);
    for (const member of members) {
      for (const path of ["/erase", ""]) {
        const answer = await ask(hub, path === "" ? "GET" : "POST", `/v1/people/${member}${path}`);
        assert.equal(assertProblem(answer, path), "person_erased");
      }
      const decided = await ask(hub, "POST", "/v1/decisions", { placement: "web.home", personId: member });
      assert.equal(assertProblem(decided, "decide"), "person_erased");
    }
    for (const [kind, value] of Object.entries({
      email: "again@example.com",
      device: "again-tablet",
      loyalty: "again-card",
    })) {
      const found = await ask(hub, "GET", `/v1/people?kind=${kind}&value=${value}`);
      assert.equal(assertProblem(found, kind), "person_unknown");
    }
    const resent = await send(hub, lifeOf("again"));
    assert.deepEqual([resent.body.erased, resent.body.applied], [8, 0]);
    await assertSound(hub);
  });

  test("while their events keep arriving, nothing of them comes back and nobody else's rows are touched", async () => {
    const neighbours = ["berta", "carlos", "delia"];
    for (const one of neighbours) await live(one);
    const { personId, members } = await live("anagone");
    const others = rowsWithout(await dumpDatabase(database.url), ["anagone", ...members]);
    const before = await countersOf(hub);

    let erased = 0;
    let isGone = false;
    const sendLate = async (): Promise<void> => {
      for (let late = 0; late < 10; late += isGone ? 1 : 0) {
        const { status, body } = await send(hub, lifeOf("anagone"));
        assert.equal(status, 200);
        erased += body.erased;
      }
    };
    const decide = async (_: unknown, n: number): Promise<void> => {
      const named = n % 2 === 0 ? { personId } : { identities: { email: "anagone@example.com" } };
      while (!isGone) await ask(hub, "POST", "/v1/decisions", { placement: "web.home", ...named });
    };
    const late = Promise.all([...Array.from({ length: 4 }, sendLate), ...Array.from({ length: 24 }, decide)]);
    const arrived = async () => (await countersOf(hub)).inLog;
    await until(async () => (await arrived()) > before.inLog + 50);
    assert.equal((await ask(hub, "POST", `/v1/people/${personId}/erase`)).status, 200);
    isGone = true;
    await late;
    await settled();

    const after = await dumpDatabase(database.url);
    assert.deepEqual(
      after.filter(({ text }) => /anagone/i.test(text)),
      [],
      "nothing of them is left or came back",
    );
    assert.deepEqual(
      rowsWithout(after, members),
      others,
      "everybody else's rows are as they were, to the byte",
    );
    for (const table of await tablesWith(database.url, "person_id")) {
      if (table !== "people_person") assert.equal(await rowsOf(table, members), 0, table);
    }
    const { total } = await assertSound(hub);
    assert.ok(erased >= 4 * 9 * 8, "what came late was counted");
    assert.equal(total.erased - before.total.erased, erased);
    for (const one of neighbours) await personOf(`${one}@example.com`);
  });

  test("somebody who comes back and says yes begins anew, with nothing of before", async () => {
    const { personId } = await live("returns");
    assert.equal((await ask(hub, "POST", `/v1/people/${personId}/erase`)).status, 200);
    const data = {
      purpose: "personalise",
      channel: "any",
      textVersion: "1",
      language: "es",
      evidence: "form",
    };
    const identities = { email: "returns@example.com" };
    const yes = { id: "returns-yes", type: "consent.given", time: agoMs(-1_000), identities, data };
    assert.equal((await send(hub, [yes])).body.applied, 1);
    const anew = await personOf("returns@example.com");
    assert.notEqual(anew.personId, personId);
    const { body } = await ask<{ items: { id: string }[] }>(hub, "GET", `/v1/people/${anew.personId}/events`);
    assert.deepEqual(
      body.items.map(({ id }) => id),
      ["returns-yes"],
    );
    await assertSound(hub);
  });
});
