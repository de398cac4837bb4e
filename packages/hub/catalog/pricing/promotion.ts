import type { Item, Promotion, PromotionEffect } from "@trato/contract";
import { endMs, type PricedFor, startMs } from "./price.ts";

/** A promotion ready to be asked: sets and times instead of lists and texts. */
export type PromotionRule = {
  readonly id: string;
  readonly effect: PromotionEffect;
  readonly alone: boolean;
  readonly skus: ReadonlySet<string>;
  readonly categories: ReadonlySet<string>;
  readonly placeIds: ReadonlySet<string>;
  readonly channels: ReadonlySet<string>;
  readonly groups: readonly string[];
  readonly fromMs: number;
  readonly untilMs: number;
  readonly minimum: Promotion["minimum"];
};

/** All promotions, found by what they are for: a cart with few lines meets few of many rules. */
export type PromotionsView = {
  readonly rules: ReadonlyMap<string, PromotionRule>;
  readonly bySku: ReadonlyMap<string, readonly PromotionRule[]>;
  readonly byCategory: ReadonlyMap<string, readonly PromotionRule[]>;
  /** Those that name neither. */
  readonly everything: readonly PromotionRule[];
};

export function readPromotion(promotion: Promotion): PromotionRule {
  return {
    id: promotion.id,
    effect: promotion.effect,
    alone: promotion.combines === "alone",
    skus: new Set(promotion.skus),
    categories: new Set(promotion.categories),
    placeIds: new Set(promotion.placeIds),
    channels: new Set(promotion.channels),
    groups: promotion.groups ?? [],
    fromMs: startMs(promotion.from),
    untilMs: endMs(promotion.until),
    minimum: promotion.minimum,
  };
}

/** Indexes promotions by sku and category. Cost: what the promotions name, once per change. */
export function indexPromotions(promotions: Iterable<Promotion>): PromotionsView {
  const rules = [...promotions]
    .filter(({ withdrawn }) => withdrawn !== true)
    .map(readPromotion)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const bySku = new Map<string, PromotionRule[]>();
  const byCategory = new Map<string, PromotionRule[]>();
  const add = (index: Map<string, PromotionRule[]>, name: string, rule: PromotionRule) => {
    const there = index.get(name);
    if (there === undefined) index.set(name, [rule]);
    else there.push(rule);
  };
  for (const rule of rules) {
    for (const sku of rule.skus) add(bySku, sku, rule);
    for (const category of rule.categories) add(byCategory, category, rule);
  }
  const everything = rules.filter(({ skus, categories }) => skus.size + categories.size === 0);
  return { rules: new Map(rules.map((rule) => [rule.id, rule])), bySku, byCategory, everything };
}

/** True when the rule is in force for this shopper, place and time, whatever is bought. */
export function isInForce(rule: PromotionRule, asked: PricedFor): boolean {
  const { effect, minimum } = rule;
  return (
    rule.fromMs <= asked.atMs &&
    asked.atMs < rule.untilMs &&
    (!("currency" in effect) || effect.currency === asked.currency) &&
    (minimum === undefined || minimum.currency === asked.currency) &&
    (rule.placeIds.size === 0 || (asked.placeId !== null && rule.placeIds.has(asked.placeId))) &&
    (rule.channels.size === 0 || rule.channels.has(asked.channel)) &&
    (rule.groups.length === 0 || rule.groups.some((group) => asked.groups.includes(group)))
  );
}

/** The rules in force for an item, sorted by id within what they name. Cost: the rules that name it. */
export function promotionsOn(view: PromotionsView, item: Item, asked: PricedFor): PromotionRule[] {
  const found: PromotionRule[] = [];
  for (const rule of view.bySku.get(item.sku) ?? []) if (isInForce(rule, asked)) found.push(rule);
  for (const rule of view.byCategory.get(item.category) ?? []) {
    if (!rule.skus.has(item.sku) && isInForce(rule, asked)) found.push(rule);
  }
  for (const rule of view.everything) if (isInForce(rule, asked)) found.push(rule);
  return found;
}
