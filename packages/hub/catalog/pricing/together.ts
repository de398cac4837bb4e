import { limits, scale, shareOut } from "@trato/base";
import { cheapest, type Discounted, type OpenLine, stacked, takeOff, undiscounted } from "./discount.ts";
import type { PromotionRule } from "./promotion.ts";

const millionth = 1_000_000;

/** A promotion over several lines, with the places of those lines. */
type Shared = { readonly rule: PromotionRule; readonly on: readonly number[] };

/** Of promotions over several lines, goods given come first, then shares of the cart, then amounts off it. */
const sharedOrder = ["buy_get", "cart_percent", "cart_amount"];
const orderOf = ({ rule }: Shared): number => sharedOrder.indexOf(rule.effect.kind);

/** The promotions over several lines whose minimum these lines reach, sorted as they are applied. */
function sharedOf(lines: readonly OpenLine[]): Shared[] {
  const found = new Map<PromotionRule, number[]>();
  for (const [at, line] of lines.entries()) {
    for (const rule of line.shared) {
      const on = found.get(rule);
      if (on === undefined) found.set(rule, [at]);
      else on.push(at);
    }
  }
  return [...found]
    .map(([rule, on]) => ({ rule, on }))
    .filter(({ rule: { minimum }, on }) => {
      if (minimum === undefined) return true;
      return on.reduce((sum, at) => sum + lines[at]!.grossMinor, 0) >= minimum.amountMinor;
    })
    .sort((a, b) => orderOf(a) - orderOf(b) || (a.rule.id < b.rule.id ? -1 : 1));
}

/** The lines under exactly these promotions over several lines, and the best of their own that go with them. */
function apply(lines: readonly OpenLine[], chosen: readonly Shared[]): Discounted[] {
  const ownerOf = new Map<number, Shared>();
  const joined = new Set<number>();
  for (const shared of chosen) {
    for (const at of shared.on) {
      if (!shared.rule.alone) joined.add(at);
      else if (!ownerOf.has(at)) ownerOf.set(at, shared);
    }
  }
  const out = lines.map((line, at) => {
    if (ownerOf.has(at)) return undiscounted(line);
    return joined.has(at) ? stacked(line) : cheapest(line);
  });
  for (const shared of chosen) {
    const mine = shared.on.filter((at) => ownerOf.get(at) === (shared.rule.alone ? shared : undefined));
    if (shared.rule.effect.kind === "buy_get") giveGoods(lines, out, { ...shared, on: mine });
    else takeOffCart(out, { ...shared, on: mine });
  }
  return out;
}

/**
 * Of every `buy + get` units, over all its lines together, the `get` cheapest cost less. Units are told apart by what
 * they cost at this point; weighed goods do not count.
 */
function giveGoods(lines: readonly OpenLine[], out: readonly Discounted[], { rule, on }: Shared): void {
  const { effect } = rule;
  if (effect.kind !== "buy_get") return;
  const counted = on
    .filter((at) => lines[at]!.perQuantity === 1)
    .map((at) => ({ line: out[at]!, quantity: lines[at]!.quantity }));
  const units = counted.reduce((sum, { quantity }) => sum + quantity, 0);
  let left = Math.floor(units / (effect.buy + effect.get)) * effect.get;
  counted.sort((a, b) => compareUnits(a.line.amountMinor, a.quantity, b.line.amountMinor, b.quantity));
  for (const { line, quantity } of counted) {
    if (left === 0) break;
    const given = Math.min(left, quantity);
    left -= given;
    const ratio = { times: given * effect.ratePpm, per: quantity * millionth };
    takeOff(line, rule, scale(line.amountMinor, ratio));
  }
}

/** Compares a/b with c/d exactly. */
function compareUnits(a: number, b: number, c: number, d: number): number {
  const left = BigInt(a) * BigInt(d);
  const right = BigInt(c) * BigInt(b);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** A share of, or an amount off, all its lines together; each line bears its part by the largest remainder. */
function takeOffCart(out: readonly Discounted[], { rule, on }: Shared): void {
  const { effect } = rule;
  const amounts = on.map((at) => out[at]!.amountMinor);
  const subtotal = amounts.reduce((sum, amount) => sum + amount, 0);
  let off = 0;
  if (effect.kind === "cart_percent") off = scale(subtotal, { times: effect.ratePpm, per: millionth });
  if (effect.kind === "cart_amount") off = Math.min(subtotal, effect.amountMinor);
  for (const [i, part] of shareOut(off, amounts).entries()) takeOff(out[on[i]!]!, rule, part);
}

const totalOf = (lines: readonly Discounted[]): number =>
  lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0);

/**
 * Lines under their promotions. What stacks all applies: on each line fixed prices, shares, amounts, then over lines
 * goods given, shares of the cart, amounts off it; each on what the one before left. A promotion that stands alone
 * shares its lines with no other, so where there is one, choices are compared and the shopper gets the cheapest; of
 * equal ones that with fewest promotions, then the first by id. Up to `limits.promotionsTriedTogether` promotions
 * over several lines are tried in all combinations; beyond, the one that saves most is added until none saves more.
 */
export function discountTogether(lines: readonly OpenLine[]): Discounted[] {
  const shared = sharedOf(lines);
  const isAnyAlone = (rules: readonly PromotionRule[]) => rules.some(({ alone }) => alone);
  if (shared.length === 0) return lines.map(cheapest);
  if (!isAnyAlone(shared.map(({ rule }) => rule)) && !lines.some(({ own }) => isAnyAlone(own)))
    return apply(lines, shared);
  if (shared.length > limits.promotionsTriedTogether) return addOneByOne(lines, shared);
  let best = apply(lines, []);
  for (const chosen of subsetsOf(shared)) {
    const tried = apply(lines, chosen);
    if (totalOf(tried) < totalOf(best)) best = tried;
  }
  return best;
}

/** Every subset but the empty one, small ones first. */
function subsetsOf<T>(all: readonly T[]): T[][] {
  const subsets = Array.from({ length: 2 ** all.length - 1 }, (_, i) =>
    all.filter((_one, bit) => ((i + 1) >> bit) & 1),
  );
  return subsets.sort((a, b) => a.length - b.length);
}

function addOneByOne(lines: readonly OpenLine[], shared: readonly Shared[]): Discounted[] {
  let chosen: readonly Shared[] = [];
  let best = apply(lines, chosen);
  for (;;) {
    const before = best;
    const kept = chosen;
    for (const one of shared) {
      if (kept.includes(one)) continue;
      const together = shared.filter((other) => other === one || kept.includes(other));
      const tried = apply(lines, together);
      if (totalOf(tried) < totalOf(best)) [best, chosen] = [tried, together];
    }
    if (best === before) return best;
  }
}
