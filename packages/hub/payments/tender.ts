import type { Currency } from "@trato/base";
import type { Result, Tender, tenderProblems } from "@trato/contract";
import type { Queries } from "../platform/index.ts";
import type { Details, Payment } from "./payment.ts";

export type TenderProblem = (typeof tenderProblems)[number];
export type TenderOf<Kind extends Tender["kind"]> = Extract<Tender, { readonly kind: Kind }>;

/** A tender of an order that is being paid, and the id that its payment will have. */
export type Want<Kind extends Tender["kind"] = Tender["kind"]> = {
  readonly paymentId: string;
  readonly orderId: string | null;
  readonly currency: Currency;
  readonly tender: TenderOf<Kind>;
  readonly commandId: string;
};

/** What a tender comes to: a payment to be written as taken, or one that was opened before. */
export type Taken =
  | {
      readonly is: "new";
      readonly method: string;
      readonly provider: string;
      readonly reference: string | null;
      readonly amountMinor: number;
      readonly details: Details;
    }
  | { readonly is: "opened"; readonly payment: Payment; readonly amountMinor: number };

/**
 * Where tenders of one kind are taken for many orders in one transaction. What they draw on is locked when the desk is
 * opened, so that each can be told yes or no by itself, and all are written at once when it closes.
 */
export type Desk<Kind extends Tender["kind"] = Tender["kind"]> = {
  take(want: Want<Kind>): Result<Taken, TenderProblem>;
  /** The order came to nothing: what it took here is there again. */
  undo(want: Want<Kind>): void;
  close(tx: Queries, nowMs: number): Promise<void>;
};

export type GiveBack = {
  readonly payment: Payment;
  readonly amountMinor: number;
  readonly commandId: string;
  readonly movementId: string;
};

/** A way to pay. Cash, gift cards and references are ways; so will be points and the credit line, of their own rooms. */
export type TenderKind<Kind extends Tender["kind"] = Tender["kind"]> = {
  readonly kind: Kind;
  /** Locks what these tenders draw on, in the order of its keys. */
  open(tx: Queries, wants: readonly Want<Kind>[], nowMs: number): Promise<Desk<Kind>>;
  /** Gives money back to what it was drawn on; left out where nothing but the payment's own books knows of it. */
  giveBack?(tx: Queries, backs: readonly GiveBack[], nowMs: number): Promise<void>;
};

/** A desk for tenders that draw on nothing: each is judged by what it says. */
export function plainDesk<Kind extends Tender["kind"]>(
  take: (want: Want<Kind>) => Result<Taken, TenderProblem>,
): Desk<Kind> {
  return { take, undo: () => undefined, close: async () => undefined };
}
