import type { PersonId } from "@trato/base";
import type { JsonObject } from "@trato/contract";
import { announce, type Change, type Queries } from "../platform/index.ts";
import type { Move, Payment } from "./payment.ts";

/** A fact about a payment, for the log of events; its id makes it told once. */
export type Fact = { readonly id: string; readonly type: string; readonly data: JsonObject };

/** To whom payments are told; handed in by `rooms.ts`. */
export type Record = {
  /** Writes facts into the log of events, in the transaction that makes them. */
  facts(tx: Queries, facts: readonly Fact[], nowMs: number): Promise<void>;
  /** Where orders are, and whose; those that are not there yet are missing. */
  whereOf(tx: Queries, orderIds: readonly string[]): Promise<WhereOf>;
};

/** What a movement means, by where money comes from and goes to. */
const typeOf: Readonly<{ [route: string]: string }> = {
  "outside authorised": "payment.authorized",
  "outside captured": "payment.captured",
  "authorised captured": "payment.captured",
  "authorised released": "payment.voided",
  "captured refunded": "payment.refunded",
  "captured released": "payment.capture_failed",
  "refunded captured": "payment.refund_failed",
};

function dataOf(payment: Payment, amountMinor: number): JsonObject {
  const { paymentId, orderId, currency, method, details } = payment;
  const { brand, last4, authCode } = details;
  return {
    ...{ paymentId, currency, amountMinor, method },
    ...(orderId === null ? {} : { orderId }),
    ...(brand === undefined ? {} : { brand }),
    ...(last4 === undefined ? {} : { last4 }),
    ...(authCode === undefined ? {} : { authCode }),
  };
}

/** The fact that money moved, told under the movement's own id; none for what only takes back an intention. */
export function moveFact(
  payment: Payment,
  move: Pick<Move, "movementId" | "from" | "to" | "amountMinor">,
): Fact[] {
  const type = typeOf[`${move.from} ${move.to}`];
  if (type === undefined) return [];
  const more = move.to === "refunded" ? { refundId: move.movementId } : {};
  return [{ id: move.movementId, type, data: { ...dataOf(payment, move.amountMinor), ...more } }];
}

/** A fact about a payment of which no money moved. */
export const paymentFact = (
  payment: Payment,
  told: { readonly id: string; readonly type: string; readonly reason?: string },
): Fact => ({
  id: told.id,
  type: told.type,
  data: {
    ...dataOf(payment, payment.amountMinor),
    ...(told.reason === undefined ? {} : { reason: told.reason }),
  },
});

/** A gift card that paid, as its own fact beside the payment's. */
export function giftFacts(payment: Payment, movementId: string): Fact[] {
  const { giftCardId } = payment.details;
  if (giftCardId === undefined) return [];
  const { currency, amountMinor, orderId } = payment;
  const data = { giftCardId, currency, amountMinor, ...(orderId === null ? {} : { orderId }) };
  return [{ id: `${movementId}/gift`, type: "giftcard.redeemed", data }];
}

/** Where an order is, and whose: who follows either hears of its payments. */
export type WhereOf = ReadonlyMap<
  string,
  { readonly place: string | null; readonly personId: PersonId | null }
>;

async function whereOf(tx: Queries, record: Record, payments: readonly Payment[]): Promise<WhereOf> {
  const orderIds = [...new Set(payments.flatMap(({ orderId }) => orderId ?? []))];
  return orderIds.length === 0 ? new Map() : record.whereOf(tx, orderIds);
}

const changeOf = (payment: Payment, whereOf: WhereOf): Change => {
  const { place = null, personId = null } = whereOf.get(payment.orderId ?? "") ?? {};
  const { paymentId, orderId, method, currency, state } = payment;
  const { amountMinor, authorisedMinor, capturedMinor, refundedMinor } = payment;
  return {
    ...{ topic: "payment.changed", key: paymentId, place, personId },
    data: {
      ...{ paymentId, orderId, method, currency, state },
      ...{ amountMinor, authorisedMinor, capturedMinor, refundedMinor },
    },
  };
};

/** Tells of payments: facts into the log, changes to subscribers; both in the transaction that makes them. */
export async function tell(
  tx: Queries,
  record: Record,
  told: {
    readonly facts: readonly Fact[];
    readonly payments: readonly Payment[];
    readonly nowMs: number;
    /** Of orders that are only being written; others are looked up. */
    readonly whereOf?: WhereOf;
  },
): Promise<void> {
  if (told.facts.length > 0) await record.facts(tx, told.facts, told.nowMs);
  const where = told.whereOf ?? (await whereOf(tx, record, told.payments));
  const changes = told.payments.map((payment) => changeOf(payment, where));
  await announce(tx, changes, told.nowMs);
}
