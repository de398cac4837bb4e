import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { dayMs } from "@trato/base";
import { allModelFamilies, type Model, type ModelFamilyState } from "@trato/contract";
import { silentLog } from "../platform/index.ts";
import { type TestDatabase, testDatabase } from "../testing/database.ts";
import { createLiveScores, lookForDrift, pruneTrainings, trainWaiting } from "./index.ts";
import { clock, scoreHub } from "./testing/score-hub.ts";
import { pagesOf, shopStartMs, smallShop, sourcesOf } from "./testing/small-shop.ts";

const shop = smallShop({ people: 60, days: 200, seed: 11 });

describe("scores", () => {
  let at: TestDatabase;
  before(async () => {
    at = await testDatabase();
    const ids = [...new Set(shop.map((one) => one.personId))];
    await at.database.query({
      name: "",
      text: "insert into people_person (person_id, members) select id, array[id] from unnest($1::uuid[]) as n (id)",
      values: [ids],
    });
  });
  after(() => at.stop());

  test("a training that was asked for makes a model with its card, which every hub uses soon after", async () => {
    const { needs, call, ask, status, asked, server } = scoreHub(at.database, shop);
    const scores = await createLiveScores({ database: at.database, log: silentLog });
    assert.equal(scores.current().version, "0");
    assert.deepEqual(scores.current().neighbours("coffee", "with"), []);

    const jobId = await ask();
    assert.equal(await ask(), jobId, "asked twice before it began, it is trained once");
    assert.equal(asked.length, 2);
    assert.equal((await status(jobId)).state, "waiting");
    await trainWaiting(needs);
    const done = await status(jobId);
    assert.deepEqual([done.state, done.shareDone, done.detail], ["done", 1, ""]);

    const { body: model } = await call<Model>("GET", `/v1/models/${done.version}`);
    assert.equal(model.champion, true);
    assert.equal(model.people, 60);
    assert.equal(model.orders, shop.length);
    assert.equal(model.card.verdict.why.en, "The first model.");
    assert.ok(model.card.nextBasket!.blend.recall10.mean > 0);

    const current = await scores.refresh();
    assert.equal(current.version, done.version);
    assert.equal(current.neighbours("coffee", "with")[0]?.sku, "filters");
    assert.equal(await scores.load(done.version!), current, "the one in charge is not read twice");
    await scores.stop();
    await server.close();
  });

  test("a second model is compared with the first; an older one can be put in charge again and replayed", async () => {
    const { needs, call, ask, status, server } = scoreHub(
      at.database,
      smallShop({ people: 60, days: 230, seed: 11 }),
    );
    const scores = await createLiveScores({ database: at.database, log: silentLog });
    const first = scores.current().version;
    const jobId = await ask();
    await trainWaiting(needs);
    const second = (await status(jobId)).version!;
    assert.ok(Number(second) > Number(first));
    const { body: model } = await call<Model>("GET", `/v1/models/${second}`);
    assert.equal(model.card.verdict.against, first);
    assert.equal(model.champion, model.card.verdict.promoted);

    const listed = await call<{ models: Model[]; next?: string }>("GET", "/v1/models?limit=1");
    assert.deepEqual([listed.body.models.map((one) => one.version), listed.body.next], [[second], second]);
    const older = await call<{ models: Model[]; next?: string }>("GET", `/v1/models?limit=1&after=${second}`);
    assert.deepEqual(
      older.body.models.map((one) => one.version),
      [first],
    );

    for (const version of [second, first]) {
      const promoted = await call<Model>("POST", `/v1/models/${version}/promote`);
      assert.deepEqual([promoted.status, promoted.body.champion], [200, true]);
      assert.equal((await scores.refresh()).version, version);
    }
    const replayed = await scores.load(second);
    assert.equal(replayed?.version, second);
    assert.equal(await scores.load(second), replayed, "the last few stay in memory");
    assert.equal(await scores.load("999"), null);
    await scores.stop();
    await server.close();
  });

  test("all families are trained; what lacks facts says so and holds up no other; people are scored", async () => {
    const { needs, call, ask, status, server } = scoreHub(at.database, shop);
    assert.equal((await call("GET", "/v1/models/lifetime")).status, 404);
    const jobId = await ask("?family=lifetime");
    assert.equal(await ask(""), jobId, "who waits for one trains all when all are asked for");
    await trainWaiting(needs);
    const { state, detail, families } = await status(jobId);
    assert.equal(state, "done", detail);
    const stateOf = new Map(families.map((one) => [one.family, one.state]));
    for (const family of ["purchases", "affinity", "basket", "lifetime", "demand"] as const) {
      assert.equal(stateOf.get(family), "trained", family);
      const { body } = await call<Model>("GET", `/v1/models/${family}`);
      assert.deepEqual([body.family, body.champion], [family, true]);
      assert.ok(body.card.measured !== null && body.card.inputs !== null);
    }
    assert.equal(stateOf.get("care"), "lacking");
    const lacking = await call<{ detail: string }>("GET", "/v1/models/care");
    assert.deepEqual([lacking.status, /registered things/.test(lacking.body.detail)], [404, true]);
    const listed = await call<{ families: ModelFamilyState[] }>("GET", "/v1/model-families");
    assert.deepEqual(
      listed.body.families.map((one) => one.family),
      allModelFamilies,
    );
    await lookForDrift(needs);
    const { drift } = (await call<Model>("GET", "/v1/models/lifetime")).body;
    assert.ok(Math.abs(drift!.stability!) < 1e-9, "nothing has happened since");
    const rows = await at.database.query<{ n: string }>({
      name: "",
      text: "select count(*) as n from scores_person where family = 'lifetime'",
      values: [],
    });
    assert.equal(rows[0]!.n, "60");
    const first = await call<{ weeks: { sku: string }[]; next: string }>("GET", "/v1/demand?limit=3");
    const rest = await call<{ weeks: { sku: string }[] }>(
      "GET",
      `/v1/demand?limit=1000&after=${first.body.next}`,
    );
    const skus = [...first.body.weeks, ...rest.body.weeks].map((one) => one.sku);
    assert.equal(skus.filter((sku) => sku === "coffee").length, 4, "four weeks, none twice");
    await server.close();
  });

  test("what is not there is said to be not there", async () => {
    const { call, server } = scoreHub(at.database, []);
    type Problem = { code: string };
    const codes = await Promise.all([
      call<Problem>("GET", "/v1/models/999"),
      call<Problem>("POST", "/v1/models/999/promote"),
      call<Problem>("GET", "/v1/models/training/0198c0de-0000-7000-8000-000000000007"),
      call<Problem>("GET", "/v1/models/zero"),
    ]);
    assert.deepEqual(
      codes.map((one) => one.body.code),
      ["model_unknown", "model_unknown", "job_unknown", "request_invalid"],
    );
    await server.close();
  });

  test("too few purchases are refused with what is missing, and a broken read leaves no model", async () => {
    const few = scoreHub(at.database, shop.slice(0, 5));
    const refused = await few.ask();
    await trainWaiting(few.needs);
    const told = await few.status(refused);
    assert.equal(told.state, "refused");
    assert.match(told.detail, /needs 100 orders of 20 people; there are 5 of/);

    const broken = scoreHub(at.database, shop);
    const before = (await broken.call<{ models: Model[] }>("GET", "/v1/models")).body.models.length;
    const failed = await broken.ask();
    await trainWaiting({
      ...broken.needs,
      sources: sourcesOf(async function* () {
        yield shop.slice(0, 10);
        throw new Error("the database went away");
      }),
    });
    assert.deepEqual(
      [(await broken.status(failed)).state, (await broken.status(failed)).detail],
      ["failed", "the database went away"],
    );
    assert.equal((await broken.call<{ models: Model[] }>("GET", "/v1/models")).body.models.length, before);
    await few.server.close();
    await broken.server.close();
  });

  test("one training runs at a time, and what was asked for meanwhile is done by whoever is training", async () => {
    const { needs, ask, status, server } = scoreHub(at.database, shop);
    const first = await ask();
    let second = "";
    let otherReturned = false;
    const other = scoreHub(at.database, shop);
    await trainWaiting({
      ...needs,
      sources: sourcesOf(async function* () {
        if (second === "") {
          second = await ask();
          await trainWaiting(other.needs);
          otherReturned = true;
          assert.equal(
            (await status(second)).state,
            "waiting",
            "the other hub leaves it to the one that trains",
          );
        }
        yield* pagesOf(shop);
      }),
    });
    assert.ok(otherReturned);
    assert.notEqual(second, first);
    assert.deepEqual([(await status(first)).state, (await status(second)).state], ["done", "done"]);
    await server.close();
    await other.server.close();
  });

  test("a hub that stops puts its training back; one that died is written off by the next", async () => {
    const { needs, stop, ask, status, server } = scoreHub(at.database, shop);
    const jobId = await ask();
    await trainWaiting({
      ...needs,
      sources: sourcesOf(async function* () {
        stop.abort(new Error("the hub stops"));
        yield* pagesOf(shop);
      }),
    });
    assert.equal((await status(jobId)).state, "waiting");

    await at.database.query({
      name: "",
      text: "update scores_training set state = 'running' where job_id = $1",
      values: [jobId],
    });
    const next = scoreHub(at.database, shop);
    await trainWaiting(next.needs);
    assert.equal((await status(jobId)).state, "stopped");
    assert.equal(await pruneTrainings(at.database, clock.nowMs() + 500 * dayMs), 8);
    await server.close();
    await next.server.close();
  });

  test("the shop's figures do not depend on the day the test runs", () => {
    assert.ok(shop.every((one) => one.timeMs >= shopStartMs));
  });
});
