import type { Currency } from "@trato/base";
import type { PaymentAnswer, PaymentState } from "@trato/contract";

/** Where the money of a payment can be; `outside` is the buyer's. */
export const buckets = ["outside", "authorised", "captured", "refunded", "released"] as const;
export type Bucket = (typeof buckets)[number];

/** What is known of how a payment was made; never a card number. */
export type Details = PaymentAnswer["details"];

export type Payment = {
  readonly paymentId: string;
  readonly orderId: string | null;
  readonly method: string;
  readonly provider: string;
  readonly reference: string | null;
  readonly currency: Currency;
  readonly state: PaymentState;
  readonly amountMinor: number;
  readonly authorisedMinor: number;
  readonly capturedMinor: number;
  readonly refundedMinor: number;
  readonly releasedMinor: number;
  readonly details: Details;
  readonly openedMs: number;
};

/** Money of one payment that goes from one bucket to another. `commandId` makes it happen once. */
export type Move = {
  readonly movementId: string;
  readonly paymentId: string;
  readonly from: Bucket;
  readonly to: Bucket;
  readonly amountMinor: number;
  readonly reason: string;
  readonly commandId: string;
};

export const paymentAnswer = ({ openedMs, ...payment }: Payment): PaymentAnswer => ({
  ...payment,
  openedAt: new Date(openedMs).toISOString(),
});

/**
 * In which order money goes back: first where it leaves a trace, cash last, so that a stolen card or gift card is not
 * turned into banknotes.
 */
const givenBackLast: readonly string[] = ["cash"];
const byTrace = (a: Payment, b: Payment): number =>
  givenBackLast.indexOf(a.method) - givenBackLast.indexOf(b.method) || (a.paymentId < b.paymentId ? -1 : 1);

export type RefundPart = { readonly payment: Payment; readonly amountMinor: number };

/** Spreads a refund over an order's payments, none above what is left of it; undefined when all together have less. */
export function spreadRefund(payments: readonly Payment[], amountMinor: number): RefundPart[] | undefined {
  const parts: RefundPart[] = [];
  let left = amountMinor;
  for (const payment of [...payments].sort(byTrace)) {
    const part = Math.min(left, payment.capturedMinor);
    if (part === 0) continue;
    parts.push({ payment, amountMinor: part });
    left -= part;
  }
  return left === 0 ? parts : undefined;
}

/** Splits work so that nobody is in one round twice: a statement changes a row once. */
export function roundsOf<T>(all: readonly T[], keyOf: (one: T) => string): T[][] {
  const rounds: T[][] = [];
  const seen = new Map<string, number>();
  for (const one of all) {
    const key = keyOf(one);
    const nth = seen.get(key) ?? 0;
    seen.set(key, nth + 1);
    const round = rounds[nth];
    if (round === undefined) rounds.push([one]);
    else round.push(one);
  }
  return rounds;
}
