import { isUuid, uuid7 } from "@trato/base";
import type { Database, Queries } from "../platform/index.ts";
import { type Operation, readOperations } from "./operation-store.ts";
import type { Payment } from "./payment.ts";
import { findByReference, findPayment, lockPayments, movePayments } from "./payment-store.ts";
import type { Notice } from "./provider.ts";
import { type Settling, settleOperation } from "./settled.ts";
import { moveFact, paymentFact, tell } from "./tell.ts";

/**
 * Hears what a provider tells by itself. It is judged by what the payment is waiting for, so it may come twice, late,
 * or before the answer to what was asked; what nobody waits for and changes nothing is passed over.
 */
export async function hearNotice(
  needs: Omit<Settling, "tx"> & { readonly database: Database; readonly provider: string },
  notice: Notice,
): Promise<void> {
  const { database, provider, record, nowMs } = needs;
  const found = await findNoticed(database, provider, notice);
  if (found === undefined || found.provider !== provider) return;
  await database.transaction(async (tx) => {
    const [payment] = await lockPayments(tx, [found.paymentId]);
    const operations = await readOperations(tx, found.paymentId);
    await apply({ tx, record, nowMs }, { payment: payment!, operations, notice });
  });
}

async function findNoticed(
  queries: Queries,
  provider: string,
  { paymentId, reference }: Notice,
): Promise<Payment | undefined> {
  const named = paymentId !== null && isUuid(paymentId) ? await findPayment(queries, paymentId) : undefined;
  return named ?? (await findByReference(queries, { provider, reference }));
}

type Case = {
  readonly payment: Payment;
  readonly operations: readonly Operation[];
  readonly notice: Notice;
};

async function apply(settling: Settling, { payment, operations, notice }: Case): Promise<void> {
  const { reference, what, reason = what } = notice;
  const waiting = (kind: Operation["kind"]) =>
    operations.findLast((one) => one.kind === kind && ["pending", "action_needed"].includes(one.outcome));
  const asked = waiting("authorise");
  // A payment that was declined and tried again has another name at the provider since; the old one says nothing more.
  const authorise =
    notice.operationId === undefined || notice.operationId === asked?.operationId ? asked : undefined;
  if (authorise === undefined && payment.reference !== reference) return;
  if (what === "authorised" && authorise !== undefined)
    return settleOperation(settling, authorise, { is: "done", reference });
  if (what === "declined" && authorise !== undefined)
    return settleOperation(settling, authorise, { is: "declined", reference, reason });
  if (what === "captured" || what === "released") {
    const booked = waiting(what === "captured" ? "capture" : "void");
    if (booked !== undefined) return settleOperation(settling, booked, { is: "done" });
    if (payment.state === "authorised") return moveUnasked(settling, { payment, operations, notice });
    if (what === "released" && authorise !== undefined)
      return settleOperation(settling, authorise, { is: "declined", reference, reason });
  }
  if (what === "refund_failed") {
    const refund = operations.find(
      ({ operationId, kind }) => kind === "refund" && operationId === notice.operationId,
    );
    if (refund !== undefined) return settleOperation(settling, refund, { is: "failed", reason });
  }
  if (what === "disputed") {
    const fact = paymentFact(payment, { id: notice.id, type: "payment.disputed", reason });
    await tell(settling.tx, settling.record, { facts: [fact], payments: [], nowMs: settling.nowMs });
  }
}

/** What was set aside was taken, or ran out, without our asking: on the provider's own pages, or by time. */
async function moveUnasked({ tx, record, nowMs }: Settling, { payment, notice }: Case): Promise<void> {
  const { authorisedMinor, paymentId } = payment;
  const takenMinor =
    notice.what === "captured" ? Math.min(authorisedMinor, notice.takenMinor ?? authorisedMinor) : 0;
  const ways = [
    { to: "captured" as const, amountMinor: takenMinor },
    { to: "released" as const, amountMinor: authorisedMinor - takenMinor },
  ].filter(({ amountMinor }) => amountMinor > 0);
  const moves = ways.map((way) => ({
    ...{ movementId: uuid7(nowMs), paymentId, from: "authorised" as const, ...way },
    ...{ reason: "told_by_provider", commandId: notice.id },
  }));
  const moved = await movePayments(tx, moves, nowMs);
  const facts = moved.flatMap((now) => moves.flatMap((move) => moveFact(now, move)));
  await tell(tx, record, { facts, payments: moved, nowMs });
}
