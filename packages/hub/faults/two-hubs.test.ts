import assert from "node:assert/strict";
import { test } from "node:test";
import { chance, pickInt, systemClock } from "@trato/base";
import { atEnd, until } from "../platform/postgres/testing/start.ts";
import { type Answer, ask, type HubAt, send } from "../testing/ask.ts";
import { emptyDatabase } from "../testing/database.ts";
import { assertProblem } from "../testing/endpoints.ts";
import { sendUntilTaken } from "../testing/senders.ts";
import { assertSound } from "../testing/sound.ts";
import { homeFor, type SpawnedHub, spawnHub } from "../testing/spawn-hub.ts";

const agoMs = (ms: number) => new Date(systemClock.nowMs() - ms).toISOString();
const said = (id: string, type: string, email: string) => {
  const data = { purpose: "personalise", channel: "any", textVersion: "1", language: "es", evidence: "test" };
  return { id, type, time: agoMs(0), identities: { email }, data };
};

test("two hubs that start at once on one empty database", async (t) => {
  const database = await emptyDatabase();
  atEnd(t, () => database.stop());
  const homes = [await homeFor(t), await homeFor(t)];
  const started = homes.map((home) => spawnHub(t, { home, databaseUrl: database.url }));
  const [one, two] = (await Promise.all(started)) as [SpawnedHub, SpawnedHub];

  await t.test("prepare it once, and both serve", async () => {
    const rows = await database.database.query<{ name: string; n: string }>({
      name: "",
      text: "select name, count(*) as n from platform_migration group by name",
      values: [],
    });
    assert.ok(rows.length > 5 && rows.every(({ n }) => n === "1"));
    for (const hub of [one, two]) assert.equal((await ask(hub, "GET", "/readyz")).status, 200);
    assert.equal(
      (await ask({ ...two, key: one.key }, "GET", "/v1/keys")).status,
      200,
      "a key of one opens the other",
    );
  });
  await t.test("what one was told, the other decides by at once", () => decideAtOnce(one, two));
  await t.test("whom one erased, the other never takes in again, whatever it remembered", () =>
    eraseAtOnce(one, two),
  );
  await t.test("fight over the same people and the same bad events, and all stays sound", () =>
    fight(one, two),
  );
  await t.test("a change of items or keys on one reaches the other", () => changesReach(one, two));
  await t.test("one goes on when the other is killed", async () => {
    await two.kill();
    assert.equal((await send(one, [said("alone", "consent.given", "alone@x.ec")])).body.applied, 1);
    await assertSound(one);
  });
});

async function basisOn(hub: HubAt, email: string): Promise<string> {
  const asked = { placement: "web.home", identities: { email } };
  const { status, body } = await ask<{ basis: string }>(hub, "POST", "/v1/decisions", asked);
  assert.equal(status, 200);
  return body.basis;
}

async function decideAtOnce(one: HubAt, two: HubAt): Promise<void> {
  for (let round = 0; round < 10; round++) {
    const [first, second] = round % 2 === 0 ? [one, two] : [two, one];
    const email = `at-once-${round}@x.ec`;
    assert.equal(await basisOn(second, email), "nobody");
    await send(first, [said(`yes-${round}`, "consent.given", email)]);
    assert.match(await basisOn(second, email), /^(personal|holdout)$/);
    await send(first, [said(`no-${round}`, "consent.withdrawn", email)]);
    assert.equal(await basisOn(second, email), "no_consent");
  }
}

async function eraseAtOnce(one: HubAt, two: HubAt): Promise<void> {
  const identities = { email: "leaves@x.ec", device: "phone-of-leaves" };
  const view = (id: string, more: object = {}) => ({
    id,
    type: "item.viewed",
    time: agoMs(1_000),
    identities,
    data: { sku: "x" },
    ...more,
  });
  for (const hub of [one, two]) assert.equal((await send(hub, [view(`before-${hub.key}`)])).body.applied, 1);
  const found = await ask<{ personId: string }>(two, "GET", "/v1/people?kind=email&value=leaves@x.ec");
  assert.equal((await ask(one, "POST", `/v1/people/${found.body.personId}/erase`)).status, 200);
  for (const hub of [two, one]) {
    assert.equal((await send(hub, [view(`after-${hub.key}`)])).body.erased, 1);
    const device = view(`device-${hub.key}`, { identities: { device: "phone-of-leaves" } });
    assert.equal((await send(hub, [device])).body.erased, 1);
    assert.equal(await basisOn(hub, "leaves@x.ec"), "nobody");
    const again = await ask(hub, "POST", `/v1/people/${found.body.personId}/erase`);
    assert.equal(assertProblem(again, "erased twice"), "person_erased");
  }
}

/** Both at once: the same people by different names, joined again and again, and the same bad events in any order. */
async function fight(one: HubAt, two: HubAt): Promise<void> {
  const seed = systemClock.nowMs() % 1_000_000;
  const draw = chance(seed);
  const bad = Array.from({ length: 40 }, (_, i) => ({ id: `bad-${i}`, type: "Not A Type" }));
  const batch = (hub: string, n: number) =>
    Array.from({ length: 20 }, (_, i) => {
      const device = `d${pickInt(draw, 12)}`;
      const identities = draw() < 0.3 ? { device, email: `e${pickInt(draw, 8)}@x.ec` } : { device };
      return {
        id: `${hub}-${n}-${i}`,
        type: "item.viewed",
        time: agoMs(pickInt(draw, 100_000)),
        identities,
        data: { sku: "x" },
      };
    });
  const sending = Array.from({ length: 2 }, async (_, lane) => {
    for (let n = 0; n < 8; n++) {
      const [mine, its, both] = [batch(`one-${lane}`, n), batch(`two-${lane}`, n), batch(`both-${lane}`, n)];
      // A balancer that loses patience sends the same batch to the other hub.
      const [here, there] = [
        [...mine, ...bad, ...both],
        [...both, ...bad.toReversed(), ...its],
      ];
      await Promise.all([sendUntilTaken(one, here), sendUntilTaken(two, there)]);
    }
  });
  await Promise.all(sending);
  const { total } = await assertSound(two);
  assert.ok(total.applied >= 2 * 8 * 60, `seed ${seed}`);
}

async function changesReach(one: HubAt, two: HubAt): Promise<void> {
  const item = {
    sku: "new",
    title: { es: "Nuevo", en: "New" },
    category: "c",
    priceMinor: 100,
    currency: "USD",
  };
  await ask(one, "PUT", "/v1/items", {
    items: [{ ...item, kind: "product", inStock: true, sellable: true }],
  });
  await until(async () => {
    const asked = { placement: "web.product", context: { sku: "new" } };
    const made: Answer<{ decisionId: string }> = await ask(two, "POST", "/v1/decisions", asked);
    const why = await ask(two, "GET", `/v1/decisions/${made.body.decisionId}/why`);
    return /"catalogue":"[1-9]/.test(why.text);
  });
  const wanted = { source: "till", kind: "secret", label: "Till" };
  const made = await ask<{ keyId: string; secret: string }>(one, "POST", "/v1/keys", wanted);
  const till = { ...two, key: made.body.secret };
  assert.equal((await ask(till, "GET", "/v1/items")).status, 200);
  assert.equal((await ask(one, "POST", `/v1/keys/${made.body.keyId}/revoke`)).status, 200);
  await until(async () => (await ask(till, "GET", "/v1/items")).status === 401);
}
