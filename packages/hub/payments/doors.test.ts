import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type Currency, dayMs } from "@trato/base";
import type { Tender } from "@trato/contract";
import type { TenderKind } from "./index.ts";
import { openRoom, type Room } from "./testing/room.ts";

describe("what orders ask of payments", () => {
  let room: Room;
  before(async () => {
    room = await openRoom();
  });
  after(() => room.stop());

  type Order = {
    orderId: string;
    totalMinor: number;
    tenders: readonly Tender[];
    currency?: string;
    commandId?: string;
  };
  const bind = async (...orders: readonly Order[]) => {
    const asked = orders.map((one) => ({ currency: "USD", commandId: one.orderId, ...one }));
    const nowMs = room.clock.nowMs();
    const bound = await room.database.transaction((tx) => room.payments.bind(tx, asked, nowMs));
    return bound.map((one) => (one.ok ? one.value.payments : one.problem));
  };
  const refund = async (...asked: readonly { orderId: string; amountMinor: number; commandId: string }[]) => {
    const done = await room.database.transaction((tx) => room.payments.refund(tx, asked, room.clock.nowMs()));
    return done.map((one) =>
      one.ok ? one.value.parts.map(({ method, amountMinor }) => [method, amountMinor]) : one.problem,
    );
  };
  const issue = async (giftCardId: string, amountMinor: number, more: object = {}) => {
    const card = { giftCardId, amountMinor, currency: "USD" as Currency, ...more };
    const issued = await room.payments.giftCards.issue(card, room.clock.nowMs());
    assert.ok(issued.ok, JSON.stringify(issued));
    return issued.value.code;
  };
  const balance = async (giftCardId: string) =>
    (await room.payments.giftCards.find(giftCardId))!.balanceMinor;
  const cash = (amountMinor: number, givenMinor = amountMinor): Tender => ({
    ...{ kind: "cash", amountMinor, givenMinor },
  });
  const gift = (code: string, amountMinor: number): Tender => ({ kind: "gift_card", code, amountMinor });

  test("an order is paid by several tenders that add up; the till knows the change", async () => {
    const code = await issue("d1", 500);
    const tenders = [gift(code, 500), cash(790, 1_000)];
    const [payments] = await bind({ orderId: "o1", totalMinor: 1_290, tenders });
    assert.ok(typeof payments !== "string");
    assert.deepEqual(
      payments!.map(({ method, state, capturedMinor, details }) => [method, state, capturedMinor, details]),
      [
        ["gift_card", "captured", 500, { giftCardId: "d1" }],
        ["cash", "captured", 790, { givenMinor: 1_000, changeMinor: 210 }],
      ],
    );
    assert.equal(await balance("d1"), 0);
  });

  test("tenders that do not add up take nothing, and say both sums", async () => {
    const code = await issue("d2", 500);
    assert.deepEqual(await bind({ orderId: "o2", totalMinor: 900, tenders: [gift(code, 400), cash(499)] }), [
      "tenders_mismatch",
    ]);
    assert.equal(await balance("d2"), 500);
    assert.deepEqual(await room.payments.why(room.database, "o2"), []);
  });

  test("in one batch each order is taken or refused by itself, and a refused one gives back what it took", async () => {
    const code = await issue("d3", 1_000);
    const fates = await bind(
      { orderId: "o3", totalMinor: 600, tenders: [gift(code, 600)] },
      { orderId: "o4", totalMinor: 700, tenders: [gift(code, 400), cash(300, 200)] },
      { orderId: "o5", totalMinor: 500, tenders: [gift(code, 500)] },
      { orderId: "o6", totalMinor: 400, tenders: [gift(code, 400)] },
    );
    assert.deepEqual(
      fates.map((one) => (typeof one === "string" ? one : "paid")),
      ["paid", "cash_short", "gift_card_short", "paid"],
    );
    assert.equal(await balance("d3"), 0);
  });

  test("the same command again takes nothing again", async () => {
    const code = await issue("d7", 1_000);
    const order = { orderId: "o7", totalMinor: 300, tenders: [gift(code, 300)] };
    await bind(order, order);
    await bind(order);
    assert.equal(await balance("d7"), 700);
    const more = { ...order, commandId: "exchange-1" };
    await bind(more);
    assert.equal(await balance("d7"), 400, "another command of the same order is another payment");
  });

  test("a tender that cannot pay is refused by its name", async () => {
    const euros = await issue("d8", 500, { currency: "EUR" });
    const late = await issue("d9", 500, { expiresAt: new Date(room.clock.nowMs() + dayMs).toISOString() });
    room.clock.advance(dayMs);
    const transfer: Tender = { kind: "transfer", amountMinor: 100, reference: "bank-77" };
    const rows: readonly [string, Tender][] = [
      ["currency_mismatch", gift(euros, 100)],
      ["gift_card_expired", gift(late, 100)],
      ["gift_card_unknown", gift("XXXX-XXXX-XXXX", 100)],
      ["payment_unknown", { kind: "payment", paymentId: "0198c0de-0000-7000-8000-0000000000f1" }],
      ["card_number_sent", { ...transfer, reference: "4111 1111 1111 1111" }],
      ["card_number_sent", { kind: "card", amountMinor: 100, reference: "r", authCode: "4000056655665556" }],
    ];
    for (const [problem, tender] of rows)
      assert.deepEqual(await bind({ orderId: `x-${problem}`, totalMinor: 100, tenders: [tender] }), [
        problem,
      ]);
    const first = await bind({ orderId: "t1", totalMinor: 100, tenders: [transfer] });
    assert.equal(typeof first[0], "object");
    assert.deepEqual(await bind({ orderId: "t2", totalMinor: 100, tenders: [transfer] }), ["reference_used"]);
    const twice = { orderId: "t3", totalMinor: 200, tenders: [transfer, transfer] };
    assert.deepEqual(await bind(twice), ["reference_used"]);
  });

  test("a refund goes back the way it came, cash last, and never above what is left", async () => {
    const code = await issue("r1", 500);
    await bind({ orderId: "r1", totalMinor: 1_290, tenders: [cash(790), gift(code, 500)] });
    assert.deepEqual(await refund({ orderId: "r1", amountMinor: 300, commandId: "c1" }), [
      [["gift_card", 300]],
    ]);
    assert.equal(await balance("r1"), 300);
    assert.deepEqual(await refund({ orderId: "r1", amountMinor: 991, commandId: "c2" }), [
      "refund_exceeds_captured",
    ]);
    assert.deepEqual(await refund({ orderId: "r1", amountMinor: 990, commandId: "c3" }), [
      [
        ["gift_card", 200],
        ["cash", 790],
      ],
    ]);
    assert.deepEqual(await refund({ orderId: "r1", amountMinor: 1, commandId: "c4" }), [
      "refund_exceeds_captured",
    ]);
    assert.deepEqual(await refund({ orderId: "nothing", amountMinor: 1, commandId: "c5" }), [
      "refund_exceeds_captured",
    ]);
  });

  test("a refund sent twice gives back once, also within one batch; two refunds of one order are both judged", async () => {
    await bind({ orderId: "r2", totalMinor: 1_000, tenders: [cash(1_000)] });
    const first = { orderId: "r2", amountMinor: 600, commandId: "a" };
    const over = { orderId: "r2", amountMinor: 600, commandId: "b" };
    const rest = { orderId: "r2", amountMinor: 400, commandId: "c" };
    assert.deepEqual(await refund(first, first, over, rest), [
      [["cash", 600]],
      [],
      "refund_exceeds_captured",
      [["cash", 400]],
    ]);
    assert.deepEqual(await refund(first), [[]]);
  });

  /** Fifty in all, ten at a time: as many as the pool has connections. */
  const fifty = async <T>(work: (nth: number) => Promise<readonly T[]>): Promise<T[]> => {
    const lanes = Array.from({ length: 10 }, async (_, lane) => {
      const done: T[] = [];
      for (let i = 0; i < 5; i++) done.push(...(await work(lane * 5 + i)));
      return done;
    });
    return (await Promise.all(lanes)).flat();
  };

  test("fifty orders at once after one gift card take no more than it is worth", async () => {
    const code = await issue("race", 1_000);
    const fates = await fifty((i) =>
      bind({ orderId: `race-${i}`, totalMinor: 90, tenders: [gift(code, 90)] }),
    );
    assert.equal(fates.filter((one) => typeof one !== "string").length, 11);
    assert.equal(await balance("race"), 10);
  });

  test("a transfer that fifty orders claim pays one of them", async () => {
    const tender: Tender = { kind: "transfer", amountMinor: 90, reference: "claimed" };
    const fates = await fifty((i) => bind({ orderId: `claim-${i}`, totalMinor: 90, tenders: [tender] }));
    assert.equal(fates.filter((one) => one !== "reference_used").length, 1);
  });

  test("another room's way to pay joins by the same door: it is asked, taken, and given back to", async () => {
    const given: number[] = [];
    const points = {
      kind: "points",
      open: async () => ({
        take: ({ tender: { amountMinor } }: { tender: { amountMinor: number } }) =>
          amountMinor > 100
            ? { ok: false, problem: "tenders_mismatch" }
            : {
                ok: true,
                value: {
                  is: "new",
                  method: "points",
                  provider: "points",
                  reference: null,
                  amountMinor,
                  details: {},
                },
              },
        undo: () => undefined,
        close: async () => undefined,
      }),
      giveBack: async (_tx: unknown, backs: readonly { amountMinor: number }[]) =>
        void given.push(...backs.map(({ amountMinor }) => amountMinor)),
    } as unknown as TenderKind;
    const other = await openRoom({ tenders: [points] });
    const tenders = [{ kind: "points", amountMinor: 80 } as unknown as Tender, cash(20)];
    const order = { orderId: "p1", currency: "USD", totalMinor: 100, commandId: "p1", tenders };
    const nowMs = other.clock.nowMs();
    await other.database.transaction(async (tx) => {
      assert.equal((await other.payments.bind(tx, [order], nowMs))[0]?.ok, true);
      await other.payments.refund(tx, [{ orderId: "p1", amountMinor: 90, commandId: "back" }], nowMs);
    });
    assert.deepEqual(given, [80]);
    await other.stop();
  });

  test("every movement is told once, and the books hold", async () => {
    const ids = room.facts.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
    const books = await room.payments.checkBooks();
    assert.deepEqual(books.wrong, []);
    const moves = room.facts.filter(({ type }) => type.startsWith("payment."));
    assert.ok(moves.length > 0 && moves.length <= books.movements);
  });
});
