/** A refusal of the hub (RFC 9457), or the network's: then the status is 0 and the code `unreachable`. */
export type Refused = {
  readonly ok: false;
  readonly status: number;
  /** From the closed list of problems; `unreachable` when there was no answer. */
  readonly code: string;
  readonly title: string;
  readonly detail?: string;
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
};

/** What a call gives: the value, or why not. An expected refusal never throws. */
export type Answer<Value> = { readonly ok: true; readonly value: Value } | Refused;

export const unreachable = (cause: unknown): Refused => ({
  ok: false,
  status: 0,
  code: "unreachable",
  title: cause instanceof Error ? cause.message : String(cause),
});

/** Whether the same request may succeed later: no answer, too many requests, or the hub is away. */
export const mayTryAgain = ({ status, code }: Refused): boolean =>
  status === 0 || status === 408 || status === 429 || status >= 500 || code === "idempotency_running";
