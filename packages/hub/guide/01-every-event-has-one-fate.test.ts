/**
 * # 1. Every event has one fate
 *
 * A shop's systems send late, twice, in the wrong order, and now and then something that makes no sense. Trato answers
 * one question about each event, once and for ever: what became of it?
 *
 * | Fate | Meaning |
 * | --- | --- |
 * | `applied` | it is in the log, and the person's profile has it |
 * | `repeat` | the same event was handed over before: nothing changed |
 * | `quarantined` | it was put aside with its reason; somebody can repair it ([chapter 6](06-quarantine-and-repair.md)) |
 * | `erased` | it is about somebody who asked to be forgotten ([chapter 8](08-forgetting-a-person.md)) |
 *
 * `POST /v1/events` takes a batch and answers with the four counts. **A batch is never refused because one event in it is
 * bad**: shop SDKs throw away what is answered with 4xx, and with it the ninety-nine good events. The answer comes once
 * everything in it is durable. After 429, 503, a timeout or a broken connection, send the same batch again: an event is
 * named by its `id` and the source of the key, so nothing is counted twice.
 */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { daysAgo, openShop } from "./testing/shop.ts";

const shop = await openShop();
after(() => shop.stop());

const time = daysAgo(1);
const view = (id: string, sku: string) => ({
  ...{ id, type: "item.viewed", time },
  identities: { email: "ana@example.com" },
  data: { sku },
});

test("a batch of the good, the repeated and the bad is taken, and each event is counted once", async () => {
  const withoutTime = { id: "v-3", type: "item.viewed", data: { sku: "coffee-500g" } };
  const taken = await shop.send(view("v-1", "coffee-500g"), view("v-1", "coffee-500g"), withoutTime);
  assert.deepEqual(taken, { success: true, accepted: 3, applied: 1, repeat: 1, quarantined: 1, erased: 0 });
});

test("the same batch again changes nothing: retries are free", async () => {
  const again = await shop.send(view("v-1", "coffee-500g"));
  assert.deepEqual([again.applied, again.repeat], [0, 1]);
});

test("the same id with something else to say is no repeat: it is put aside, and what was kept stays", async () => {
  const { quarantined } = await shop.send(view("v-1", "detergent-3kg"));
  assert.equal(quarantined, 1);
  const { items } = await shop.get<{ items: { reason: string }[] }>("/v1/quarantine?reason=id_conflict");
  assert.equal(items.length, 1);
});

test("a type that the catalogue does not know is kept as it comes: your own events need no permission", async () => {
  const wished = { id: "w-1", type: "wedding_list.opened", time, data: { list: "ana-y-luis" } };
  assert.equal((await shop.send(wished)).applied, 1);
});

test("a body that was cut off on the way is taken too: its bytes are kept, so that nothing vanishes", async () => {
  const cut = '{"events":[{"id":"v-9","type":"item.vie';
  const answer = await shop.ask<{ quarantined: number }>("POST", "/v1/events", cut);
  assert.deepEqual([answer.status, answer.body.quarantined], [200, 1]);
});

test("a card number is blanked before anything is written", async () => {
  const comment = "charge it to 4111 1111 1111 1111";
  await shop.send({
    id: "note-1",
    type: "till.note",
    time,
    identities: { email: "ana@example.com" },
    data: { comment },
  });
  const { personId } = await shop.who("email", "ana@example.com");
  const { items } = await shop.get<{ items: { id: string; data: { comment?: string } }[] }>(
    `/v1/people/${personId}/events`,
  );
  const kept = items.find(({ id }) => id === "note-1")?.data.comment;
  assert.match(kept ?? "", /^charge it to \[card \*{4}/);
  assert.doesNotMatch(kept ?? "", /4111 1111 1111/);
});

test("the counters add up, and the log holds exactly what was applied", async () => {
  type Counted = { accepted: number; applied: number; repeat: number; quarantined: number; erased: number };
  const { total, inLog, adds } = await shop.get<{ total: Counted; inLog: number; adds: boolean }>(
    "/v1/events/counters",
  );
  assert.equal(total.accepted, total.applied + total.repeat + total.quarantined + total.erased);
  assert.equal(inLog, total.applied);
  assert.equal(adds, true);
});
