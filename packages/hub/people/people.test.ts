import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { chance, fakeClock, limits, type PersonId, pickInt } from "@trato/base";
import type { Identity } from "@trato/contract";
import fc from "fast-check";
import { createIntake, type KeptEvent } from "../events/index.ts";
import { silentLog } from "../platform/index.ts";
import { type TestDatabase, testDatabase } from "../testing/database.ts";
import { createFolder, createPeople, peopleSlices, type Slice } from "./index.ts";

/** Remembers every event in the order it was folded: any mistake in order, loss or doubling shows. */
const diary: Slice<{ ids: string[] }> = {
  name: "diary",
  version: 1,
  hears: () => true,
  start: () => ({ ids: [] }),
  fold: (state, event) => void state.ids.push(event.id),
};

/** Wants to be looked at: what it hears is folded as it comes, the rest waits in the log. */
const alarm: Slice<{ atMs: number }> = {
  name: "alarm",
  version: 1,
  hears: (type) => type === "cart.item_added",
  start: () => ({ atMs: 0 }),
  fold: (state, event) => {
    state.atMs = event.timeMs;
  },
  wakeAtMs: (state) => state.atMs,
};

const folder = createFolder([...peopleSlices, diary, alarm]);
const clock = fakeClock(Date.UTC(2026, 0, 1));

function hub(at: TestDatabase) {
  const people = createPeople({ database: at.database, folder, clock, tombstoneSecret: "test" });
  const intake = createIntake({
    database: at.database,
    people: people.forIntake,
    clock,
    log: silentLog,
    onTaken: () => undefined,
  });
  return { people, intake };
}

const strengthSorted = (identities: Identity[]): Identity[] => {
  const order = ["national_id", "loyalty", "email", "phone", "user", "device", "anonymous"];
  return [...identities].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
};

function event(id: string, timeMs: number, identities: Identity[], more: Partial<KeptEvent> = {}): KeptEvent {
  const base = {
    id,
    source: "test",
    type: "item.viewed",
    timeMs,
    receivedAtMs: timeMs,
    channel: "web",
    store: null,
    session: null,
  };
  return { ...base, identities: strengthSorted(identities), data: { sku: "a" }, ...more };
}

const email = (value: string): Identity => ({ kind: "email", value });
const device = (value: string): Identity => ({ kind: "device", value });
const loyalty = (value: string): Identity => ({ kind: "loyalty", value });

