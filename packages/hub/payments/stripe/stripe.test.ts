import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { hourMs, minuteMs } from "@trato/base";
import type { OperationAnswer, PaymentAnswer } from "@trato/contract";
import { type Ask, serve } from "../../testing/serve.ts";
import { paymentRoutes, stripe } from "../index.ts";
import { openRoom, type Room } from "../testing/room.ts";
import { stripeServer } from "../testing/stripe-server.ts";
import { stripeTakes } from "./stripe.ts";

describe("payments by Stripe, against a server that speaks its API", () => {
  let bank: Awaited<ReturnType<typeof stripeServer>>;
  let room: Room;
  let ask: Ask;
  let stop: () => Promise<unknown>;
  before(async () => {
    bank = await stripeServer({ secret: "whsec_test", clock: { nowMs: () => room.clock.nowMs() } });
    room = await openRoom({ providers: [stripe(bank.config)] });
    ({ ask, stop } = serve(room.database, paymentRoutes(room.payments), room.clock));
  });
  after(async () => {
    await stop();
    await room.stop();
    await bank.stop();
  });

  beforeEach(() => {
    bank.faults.length = 0;
  });
  const open = async (amountMinor = 1_290): Promise<string> => {
    const tender = { kind: "provider", provider: "stripe", amountMinor };
    const { status, body } = await ask<PaymentAnswer>("POST", "/v1/payments", { currency: "USD", tender });
    assert.equal(status, 201);
    return body.paymentId;
  };
  const act = async (paymentId: string, deed: string, body: object = {}) =>
    (await ask<OperationAnswer & { code?: string }>("POST", `/v1/payments/${paymentId}/${deed}`, body)).body;
  const authorise = (paymentId: string, token = "pm_card_visa") => act(paymentId, "authorise", { token });
  const read = async (paymentId: string) =>
    (await ask<PaymentAnswer>("GET", `/v1/payments/${paymentId}`)).body;
  const where = async (paymentId: string) => {
    const { state, authorisedMinor, capturedMinor, refundedMinor, releasedMinor } = await read(paymentId);
    return [state, authorisedMinor, capturedMinor, refundedMinor, releasedMinor];
  };
  const intentOf = async (paymentId: string) => bank.intents.get((await read(paymentId)).reference!)!;
  const told = async (type: string, object: object, id?: string) => {
    const { body, signature } = bank.event(type, object, id);
    const bytes = Buffer.from(body);
    const notice = stripe(bank.config).readNotice({ bytes, signature, nowMs: room.clock.nowMs() });
    assert.ok(notice.ok);
    if (notice.value !== null) await room.payments.hear("stripe", notice.value);
  };
  const factsOf = (paymentId: string) =>
    room.facts.filter(({ data }) => data["paymentId"] === paymentId).map(({ type }) => type);

  test("money is set aside, taken in part, the rest let go, and given back in parts, never above what was taken", async () => {
    const id = await open();
    assert.equal((await authorise(id)).outcome, "done");
    assert.deepEqual(await where(id), ["authorised", 1_290, 0, 0, 0]);
    assert.equal((await act(id, "capture", { amountMinor: 1_291 })).code, "capture_exceeds_authorised");
    assert.equal((await act(id, "capture", { amountMinor: 1_000 })).outcome, "done");
    assert.deepEqual(await where(id), ["captured", 0, 1_000, 0, 290]);
    const back = (amountMinor: number, currency = "USD") => act(id, "refund", { amountMinor, currency });
    assert.equal((await back(400)).outcome, "done");
    assert.equal((await back(601)).code, "refund_exceeds_captured");
    assert.equal((await back(100, "EUR")).code, "currency_mismatch");
    assert.equal((await back(600)).outcome, "done");
    assert.equal((await back(1)).code, "refund_exceeds_captured");
    assert.deepEqual(await where(id), ["refunded", 0, 0, 1_000, 290]);
    const { amount_received, refunded, status } = await intentOf(id);
    assert.deepEqual([status, amount_received, refunded], ["succeeded", 1_000, 1_000]);
    assert.deepEqual((await read(id)).details, { brand: "visa", last4: "4242" });
    assert.deepEqual(factsOf(id), [
      ...["payment.started", "payment.authorized", "payment.captured", "payment.voided"],
      ...["payment.refunded", "payment.refunded"],
    ]);
  });

  test("a card that is declined says why, takes nothing, and another may be tried", async () => {
    const id = await open();
    const declined = await authorise(id, "pm_card_declined");
    assert.deepEqual([declined.outcome, declined.reason], ["declined", "insufficient_funds"]);
    assert.deepEqual(await where(id), ["declined", 0, 0, 0, 0]);
    assert.equal((await authorise(id)).outcome, "done");
    assert.deepEqual(await where(id), ["authorised", 1_290, 0, 0, 0]);
  });

  test("what was not taken is let go at the provider too", async () => {
    const id = await open();
    await authorise(id);
    assert.equal((await act(id, "void")).outcome, "done");
    assert.deepEqual(await where(id), ["voided", 0, 0, 0, 1_290]);
    assert.equal((await intentOf(id)).status, "canceled");
    assert.equal((await act(id, "capture")).code, "payment_state");
    const unasked = await open();
    assert.equal((await act(unasked, "void")).outcome, "done");
    assert.deepEqual(await where(unasked), ["voided", 0, 0, 0, 0]);
  });

  for (const fault of ["lost", "500", "429", "409", "garbage"] as const) {
    test(`an answer that is ${fault} takes money once: the same key is sent again until somebody knows`, async () => {
      const id = await open();
      const before_ = bank.intents.size;
      bank.faults.push(fault, fault);
      const first = await authorise(id);
      assert.equal(first.outcome, "pending");
      for (let i = 0; i < 3; i++) {
        room.clock.advance(minuteMs);
        await room.payments.settler.sweep();
      }
      assert.deepEqual(await where(id), ["authorised", 1_290, 0, 0, 0]);
      assert.equal(bank.intents.size, before_ + 1);
      const keys = bank.seen.filter(({ form }) => form.get("metadata[payment_id]") === id);
      assert.equal(new Set(keys.map(({ key }) => key)).size, 1);
      assert.equal(factsOf(id).filter((type) => type === "payment.authorized").length, 1);
    });
  }

  test("beyond the time for which the provider knows a key, nobody asks again: money could be taken twice", async () => {
    const id = await open();
    bank.faults.push("500");
    await authorise(id);
    const asked = bank.seen.length;
    room.clock.advance(24 * hourMs);
    await room.payments.settler.sweep();
    assert.equal(bank.seen.length, asked);
    assert.equal((await read(id)).state, "created");
  });

  test("a buyer who must act is waited for; the webhook tells how it ended, twice if it likes", async () => {
    const id = await open();
    const asked = await authorise(id, "pm_card_action");
    assert.equal(asked.outcome, "action_needed");
    assert.match(asked.clientSecret!, /_secret_/);
    assert.equal((await read(id)).state, "action_needed");
    const intent = await intentOf(id);
    intent.status = "requires_capture";
    await told("payment_intent.amount_capturable_updated", intent);
    await told("payment_intent.amount_capturable_updated", intent);
    assert.deepEqual(await where(id), ["authorised", 1_290, 0, 0, 0]);
    const other = await open();
    await authorise(other, "pm_card_action");
    const last_payment_error = { code: "payment_intent_authentication_failure" };
    await told("payment_intent.payment_failed", { ...(await intentOf(other)), last_payment_error });
    assert.equal((await read(other)).state, "declined");
  });

  test("a buyer who acted is found out though no webhook came; one who never does is not asked after for ever", async () => {
    const ends = [
      ["requires_capture", "authorised"],
      ["succeeded", "authorised"],
      ["requires_payment_method", "declined"],
      ["requires_action", "action_needed"],
    ] as const;
    const ids: string[] = [];
    for (const [status] of ends) {
      const id = await open();
      await authorise(id, "pm_card_action");
      (await intentOf(id)).status = status;
      ids.push(id);
    }
    const looks = () => bank.seen.filter(({ path }) => path.includes("?expand")).length;
    await room.payments.settler.sweep();
    assert.equal(looks(), 0, "nobody looks at once");
    room.clock.advance(2 * minuteMs);
    await room.payments.settler.sweep();
    for (const [i, [, state]] of ends.entries()) assert.equal((await read(ids[i]!)).state, state);
    const until = looks();
    room.clock.advance(24 * hourMs);
    await room.payments.settler.sweep();
    assert.equal(looks(), until);
  });

  test("a webhook that overtakes its answer counts once", async () => {
    const id = await open();
    bank.beforeAnswer(async (intent) => told("payment_intent.amount_capturable_updated", { ...intent }));
    assert.equal((await authorise(id)).outcome, "done");
    bank.beforeAnswer(undefined);
    assert.deepEqual(await where(id), ["authorised", 1_290, 0, 0, 0]);
    assert.equal(factsOf(id).filter((type) => type === "payment.authorized").length, 1);
  });

  test("a late word about a card that was declined does not touch the one that was tried after it", async () => {
    const id = await open();
    await authorise(id, "pm_card_declined");
    const old = await intentOf(id);
    await authorise(id);
    await told("payment_intent.payment_failed", { ...old });
    await told("payment_intent.canceled", { ...old, status: "canceled" });
    assert.deepEqual(await where(id), ["authorised", 1_290, 0, 0, 0]);
  });

  test("what is taken or let go on the provider's own pages is in the books when it is told", async () => {
    const taken = await open();
    await authorise(taken);
    await told("payment_intent.succeeded", { ...(await intentOf(taken)), amount_received: 1_000 });
    assert.deepEqual(await where(taken), ["captured", 0, 1_000, 0, 290]);
    const gone = await open();
    await authorise(gone);
    await told("payment_intent.canceled", await intentOf(gone));
    assert.deepEqual(await where(gone), ["voided", 0, 0, 0, 1_290]);
  });

  test("a refund that the bank sends back is the shop's money again", async () => {
    const id = await open();
    await authorise(id);
    await act(id, "capture");
    const { operationId } = await act(id, "refund", { amountMinor: 500, currency: "USD" });
    const { reference } = await read(id);
    const refund = { object: "refund", id: "re_x", payment_intent: reference, status: "failed" };
    const more = { failure_reason: "expired_or_canceled_card", metadata: { operation_id: operationId } };
    await told("refund.failed", { ...refund, ...more });
    await told("refund.failed", { ...refund, ...more });
    assert.deepEqual(await where(id), ["captured", 0, 1_290, 0, 0]);
    assert.equal(factsOf(id).at(-1), "payment.refund_failed");
  });

  test("an order is paid when it is placed and the provider asked after; a capture that fails takes refunds with it", async () => {
    const id = await open();
    await authorise(id);
    (await intentOf(id)).status = "canceled";
    const nowMs = room.clock.nowMs();
    const order = { orderId: "s1", currency: "USD", totalMinor: 1_290, commandId: "s1" };
    const tenders = [{ kind: "payment" as const, paymentId: id }];
    const bound = await room.database.transaction(async (tx) => {
      const [one] = await room.payments.bind(tx, [{ ...order, tenders }], nowMs);
      await room.payments.refund(tx, [{ orderId: "s1", amountMinor: 290, commandId: "back" }], nowMs);
      return one!.ok;
    });
    assert.equal(bound, true);
    assert.deepEqual(await where(id), ["partly_refunded", 0, 1_000, 290, 0]);
    await room.payments.settler.sweep();
    assert.deepEqual(await where(id), ["voided", 0, 0, 0, 1_290]);
    assert.ok(factsOf(id).includes("payment.capture_failed"));
  });

  test("a webhook is believed by its signature alone: not altered, not old, not signed with another secret", async () => {
    const { body, signature } = bank.event("payment_intent.succeeded", {
      object: "payment_intent",
      id: "pi_x",
    });
    const nowMs = room.clock.nowMs();
    const isRead = (bytes: string, header: string, atMs = nowMs, secret = "whsec_test") =>
      stripe({ ...bank.config, webhookSecret: secret }).readNotice({
        ...{ bytes: Buffer.from(bytes), signature: header, nowMs: atMs },
      }).ok;
    assert.ok(isRead(body, signature));
    assert.ok(
      isRead(body, `t=${signature.split(",")[0]!.slice(2)},v1=${"0".repeat(64)},${signature.split(",")[1]}`),
    );
    assert.ok(!isRead(`${body} `, signature));
    assert.ok(!isRead(body, signature, nowMs + 6 * minuteMs));
    assert.ok(!isRead(body, signature, nowMs - 6 * minuteMs));
    assert.ok(!isRead(body, signature, nowMs, "whsec_other"));
    for (const header of ["", "t=,v1=", "v1=abc", signature.replace("v1", "v0")])
      assert.ok(!isRead(body, header));
  });

  test("the provider is asked in its own units: hundredths of a dinar, no unidad de fomento", () => {
    assert.ok(stripeTakes({ currency: "KWD", amountMinor: 1_230 }));
    assert.ok(!stripeTakes({ currency: "KWD", amountMinor: 1_234 }));
    assert.ok(!stripeTakes({ currency: "CLF", amountMinor: 100 }));
    assert.ok(
      stripeTakes({ currency: "CLP", amountMinor: 1 }) && stripeTakes({ currency: "COP", amountMinor: 1 }),
    );
  });

  test("the books hold after all of it", async () => {
    assert.deepEqual((await room.payments.checkBooks()).wrong, []);
  });
});
