import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { systemClock } from "@trato/base";
import { ask, send } from "../testing/ask.ts";
import { type TestDatabase, testDatabase } from "../testing/database.ts";
import { assertProblem } from "../testing/endpoints.ts";
import { type FaultProxy, startFaultProxy } from "../testing/fault-proxy.ts";
import { type TestHub, testHub } from "../testing/hub.ts";
import { assertSound, countersOf } from "../testing/sound.ts";

const time = new Date(systemClock.nowMs() - 60_000).toISOString();
const view = (id: string, identities: object) => ({
  id,
  type: "item.viewed",
  time,
  identities,
  data: { sku: "x" },
});

describe("when the connection to the database breaks around a commit, so that nobody knows how it ended", () => {
  let database: TestDatabase;
  let proxy: FaultProxy;
  let hub: TestHub;
  before(async () => {
    database = await testDatabase();
    proxy = await startFaultProxy(database.url);
    hub = await testHub({ database: { ...database, url: proxy.url } });
  });
  after(async () => {
    await hub.stop();
    await proxy.stop();
    await database.stop();
  });

  test("a sender is told to try again, and the batch has one effect, whichever way it ended", async () => {
    for (const [cut, again] of [
      ["after-commit", { applied: 0, repeat: 3 }],
      ["before-commit", { applied: 3, repeat: 0 }],
    ] as const) {
      const before = (await countersOf(hub)).inLog;
      const batch = [1, 2, 3].map((n) => view(`${cut}-${n}`, { email: `${cut}@example.com` }));
      const cuts = proxy.cuts();
      proxy.cutNext(cut, "events/next_block");
      const first = await send(hub, batch);
      assert.equal(assertProblem(first, cut), "database_away");
      assert.equal(proxy.cuts(), cuts + 1, "the connection was cut where it was meant to be");
      const { status, body } = await send(hub, batch);
      assert.equal(status, 200);
      assert.deepEqual({ applied: body.applied, repeat: body.repeat }, again);
      assert.equal((await countersOf(hub)).inLog, before + 3);
    }
    await assertSound(hub);
  });

  test("a batch of many people, of which only a part was committed, is whole after it was sent again", async () => {
    for (let round = 0; round < 5; round++) {
      const batch = Array.from({ length: 40 }, (_, i) => view(`part-${round}-${i}`, { device: `part-${i}` }));
      const before = (await countersOf(hub)).inLog;
      proxy.cutNext(round % 2 === 0 ? "after-commit" : "before-commit", "events/next_block");
      assert.equal((await send(hub, batch)).status, 503);
      const { body } = await send(hub, batch);
      assert.equal(body.applied + body.repeat, batch.length);
      assert.equal((await countersOf(hub)).inLog, before + batch.length);
    }
    await assertSound(hub);
  });

  test("a command sent again with its Idempotency-Key hears the answer of the first time; without one, what became of it", async () => {
    const aside = async (id: string) => {
      await send(hub, [{ id, type: "item.viewed", data: { sku: "x" } }]);
      const { body } = await ask<{ items: { eventId: string; quarantineId: string }[] }>(
        hub,
        "GET",
        "/v1/quarantine",
      );
      return `/v1/quarantine/${body.items.find(({ eventId }) => eventId === id)!.quarantineId}`;
    };
    const drop = `${await aside("keyed")}/drop`;
    const headers = { "idempotency-key": "cut-1" };
    proxy.cutNext("after-commit", "platform/insert_idempotency");
    assert.equal(assertProblem(await ask(hub, "POST", drop, undefined, { headers }), "cut"), "database_away");
    const again = await ask(hub, "POST", drop, undefined, { headers });
    assert.deepEqual([again.status, again.body], [200, { settled: "dropped" }]);
    assert.equal(again.headers.get("idempotency-replayed"), "true");

    const repair = `${await aside("bare")}/repair`;
    const event = view("bare", { email: "bare@example.com" });
    proxy.cutNext("after-commit", "events/settle_quarantine");
    assert.equal((await ask(hub, "POST", repair, { event })).status, 503);
    assert.equal(assertProblem(await ask(hub, "POST", repair, { event }), "bare"), "quarantine_settled");

    const undone = `${await aside("undone")}/drop`;
    proxy.cutNext("before-commit", "events/settle_quarantine");
    assert.equal((await ask(hub, "POST", undone, undefined)).status, 503);
    assert.equal(
      (await ask(hub, "POST", undone, undefined)).status,
      200,
      "what was not committed did not happen",
    );
    assert.equal(proxy.cuts(), 2 + 5 + 3);
    await assertSound(hub);
  });
});
