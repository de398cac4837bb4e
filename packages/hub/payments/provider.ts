import type { Currency } from "@trato/base";
import type { Result } from "@trato/contract";

/**
 * Who moves money that is not in our till. A provider is asked outside of any transaction. `key` names what is asked,
 * for ever: asked twice with one key, a provider acts once and answers the same. That is what makes a lost answer and a
 * crash harmless.
 */
export type Provider = {
  readonly name: string;
  /** Whether the provider takes this amount at all, judged without asking it. */
  takes(money: Money): boolean;
  authorise(asked: Asked & { readonly token: string }): Promise<Answered>;
  capture(asked: Asked & Named): Promise<Answered>;
  release(asked: Asked & Named): Promise<Answered>;
  refund(asked: Asked & Named): Promise<Answered>;
  /** What became of an authorisation for which the buyer had to do something; asks, and changes nothing. */
  look(named: Named): Promise<Answered>;
  /** Reads what the provider sends by itself; nothing in it counts before its signature was checked. */
  readNotice(given: {
    readonly bytes: Buffer;
    readonly signature: string;
    readonly nowMs: number;
  }): Result<Notice | null, "signature_invalid">;
};

export type Money = { readonly currency: Currency; readonly amountMinor: number };
export type Asked = Money & { readonly key: string; readonly paymentId: string };
/** The provider's own name of the payment. */
export type Named = { readonly reference: string };

/** What a provider answered. `unknown` is no answer: the same is asked again, with the same key. */
export type Answered =
  | ({ readonly is: "done" } & Told)
  | ({ readonly is: "declined"; readonly reason: string } & Told)
  | ({ readonly is: "action_needed"; readonly clientSecret: string } & Told)
  | { readonly is: "failed"; readonly reason: string }
  | { readonly is: "unknown"; readonly reason: string };

type Told = {
  readonly reference?: string;
  readonly brand?: string;
  readonly last4?: string;
  readonly authCode?: string;
};

/** What a provider tells by itself. It may come late, twice, and before the answer to what was asked. */
export type Notice = {
  readonly id: string;
  readonly paymentId: string | null;
  readonly reference: string;
  readonly what: "authorised" | "declined" | "captured" | "released" | "refund_failed" | "disputed";
  readonly reason?: string;
  /** How much of it was taken, when it was. */
  readonly takenMinor?: number;
  /** The operation it is about, when the provider keeps our key with it. */
  readonly operationId?: string;
};
