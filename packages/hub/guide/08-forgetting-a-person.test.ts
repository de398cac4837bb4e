/**
 * # 8. Forgetting a person
 *
 * `POST /v1/people/{personId}/erase` removes a person from every room in one transaction: events, identities, profile,
 * decisions, moments, and what was measured of them; everywhere or nowhere. The empty id stays, so that what still names
 * it can say `person_erased` instead of nothing.
 *
 * **Tombstones**, keyed hashes of the erased identities, stay too: an event that comes late ends as `erased`, and does not
 * bring the person back. Who returns and says yes is a new person, from that yes on, with nothing of the old one.
 *
 * What erasure does not reach: copies the shop made elsewhere, backups of the database until they are overwritten, the
 * bytes of events in quarantine (they were never joined to a person), what was put into a cart before its owner was
 * known (the log has it as nobody's), and answers stored for an Idempotency-Key, which go after seven days.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { dumpDatabase } from "../testing/dump.ts";
import { daysAgo, hourMs, items, openShop, sale, today, untilHeard, yes } from "./testing/shop.ts";

const shop = await openShop();
after(() => shop.stop());

const ana = { email: "ana.torres@example.com", loyalty: "loyal-90017" };
const luis = { email: "luis@example.com" };
let personId: string;
let decisionId: string;

before(async () => {
  await shop.put("/v1/items", { items });
  await shop.send(
    yes("yes-ana", daysAgo(30), ana),
    sale("a1", daysAgo(20), ana, ["whisk"]),
    sale("l1", daysAgo(20), luis, ["whisk"]),
  );
  const answer = await shop.decide({ identities: ana });
  decisionId = answer.decisionId;
  personId = answer.personId!;
  const seen = { decisionId, placement: "web.home", rank: 1, key: answer.items[0]!.key };
  await shop.send({ id: "seen-1", type: "decision.exposed", time: daysAgo(0), identities: ana, data: seen });
  await untilHeard(shop);
});

const holdsAna = async (): Promise<string[]> => {
  const rows = await dumpDatabase(shop.hub.databaseUrl);
  return rows.filter(({ text }) => /ana\.torres|loyal-90017/.test(text)).map(({ table }) => table);
};

test("before, she is in many tables; after, in none", async () => {
  assert.ok(new Set(await holdsAna()).size > 1);
  const { removed } = await shop.post<{ removed: Record<string, number> }>(`/v1/people/${personId}/erase`);
  const told = {
    events: 3,
    identities: 2,
    decisions: 1,
    orders: 3,
    measure: 2,
    moments: 0,
    scores: 0,
    stock: 0,
    changes: 0,
    send: 0,
  };
  assert.deepEqual(removed, told);
  assert.deepEqual(await holdsAna(), []);
});

test("whatever asks for her is told that she was erased, or finds nothing", async () => {
  const codeOf = async (path: string) => (await shop.ask<{ code: string }>("GET", path)).body.code;
  assert.equal(await codeOf(`/v1/people/${personId}`), "person_erased");
  assert.equal(await codeOf("/v1/people?kind=email&value=ana.torres@example.com"), "person_unknown");
  assert.equal(await codeOf(`/v1/decisions/${decisionId}`), "decision_unknown");
  assert.equal((await shop.decide({ identities: ana })).basis, "nobody");
});

test("a late event does not bring her back, under any of her identities", async () => {
  const late = await shop.send(
    sale("a0", daysAgo(40), { email: ana.email }, ["whisk"]),
    sale("a2", daysAgo(1), { loyalty: ana.loyalty, device: "her-telephone" }, ["whisk"]),
  );
  assert.deepEqual([late.applied, late.erased], [0, 2]);
  assert.deepEqual(await holdsAna(), []);
});

test("nothing of anybody else went, and all of it still holds together", async () => {
  const { slices } = await shop.who("email", luis.email);
  assert.equal((slices["orders"] as { orders: number }).orders, 1);
  const { ok, countersAdd } = await shop.post<{ ok: boolean; countersAdd: boolean }>("/v1/verify");
  assert.deepEqual([ok, countersAdd], [true, true]);
});

test("who comes back and agrees is a new person, who begins with that yes", async () => {
  shop.clock.advance(2 * hourMs);
  await shop.send(yes("yes-again", new Date(today + hourMs).toISOString(), { email: ana.email }));
  const back = await shop.who("email", ana.email);
  assert.notEqual(back.personId, personId);
  assert.equal(back.slices["orders"], undefined);
  assert.equal((await shop.decide({ personId: back.personId })).personId, back.personId);
});
