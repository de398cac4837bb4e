import { limits, uuid7 } from "@trato/base";
import type { Queries } from "../platform/index.ts";
import {
  closeOperation,
  insertOperations,
  type Operation,
  raiseOperation,
  readOperations,
} from "./operation-store.ts";
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
  asked: Operation,
  answered: Final,
): Promise<void> {
  const [payment] = await lockPayments(tx, [asked.paymentId]);
  if (payment === undefined) return;
  const reason = "reason" in answered ? { reason: answered.reason } : {};
  const secret = answered.is === "action_needed" ? { clientSecret: answered.clientSecret } : {};
  const outcome = answered.is === "declined" && asked.kind !== "authorise" ? "failed" : answered.is;
  const amountMinor = await closeOperation(tx, asked.operationId, {
    ...{ outcome, ...reason, ...secret },
    nextMs: nowMs + limits.actionLookMs,
  });
  if (amountMinor === undefined) return;
  const operation = { ...asked, amountMinor };
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
    const moves = [moveOf(operation, { from: "outside", to: "authorised", nowMs })];
    const letGo = await voidAfter(tx, operation);
    if (letGo !== undefined) moves.push(moveOf(letGo, { from: "authorised", to: "released", nowMs }));
    return moveEach(tx, { payment: noted, moves, nowMs });
  }
  if (answered.is === "action_needed") return { payment: noted, facts: [] };
  const { operationId: id } = operation;
  return {
    payment: noted,
    facts: [paymentFact(noted, { id, type: "payment.declined", reason: answered.reason })],
  };
}

/**
 * A payment may be voided while its buyer is still acting. What is set aside after that is let go with it, and goes
 * back with it should the provider not let go.
 */
async function voidAfter(tx: Queries, authorise: Operation): Promise<Operation | undefined> {
  const { operationId, paymentId, amountMinor } = authorise;
  const all = await readOperations(tx, paymentId);
  const later = all.slice(all.findIndex((one) => one.operationId === operationId) + 1);
  const found = later.find(({ kind, outcome }) => kind === "void" && ["pending", "done"].includes(outcome));
  if (found?.outcome === "pending") await raiseOperation(tx, found.operationId, amountMinor);
  return found === undefined ? undefined : { ...found, amountMinor };
}

/** One after the other: what is moved on must have come first. */
async function moveEach(
  tx: Queries,
  {
    payment,
    moves,
    nowMs,
  }: { readonly payment: Payment; readonly moves: readonly Move[]; readonly nowMs: number },
): Promise<Told> {
  let now = payment;
  for (const move of moves) {
    if (move.amountMinor > 0) now = (await movePayments(tx, [move], nowMs))[0] ?? now;
  }
  return { payment: now, facts: moves.flatMap((move) => moveFact(now, move)) };
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

/** What could not be taken is not kept from the buyer either: the provider is asked to let go of it. */
async function letGoOf(tx: Queries, { paymentId }: Operation, nowMs: number): Promise<void> {
  const letGo = { operationId: uuid7(nowMs), paymentId, kind: "void", amountMinor: 0, token: null } as const;
  await insertOperations(tx, [{ ...letGo, outcome: "pending" }], nowMs);
}

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
  if (operation.kind === "capture") await letGoOf(tx, operation, nowMs);
  moves.push(moveOf(operation, back));
  const told = await moveEach(tx, { payment, moves, nowMs });
  if (reason === undefined) return told;
  return { ...told, payment: await notePayment(tx, payment.paymentId, { details: { reason } }) };
}
