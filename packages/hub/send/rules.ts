import { type Chance, dayMs, hourMs, limits, minuteMs, secondMs } from "@trato/base";

/** How long after each attempt the next one is made: Standard Webhooks 1.0.0, "Deliverability and reliability". */
export const retryAfterMs: readonly number[] = [
  5 * secondMs,
  5 * minuteMs,
  30 * minuteMs,
  2 * hourMs,
  5 * hourMs,
  10 * hourMs,
  14 * hourMs,
  20 * hourMs,
  24 * hourMs,
];

/** What came of one attempt. */
export type Outcome = {
  readonly outcome: "arrived" | "refused" | "gone" | "late" | "unreachable" | "address_refused";
  readonly status: number | null;
  readonly retryAfterMs: number;
  readonly answer: string;
  readonly tookMs: number;
};

export function outcomeOf(status: number): Outcome["outcome"] {
  if (status >= 200 && status < 300) return "arrived";
  return status === 410 ? "gone" : "refused";
}

export type Next =
  | { readonly state: "delivered" | "failed" }
  | { readonly state: "waiting"; readonly dueMs: number };

/**
 * What becomes of a delivery after its `tries`th attempt of a round. Up to a fifth is added by chance, never taken off,
 * so that a delivery is tried for at least 75 hours; a receiver that asks for more time gets it, up to a day.
 */
export function nextOf(
  tries: number,
  { outcome, retryAfterMs: asked }: Outcome,
  nowMs: number,
  draw: Chance,
): Next {
  if (outcome === "arrived") return { state: "delivered" };
  const scheduled = retryAfterMs[tries - 1];
  if (scheduled === undefined || outcome === "gone") return { state: "failed" };
  const waitMs = Math.max(Math.round(scheduled * (1 + draw() / 5)), Math.min(asked, dayMs));
  return { state: "waiting", dueMs: nowMs + waitMs };
}

/** Why a webhook is switched off, if it is: it said so, or nothing has arrived for too long. */
export function disables(outcome: Outcome["outcome"], failingSinceMs: number, nowMs: number) {
  if (outcome === "gone") return "gone";
  if (outcome !== "arrived" && nowMs - failingSinceMs >= limits.sendFailingMsMax) return "failing";
  return undefined;
}

/** `Retry-After` as seconds or as a date (RFC 9110, 10.2.3); 0 when there is none that can be read. */
export function readRetryAfter(header: string | undefined, nowMs: number): number {
  if (header === undefined) return 0;
  const text = header.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text) * secondMs;
  const waitMs = text.endsWith("GMT") ? Date.parse(text) - nowMs : 0;
  return Number.isFinite(waitMs) ? Math.max(0, waitMs) : 0;
}
