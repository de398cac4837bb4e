import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { dayMs, fakeClock, type PersonId } from "@trato/base";
import { factSources } from "./facts-for-scores.ts";
import { silentLog } from "./platform/index.ts";
import { readScoresOf, train } from "./scores/index.ts";
import { pagesOf, personNo, shopStartMs, smallShop } from "./scores/testing/small-shop.ts";
import { type TestDatabase, testDatabase } from "./testing/database.ts";

const days = 150;
const people = 120;

describe("what models learn from, as the hub keeps it", () => {
  let at: TestDatabase;
  before(async () => {
    at = await testDatabase();
    const ids = Array.from({ length: people }, (_, nth) => personNo(nth));
    await at.database.query({
      name: "",
      text: "insert into people_person (person_id, members) select id, array[id] from unnest($1::uuid[]) as n (id)",
      values: [ids],
    });
    await at.database.query({
      name: "",
      text: `insert into decide_decision (person_id, decision_id, decided_ms, placement, basis, record)
             select id, gen_random_uuid(), $2::bigint + nth * $3::bigint, 'home',
                    case when nth % 10 = 9 then 'no_consent' when nth % 2 = 0 then 'personal' else 'holdout' end, '{}'
               from unnest($1::uuid[]) with ordinality as n (id, nth)`,
      values: [ids, shopStartMs + 40 * dayMs, dayMs * 0.8],
    });
  });
  after(() => at.stop());

  test("the arm of a decision becomes what deciding changes, by person; who has not agreed is in no arm", async () => {
    const whoIs = async (_: unknown, ids: readonly PersonId[]) =>
      new Map(ids.map((personId) => [personId, { personId, members: [personId] }]));
    const kept = factSources(at.database, {
      people: { whoIs },
      catalog: { places: () => ({ places: new Map() }) },
    } as unknown as Parameters<typeof factSources>[1]);
    const arms = new Map<string, number>();
    for await (const page of kept.decided())
      for (const { arm } of page) arms.set(arm, (arms.get(arm) ?? 0) + 1);
    assert.deepEqual(Object.fromEntries(arms), { treated: 60, holdout: 48 });

    const shop = smallShop({ people, days, seed: 4 });
    const sources = { ...kept, purchases: () => pagesOf(shop) };
    const clock = fakeClock(shopStartMs + days * dayMs);
    const needs = { database: at.database, clock, log: silentLog, sources };
    const [outcome] = await train(needs, { families: ["uplift"], train: true });
    assert.deepEqual([outcome!.state, outcome!.promoted], ["trained", true], outcome!.why.en);
    const [score] = await readScoresOf(at.database, [personNo(3) as PersonId]);
    assert.equal(score!.family, "uplift");
    assert.equal(typeof score!.score["raises"], "number");
    assert.equal(score!.version, outcome!.version);
  });
});
