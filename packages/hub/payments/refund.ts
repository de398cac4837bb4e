import { uuid7 } from "@trato/base";
import { ok, type Result, refuse } from "@trato/contract";
import type { Queries } from "../platform/index.ts";
import { insertOperations } from "./operation-store.ts";
import { type Move, type Payment, type RefundPart, roundsOf, spreadRefund } from "./payment.ts";
import { findCommands, lockPaymentsOf, movePayments } from "./payment-store.ts";
import { leftWords } from "./says.ts";
import { moveFact, type Record, tell } from "./tell.ts";
import type { TenderKind } from "./tender.ts";

export type ToRefund = {
  readonly orderId: string;
  readonly amountMinor: number;
  readonly commandId: string;
  /** When less is left than this, because some went back before or was never taken: all that is left. */
  readonly orLeft?: true;
};

/** What went back to which payment, so that a till knows how much to hand out. */
export type Refunded = {
  readonly parts: readonly {
    readonly paymentId: string;
    readonly method: string;
    readonly amountMinor: number;
  }[];
};

export type RefundNeeds = {
  readonly kinds: ReadonlyMap<string, TenderKind>;
  readonly record: Record;
  /** Providers that are asked to move money, by name; others are done when the books say so. */
  readonly providers: ReadonlyMap<string, unknown>;
};

type RefundResult = Result<Refunded, "refund_exceeds_captured">;
type Share = RefundPart & { readonly commandId: string; readonly reason: string };

/**
 * Gives money of orders back in the caller's transaction: to what paid them, first where it leaves a trace, cash last,
 * never more than is left of what was taken. A command that was carried out before gives nothing back again. Cost: one
 * statement to look for repeats and, for each time an order is named, one to lock and at most five to write.
 */
export async function refundOrders(
  needs: RefundNeeds,
  tx: Queries,
  given: readonly ToRefund[],
  nowMs: number,
): Promise<RefundResult[]> {
  const asked = given.map((one) => ({ ...one }));
  const done = new Map<ToRefund, RefundResult>();
  let locked: readonly Payment[] | undefined = await lockPaymentsOf(
    tx,
    asked.map(({ orderId }) => orderId),
  );
  const seen = new Set(await findCommands(tx, asked));
  for (const round of roundsOf(asked, ({ orderId }) => orderId)) {
    const fresh = round.filter((one) => !seen.has(`${one.orderId}\n${one.commandId}`));
    for (const one of round) if (!fresh.includes(one)) done.set(one, ok({ parts: [] }));
    for (const one of fresh) seen.add(`${one.orderId}\n${one.commandId}`);
    const orderIds = fresh.map(({ orderId }) => orderId);
    locked ??= await lockPaymentsOf(tx, orderIds);
    for (const [one, result] of await refundRound(needs, tx, { asked: fresh, locked, nowMs }))
      done.set(one, result);
    locked = undefined;
  }
  return asked.map((one) => done.get(one)!);
}

async function refundRound(
  needs: RefundNeeds,
  tx: Queries,
  round: {
    readonly asked: readonly ToRefund[];
    readonly locked: readonly Payment[];
    readonly nowMs: number;
  },
): Promise<Map<ToRefund, RefundResult>> {
  const { asked, locked, nowMs } = round;
  if (asked.length === 0) return new Map();
  const paid = Map.groupBy(locked, ({ orderId }) => orderId);
  const shares: Share[] = [];
  const results = asked.map((one): [ToRefund, RefundResult] => {
    const payments = paid.get(one.orderId) ?? [];
    const leftMinor = payments.reduce((sum, { capturedMinor }) => sum + capturedMinor, 0);
    const amountMinor = one.orLeft === true ? Math.min(one.amountMinor, leftMinor) : one.amountMinor;
    const parts = spreadRefund(payments, amountMinor);
    if (parts === undefined)
      return [one, refuse("refund_exceeds_captured", { detail: leftWords(leftMinor) })];
    shares.push(...parts.map((part) => ({ ...part, commandId: one.commandId, reason: "refund" })));
    const told = parts.map(({ payment: { paymentId, method }, amountMinor }) => ({
      ...{ paymentId, method, amountMinor },
    }));
    return [one, ok({ parts: told })];
  });
  await giveBack(needs, tx, shares, nowMs);
  return new Map(results);
}

/**
 * Moves shares of payments back to their buyers; the payments are locked and have what is given back. Providers are
 * asked after the commit, by an operation; where there is none it is done. Returns the payments as they are then.
 */
export async function giveBack(
  { kinds, record, providers }: RefundNeeds,
  tx: Queries,
  shares: readonly Share[],
  nowMs: number,
): Promise<{ readonly payments: Payment[]; readonly operationIds: readonly string[] }> {
  const moves = shares.map(
    ({ payment, amountMinor, commandId, reason }): Move => ({
      ...{ movementId: uuid7(nowMs), paymentId: payment.paymentId, amountMinor, commandId, reason },
      ...{ from: "captured", to: "refunded" },
    }),
  );
  const payments = await movePayments(tx, moves, nowMs);
  const byId = new Map(payments.map((payment) => [payment.paymentId, payment]));
  for (const [kind, way] of [...kinds].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const backs = shares.flatMap(({ payment, amountMinor, commandId }, i) =>
      payment.method === kind && payment.provider === kind
        ? [{ payment, amountMinor, commandId, movementId: moves[i]!.movementId }]
        : [],
    );
    if (backs.length > 0) await way.giveBack?.(tx, backs, nowMs);
  }
  const operations = shares.map(({ payment: { provider, paymentId }, amountMinor }) => ({
    ...{ operationId: uuid7(nowMs), paymentId, kind: "refund" as const, amountMinor, token: null },
    outcome: providers.has(provider) ? ("pending" as const) : ("done" as const),
  }));
  await insertOperations(tx, operations, nowMs);
  const facts = moves.flatMap((move) => moveFact(byId.get(move.paymentId)!, move));
  await tell(tx, record, { facts, payments, nowMs });
  return { payments, operationIds: operations.map(({ operationId }) => operationId) };
}
