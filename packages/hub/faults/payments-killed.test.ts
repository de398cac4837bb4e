import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { chance, pickInt, systemClock } from "@trato/base";
import type { OperationAnswer, PaymentAnswer } from "@trato/contract";
import { stripeServer } from "../payments/testing/stripe-server.ts";
import { until } from "../platform/postgres/testing/start.ts";
import { ask } from "../testing/ask.ts";
import { testDatabase } from "../testing/database.ts";
import { homeFor, type SpawnedHub, spawnHub } from "../testing/spawn-hub.ts";

const secret = "whsec_killed";

async function startBank(t: TestContext) {
  const bank = await stripeServer({ secret });
  const at = await testDatabase();
  const home = await homeFor(t);
  t.after(async () => {
    await bank.stop();
    await at.stop();
  });
  const env = {
    TRATO_STRIPE_KEY: bank.config.key,
    TRATO_STRIPE_WEBHOOK_SECRET: secret,
    TRATO_STRIPE_URL: bank.config.url,
  };
  const start = () => spawnHub(t, { home, databaseUrl: at.url, env });
  /** The time for which nobody else asks is over: a new hub need not wait for it. */
  const endLeases = () =>
    at.database.query({ name: "", text: "update payments_operation set next_ms = 0", values: [] });
  return { bank, start, endLeases };
}

async function open(hub: SpawnedHub, tender: object): Promise<PaymentAnswer> {
  const { status, body } = await ask<PaymentAnswer>(hub, "POST", "/v1/payments", { currency: "USD", tender });
  assert.equal(status, 201);
  return body;
}

async function assertBooks(hub: SpawnedHub): Promise<void> {
  const { body } = await ask<{ books: string[] }>(hub, "POST", "/v1/verify");
  assert.deepEqual(body.books, []);
}

test("a hub killed after the provider took the money and before it knew: the next one finds out, and takes it once", async (t) => {
  const { bank, start, endLeases } = await startBank(t);
  const first = await start();
  const { paymentId } = await open(first, { kind: "provider", provider: "stripe", amountMinor: 1_290 });
  const path = `/v1/payments/${paymentId}/authorise`;
  const headers = { "idempotency-key": "one-checkout" };
  bank.faults.push("slow");
  const lost = ask(first, "POST", path, { token: "pm_card_visa" }, { headers }).catch(() => undefined);
  await until(() => bank.slowOnes() === 1);
  await first.kill();
  bank.goOn();
  assert.equal(await lost, undefined, "the buyer's shop heard nothing");

  const second = await start();
  await endLeases();
  const again = await ask<OperationAnswer>(second, "POST", path, { token: "pm_card_visa" }, { headers });
  assert.equal(again.body.outcome, "done");
  const { body } = await ask<PaymentAnswer>(second, "GET", `/v1/payments/${paymentId}`);
  assert.deepEqual([body.state, body.authorisedMinor, bank.intents.size], ["authorised", 1_290, 1]);
  await assertBooks(second);

  const webhook = (signature: string, text: string) =>
    ask<{ received?: true; code?: string }>(second, "POST", "/v1/payments/providers/stripe/webhook", text, {
      ...{ key: null, headers: { "stripe-signature": signature, "content-type": "application/json" } },
    });
  const [intent] = bank.intents.values();
  const told = bank.event("payment_intent.canceled", { ...intent, status: "canceled" });
  assert.equal((await webhook(told.signature, `${told.body} `)).body.code, "signature_invalid");
  assert.deepEqual((await webhook(told.signature, told.body)).body, { received: true });
  const after = await ask<PaymentAnswer>(second, "GET", `/v1/payments/${paymentId}`);
  assert.equal(after.body.state, "voided", "what was let go on the provider's own pages");
});

test("a hub killed among refunds has given back each whole or not at all, and their keys give nothing back again", async (t) => {
  const { start } = await startBank(t);
  const seed = systemClock.nowMs() % 100_000;
  const first = await start();
  const { paymentId } = await open(first, { kind: "cash", amountMinor: 2_000 });
  const refund = (hub: SpawnedHub, nth: number) =>
    ask<OperationAnswer>(
      hub,
      "POST",
      `/v1/payments/${paymentId}/refund`,
      { amountMinor: 100, currency: "USD" },
      { headers: { "idempotency-key": `refund-${nth}` } },
    );
  const said = Array.from({ length: 20 }, (_, nth) => refund(first, nth).catch(() => undefined));
  await delay(pickInt(chance(seed), 150));
  await first.kill();
  const answered = (await Promise.all(said)).filter((one) => one?.status === 200).length;

  const second = await start();
  const read = async () => (await ask<PaymentAnswer>(second, "GET", `/v1/payments/${paymentId}`)).body;
  const { refundedMinor, capturedMinor } = await read();
  assert.equal(refundedMinor + capturedMinor, 2_000, `seed ${seed}`);
  assert.ok(refundedMinor >= answered * 100, `what was acknowledged is there (seed ${seed})`);
  for (let nth = 0; nth < 20; nth++) assert.equal((await refund(second, nth)).status, 200, `seed ${seed}`);
  assert.deepEqual([(await read()).state, (await read()).refundedMinor], ["refunded", 2_000], `seed ${seed}`);
  await assertBooks(second);
});
