import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { GiftCardAnswer, PaymentAnswer } from "@trato/contract";
import { ask } from "../testing/ask.ts";
import { testDatabase } from "../testing/database.ts";
import { type TestHub, testHub } from "../testing/hub.ts";
import { assertSound } from "../testing/sound.ts";

const database = await testDatabase();
const home = await mkdtemp(join(tmpdir(), "trato-hub-"));
let hub: TestHub = await testHub({ database, home });
after(async () => {
  await hub.stop();
  await database.stop();
  await rm(home, { recursive: true });
});

type Problem = { readonly code: string; readonly errors?: readonly { readonly pointer: string }[] };
const post = <Body = Problem>(path: string, body: unknown, key?: string) =>
  ask<Body>(hub, "POST", path, body, key === undefined ? {} : { headers: { "idempotency-key": key } });
const open = async (tender: object, currency = "USD") => {
  const { status, body, text } = await post<PaymentAnswer>("/v1/payments", { currency, tender });
  assert.equal(status, 201, text);
  return body;
};
const read = async (paymentId: string) =>
  (await ask<PaymentAnswer>(hub, "GET", `/v1/payments/${paymentId}`)).body;
const assertBooks = async () => {
  const { body } = await post<{ books: string[] }>("/v1/verify", undefined);
  assert.deepEqual(body.books, []);
  await assertSound(hub);
};

/** As text, because JSON can write what JavaScript cannot keep. */
const noAmounts = [
  ...["-1", "0", "9007199254740993", "1e400", "-1e400", "1.5", "0.1", "0.30000000000000004", "1e-7"],
  ...['"1,50"', '"1.50"', '"100"', '"NaN"', "null", "true", "[]", "{}", "1000000000001", "-0"],
];

test("an amount that is no whole number of minor units above nothing moves no money, in any currency", async () => {
  for (const currency of ["CLP", "COP", "USD", "KWD"]) {
    const { paymentId } = await open({ kind: "cash", amountMinor: 100 }, currency);
    for (const amount of noAmounts) {
      const bodies: readonly [path: string, body: string][] = [
        ["/v1/payments", `{"currency":"${currency}","tender":{"kind":"cash","amountMinor":${amount}}}`],
        ["/v1/gift-cards", `{"giftCardId":"c8","currency":"${currency}","amountMinor":${amount}}`],
        [`/v1/payments/${paymentId}/refund`, `{"amountMinor":${amount},"currency":"${currency}"}`],
        [`/v1/payments/${paymentId}/capture`, `{"amountMinor":${amount}}`],
      ];
      for (const [path, body] of bodies) {
        const answer = await post(path, body);
        assert.deepEqual([answer.status, answer.body.code], [400, "request_invalid"], `${path} ${body}`);
      }
    }
    assert.equal((await post("/v1/payments", '{"tender":{"kind":"cash","amountMinor":NaN}}')).status, 400);
    assert.equal((await read(paymentId)).capturedMinor, 100);
  }
  assert.equal((await ask(hub, "GET", "/v1/gift-cards/c8")).status, 404);
  await assertBooks();
});

test("a refund is never above what is left, never in another currency, and sent twice acts once", async () => {
  const { paymentId } = await open({ kind: "cash", amountMinor: 1_000, givenMinor: 2_000 });
  const refund = (amountMinor: number, currency: string, key?: string) =>
    post<Problem & { operationId: string }>(
      `/v1/payments/${paymentId}/refund`,
      { amountMinor, currency },
      key,
    );
  assert.equal((await refund(600, "EUR")).body.code, "currency_mismatch");
  const first = await refund(600, "USD", "half");
  const again = await refund(600, "USD", "half");
  assert.deepEqual([again.status, again.text], [first.status, first.text]);
  assert.equal(again.headers.get("idempotency-replayed"), "true");
  assert.equal((await refund(600, "USD", "other")).body.code, "refund_exceeds_captured");
  assert.equal(
    (await refund(400, "USD", "other")).status,
    200,
    "a refused key may try again with what is right",
  );
  assert.equal((await read(paymentId)).state, "refunded");
  await assertBooks();
});

test("one Idempotency-Key fifty times at once acts once; with another body it is refused; also after a restart", async () => {
  const body = { currency: "USD", tender: { kind: "cash", amountMinor: 777 } };
  const answers = await Promise.all(
    Array.from({ length: 50 }, () => post<PaymentAnswer & Problem>("/v1/payments", body, "fifty")),
  );
  const done = answers.filter(({ status }) => status === 201);
  for (const one of answers.filter(({ status }) => status !== 201))
    assert.deepEqual([one.status, one.body.code], [409, "idempotency_running"]);
  assert.equal(new Set(done.map(({ text }) => text)).size, 1);
  const { paymentId } = done[0]!.body;
  const path = `/v1/payments/${paymentId}/refund`;
  const back = { amountMinor: 7, currency: "USD" };
  const refunds = await Promise.all(Array.from({ length: 50 }, () => post(path, back, "fifty-back")));
  const given = refunds.filter(({ status }) => status === 200);
  assert.equal(new Set(given.map(({ text }) => text)).size, 1);
  assert.equal((await read(paymentId)).refundedMinor, 7);
  const other = await post(path, { ...back, amountMinor: 8 }, "fifty-back");
  assert.deepEqual([other.status, other.body.code], [422, "idempotency_mismatch"]);
  const before = hub;
  await before.stop();
  hub = await testHub({ database, home });
  assert.equal((await post(path, back, "fifty-back")).text, given[0]!.text);
  assert.equal((await read(paymentId)).refundedMinor, 7);
  await assertBooks();
});

