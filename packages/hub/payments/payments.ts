import { uuid7 } from "@trato/base";
import {
  type OpeningTender,
  type OperationAnswer,
  ok,
  type PaymentAnswer,
  type Result,
  refuse,
} from "@trato/contract";
import { hasCard } from "../events/index.ts";
import { type Acted, actOnce, type Once, type Queries } from "../platform/index.ts";
import type { Act } from "./acts.ts";
import { type BindNeeds, type Bound, bindTenders, type ToBind } from "./bind.ts";
import { checkBooks } from "./books.ts";
import { createGiftCards } from "./gift-cards.ts";
import { giftCodes } from "./gift-codes.ts";
import { hearNotice } from "./hear.ts";
import { type Operation, readOperations } from "./operation-store.ts";
import { type Payment, paymentAnswer } from "./payment.ts";
import { findPayment, insertPayments, readMoves, readPaymentsOf } from "./payment-store.ts";
import type { Notice, Provider } from "./provider.ts";
import { type Refunded, type RefundNeeds, refundOrders, type ToRefund } from "./refund.ts";
import { createSettler, type SettleNeeds } from "./settle.ts";
import { paymentFact, tell } from "./tell.ts";
import type { TenderKind, TenderProblem } from "./tender.ts";
import { cash } from "./tenders/cash.ts";
import { giftCard } from "./tenders/gift-card.ts";
import { opened } from "./tenders/opened.ts";
import { cardByReference, transferByReference } from "./tenders/reference.ts";

export type Payments = ReturnType<typeof openPayments>;

export type PaymentNeeds = Omit<SettleNeeds, "providers"> & {
  readonly providers: readonly Provider[];
  /** Ways to pay of other rooms, such as points and the credit line. */
  readonly tenders?: readonly TenderKind[];
  /** Makes and knows the codes of gift cards; see `keepSecret`. */
  readonly giftCardSecret: string;
};

/** Takes and gives back money: tenders of orders, payments by providers, gift cards. */
export function openPayments(needs: PaymentNeeds) {
  const { database, record, clock } = needs;
  const providers = new Map(needs.providers.map((provider) => [provider.name, provider]));
  const codes = giftCodes(needs.giftCardSecret);
  const own = [cash, giftCard(codes), cardByReference, transferByReference, opened] as const;
  const all = [...(own as unknown as readonly TenderKind[]), ...(needs.tenders ?? [])];
  const kinds = new Map(all.map((kind) => [kind.kind as string, kind]));
  const shared: BindNeeds & RefundNeeds = { kinds, record, providers };
  const settler = createSettler({ ...needs, providers });

  return {
    /** Takes the tenders of many orders in the caller's transaction; see `bindTenders`. */
    async bind(
      tx: Queries,
      orders: readonly ToBind[],
      nowMs: number,
    ): Promise<readonly Result<Bound, TenderProblem>[]> {
      return bindTenders(shared, tx, orders, nowMs);
    },
    /** Gives money of orders back in the caller's transaction; see `refundOrders`. */
    refund: (
      tx: Queries,
      asked: readonly ToRefund[],
      nowMs: number,
    ): Promise<readonly Result<Refunded, "refund_exceeds_captured">[]> =>
      refundOrders(shared, tx, asked, nowMs),
    /** What the caller's transaction wants of providers is asked for in a moment; without it, within seconds. */
    wake: () => settler.wake(),
    /** What an order was to be paid by and was not: its provider did not take it. */
    voidedMinor: async (queries: Queries, orderId: string): Promise<number> =>
      (await readPaymentsOf(queries, orderId))
        .filter(({ state }) => state === "voided")
        .reduce((sum, { amountMinor }) => sum + amountMinor, 0),
    /** The payments of an order with all their movements. */
    why: (queries: Queries, orderId: string) => explainOrder(queries, orderId),
    open: (tx: Queries, wanted: ToOpen, nowMs: number) =>
      openOne(shared, providers, tx, { ...wanted, nowMs }),
    find: (paymentId: string) => findPayment(database, paymentId),
    explain: (paymentId: string) => explainOne(database, paymentId),
    /** Begins something with a payment, once for its key, and waits for what its provider says. */
    async act(
      asked: { readonly paymentId: string; readonly once: Once | undefined },
      begin: (shared: RefundNeeds, act: Act) => Promise<Result<{ readonly operationId: string }>>,
    ): Promise<Acted<OperationAnswer>> {
      const nowMs = clock.nowMs();
      const begun = await database.transaction((tx) =>
        actOnce(tx, [{ command: asked.paymentId, once: asked.once }], 200, async ([paymentId]) => [
          await begin(shared, { tx, paymentId: paymentId!, nowMs }),
        ]),
      );
      const one = begun[0]!;
      if (!one.ok) return one;
      const operation = await settler.settle(one.value.operationId);
      return { ok: true, value: operationAnswer(operation), replayed: one.replayed };
    },
    provider: (name: string) => providers.get(name),
    hear: (provider: string, notice: Notice) =>
      hearNotice({ database, record, provider, nowMs: clock.nowMs() }, notice),
    giftCards: createGiftCards({ database, codes, record }),
    checkBooks: () => checkBooks(database),
    settler,
    stop: () => settler.stop(),
  };
}

