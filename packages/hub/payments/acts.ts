import { uuid7 } from "@trato/base";
import { ok, type Result, refuse } from "@trato/contract";
import { hasCard } from "../events/index.ts";
import type { Queries } from "../platform/index.ts";
import { insertOperations, type OperationKind, readOperations } from "./operation-store.ts";
import type { Move, Payment } from "./payment.ts";
import { lockPayments, movePayments, notePayment } from "./payment-store.ts";
import { giveBack, type RefundNeeds } from "./refund.ts";
import { beingAsked, leftWords, stateWords } from "./says.ts";
import { type Fact, moveFact, paymentFact, tell } from "./tell.ts";

/** What is done with one payment, in the caller's transaction; answers with the operation that carries it out. */
export type Act = { readonly tx: Queries; readonly paymentId: string; readonly nowMs: number };
export type Begun<Code extends string = never> = Promise<
  Result<
    { readonly operationId: string },
    Extract<Code | "payment_unknown" | "payment_state", Parameters<typeof refuse>[0]>
  >
>;

const stateOf = ({ state }: Payment) => refuse("payment_state", { detail: stateWords(state) });

async function lockOne({ tx, paymentId }: Act): Promise<Payment | undefined> {
  return (await lockPayments(tx, [paymentId]))[0];
}

/** Asks the provider to set the money aside. A payment that was declined may be tried with another token. */
export async function beginAuthorise(needs: RefundNeeds, act: Act, token: string): Begun<"card_number_sent"> {
  if (hasCard(token)) return refuse("card_number_sent");
  const payment = await lockOne(act);
  if (payment === undefined) return refuse("payment_unknown");
  if (!needs.providers.has(payment.provider) || !["created", "declined"].includes(payment.state))
    return stateOf(payment);
  if (await isAsked(act)) return refuse("payment_state", { detail: beingAsked });
  return ok(await ask(needs, act, { payment, kind: "authorise", amountMinor: payment.amountMinor, token }));
}

/** Takes what was set aside, or less; what is not taken is let go, as providers do. */
export async function beginCapture(
  needs: RefundNeeds,
  act: Act,
  wantedMinor: number | undefined,
): Begun<"capture_exceeds_authorised"> {
  const payment = await lockOne(act);
  if (payment === undefined) return refuse("payment_unknown");
  if (payment.state !== "authorised") return stateOf(payment);
  const amountMinor = wantedMinor ?? payment.authorisedMinor;
  if (amountMinor > payment.authorisedMinor)
    return refuse("capture_exceeds_authorised", {
      detail: {
        en: `${payment.authorisedMinor} are set aside.`,
        es: `Hay ${payment.authorisedMinor} autorizados.`,
      },
    });
  return ok(await ask(needs, act, { payment, kind: "capture", amountMinor }));
}

/** Lets go of a payment of which nothing was taken. */
export async function beginVoid(needs: RefundNeeds, act: Act): Begun {
  const payment = await lockOne(act);
  if (payment === undefined) return refuse("payment_unknown");
  if (!["created", "declined", "action_needed", "authorised"].includes(payment.state))
    return stateOf(payment);
  if (await isAsked(act)) return refuse("payment_state", { detail: beingAsked });
  return ok(await ask(needs, act, { payment, kind: "void", amountMinor: payment.authorisedMinor }));
}

/** Gives back what was taken, or a part, never more than is left of it. */
export async function beginRefund(
  needs: RefundNeeds,
  act: Act,
  wanted: { readonly amountMinor: number; readonly currency: string; readonly reason?: string },
): Begun<"card_number_sent" | "currency_mismatch" | "refund_exceeds_captured"> {
  const { tx, nowMs } = act;
  const { amountMinor, reason = "refund" } = wanted;
  if (hasCard(reason)) return refuse("card_number_sent");
  const payment = await lockOne(act);
  if (payment === undefined) return refuse("payment_unknown");
  if (payment.currency !== wanted.currency) return refuse("currency_mismatch");
  if (amountMinor > payment.capturedMinor)
    return refuse("refund_exceeds_captured", { detail: leftWords(payment.capturedMinor) });
  const share = { payment, amountMinor, commandId: uuid7(nowMs), reason };
  const { operationIds } = await giveBack(needs, tx, [share], nowMs);
  return ok({ operationId: operationIds[0]! });
}

/** True while a provider's answer about setting money aside is awaited. */
async function isAsked({ tx, paymentId }: Act): Promise<boolean> {
  const operations = await readOperations(tx, paymentId);
  return operations.some(({ kind, outcome }) => kind === "authorise" && outcome === "pending");
}

type Wanted = {
  readonly payment: Payment;
  readonly kind: Exclude<OperationKind, "refund">;
  readonly amountMinor: number;
  readonly token?: string;
};

/** Moves what the books can move at once, and writes what the provider is to be asked. */
async function ask(
  { record, providers }: RefundNeeds,
  { tx, nowMs }: Act,
  { payment, kind, amountMinor, token = "" }: Wanted,
): Promise<{ operationId: string }> {
  const operationId = uuid7(nowMs);
  const { paymentId } = payment;
  const moves = movesOf(payment, { kind, amountMinor, operationId, nowMs });
  let now = (await movePayments(tx, moves, nowMs))[0] ?? payment;
  const facts: Fact[] = moves.flatMap((move) => moveFact(now, move));
  if (kind === "void" && moves.length === 0) {
    now = await notePayment(tx, paymentId, { outcome: "voided" });
    facts.push(paymentFact(now, { id: operationId, type: "payment.voided" }));
  }
  const isAskedFor = kind !== "void" || payment.reference !== null;
  const outcome = isAskedFor && providers.has(payment.provider) ? "pending" : "done";
  const row = { operationId, paymentId, kind, amountMinor, token: token === "" ? null : token, outcome };
  await insertOperations(tx, [row as typeof row & { outcome: "pending" | "done" }], nowMs);
  await tell(tx, record, { facts, payments: [now], nowMs });
  return { operationId };
}

function movesOf(
  { paymentId, authorisedMinor }: Payment,
  asked: {
    readonly kind: Wanted["kind"];
    readonly amountMinor: number;
    readonly operationId: string;
    readonly nowMs: number;
  },
): Move[] {
  const { kind, operationId: commandId, nowMs } = asked;
  if (kind === "authorise") return [];
  const takenMinor = kind === "capture" ? asked.amountMinor : 0;
  const ways = [
    { to: "captured" as const, amountMinor: takenMinor, reason: "capture" },
    { to: "released" as const, amountMinor: authorisedMinor - takenMinor, reason: kind },
  ];
  return ways
    .filter(({ amountMinor }) => amountMinor > 0)
    .map((way) => ({ movementId: uuid7(nowMs), paymentId, from: "authorised", commandId, ...way }));
}
