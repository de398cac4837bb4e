import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { hourMs } from "@trato/base";
import { mayBecome, type PaymentState, paymentStates, type Tender } from "@trato/contract";
import fc from "fast-check";
import { beginAuthorise, beginCapture, beginRefund, beginVoid } from "./acts.ts";
import { openRoom, type Room } from "./testing/room.ts";
import { scripted } from "./testing/scripted.ts";

/** The slow, obvious books: what is where, as anybody would keep it on paper. */
type Paper = {
  readonly gifts: Map<string, number>;
  readonly orders: Map<string, { captured: number; gift: { readonly card: string; amount: number } | null }>;
  readonly cards: Map<string, PaperCard>;
};
type PaperCard = {
  authorised: number;
  captured: number;
  refunded: number;
  released: number;
  isDeclined: boolean;
};

type Command =
  | { readonly do: "order"; readonly gift: number; readonly giftMinor: number; readonly cashMinor: number }
  | { readonly do: "refund"; readonly order: number; readonly amountMinor: number; readonly twice: boolean }
  | {
      readonly do: "authorise";
      readonly amountMinor: number;
      readonly answer: "done" | "declined" | "unknown";
    }
  | {
      readonly do: "capture";
      readonly card: number;
      readonly amountMinor: number;
      readonly answer: "done" | "failed" | "unknown";
    }
  | { readonly do: "void"; readonly card: number }
  | {
      readonly do: "giveBack";
      readonly card: number;
      readonly amountMinor: number;
      readonly answer: "done" | "failed";
    };

const amount = fc.integer({ min: 1, max: 400 });
const nth = fc.nat(3);
const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({
    do: fc.constant("order" as const),
    gift: fc.nat(1),
    giftMinor: fc.nat(200),
    cashMinor: fc.nat(200),
  }),
  fc.record({ do: fc.constant("refund" as const), order: nth, amountMinor: amount, twice: fc.boolean() }),
  fc.record({
    ...{ do: fc.constant("authorise" as const), amountMinor: amount },
    answer: fc.constantFrom("done" as const, "done" as const, "declined" as const, "unknown" as const),
  }),
  fc.record({
    ...{ do: fc.constant("capture" as const), card: nth, amountMinor: amount },
    answer: fc.constantFrom("done" as const, "done" as const, "failed" as const, "unknown" as const),
  }),
  fc.record({ do: fc.constant("void" as const), card: nth }),
  fc.record({
    ...{ do: fc.constant("giveBack" as const), card: nth, amountMinor: amount },
    answer: fc.constantFrom("done" as const, "failed" as const),
  }),
);

