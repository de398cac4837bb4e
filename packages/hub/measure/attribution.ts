import { dayMs } from "@trato/base";
import { bySequence, type Exposure, type Facts, type Outcome } from "./facts.ts";
import type { Span } from "./needs.ts";
import { type SettledOrder, settleOrders } from "./orders.ts";

/** An item that is bought so long after it was seen was bought for another reason. */
export const attributionMs = 7 * dayMs;

/** Outcomes by which a decision reached its end; a click is on the way there. */
const converting: ReadonlySet<string> = new Set(["accepted", "bought", "used"]);

/** What came of one person in a span. Money in minor units, by the currencies in which something happened. */
export type Came = {
  readonly exposures: number;
  readonly clicks: number;
  readonly conversions: number;
  readonly money: ReadonlyMap<string, { readonly orders: number; readonly revenueMinor: number }>;
};

/**
 * What came of one person within the span, from all that is known of them. Exposures, outcomes and orders count when
 * they lie in the span; returns and cancellations count against their order whenever they happened. The facts may come
 * in any sequence and more than once. Cost: sorts them.
 */
export function whatCame(facts: Facts, span: Span): Came {
  const within = ({ timeMs }: { readonly timeMs: number }) => timeMs >= span.fromMs && timeMs < span.untilMs;
  const exposures = facts.exposures.filter(within).sort(bySequence);
  const outcomes = facts.outcomes.filter(within);
  const { orders, looseReturns } = settleOrders(facts.orders);
  const bought = orders.filter(within).sort((a, b) => a.timeMs - b.timeMs);
  const money = new Map<string, { orders: number; revenueMinor: number }>();
  const add = (currency: string | null, count: number, minor: number) => {
    if (currency === null) return;
    const sum = money.get(currency) ?? { orders: 0, revenueMinor: 0 };
    money.set(currency, { orders: sum.orders + count, revenueMinor: sum.revenueMinor + minor });
  };
  for (const { currency, leftMinor } of bought) add(currency, 1, leftMinor);
  for (const { currency, minor } of looseReturns.filter(within)) add(currency, 0, -minor);
  return {
    exposures: new Set(exposures.map(slotOf)).size,
    clicks: new Set(outcomes.filter((one) => one.outcome === "clicked").map(slotOf)).size,
    conversions: countConversions(exposures, bought, outcomes),
    money,
  };
}

/** Whether one decision was clicked, and whether it led to buying; both however many times. The rest as `whatCame`. */
export function cameOfDecision({ exposures, outcomes, orders }: Facts): {
  readonly clicked: boolean;
  readonly bought: boolean;
} {
  const settled = settleOrders(orders).orders;
  const led = ({ sku, timeMs }: Exposure) =>
    settled.some(
      (order) =>
        sku !== null &&
        order.skus.includes(sku) &&
        order.timeMs >= timeMs &&
        order.timeMs <= timeMs + attributionMs,
    );
  const bought = outcomes.some(({ outcome }) => converting.has(outcome)) || exposures.some(led);
  return { bought, clicked: outcomes.some(({ outcome }) => outcome === "clicked") };
}

/** One slot of one decision: what an exposure and its outcome have in common. */
const slotOf = ({ decisionId, key }: { readonly decisionId: string; readonly key: string | null }) =>
  `${decisionId}\n${key ?? ""}`;

/**
 * Each line of an order converts once: the newest exposure of its item, at most seven days before, has the credit. An
 * outcome counts when it says more than the orders do: not for a slot that has the credit of a line already. One that
 * names no slot stands for the whole decision.
 */
function countConversions(
  exposures: readonly Exposure[],
  orders: readonly SettledOrder[],
  outcomes: readonly Outcome[],
): number {
  const credited = creditLines(exposures, orders);
  let count = credited.length;
  const slots = new Set(credited.map(slotOf));
  const decisions = new Set(credited.map((one) => one.decisionId));
  const said = outcomes.filter((one) => converting.has(one.outcome));
  const [named, whole] = [said.filter((one) => one.key !== null), said.filter((one) => one.key === null)];
  for (const one of [...named, ...whole]) {
    if (one.key === null ? decisions.has(one.decisionId) : slots.has(slotOf(one))) continue;
    count += 1;
    slots.add(slotOf(one));
    decisions.add(one.decisionId);
  }
  return count;
}

/** The exposure that has the credit, for each line that converts. Both lists are sorted by time. */
function creditLines(exposures: readonly Exposure[], orders: readonly SettledOrder[]): Exposure[] {
  const newest = new Map<string, Exposure>();
  const credited: Exposure[] = [];
  let at = 0;
  for (const order of orders) {
    for (; at < exposures.length && exposures[at]!.timeMs <= order.timeMs; at++) {
      const exposure = exposures[at]!;
      if (exposure.sku !== null) newest.set(exposure.sku, exposure);
    }
    for (const sku of order.skus) {
      const exposure = newest.get(sku);
      if (exposure !== undefined && exposure.timeMs >= order.timeMs - attributionMs) credited.push(exposure);
    }
  }
  return credited;
}
