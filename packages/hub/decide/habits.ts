import { dayMs } from "@trato/base";
import { keepBest } from "./best.ts";
import type { Bought } from "./needs.ts";
import type { Policy } from "./policy.ts";

/** What a person's purchases say without asking a model. */
export type Habits = {
  /** Items that are closest to due, the closest first. */
  readonly aboutDue: readonly string[];
  /** Items bought so lately that they are left in peace. */
  readonly resting: ReadonlySet<string>;
};

export const noHabits: Habits = { aboutDue: [], resting: new Set() };

/** The days that usually lie between a person's purchases of an item; undefined until there were two. */
export function usualGapDays(bought: Bought): number | undefined {
  return bought.count < 2 ? undefined : Math.exp(bought.sumLogDays / (bought.count - 1));
}

/**
 * Reads habits from the person's own gaps, in one pass. Asking the model takes microseconds an item and a household
 * buys hundreds: this cheap look decides which few are worth asking about.
 */
export function readHabits(
  bought: ReadonlyMap<string, Bought>,
  nowMs: number,
  { gather, rhythm }: Policy,
): Habits {
  const resting = new Set<string>();
  const best: Due[] = [];
  for (const [sku, one] of bought) {
    const days = (nowMs - one.lastMs) / dayMs;
    const gap = usualGapDays(one);
    if (days < (gap === undefined ? rhythm.restDaysFirst : gap * rhythm.restShareOfGap)) resting.add(sku);
    else keepBest(best, { sku, due: dueness(one.count, days, gap) }, gather.rhythm, comesBefore);
  }
  return { aboutDue: best.map((one) => one.sku), resting };
}

type Due = { readonly sku: string; readonly due: number };

/** High when the gap is about over and the habit is old; falls off when the person has let it pass. */
function dueness(count: number, days: number, gap: number | undefined): number {
  if (gap === undefined) return 1 / (1 + days / 30);
  const part = days / Math.max(1, gap);
  const habit = Math.min(count, 6);
  return part < 1 ? habit * part * part : habit / part;
}

function comesBefore(one: Due, other: Due): boolean {
  return one.due > other.due || (one.due === other.due && one.sku < other.sku);
}
