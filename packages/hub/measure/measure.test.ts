import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { dayMs, hourMs, type JsonObject, nobody, secondMs } from "@trato/base";
import { type Report, type Result, readReport } from "@trato/contract";
import { silentLog } from "../platform/index.ts";
import { type TestDatabase, testDatabase } from "../testing/database.ts";
import { pruneOldFacts } from "./index.ts";
import { hear } from "./reactions.ts";
import {
  armOf,
  arrives,
  cancelled,
  day0,
  device,
  email,
  event,
  exposed,
  november,
  openHub,
  outcome,
  placed,
  returned,
} from "./testing/hub.ts";

describe("measure", () => {
  let at: TestDatabase;
  let hub: Awaited<ReturnType<typeof openHub>>;
  before(async () => {
    at = await testDatabase();
  });
  after(() => at.stop());
  const opened = async (work: () => Promise<void>) => {
    hub = await openHub(at);
    await work().finally(() => hub.consumer.stop());
  };

  test("a shop's November: who was chosen for, who was held out, and what each side bought", () =>
    opened(async () => {
      // Name, arm, and what they did; ten dollars are 1,000.
      await hub.take(...["ana", "bea", "cal", "dan", "eva", "flo"].map(arrives));
      for (const name of ["ana", "bea", "cal"]) await hub.decide(name, "treated", 1);
      for (const name of ["dan", "eva"]) await hub.decide(name, "holdout", 1);
      await hub.decide("flo", "other", 1);
      hub.decided.push({ personId: nobody, arm: "other", firstMs: day0, decisions: 7 });
      await hub.take(
        placed(0.5, "ana", "before", 9_000, "COF"), // before the first decision: not of its making
        exposed(1, "ana", "COF"),
        placed(2, "ana", "a1", 1_000, "COF"),
        exposed(1, "bea", "TEA"),
        outcome(1, "bea", "clicked"),
        placed(3, "bea", "b1", 2_000, "SOAP"),
        returned(9, "bea", "b1", 500),
        exposed(1, "cal", "COF"),
        placed(20, "cal", "c1", 4_000, "COF"), // seen too long ago
        cancelled(21, "cal", "c1"),
        exposed(1, "dan", "COF"),
        placed(4, "dan", "d1", 600, "COF"),
        placed(31, "eva", "e1", 5_000, "COF"), // December
        exposed(1, "flo", "COF"),
        placed(2, "flo", "f1", 7_000, "COF"),
      );
      const made = await hub.report();
      const figures = (name: Report["arms"][number]["arm"]) => {
        const { people, decisions, exposures, clicks, conversions, orders, revenueMinor } = armOf(made, name);
        return [people, decisions, exposures, clicks, conversions, orders, revenueMinor];
      };
      assert.deepEqual(figures("treated"), [3, 3, 3, 1, 1, 2, 2_500]);
      assert.deepEqual(figures("holdout"), [2, 2, 1, 0, 1, 1, 600]);
      assert.deepEqual(figures("other"), [1, 1, 1, 0, 1, 1, 7_000]);
      assert.deepEqual(figures("mixed"), [0, 0, 0, 0, 0, 0, 0]);
      assert.equal(
        made.differences.revenuePerPersonMinor!.difference,
        2_500 / 3 - 600 / 2,
        "each person counts",
      );
      assert.deepEqual([made.currency, made.verdict], ["USD", "too_few"]);
      assert.deepEqual(made.counters, { nobodysDecisions: 7, peopleGone: 0 });
    }));

  test("the log handed on again changes nothing", () =>
    opened(async () => {
      await hub.take(arrives("gus"), exposed(1, "gus", "COF"), placed(2, "gus", "g1", 1_000, "COF"));
      await hub.decide("gus", "treated");
      const first = await hub.report();
      assert.equal(armOf(first, "treated").conversions, 1);
      await at.database.query({
        name: "test/read_again",
        text: "update events_cursor set tx = '0', position = 0",
        values: [],
      });
      assert.ok((await hub.consumer.drain()) > 0);
      assert.deepEqual(await hub.report(), first);
    }));

  test("what was seen is told after what was bought, and still has the credit", () =>
    opened(async () => {
      await hub.take(arrives("hugo"), returned(3, "hugo", "h1", 200), placed(2, "hugo", "h1", 1_000, "COF"));
      await hub.decide("hugo", "treated");
      assert.equal(armOf(await hub.report(), "treated").conversions, 0);
      await hub.take(exposed(1, "hugo", "COF"));
      const { conversions, revenueMinor } = armOf(await hub.report(), "treated");
      assert.deepEqual([conversions, revenueMinor], [1, 800]);
    }));

  test("two who turn out to be one count once, with what both saw and bought; an undo makes them two again", () =>
    opened(async () => {
      const phone = device("phone-of-ines");
      await hub.take(arrives([phone]), arrives("ines"));
      await hub.take(exposed(1, [phone], "COF"), placed(2, "ines", "i1", 1_000, "COF"));
      const apart = await hub.people.find({ identities: [phone] });
      assert.ok(apart.ok);
      hub.decided.push({
        personId: apart.value.personId,
        arm: "treated",
        firstMs: day0,
        decisions: 2,
      });
      await hub.decide("ines", "treated", 1);
      assert.equal(armOf(await hub.report(), "treated").people, 2);
      await hub.take(event("page.viewed", 3, [email("ines"), phone], {}));
      const treated = armOf(await hub.report(), "treated");
      assert.deepEqual(
        [treated.people, treated.decisions, treated.conversions, treated.revenueMinor],
        [1, 3, 1, 1_000],
      );
      const person = await hub.people.describe(await hub.idOf("ines"));
      assert.ok(person.ok);
      const { mergeId } = person.value.merges[0]!;
      await at.database.transaction((tx) => hub.people.undoMerge(tx, mergeId));
      const again = armOf(await hub.report(), "treated");
      assert.deepEqual([again.people, again.conversions], [2, 0]);
    }));

  test("who was in both groups before being known as one is compared in neither; a consent begins the count", () =>
    opened(async () => {
      const tablet = device("tablet-of-juan");
      await hub.take(arrives([tablet]), arrives("juan"), arrives("kim"));
      const apart = await hub.people.find({ identities: [tablet] });
      assert.ok(apart.ok);
      hub.decided.push({
        personId: apart.value.personId,
        arm: "holdout",
        firstMs: day0,
        decisions: 1,
      });
      await hub.decide("juan", "treated");
      await hub.decide("kim", "other", 1);
      await hub.decide("kim", "holdout", 5);
      await hub.take(
        event("page.viewed", 3, [email("juan"), tablet], {}),
        placed(2, "kim", "k1", 1_000, "COF"),
        placed(6, "kim", "k2", 300, "COF"),
      );
      const made = await hub.report();
      const people = made.arms.map(({ arm, people, revenueMinor }) => [arm, people, revenueMinor]);
      assert.deepEqual(people, [
        ["treated", 0, 0],
        ["holdout", 1, 300],
        ["mixed", 1, 0],
        ["other", 0, 0],
      ]);
      assert.equal(made.verdict, "nothing_to_compare");
    }));

  test("one currency is compared at a time: the one with most orders, or the one asked for", () =>
    opened(async () => {
      await hub.take(
        arrives("leo"),
        placed(2, "leo", "l1", 100, "COF"),
        placed(3, "leo", "l2", 200, "COF"),
        placed(4, "leo", "l3", 90_000, "COF", "COP"),
      );
      await hub.decide("leo", "treated");
      const made = await hub.report();
      assert.deepEqual(made.currencies, [
        { currency: "USD", orders: 2, revenueMinor: 300 },
        { currency: "COP", orders: 1, revenueMinor: 90_000 },
      ]);
      assert.deepEqual([made.currency, armOf(made, "treated").revenueMinor], ["USD", 300]);
      const pesos = await hub.report({ currency: "COP" });
      assert.deepEqual([pesos.currency, armOf(pesos, "treated").revenueMinor], ["COP", 90_000]);
    }));

  test("an erased person leaves nothing behind, not even when the log was being read at that moment", () =>
    opened(async () => {
      await hub.take(arrives("mia"), exposed(1, "mia", "COF"), placed(2, "mia", "m1", 100, "COF"));
      await hub.take(arrives("noa"), placed(2, "noa", "n1", 100, "COF"));
      await hub.decide("mia", "treated");
      await hub.decide("noa", "treated");
      const personId = await hub.idOf("mia");
      const late = { event: exposed(3, "mia", "TEA"), personId, position: "0" };
      const erase = () =>
        at.database.transaction(async (tx) => {
          const erased = await hub.people.erase(tx, personId);
          assert.ok(erased.ok);
          return hub.measure.erase(tx, erased.value.members);
        });
      const erasing = await at.database.transaction(async (tx) => {
        await hear({ whoIs: hub.people.whoIs }, tx, [late]);
        const begun = { gone: erase() };
        await waitForErasure(at);
        return begun;
      });
      assert.equal(await erasing.gone, 3, "it waited for what was being heard, and took that too");
      await at.database.transaction((tx) => hear({ whoIs: hub.people.whoIs }, tx, [late]));
      const left = await at.database.query<{ person_id: string }>({
        name: "test/left",
        text: `select person_id from measure_exposure where person_id = $1
               union all select person_id from measure_order where person_id = $1`,
        values: [personId],
      });
      assert.deepEqual(left, []);
      const made = await hub.report();
      assert.deepEqual([armOf(made, "treated").people, made.counters.peopleGone], [1, 1]);
      assert.equal(armOf(made, "treated").revenueMinor, 100, "nobody else is touched");
    }));

  test("GET /v1/report takes days or instants, goes by the last 30 days, and refuses a period that is none", () =>
    opened(async () => {
      await hub.take(arrives("olga"), placed(29, "olga", "o1", 100, "COF"));
      await hub.decide("olga", "treated", 28);
      const [declared] = hub.measure.routes;
      assert.ok(declared?.kind === "read" && declared.endpoint.name === readReport.name);
      const ask = (query: JsonObject) =>
        declared.handle({
          params: {},
          query,
          body: undefined,
          key: { id: "k", source: "shop", kind: "secret", scopes: [] },
          language: "en",
          address: "127.0.0.1",
          nowMs: november.nowMs + secondMs,
          log: silentLog as never,
        }) as Promise<Result<Report>>;
      const people = async (query: JsonObject) => {
        const answer = await ask(query);
        assert.ok(answer.ok);
        return armOf(answer.value, "treated").people;
      };
      assert.equal(await people({}), 1);
      assert.equal(await people({ from: "2026-11-01", until: "2026-11-29" }), 0);
      assert.equal(await people({ from: "2026-11-28T19:00:00-05:00" }), 1);
      const thirty = await ask({});
      assert.ok(thirty.ok);
      assert.equal(Date.parse(thirty.value.until) - Date.parse(thirty.value.from), 30 * dayMs);
      for (const query of [{ from: "2026-12-01", until: "2026-11-01" }, { from: "2026-99-99" }]) {
        const refused = await ask(query);
        assert.ok(!refused.ok && refused.problem === "request_invalid");
        assert.equal(refused.errors?.[0]?.pointer, "/query/from");
      }
    }));

  test("what is older than 400 days goes, and what is younger stays", () =>
    opened(async () => {
      await hub.take(arrives("pia"), exposed(1, "pia", "COF"), placed(2, "pia", "p1", 100, "COF"));
      await hub.decide("pia", "treated");
      await pruneOldFacts(at.database, day0 + 401 * dayMs + hourMs);
      const { exposures, orders } = armOf(await hub.report(), "treated");
      assert.deepEqual([exposures, orders], [0, 1]);
    }));
});

/** Returns once a transaction waits for its turn. */
async function waitForErasure(at: TestDatabase): Promise<void> {
  for (let tries = 0; tries < 10_000; tries++) {
    const rows = await at.database.query({
      name: "test/waiting",
      text: "select 1 from pg_locks where locktype = 'advisory' and not granted",
      values: [],
    });
    if (rows.length > 0) return;
  }
  assert.fail("the erasure never waited for its turn");
}
