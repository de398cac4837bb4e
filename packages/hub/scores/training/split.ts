import { dayMs } from "@trato/base";

/** The last 30 days are kept aside to measure with, or the last fifth when the log is short. */
export function splitOf({ fromMs, untilMs }: { readonly fromMs: number; readonly untilMs: number }): number {
  return Math.floor(untilMs - Math.min(30 * dayMs, (untilMs - fromMs) / 5));
}
