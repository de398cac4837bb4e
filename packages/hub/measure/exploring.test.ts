import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { chance, dayMs, uuid7 } from "@trato/base";
import { policyValue } from "@trato/contract";
import { Value } from "typebox/value";
import { type TestDatabase, testDatabase } from "../testing/database.ts";
import { type Drawn, valueExploring } from "./exploring.ts";
import { arrives, day0, email, event, november, openHub, placed } from "./testing/hub.ts";

const among = 5;

/** What stands first is the best, but for what is explored; it sells to 40 % of people, any other to 10 %. */
function drawn(people: number, { share, seed }: { readonly share: number; readonly seed: number }): Drawn[] {
  const draw = chance(seed);
  return Array.from({ length: people }, () => {
    const best = draw() >= share || draw() < 1 / among;
    const bought = draw() < (best ? 0.4 : 0.1);
    const propensity = share / among + (best ? 1 - share : 0);
    return { propensity, share, among, bought, clicked: bought || draw() < 0.2 };
  });
}

test("what another share of exploring would bring lies within the intervals, whichever way it is weighed", () => {
  const rows = drawn(20_000, { share: 0.2, seed: 5 });
  for (const exploring of [0, 0.2, 0.5, 1]) {
    const found = valueExploring(rows, exploring);
    assert.ok(!("refused" in found), JSON.stringify(found));
    const truth = 0.4 - 0.3 * exploring * (1 - 1 / among);
    for (const { value, low, high } of [found.bought.ipw, found.bought.snipw, found.bought.dr]) {
      const away = 2 * (high - low);
      assert.ok(Math.abs(value - truth) < away && away < 0.2, `${exploring}: ${value} is not ${truth}`);
    }
    assert.ok(found.effectiveSize <= rows.length + 1e-6 && Math.abs(found.meanWeight - 1) < 0.1);
    assert.ok(found.clicked.dr.value > found.bought.dr.value);
    assert.match(found.says.en, /of people would have bought/);
    assert.match(found.says.es, /habría comprado/);
  }
});

test("asked what was done, all ways say what came", () => {
  const found = valueExploring(drawn(3_000, { share: 0.05, seed: 8 }), 0.05);
  assert.ok(!("refused" in found));
  const { asItWas, ipw, snipw, dr } = found.bought;
  for (const { value } of [ipw, snipw]) assert.ok(Math.abs(value - asItWas.value) < 1e-9);
  assert.ok(Math.abs(dr.value - asItWas.value) < 0.01);
  assert.ok(Math.abs(found.effectiveSize - 3_000) < 1e-6);
});

test("a handful of draws says nothing of always exploring, and that is told", () => {
  const found = valueExploring(drawn(300, { share: 0.05, seed: 3 }), 1);
  assert.ok("refused" in found && /worth/.test(found.refused), JSON.stringify(found));
  assert.ok("refused" in valueExploring([], 0));
});

describe("what exploring is worth, from decisions that are kept", () => {
  let at: TestDatabase;
  before(async () => {
    at = await testDatabase();
  });
  after(() => at.stop());

  test("each person counts once, with what came of their first decision; too few are refused", async () => {
    const hub = await openHub(at);
    const people = 130;
    const names = Array.from({ length: people }, (_, nth) => `p${nth}`);
    await hub.take(...names.map(arrives));
    const ids = await Promise.all(names.map(hub.idOf));
    const decisions = ids.map((_, nth) => uuid7(day0 + nth));
    const insert = (rows: number, dayOf: number, decisionIds: readonly string[]) =>
      at.database.query({
        name: "",
        text: `insert into decide_decision (person_id, decision_id, decided_ms, placement, basis, record)
               select p, d, $3::bigint, 'web.home', 'personal',
                      '{"shown": [{"propensity": 0.96}], "exploration": {"share": 0.05, "among": 5}}'
                 from unnest($1::uuid[], $2::uuid[]) as n (p, d)`,
        values: [ids.slice(0, rows), decisionIds.slice(0, rows), day0 + dayOf * dayMs],
      });
    await insert(people, 1, decisions);
    await insert(
      people,
      5,
      ids.map((_, nth) => uuid7(day0 + 5 * dayMs + nth)),
    );
    const shows = (nth: number, sku: string) =>
      event("decision.exposed", 1.1, [email(names[nth]!)], {
        ...{ decisionId: decisions[nth]!, placement: "web.home", rank: 1, key: `item:${sku}` },
      });
    await hub.take(
      ...names.map((_, nth) => shows(nth, "COF")),
      ...names.slice(0, 26).map((name) => placed(2, name, `o-${name}`, 500, "COF")),
      ...names.slice(26, 39).map((name) => placed(12, name, `o-${name}`, 500, "COF")),
    );
    const told = await hub.measure.policyValue({ ...november, exploring: 0.05 });
    assert.ok(told.ok, JSON.stringify(told));
    assert.deepEqual([...Value.Errors(policyValue, told.value)], []);
    assert.equal(told.value.people, people);
    assert.equal(told.value.bought.asItWas.value, 0.2, "an order after a week is not of its making");
    const elsewhere = await hub.measure.policyValue({ ...november, exploring: 0.05, placement: "app.home" });
    assert.ok(!elsewhere.ok && elsewhere.problem === "evidence_too_small", JSON.stringify(elsewhere));
    const few = await hub.measure.policyValue({ ...november, exploring: 0, fromMs: day0 + 6 * dayMs });
    assert.equal(few.ok, false);
    const none = await hub.measure.policyValue({ ...november, exploring: 0, fromMs: november.untilMs });
    assert.ok(!none.ok && none.problem === "request_invalid", JSON.stringify(none));
    await hub.consumer.stop();
  });
});
