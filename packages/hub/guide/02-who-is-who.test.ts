/**
 * # 2. Who is who
 *
 * An event names its person by **identities**: a national id, a loyalty number, an e-mail address, a telephone number, a
 * user, a device, an anonymous id, from strongest to weakest. Send all that the system knows; nobody has to keep a table
 * of who is who.
 *
 * - Identities seen together in one event belong to one person, whatever the order in which events arrive.
 * - A person has at most one national id and one loyalty number: people are not joined because they shared a tablet.
 * - Values are normalised: `Ana@Example.com` is `ana@example.com`, `098 765 4321` is `+593987654321` in a hub whose
 *   `TRATO_COUNTRY` is EC.
 * - A merge says which event caused it, and can be undone. Nothing is lost by it: an event stays under the id it was
 *   kept under (its _home_), and a merge only says who stands for that id
 *   ([decision 4](../decisions/0004-events-never-move.md)).
 */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { daysAgo, openShop, sale } from "./testing/shop.ts";

const shop = await openShop();
after(() => shop.stop());

let sent = 0;
const view = (identities: object, sku = "coffee-500g") => {
  const id = `v-${sent++}`;
  return { id, type: "item.viewed", time: daysAgo(2), identities, data: { sku } };
};

test("a visit, a log-in and a till become one person as soon as one event names two of them together", async () => {
  await shop.send(view({ anonymous: "browser-1" }), sale("1", daysAgo(3), { loyalty: "90017" }, ["whisk"]));
  const visitor = await shop.who("anonymous", "browser-1");
  const member = await shop.who("loyalty", "90017");
  assert.notEqual(visitor.personId, member.personId);

  await shop.send(view({ anonymous: "browser-1", email: "Ana@Example.com" }));
  await shop.send(view({ email: "ana@example.com", loyalty: "90017" }));
  const ana = await shop.who("email", "ANA@example.com");
  assert.deepEqual((await shop.who("anonymous", "browser-1")).personId, ana.personId);
  assert.deepEqual([...ana.members].sort(), [visitor.personId, member.personId].sort());
  const { bought } = ana.slices["orders"] as { bought: { sku: string }[] };
  assert.deepEqual(
    bought.map(({ sku }) => sku),
    ["whisk"],
  );
});

test("a telephone number without its country is completed", async () => {
  await shop.send(view({ phone: "098 765 4321" }));
  const found = await shop.who("phone", "+593987654321");
  assert.equal(found.identities[0]?.value, "+593987654321");
});

test("two loyalty cards on one tablet stay two people", async () => {
  await shop.send(view({ loyalty: "111", device: "tablet" }), view({ loyalty: "222", device: "tablet" }));
  assert.notEqual((await shop.who("loyalty", "111")).personId, (await shop.who("loyalty", "222")).personId);
});

test("a merge names the event that caused it, can be undone, and is not made again", async () => {
  await shop.send(
    view({ email: "rosa@example.com" }, "rice-2kg"),
    view({ email: "luis@example.com" }, "whisk"),
  );
  await shop.send(view({ email: ["rosa@example.com", "luis@example.com"] }));
  const both = await shop.who("email", "rosa@example.com");
  assert.equal(both.members.length, 2);
  const [merge] = both.merges;
  assert.equal(merge?.becauseOf.source, "local");

  await shop.post(`/v1/people/merges/${merge?.mergeId}/undo`);
  const rosa = await shop.who("email", "rosa@example.com");
  const luis = await shop.who("email", "luis@example.com");
  assert.notEqual(rosa.personId, luis.personId);
  const seenBy = (person: typeof rosa) =>
    (person.slices["interest"] as { views: { sku: string }[] }).views.map(({ sku }) => sku);
  assert.ok(seenBy(rosa).includes("rice-2kg") && !seenBy(rosa).includes("whisk"));
  assert.deepEqual(
    seenBy(luis).filter((sku) => sku !== "coffee-500g"),
    ["whisk"],
  );

  await shop.send(view({ email: ["rosa@example.com", "luis@example.com"] }));
  assert.notEqual(
    (await shop.who("email", "rosa@example.com")).personId,
    (await shop.who("email", "luis@example.com")).personId,
  );
});

test("somebody nobody has met is told as such", async () => {
  const answer = await shop.ask<{ code: string }>("GET", "/v1/people?kind=email&value=who@example.com");
  assert.deepEqual([answer.status, answer.body.code], [404, "person_unknown"]);
});