export type ToOpen = {
  readonly currency: Payment["currency"];
  readonly orderId?: string;
  readonly tender: OpeningTender;
};

async function openOne(
  shared: BindNeeds,
  providers: ReadonlyMap<string, Provider>,
  tx: Queries,
  { currency, orderId: given, tender, nowMs }: ToOpen & { readonly nowMs: number },
): Promise<Result<PaymentAnswer, TenderProblem | "provider_unknown" | "request_invalid">> {
  const { amountMinor } = tender;
  const orderId = given ?? null;
  const commandId = uuid7(nowMs);
  if (tender.kind !== "provider") {
    const order = { orderId, currency, totalMinor: amountMinor, tenders: [tender], commandId };
    const bound = (await bindTenders(shared, tx, [order], nowMs))[0]!;
    return bound.ok ? ok(paymentAnswer(bound.value.payments[0]!)) : bound;
  }
  if (hasCard(given ?? "")) return refuse("card_number_sent");
  const provider = providers.get(tender.provider);
  if (provider === undefined) return refuse("provider_unknown");
  if (!provider.takes({ currency, amountMinor })) {
    const detail = `${tender.provider} does not take this amount in ${currency}`;
    return refuse("request_invalid", { errors: [{ pointer: "/body/tender/amountMinor", detail }] });
  }
  const row = {
    ...{ paymentId: uuid7(nowMs), orderId, commandId, nth: 0, method: "card", provider: provider.name },
    ...{ reference: null, currency, amountMinor, details: {}, movementId: null },
  };
  await insertPayments(tx, [row], nowMs);
  const payment = (await findPayment(tx, row.paymentId))!;
  const fact = paymentFact(payment, { id: commandId, type: "payment.started" });
  await tell(tx, shared.record, { facts: [fact], payments: [payment], nowMs });
  return ok(paymentAnswer(payment));
}

/** What was asked of a provider, without what is only for the buyer's browser once that is over. */
export const operationAnswer = (operation: Operation): OperationAnswer => {
  const { operationId, paymentId, kind, amountMinor, outcome, reason, clientSecret } = operation;
  return {
    ...{ operationId, paymentId, kind, amountMinor, outcome },
    ...(reason === null || outcome === "done" ? {} : { reason }),
    ...(clientSecret === null ? {} : { clientSecret }),
  };
};

async function movementsOf(queries: Queries, paymentIds: readonly string[]) {
  const moves = await readMoves(queries, paymentIds);
  return Map.groupBy(moves, ({ paymentId }) => paymentId);
}

const movementAnswers = (moves: Awaited<ReturnType<typeof readMoves>> = []) =>
  moves.map(({ from, to, amountMinor, reason, commandId, atMs }) => ({
    ...{ from, to, amountMinor, reason, commandId, at: new Date(atMs).toISOString() },
  }));

async function explainOrder(queries: Queries, orderId: string) {
  const payments = await readPaymentsOf(queries, orderId);
  const moves = await movementsOf(
    queries,
    payments.map(({ paymentId }) => paymentId),
  );
  return payments.map((payment) => ({
    payment: paymentAnswer(payment),
    movements: movementAnswers(moves.get(payment.paymentId)),
  }));
}

async function explainOne(queries: Queries, paymentId: string) {
  const payment = await findPayment(queries, paymentId);
  if (payment === undefined) return undefined;
  const moves = await movementsOf(queries, [paymentId]);
  const operations = await readOperations(queries, paymentId);
  return {
    payment: paymentAnswer(payment),
    movements: movementAnswers(moves.get(paymentId)),
    operations: operations.map(operationAnswer),
  };
}
