import assert from "node:assert/strict";
import { after, beforeEach, test } from "node:test";
import { nobody } from "@trato/base";
import { testDatabase } from "../testing/database.ts";
import { countersOf, type KeptEvent, ownSource, recordOfNobody, recordThings } from "./index.ts";

const { database, stop } = await testDatabase();
after(stop);
beforeEach(async () => {
  for (const table of ["events_log", "events_tally"])
    await database.query({ name: "", text: `delete from ${table}`, values: [] });
});

const event = (id: string, more: Partial<KeptEvent> = {}): KeptEvent => ({
  ...{
    id,
    source: ownSource,
    type: "giftcard.issued",
    timeMs: 5,
    receivedAtMs: 7,
    data: { id, words: ["ñ"] },
  },
  ...{ channel: "web", store: "GYE-01", session: null, identities: [] },
  ...more,
});
const level = { sku: "coffee", onHand: 3, held: 1, allocated: 0, available: 2, incoming: 0, inTransit: 0 };
const kept = () =>
  database.query<{ id: string; type: string; data: unknown }>({
    name: "",
    text: `select person_id as "personId", source, id, type, time_ms::int as "timeMs", received_ms::int as "receivedAtMs",
                  channel, store, session, identities, data
             from events_log order by tx, position`,
    values: [],
  });
const own = async () => (await countersOf(database)).sources.find(({ source }) => source === ownSource);

test("what a transaction records in several goes is kept in the order told, as it was told, and counted once", async () => {
  const told = [event("b"), event("a", { channel: null, store: null }), event("c")];
  await database.transaction(async (tx) => {
    await recordOfNobody(tx, told.slice(0, 2));
    await recordOfNobody(tx, []);
    await recordOfNobody(tx, told.slice(2));
  });
  assert.deepEqual(
    await kept(),
    told.map((one) => ({ personId: nobody, ...one })),
  );
  assert.equal((await own())?.applied, 3);
});

test("an id that is kept already is a repeat: nothing is told twice, and the counters add up", async () => {
  await database.transaction((tx) => recordOfNobody(tx, [event("a")]));
  await database.transaction((tx) => recordOfNobody(tx, [event("a", { timeMs: 9 }), event("b")]));
  assert.deepEqual(
    (await kept()).map(({ id }) => id),
    ["a", "b"],
  );
  const { applied, repeat, accepted } = (await own())!;
  assert.deepEqual([applied, repeat, accepted], [2, 1, 3]);
});

test("what is undone was never told", async () => {
  const undo = new Error("undone");
  const work = database.transaction(async (tx) => {
    await recordThings(tx, [{ type: "stock.changed", store: "A", data: { place: "A", levels: [level] } }], 7);
    throw undo;
  });
  await assert.rejects(work, undo);
  assert.deepEqual(await kept(), []);
  assert.equal(await own(), undefined);
});

test("more than one block of the log's positions takes: all of it, in order", async () => {
  const things = Array.from({ length: 10_001 }, (_, nth) => ({
    ...{
      type: "stock.changed" as const,
      store: "A",
      data: { place: "A", levels: [{ ...level, onHand: nth }] },
    },
  }));
  await database.transaction((tx) => recordThings(tx, things, 7));
  const rows = await kept();
  assert.deepEqual(
    rows.map(({ data }) => data),
    things.map(({ data }) => data),
  );
  assert.equal((await own())?.applied, things.length);
});

test("only the hub's own events that name nobody may come this way", async () => {
  const wrong = [event("a", { source: "till-7" }), event("a", { session: "s" })];
  for (const one of wrong)
    await assert.rejects(
      database.transaction((tx) => recordOfNobody(tx, [one])),
      /nobody's/,
    );
});
