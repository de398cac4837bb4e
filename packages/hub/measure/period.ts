import { dayMs } from "@trato/base";
import { refuse } from "@trato/contract";
import type { Span } from "./needs.ts";

const usualMs = 30 * dayMs;

/** Without `untilMs` up to now, without `fromMs` the 30 days before that; null when the period has no length. */
export function periodOf(query: {
  readonly fromMs?: number | undefined;
  readonly untilMs?: number | undefined;
  readonly nowMs: number;
}): Span | null {
  const untilMs = query.untilMs ?? query.nowMs;
  const fromMs = query.fromMs ?? untilMs - usualMs;
  // Written so that a day that is none, such as 30 February, is refused too.
  return fromMs < untilMs ? { fromMs, untilMs } : null;
}

export const wrongPeriod = (detail: string) =>
  refuse("request_invalid", { errors: [{ pointer: "/query/from", detail }] });
