import { scale } from "@trato/base";
import type { PromotionRule } from "./promotion.ts";

const millionth = 1_000_000;

/** A line at its price, and the rules that are for it: those of a line, and those over several lines. */
export type OpenLine = {
  readonly quantity: number;
  readonly perQuantity: number;
  /** What the line costs without promotions. */
  readonly grossMinor: number;
  readonly own: readonly PromotionRule[];
  readonly shared: readonly PromotionRule[];
};

export type Discount = { readonly promotionId: string; readonly amountMinor: number };

/** A line under promotions: what it still costs, and what each took off. */
export type Discounted = { amountMinor: number; readonly discounts: Discount[] };

/** Of promotions on a line, fixed prices come first, then shares, then amounts: so the shopper pays least. */
const ownOrder = ["price", "percent", "amount"];

/** True for a rule that looks at one line alone. */
export const isOwn = ({ effect }: PromotionRule): boolean => ownOrder.includes(effect.kind);

const orderOf = ({ effect }: PromotionRule): number => ownOrder.indexOf(effect.kind);

/** What a rule takes off a line that costs `amountMinor`; never more than that, and never less than nothing. */
function ownOff(rule: PromotionRule, line: OpenLine, amountMinor: number): number {
  const { effect } = rule;
  const each = { times: line.quantity, per: line.perQuantity };
  if (effect.kind === "percent") return scale(amountMinor, { times: effect.ratePpm, per: millionth });
  if (effect.kind === "amount") return Math.min(amountMinor, scale(effect.amountMinor, each));
  if (effect.kind === "price") return Math.max(0, amountMinor - scale(effect.priceMinor, each));
  return 0;
}

/** Takes `amountMinor` off a line and says by what; nothing off says nothing. */
export function takeOff(line: Discounted, rule: PromotionRule, amountMinor: number): void {
  if (amountMinor === 0) return;
  line.amountMinor -= amountMinor;
  line.discounts.push({ promotionId: rule.id, amountMinor });
}

/** The line under all of its own rules that stack, one after the other. */
export function stacked(line: OpenLine): Discounted {
  const out: Discounted = { amountMinor: line.grossMinor, discounts: [] };
  const rules = line.own.filter(({ alone }) => !alone).sort((a, b) => orderOf(a) - orderOf(b));
  for (const rule of rules) takeOff(out, rule, ownOff(rule, line, out.amountMinor));
  return out;
}

/** The line under what costs the shopper least: all that stack, or one that stands alone. Ties go to the first. */
export function cheapest(line: OpenLine): Discounted {
  let best = stacked(line);
  for (const rule of line.own) {
    if (!rule.alone) continue;
    const off = ownOff(rule, line, line.grossMinor);
    if (line.grossMinor - off >= best.amountMinor) continue;
    best = { amountMinor: line.grossMinor, discounts: [] };
    takeOff(best, rule, off);
  }
  return best;
}

/** The line without any promotion of its own. */
export const undiscounted = (line: OpenLine): Discounted => ({
  amountMinor: line.grossMinor,
  discounts: [],
});
