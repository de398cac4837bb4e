import { dayMs } from "@trato/base";
import type { Basis } from "@trato/contract";
import { between, happens } from "../draw.ts";
import { findGood } from "../goods/shelf.ts";
import { type CartLine, usedUpMs } from "../homes/life.ts";
import { browse, expose } from "./browse.ts";
import { fillCart, leaveCart } from "./cart.ts";
import { effect, type NeedOutcome } from "./effect.ts";
import { pay } from "./pay.ts";
import type { WireEvent } from "./scribe.ts";
import type { Shown } from "./shown.ts";
import type { Visit, Wanted } from "./visit.ts";

/** What a visit came to. */
export type Ended = {
  readonly visit: Visit;
  readonly events: readonly WireEvent[];
  readonly bought: readonly CartLine[];
  readonly totalMinor: number;
  /** What was left in the cart; empty unless they walked away from one. */
  readonly left: readonly CartLine[];
  readonly clicked: readonly Shown[];
  readonly outcomes: readonly NeedOutcome[];
};

export const notAsked: { readonly basis: "unasked"; readonly seen: readonly Shown[] } = {
  basis: "unasked",
  seen: [],
};

/**
 * Ends a visit, given what the person was shown and looked at: writes the rest of its events and changes the life by
 * what was bought. `seen` are the things on the page; what a message reminded them of counts as shown too.
 */
export function endVisit(
  visit: Visit,
  { basis, seen }: { readonly basis: Basis | "unasked"; readonly seen: readonly Shown[] },
): Ended {
  const { life, scribe } = visit;
  expose(scribe, seen);
  const clicked = browse(visit, seen);
  life.reminders = life.reminders.filter((one) => one.untilMs > visit.startMs);
  const shown = [...seen, ...life.reminders.map((one) => one.shown)];
  const choices = visit.wanted.map((one) => choose(one, shown));
  const basket = [...choices.flatMap((one) => one.line ?? []), ...visit.treats, ...whims(visit, seen)];

  const { order, left } = settle(visit, basket, shown);
  const bought = order?.lines ?? [];
  renew(visit, bought);
  const outcomes = visit.leavesCart ? [] : choices.map((one) => ({ ...one.outcome, basis }));
  const totalMinor = order?.totalMinor ?? 0;
  return { visit, events: scribe.take(), bought, totalMinor, left, clicked, outcomes };
}

function settle(visit: Visit, basket: readonly CartLine[], shown: readonly Shown[]) {
  if (visit.channel === "pos") return { order: pay(visit, basket, shown), left: [] };
  const lines = fillCart(visit, basket);
  if (lines.length === 0 || (basket.length === 0 && visit.intent === "look"))
    return { order: null, left: [] };
  if (visit.leavesCart) return { order: null, left: leaveCart(visit, lines) };
  return { order: pay(visit, lines, shown), left: [] };
}

/** Who buys only because it was shown takes what was shown; others take their usual. */
function choose(wanted: Wanted, shown: readonly Shown[]) {
  const skus = shown.flatMap(({ sku }) => (sku !== undefined && meets(wanted, sku) ? [sku] : []));
  const wasShown = skus.length > 0;
  const { wouldBuyUnshown, wouldBuyShown, addedChance } = wanted;
  const buys = wasShown ? wouldBuyShown : wouldBuyUnshown;
  const sku = wouldBuyUnshown || skus.includes(wanted.sku) ? wanted.sku : skus[0];
  return {
    line: buys ? { sku: sku ?? wanted.sku, quantity: wanted.need.quantity } : undefined,
    outcome: { wasShown, wouldBuyUnshown, wouldBuyShown, addedChance },
  };
}

const meets = ({ need }: Wanted, sku: string): boolean => findGood(sku)?.need === need.name;

/** Now and then somebody takes what they do not need, because it was there; an appliance only if they dream of it. */
function whims({ draw, life, wanted }: Visit, seen: readonly Shown[]): CartLine[] {
  const lines: CartLine[] = [];
  for (const { sku, offerId } of seen) {
    const good = sku === undefined ? undefined : findGood(sku);
    if (good === undefined || wanted.some((one) => one.need.name === good.need)) continue;
    const lured = offerId === undefined ? 1 : 1 + life.household.priceSense;
    const isDream = good.sku === life.dream;
    if (good.lifeDays !== undefined && !isDream) continue;
    if (happens(draw, effect.whim * lured)) lines.push({ sku: good.sku, quantity: 1 });
    if (isDream && lines.at(-1)?.sku === good.sku) life.dream = null;
  }
  return lines;
}

/** What was bought lasts a while; what was overdue and not bought here was bought elsewhere. */
function renew(visit: Visit, bought: readonly CartLine[]): void {
  const { life, draw, startMs } = visit;
  const met = new Set(bought.map((line) => findGood(line.sku)?.need));
  for (const [place, need] of life.household.needs.entries()) {
    if (met.has(need.name)) life.dueMs[place] = usedUpMs(draw, need, startMs);
  }
  if (visit.leavesCart) {
    const backMs = startMs + between(draw, 0.3, 1.5) * dayMs;
    if (happens(draw, 0.6)) life.nextShopMs = Math.min(life.nextShopMs, Math.floor(backMs));
    return;
  }
  if (visit.intent === "look") return;
  for (const { place, need, isOverdue } of visit.wanted) {
    if (isOverdue && !met.has(need.name)) life.dueMs[place] = usedUpMs(draw, need, startMs);
  }
}