describe("people", () => {
  let at: TestDatabase;
  before(async () => {
    at = await testDatabase();
  });
  after(() => at.stop());

  const diaryOf = async (people: ReturnType<typeof hub>["people"], identity: Identity) => {
    const found = await people.find({ identities: [identity] });
    assert.ok(found.ok, `${identity.kind} ${identity.value} is known`);
    return { personId: found.value.personId, ids: (found.value.slices["diary"] as { ids: string[] }).ids };
  };

  test("two identities seen together are one person, with the history of both", async () => {
    const { people, intake } = hub(at);
    const take = (events: KeptEvent[]) => intake.take({ source: "test", events, rejects: [] });
    await take([event("m1", 1000, [device("tablet")]), event("m2", 3000, [email("ana@x.ec")])]);
    const before = await diaryOf(people, email("ana@x.ec"));
    assert.deepEqual(before.ids, ["m2"]);
    await take([event("m3", 2000, [device("tablet"), email("ana@x.ec")])]);
    const [one, two] = [await diaryOf(people, email("ana@x.ec")), await diaryOf(people, device("tablet"))];
    assert.deepEqual(one, two);
    assert.deepEqual(one.ids, ["m1", "m3", "m2"]);
  });

  test("an undo gives both people back what is theirs, and they are not joined again", async () => {
    const { people, intake } = hub(at);
    const take = (events: KeptEvent[]) => intake.take({ source: "test", events, rejects: [] });
    await take([event("u1", 1000, [device("shared")]), event("u2", 2000, [email("eva@x.ec")])]);
    await take([event("u3", 3000, [device("shared"), email("eva@x.ec")])]);
    const joined = await people.describe((await diaryOf(people, email("eva@x.ec"))).personId);
    assert.ok(joined.ok);
    const mergeId = joined.value.merges[0]!.mergeId;
    const undone = await at.database.transaction((tx) => people.undoMerge(tx, mergeId));
    assert.ok(undone.ok);
    assert.deepEqual((await diaryOf(people, device("shared"))).ids, ["u1"]);
    assert.deepEqual((await diaryOf(people, email("eva@x.ec"))).ids, ["u2", "u3"]);
    await take([event("u4", 4000, [device("shared"), email("eva@x.ec")])]);
    assert.deepEqual((await diaryOf(people, email("eva@x.ec"))).ids, ["u2", "u3", "u4"]);
    const again = await at.database.transaction((tx) => people.undoMerge(tx, mergeId));
    assert.deepEqual(again, { ok: false, problem: "merge_already_undone" });
  });

  test("two loyalty numbers never become one person because they share a tablet", async () => {
    const { people, intake } = hub(at);
    const take = (events: KeptEvent[]) => intake.take({ source: "test", events, rejects: [] });
    await take([
      event("x1", 1000, [loyalty("1"), device("kiosk")]),
      event("x2", 2000, [loyalty("2"), device("kiosk")]),
    ]);
    assert.deepEqual((await diaryOf(people, loyalty("1"))).ids, ["x1"]);
    assert.deepEqual((await diaryOf(people, loyalty("2"))).ids, ["x2"]);
  });

  test("an erased person stays gone until they come back and say yes, and nobody else is touched", async () => {
    const { people, intake } = hub(at);
    const take = (events: KeptEvent[]) => intake.take({ source: "test", events, rejects: [] });
    await take([event("e1", 1000, [email("gone@x.ec")]), event("e2", 1000, [email("stays@x.ec")])]);
    const { personId } = await diaryOf(people, email("gone@x.ec"));
    const erased = await at.database.transaction((tx) => people.erase(tx, personId as PersonId));
    assert.ok(erased.ok && erased.value.events === 1);
    const late = await take([
      event("e3", 900, [email("gone@x.ec")]),
      event("e4", 2000, [email("stays@x.ec")]),
    ]);
    assert.deepEqual(late.fates, ["erased", "applied"]);
    assert.deepEqual(await people.find({ identities: [email("gone@x.ec")] }), {
      ok: false,
      problem: "person_unknown",
    });
    assert.deepEqual((await diaryOf(people, email("stays@x.ec"))).ids, ["e2", "e4"]);
    const yes = event("e5", clock.nowMs() + 1, [email("gone@x.ec")], {
      type: "consent.given",
      data: { purpose: "personalise" },
    });
    assert.deepEqual((await take([yes])).fates, ["applied"]);
    assert.deepEqual((await diaryOf(people, email("gone@x.ec"))).ids, ["e5"]);
  });

  test("views wait in the log for as long as there are few, and whoever reads sees them at once", async () => {
    const { people, intake } = hub(at);
    const ana = [email("ana@wait.ec")];
    const take = (id: string, timeMs: number, type: string) =>
      intake.take({ source: "test", events: [event(id, timeMs, ana, { type })], rejects: [] });
    const written = async () => {
      const rows = await at.database.query<{ ids: number }>({
        name: "",
        text: "select json_array_length(slices -> 'diary' -> 'ids') as ids from people_person where person_id = $1",
        values: [(await diaryOf(people, ana[0]!)).personId],
      });
      return rows[0]!.ids;
    };
    await take("w0", 1_000, "item.viewed");
    assert.equal(await written(), 1, "who is new is written");
    await take("w1", 2_000, "item.viewed");
    assert.equal(await written(), 1);
    assert.deepEqual((await diaryOf(people, ana[0]!)).ids, ["w0", "w1"]);
    await take("w2", 500, "item.viewed");
    assert.deepEqual(
      (await diaryOf(people, ana[0]!)).ids,
      ["w2", "w0", "w1"],
      "a late one is put in its place",
    );
    await take("w3", 3_000, "cart.item_added");
    assert.equal(await written(), 4, "what matters writes what waited");
    for (let i = 0; i <= limits.eventsWaitingPerPersonMax; i++) await take(`v${i}`, 4_000 + i, "item.viewed");
    assert.equal(await written(), 4 + limits.eventsWaitingPerPersonMax + 1);
    assert.deepEqual((await people.verify()).different, []);
  });

  test("what a decision saw can be folded again, whatever was committed since, late or slowly", async () => {
    const { people, intake } = hub(at);
    const ana = [email("ana@then.ec")];
    const take = (id: string, timeMs: number) =>
      intake.take({ source: "test", events: [event(id, timeMs, ana)], rejects: [] });
    await take("t0", 1_000);
    await take("t1", 2_000);
    const before = await people.find({ identities: ana });
    assert.ok(before.ok);
    await take("t2", 1_500);
    await take("t3", 3_000);
    const { members, position, slices } = before.value;
    assert.deepEqual(await people.profileAsOf({ members, position }), slices);
    assert.deepEqual((await diaryOf(people, ana[0]!)).ids, ["t0", "t2", "t1", "t3"]);
  });

  test("another process that remembers somebody who was erased keeps nothing more of them", async () => {
    const [one, other] = [hub(at), hub(at)];
    const ana = [email("ana@two.ec")];
    const take = (to: ReturnType<typeof hub>, id: string, timeMs: number) =>
      to.intake.take({ source: "test", events: [event(id, timeMs, ana)], rejects: [] });
    await take(other, "o0", 1_000);
    assert.deepEqual((await take(other, "o1", 2_000)).fates, ["applied"]);
    const { personId } = await diaryOf(one.people, ana[0]!);
    const erased = await at.database.transaction((tx) => one.people.erase(tx, personId as PersonId));
    assert.ok(erased.ok && erased.value.events === 2);
    assert.deepEqual((await take(other, "o2", 3_000)).fates, ["erased"]);
  });

  test("whatever the arrival order, repeats and merges, the profiles are the fold of the log", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 2 ** 31 }), async (seed) => {
        const draw = chance(seed);
        const prefix = `p${seed}`;
        const events = Array.from({ length: 60 }, (_, i) => {
          const identities = [device(`${prefix}d${pickInt(draw, 6)}`)];
          if (draw() < 0.3) identities.push(email(`${prefix}e${pickInt(draw, 4)}@x.ec`));
          const type = draw() < 0.25 ? "cart.item_added" : "item.viewed";
          return event(`${prefix}-${i}`, 1_000 * pickInt(draw, 30), identities, { type });
        });
        const expected = componentsOf(events);
        const hubs = [hub(at), hub(at)];
        const arrival = [...events, ...events.filter(() => draw() < 0.3)].sort(() => draw() - 0.5);
        while (arrival.length > 0) {
          const batches = Array.from({ length: 1 + pickInt(draw, 3) }, () =>
            arrival.splice(0, 1 + pickInt(draw, 8)),
          );
          const taken = await Promise.all(
            batches.map((batch) =>
              hubs[pickInt(draw, 2)]!.intake.take({ source: "test", events: batch, rejects: [] }),
            ),
          );
          for (const { tally } of taken)
            assert.equal(tally.quarantined, 0, `seed ${seed}: nothing is put aside`);
        }
        for (const [key, ids] of expected) {
          const [kind, value] = key.split("\n") as ["email" | "device", string];
          assert.deepEqual(
            (await diaryOf(hubs[0]!.people, { kind, value })).ids,
            ids,
            `seed ${seed}, ${kind} ${value}`,
          );
        }
      }),
      { numRuns: 12 },
    );
    const verified = await hub(at).people.verify();
    assert.deepEqual(verified.different, []);
  });
});

/** The slow obvious version: people are connected components of identities, a profile is its events sorted. */
function componentsOf(events: readonly KeptEvent[]): Map<string, string[]> {
  const groupOf = new Map<string, Set<string>>();
  for (const { identities } of events) {
    const keys = identities.map((one) => `${one.kind}\n${one.value}`);
    const joined = new Set(keys.flatMap((key) => [key, ...(groupOf.get(key) ?? [])]));
    for (const key of joined) groupOf.set(key, joined);
  }
  const sorted = [...events].sort((a, b) => a.timeMs - b.timeMs || (a.id < b.id ? -1 : 1));
  return new Map(
    [...groupOf].map(([key, group]) => [
      key,
      sorted
        .filter((one) => one.identities.some((i) => group.has(`${i.kind}\n${i.value}`)))
        .map((one) => one.id),
    ]),
  );
}
