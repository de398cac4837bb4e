import { limits, uuid7 } from "@trato/base";
import type { Queries } from "../platform/index.ts";
import { closeOperation, type Operation, readOperations } from "./operation-store.ts";
import type { Bucket, Move, Payment } from "./payment.ts";
import { lockPayments, movePayments, notePayment } from "./payment-store.ts";
import type { Answered } from "./provider.ts";
import { type Fact, moveFact, paymentFact, type Record, tell } from "./tell.ts";

export type Settling = { readonly tx: Queries; readonly record: Record; readonly nowMs: number };
type Final = Exclude<Answered, { readonly is: "unknown" }>;

/**
 * Writes down what came of an operation, in the caller's transaction. Whoever comes first counts, an answer or a
 * webhook; what comes after changes nothing. Money that the books moved when the provider was asked goes back, by a
 * movement of its own, when the provider did not move it.
 */
export async function settleOperation(
  { tx, record, nowMs }: Settling,
  operation: Operation,
  answered: Final,
): Promise<void> {
  const [payment] = await lockPayments(tx, [operation.paymentId]);
  if (payment === undefined) return;
  const reason = "reason" in answered ? { reason: answered.reason } : {};
  const secret = answered.is === "action_needed" ? { clientSecret: answered.clientSecret } : {};
  const outcome = answered.is === "declined" && operation.kind !== "authorise" ? "failed" : answered.is;
  const isFirst = await closeOperation(tx, operation.operationId, {
    ...{ outcome, ...reason, ...secret },
    nextMs: nowMs + limits.actionLookMs,
  });
  if (!isFirst) return;
  const told =
    operation.kind === "authorise"
      ? await settleAuthorise({ tx, record, nowMs }, { operation, payment, answered })
      : answered.is === "done"
        ? { payment, facts: [] }
        : await takeBack({ tx, record, nowMs }, { operation, payment, reason: reason.reason });
  await tell(tx, record, { facts: told.facts, payments: [told.payment], nowMs });
}

type Case = { readonly operation: Operation; readonly payment: Payment };
type Told = { readonly payment: Payment; readonly facts: readonly Fact[] };

async function settleAuthorise(
  { tx, nowMs }: Settling,
  { operation, payment, answered }: Case & { readonly answered: Final },
): Promise<Told> {
  const { paymentId } = payment;
  const named = "reference" in answered && answered.reference !== undefined ? answered.reference : undefined;
  const { brand, last4, authCode } = answered as Extract<Final, { readonly is: "done" }>;
  const details = { brand, last4, authCode, ...("reason" in answered ? { reason: answered.reason } : {}) };
  const outcome = answered.is === "failed" ? "declined" : answered.is;
  const noted = await notePayment(tx, paymentId, {
    ...(named === undefined ? {} : { reference: named }),
    ...(outcome === "done" ? {} : { outcome }),
    details,
  });
  if (answered.is === "done") {
    const move = moveOf(operation, { from: "outside", to: "authorised", nowMs });
    const moved = (await movePayments(tx, [move], nowMs))[0] ?? noted;
    return { payment: moved, facts: moveFact(moved, move) };
  }
  if (answered.is === "action_needed") return { payment: noted, facts: [] };
  const { operationId: id } = operation;
  return {
    payment: noted,
    facts: [paymentFact(noted, { id, type: "payment.declined", reason: answered.reason })],
  };
}

function moveOf(
  operation: Pick<Operation, "operationId" | "paymentId" | "amountMinor">,
  way: { readonly from: Bucket; readonly to: Bucket; readonly nowMs: number; readonly reason?: string },
): Move {
  const { operationId, paymentId, amountMinor } = operation;
  const reason = way.reason ?? way.to;
  const commandId = `${operationId}/${reason}`;
  return {
    movementId: uuid7(way.nowMs),
    paymentId,
    amountMinor,
    reason,
    commandId,
    from: way.from,
    to: way.to,
  };
}

const backWays = {
  capture: { from: "captured", to: "released", reason: "capture_failed" },
  void: { from: "released", to: "authorised", reason: "void_failed" },
  refund: { from: "refunded", to: "captured", reason: "refund_failed" },
} as const;

/** The provider did not do it: the money is where it was. Refunds of what was never taken are called off first. */
async function takeBack(
  { tx, nowMs }: Settling,
  { operation, payment, reason }: Case & { readonly reason: string | undefined },
): Promise<Told> {
  if (operation.kind === "authorise") return { payment, facts: [] };
  const back = { ...backWays[operation.kind], nowMs };
  const moves: Move[] = [];
  if (operation.kind === "capture") {
    for (const later of await readOperations(tx, payment.paymentId)) {
      if (later.kind !== "refund" || later.outcome !== "pending") continue;
      await closeOperation(tx, later.operationId, {
        ...{ outcome: "failed", reason: "capture_failed", nextMs: nowMs },
      });
      moves.push(moveOf(later, { ...backWays.refund, nowMs }));
    }
  }
  moves.push(moveOf(operation, back));
  let now = payment;
  // One after the other: a refund must be back before what it gave back is let go.
  for (const move of moves) {
    if (move.amountMinor > 0) now = (await movePayments(tx, [move], nowMs))[0] ?? now;
  }
  if (reason !== undefined) now = await notePayment(tx, payment.paymentId, { details: { reason } });
  return { payment: now, facts: moves.flatMap((move) => moveFact(now, move)) };
}