describe("the books of payments against a naive model", () => {
  const { provider, script } = scripted();
  let room: Room;
  let run = 0;
  before(async () => {
    room = await openRoom({ providers: [provider] });
  });
  after(() => room.stop());

  const inTx = <T>(work: (tx: Parameters<Parameters<Room["database"]["transaction"]>[0]>[0]) => Promise<T>) =>
    room.database.transaction(work);

  async function open(amountMinor: number): Promise<string> {
    const tender = { kind: "provider" as const, provider: "stripe" as const, amountMinor };
    const opened = await inTx((tx) =>
      room.payments.open(tx, { currency: "USD", tender }, room.clock.nowMs()),
    );
    assert.ok(opened.ok);
    return opened.value.paymentId;
  }

  type Play<Kind extends Command["do"]> = {
    readonly paper: Paper;
    readonly one: Extract<Command, { readonly do: Kind }>;
    readonly place: string;
  };

  /** Asks the provider for everything, those who gave no answer again. */
  const settle = async () => {
    for (let i = 0; i < 2; i++) {
      await room.payments.settler.sweep();
      room.clock.advance(hourMs);
    }
  };

  async function order({ paper, one, place }: Play<"order">): Promise<void> {
    const code = `${place.split("/")[0]}-GIFT-${one.gift}`;
    const wanted = [
      { kind: "gift_card" as const, code, amountMinor: one.giftMinor },
      { kind: "cash" as const, amountMinor: one.cashMinor },
    ];
    const tenders: Tender[] = wanted.filter(({ amountMinor }) => amountMinor > 0);
    const totalMinor = one.giftMinor + one.cashMinor;
    const asked = { orderId: place, currency: "USD", totalMinor, commandId: place, tenders };
    const [bound] = await inTx((tx) => room.payments.bind(tx, [asked], room.clock.nowMs()));
    const left = paper.gifts.get(code)!;
    assert.equal(bound!.ok, one.giftMinor <= left, "an order is paid if the gift card is worth it");
    if (!bound!.ok) return;
    paper.gifts.set(code, left - one.giftMinor);
    const gift = one.giftMinor === 0 ? null : { card: code, amount: one.giftMinor };
    paper.orders.set(place, { captured: totalMinor, gift });
  }

  async function refundOrder({ paper, one, place }: Play<"refund">): Promise<void> {
    const [orderId, kept] = [...paper.orders][one.order] ?? [];
    if (orderId === undefined || kept === undefined) return;
    const asked = { orderId, amountMinor: one.amountMinor, commandId: place };
    const all = one.twice ? [asked, asked] : [asked];
    const results = await inTx((tx) => room.payments.refund(tx, all, room.clock.nowMs()));
    assert.equal(results[0]!.ok, one.amountMinor <= kept.captured);
    if (!results[0]!.ok) return;
    kept.captured -= one.amountMinor;
    if (kept.gift === null) return;
    const onGift = Math.min(one.amountMinor, kept.gift.amount);
    kept.gift.amount -= onGift;
    paper.gifts.set(kept.gift.card, paper.gifts.get(kept.gift.card)! + onGift);
  }

  async function authorise({ paper, one }: Play<"authorise">): Promise<void> {
    const paymentId = await open(one.amountMinor);
    script.push(one.answer);
    const nowMs = room.clock.nowMs();
    const begun = await inTx((tx) => beginAuthorise(sharedOf(), { tx, paymentId, nowMs }, "pm_x"));
    assert.ok(begun.ok);
    await settle();
    const authorised = one.answer === "declined" ? 0 : one.amountMinor;
    const none = { captured: 0, refunded: 0, released: 0 };
    paper.cards.set(paymentId, { authorised, ...none, isDeclined: authorised === 0 });
  }

  async function capture({ paper, one }: Play<"capture">): Promise<void> {
    const [paymentId, card] = [...paper.cards][one.card] ?? [];
    if (paymentId === undefined || card === undefined) return;
    const { amountMinor } = one;
    const nowMs = room.clock.nowMs();
    const begun = await inTx((tx) => beginCapture(sharedOf(), { tx, paymentId, nowMs }, amountMinor));
    assert.equal(begun.ok, card.authorised > 0 && amountMinor <= card.authorised);
    if (!begun.ok) return;
    script.push(one.answer);
    await settle();
    const taken = one.answer === "failed" ? 0 : amountMinor;
    card.captured = taken;
    card.released += card.authorised - taken;
    card.authorised = 0;
  }

  async function letGo({ paper, one }: Play<"void">): Promise<void> {
    const [paymentId, card] = [...paper.cards][one.card] ?? [];
    if (paymentId === undefined || card === undefined) return;
    const nowMs = room.clock.nowMs();
    const begun = await inTx((tx) => beginVoid(sharedOf(), { tx, paymentId, nowMs }));
    assert.equal(begun.ok, card.authorised > 0 || card.isDeclined);
    if (!begun.ok) return;
    await settle();
    card.released += card.authorised;
    card.authorised = 0;
    card.isDeclined = false;
  }

  async function giveBack({ paper, one }: Play<"giveBack">): Promise<void> {
    const [paymentId, card] = [...paper.cards][one.card] ?? [];
    if (paymentId === undefined || card === undefined) return;
    const wanted = { amountMinor: one.amountMinor, currency: "USD" };
    const nowMs = room.clock.nowMs();
    const begun = await inTx((tx) => beginRefund(sharedOf(), { tx, paymentId, nowMs }, wanted));
    assert.equal(begun.ok, one.amountMinor <= card.captured);
    if (!begun.ok) return;
    script.push(one.answer);
    await settle();
    if (one.answer === "failed") return;
    card.captured -= one.amountMinor;
    card.refunded += one.amountMinor;
  }

  /** One command on both books. */
  function play(paper: Paper, one: Command, place: string): Promise<void> {
    if (one.do === "order") return order({ paper, one, place });
    if (one.do === "refund") return refundOrder({ paper, one, place });
    if (one.do === "authorise") return authorise({ paper, one, place });
    if (one.do === "capture") return capture({ paper, one, place });
    if (one.do === "void") return letGo({ paper, one, place });
    return giveBack({ paper, one, place });
  }

  const sharedOf = () => ({
    kinds: new Map(),
    providers: new Map([["stripe", provider]]),
    record: {
      facts: async (_tx: unknown, told: readonly (typeof room.facts)[number][]) =>
        void room.facts.push(...told),
      whereOf: async () => new Map(),
    },
  });

  async function compare(paper: Paper): Promise<void> {
    for (const [code, left] of paper.gifts) {
      const card = await room.payments.giftCards.findByCode(code);
      assert.equal(card?.balanceMinor, left, code);
    }
    for (const [orderId, order] of paper.orders) {
      const told = await room.payments.why(room.database, orderId);
      assert.equal(
        told.reduce((sum, { payment }) => sum + payment.capturedMinor, 0),
        order.captured,
        orderId,
      );
    }
    for (const [paymentId, card] of paper.cards) {
      const kept = (await room.payments.find(paymentId))!;
      const { authorisedMinor, capturedMinor, refundedMinor, releasedMinor } = kept;
      assert.deepEqual(
        [authorisedMinor, capturedMinor, refundedMinor, releasedMinor],
        [card.authorised, card.captured, card.refunded, card.released],
        paymentId,
      );
    }
    assert.deepEqual((await room.payments.checkBooks()).wrong, []);
  }

  test("after any commands every balance is what paper says, and the sum of its movements", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 5, maxLength: 14 }), async (commands) => {
        const name = `RUN${++run}`;
        const paper: Paper = { gifts: new Map(), orders: new Map(), cards: new Map() };
        for (const gift of [0, 1]) {
          const card = { giftCardId: `${name}-${gift}`, currency: "USD" as const, amountMinor: 300 };
          const issued = await room.payments.giftCards.issue(
            { ...card, code: `${name}-GIFT-${gift}` },
            room.clock.nowMs(),
          );
          assert.ok(issued.ok);
          paper.gifts.set(`${name}-GIFT-${gift}`, 300);
        }
        for (const [i, one] of commands.entries()) {
          if (one.do === "order" && one.giftMinor + one.cashMinor === 0) continue;
          script.length = 0;
          await play(paper, one, `${name}/${i}`);
        }
        await compare(paper);
      }),
      { numRuns: 12 },
    );
  });

  test("what was told of a payment follows the table of states", async () => {
    const rows = await room.database.query<{ key: string; state: PaymentState }>({
      name: "",
      text: `select key, data ->> 'state' as state from platform_outbox where topic = 'payment.changed'
              order by tx, position`,
      values: [],
    });
    const last = new Map<string, PaymentState>();
    for (const { key, state } of rows) {
      const from = last.get(key) ?? "created";
      assert.ok(mayBecome(paymentStates, { from, to: state }), `${from} → ${state}`);
      last.set(key, state);
    }
    assert.ok(rows.length > 0);
  });
});
