import assert from "node:assert/strict";
import { after, test } from "node:test";
import { systemClock } from "@trato/base";
import { type DecisionAnswer, postEvents, putItems } from "@trato/contract";
import { testHub } from "../../hub/testing/hub.ts";
import { createClient } from "../client.ts";
import { exitCodes } from "../failure.ts";
import { inside } from "../testing/inside.ts";
import { documentOf } from "../testing/trato.ts";

const hub = await testHub();
after(() => hub.stop());
const env = { TRATO_HOME: hub.home };
const client = createClient({ url: hub.url, key: hub.key, language: "en", clock: systemClock });
const nowText = new Date(systemClock.nowMs()).toISOString();

const event = (id: string, type: string, data: object) => ({ id, type, time: nowText, data: { ...data } });
await client.call(putItems, {
  body: {
    items: [
      {
        sku: "CAF-500",
        title: { es: "Café molido", en: "Ground coffee" },
        category: "coffee",
        priceMinor: 599,
        currency: "USD",
      },
    ],
  },
});
const sale = {
  orderId: "1",
  currency: "USD",
  totalMinor: 599,
  lines: [{ sku: "CAF-500", quantity: 1, amountMinor: 599 }],
};
await client.call(postEvents, {
  body: {
    events: [
      { ...event("1", "order.placed", sale), identities: { email: "ana@example.com" } },
      { ...event("2", "item.viewed", { sku: "CAF-500" }), time: "noon" },
    ],
  },
});

test("decide, why and replay follow one decision, with the local key and address of TRATO_HOME", async () => {
  const decided = await inside(["decide", "--email", "ana@example.com", "--json"], env);
  assert.equal(decided.code, exitCodes.ok, decided.err);
  const { decisionId, personId } = documentOf<DecisionAnswer>(decided);
  assert.notEqual(personId, null);

  const why = await inside(["why", decisionId, "--language", "es"], env);
  assert.equal(why.code, exitCodes.ok, why.err);
  assert.match(why.out, new RegExp(`^Decisión ${decisionId}`));
  assert.match(why.out, /Versiones: code=/);

  const replayed = await inside(["replay", decisionId, decisionId], env);
  assert.equal(replayed.code, exitCodes.ok, replayed.err);
  assert.equal(replayed.out, `${decisionId}: matches\n`.repeat(2));
  const asLines = await inside(["replay", decisionId, decisionId, "--json"], env);
  const documents = asLines.out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { matches: boolean });
  assert.deepEqual(
    documents.map(({ matches }) => matches),
    [true, true],
  );
});

test("a decision reads well in 80 columns, in the language of LANG", async () => {
  const { out, code } = await inside(["decide", "--sku", "CAF-500"], { ...env, LANG: "es_EC.UTF-8" });
  assert.equal(code, exitCodes.ok);
  assert.match(out, /Por qué: trato why/);
  for (const line of out.split("\n")) assert.ok([...line].length <= 80, line);
});

test("what the hub refuses exits with 1 and says why, in the reader's language", async () => {
  const unknown = "0198c0de-0000-7000-8000-000000000001";
  const { code, err, out } = await inside(["why", unknown, "--json", "--language", "es"], env);
  assert.equal(code, exitCodes.refused);
  assert.equal(err, "Ninguna decisión tiene este id. (decision_unknown)\n");
  assert.equal((JSON.parse(out) as { code: string }).code, "decision_unknown");
});

test("verify finds that every profile is the fold of the log", async () => {
  const { out, code } = await inside(["verify"], env);
  assert.equal(code, exitCodes.ok);
  assert.match(out, /Every profile equals its replay\.\nThe counters add up\./);
});

test("report compares the arms", async () => {
  const { out, code, err } = await inside(["report", "--currency", "usd"], env);
  assert.equal(code, exitCodes.ok, err);
  assert.match(out, /Holdout/);
  for (const line of out.split("\n")) assert.ok([...line].length <= 80, line);
});

test("train says why nothing can be learned from one purchase", async () => {
  const { code, err, out } = await inside(["train", "--json"], env);
  assert.equal(code, exitCodes.refused);
  assert.match(err, /No model was trained/);
  assert.equal((JSON.parse(out) as { code: string }).code, "training_refused");
});

test("models lists what there are models for, and says why there is none of a family", async () => {
  const { out, code, err } = await inside(["models", "--language", "es"], env);
  assert.equal(code, exitCodes.ok, err);
  assert.match(out, /purchases +– +– +Entrenar requiere 100 compras/);
  for (const line of out.split("\n")) assert.ok([...line].length <= 80, line);
  const lacking = await inside(["models", "care"], env);
  assert.equal(lacking.code, exitCodes.refused);
  assert.match(lacking.err, /registered things/);
});

test("a key is made, works within its scopes, is listed without its secret, and ends", async () => {
  const made = await inside(
    ["keys", "create", "--source", "till-7", "--scope", "events:read", "--json"],
    env,
  );
  const { keyId, secret } = documentOf<{ keyId: string; secret: string }>(made);
  const allowed = await inside(["quarantine", "list", "--key", secret], env);
  assert.equal(allowed.code, exitCodes.ok);
  const refused = await inside(["verify", "--key", secret], env);
  assert.equal(refused.code, exitCodes.refused);
  assert.match(refused.err, /scope_missing/);

  const listed = await inside(["keys", "list"], env);
  assert.match(listed.out, new RegExp(`${keyId} +till-7 +secret +active`));
  assert.ok(!listed.out.includes(secret));
  const ended = await inside(["keys", "revoke", keyId], env);
  assert.equal(ended.code, exitCodes.ok);
  assert.match((await inside(["keys", "list"], env)).out, new RegExp(`${keyId} +till-7 +secret +revoked`));
});

test("what was put aside is listed, shown, repaired and dropped", async () => {
  const listed = await inside(["quarantine", "list", "--reason", "time_invalid", "--json"], env);
  const { quarantineId } = JSON.parse(listed.out) as { quarantineId: string };
  const shown = await inside(["quarantine", "show", quarantineId], env);
  assert.match(shown.out, /"time":"noon"/);
  const repaired = JSON.stringify(event("2", "item.viewed", { sku: "CAF-500" }));
  const wrong = await inside(["quarantine", "repair", quarantineId, "--event", "{}"], env);
  assert.equal(wrong.code, exitCodes.refused);
  const done = await inside(["quarantine", "repair", quarantineId, "--event", repaired], env);
  assert.equal(done.out, `${quarantineId}: repaired (applied).\n`);
  const again = await inside(["quarantine", "drop", quarantineId], env);
  assert.equal(again.code, exitCodes.refused);
  assert.match(again.err, /quarantine_settled/);
  const none = await inside(["quarantine", "show", "0198c0de-0000-7000-8000-000000000001"], env);
  assert.equal(none.code, exitCodes.refused);
});

test("the local key is not sent to an address that is not this machine's", async () => {
  const elsewhere = await inside(["verify", "--url", hub.url.replace("127.0.0.1", "0.0.0.0")], env);
  assert.equal(elsewhere.code, exitCodes.refused);
  assert.match(elsewhere.err, /key_missing/);
});