test("a card number is refused wherever it is typed, and stands nowhere afterwards", async () => {
  const pan = "4012 8888 8888 1881";
  const code = pan.replaceAll(" ", "");
  const { paymentId } = await open({ kind: "cash", amountMinor: 5 });
  const tries: readonly [path: string, body: object][] = [
    ["/v1/payments", { currency: "USD", tender: { kind: "transfer", amountMinor: 5, reference: pan } }],
    [
      "/v1/payments",
      { currency: "USD", tender: { kind: "card", amountMinor: 5, reference: "r", authCode: pan } },
    ],
    ["/v1/payments", { currency: "USD", orderId: pan, tender: { kind: "cash", amountMinor: 5 } }],
    ["/v1/gift-cards", { giftCardId: "pan", currency: "USD", amountMinor: 5, code }],
    ["/v1/gift-cards", { giftCardId: pan, currency: "USD", amountMinor: 5 }],
    [`/v1/payments/${paymentId}/authorise`, { token: code }],
    [`/v1/payments/${paymentId}/refund`, { amountMinor: 5, currency: "USD", reason: `to ${pan}` }],
  ];
  for (const [path, body] of tries)
    assert.equal((await post(path, body)).body.code, "card_number_sent", JSON.stringify(body));
  const unknown = { currency: "USD", tender: { kind: "cash", amountMinor: 5, cardNumber: code } };
  assert.equal((await post("/v1/payments", unknown)).body.code, "request_invalid");
  const tables = await database.database.query<{ name: string }>({
    name: "",
    text: "select relname as name from pg_class where relname like 'payments!_%' escape '!' and relkind = 'r'",
    values: [],
  });
  for (const { name } of [...tables, { name: "platform_idempotency" }, { name: "platform_outbox" }]) {
    const rows = await database.database.query({
      name: "",
      text: `select 1 from ${name} t where t::text like '%' || $1 || '%' or t::text like '%' || $2 || '%'`,
      values: [pan, code],
    });
    assert.deepEqual(rows, [], name);
  }
});

test("a gift card's code comes back to whoever issues it, is found by, and is nowhere in the database", async () => {
  const wanted = { giftCardId: "mother", currency: "USD", amountMinor: 5_000 };
  const issued = await post<GiftCardAnswer & { code: string }>("/v1/gift-cards", wanted, "ignored");
  assert.equal(issued.status, 201);
  const { code } = issued.body;
  assert.match(code, /^(?:[2-9A-HJKMNP-TV-Z]{4}-){3}[2-9A-HJKMNP-TV-Z]{4}$/);
  assert.equal((await post<{ code: string }>("/v1/gift-cards", wanted)).body.code, code);
  const other = await post("/v1/gift-cards", { ...wanted, amountMinor: 5_001 });
  assert.deepEqual([other.status, other.body.code], [409, "gift_card_exists"]);
  const found = await post<GiftCardAnswer>("/v1/gift-cards/find", {
    code: code.toLowerCase().replaceAll("-", " "),
  });
  assert.deepEqual([found.body.giftCardId, found.body.balanceMinor], ["mother", 5_000]);
  const paid = await open({ kind: "gift_card", code, amountMinor: 1_200 });
  const why = await ask<{
    movements: { from: string; to: string; amountMinor: number; paymentId: string | null }[];
  }>(hub, "GET", "/v1/gift-cards/mother/why");
  assert.deepEqual(
    why.body.movements.map((one) => [one.from, one.to, one.amountMinor, one.paymentId]),
    [
      ["outside", "balance", 5_000, null],
      ["balance", "spent", 1_200, paid.paymentId],
    ],
  );
  for (const name of ["payments_gift_card", "payments_intent", "platform_idempotency", "events_log"]) {
    const text = `select 1 from ${name} t where t::text like '%' || $1 || '%'`;
    assert.deepEqual(await database.database.query({ name: "", text, values: [code] }), [], name);
  }
  await assertBooks();
});

test("a movement cannot be changed or removed, by nobody; a wrong one is corrected by another", async () => {
  for (const text of [
    "update payments_movement set amount_minor = amount_minor + 1",
    "delete from payments_movement",
    "truncate payments_movement",
    "delete from payments_gift_movement",
  ]) {
    await assert.rejects(database.database.query({ name: "", text, values: [] }), /only ever added to/);
  }
});

test("what happens to money is in the log of events, once each, under the id of its movement", async () => {
  const { paymentId } = await open({ kind: "cash", amountMinor: 321 });
  await post(`/v1/payments/${paymentId}/refund`, { amountMinor: 21, currency: "USD" });
  const rows = await database.database.query<{ type: string; data: { amountMinor: number } }>({
    name: "",
    text: `select l.type, l.data from events_log l join payments_movement m on m.movement_id::text = l.id
            where m.payment_id = $1 order by m.nth`,
    values: [paymentId],
  });
  assert.deepEqual(
    rows.map(({ type, data }) => [type, data.amountMinor]),
    [
      ["payment.captured", 321],
      ["payment.refunded", 21],
    ],
  );
});
