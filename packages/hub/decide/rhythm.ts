import { dayMs } from "@trato/base";
import type { Bought } from "./needs.ts";

/** The days that usually lie between a person's purchases of an item; undefined until there were two. */
export function usualGapDays(bought: Bought): number | undefined {
  return bought.count < 2 ? undefined : Math.exp(bought.sumLogDays / (bought.count - 1));
}

/**
 * The `most` items that are closest to due, by the person's own gaps alone. Asking the model takes microseconds an
 * item and a household buys hundreds: this cheap look decides which are worth asking about.
 */
export function aboutDue(
  bought: Readonly<Record<string, Bought>>,
  nowMs: number,
  most: number,
): readonly string[] {
  const best: { sku: string; due: number }[] = [];
  for (const sku in bought) {
    const due = dueness(bought[sku]!, nowMs);
    if (due <= 0 || (best.length >= most && !comesBefore(sku, due, best[most - 1]!))) continue;
    let at = best.length < most ? best.length : most - 1;
    while (at > 0 && comesBefore(sku, due, best[at - 1]!)) {
      best[at] = best[at - 1]!;
      at -= 1;
    }
    best[at] = { sku, due };
  }
  return best.map((one) => one.sku);
}

function comesBefore(sku: string, due: number, other: { sku: string; due: number }): boolean {
  return due > other.due || (due === other.due && sku < other.sku);
}

/** High when the gap is about over and the habit is old; falls off when the person has let it pass. */
function dueness(bought: Bought, nowMs: number): number {
  const days = (nowMs - bought.lastMs) / dayMs;
  const gap = usualGapDays(bought);
  if (gap === undefined) return days >= 3 ? 1 / (1 + days / 30) : 0;
  const part = days / Math.max(1, gap);
  const habit = Math.min(bought.count, 6);
  return part < 1 ? habit * part * part : habit / part;
}
