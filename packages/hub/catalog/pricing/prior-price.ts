import { type Currency, dayMs } from "@trato/base";
import type { Item } from "@trato/contract";
import { byPrecedence, itemPrice, type PricedFor, priceOf, readPrice } from "./price.ts";
import { type PricingViews, priceCart } from "./price-cart.ts";
import { type PromotionRule, readPromotion } from "./promotion.ts";
import type { PriceHistory, Told } from "./store.ts";

/** Where a price is looked at: what anybody pays there, who is in no group. */
export type SoldAt = {
  readonly placeId: string | null;
  readonly channel: string;
  readonly currency: Currency;
};

/** From `fromMs` on, `quantity` of the item cost so much; null: it was not for sale. */
export type PriceStep = { readonly fromMs: number; readonly priceMinor: number | null };

export const priorPriceDays = 30;
/** A reduction that lasts longer than this is the price. */
const reductionDaysMax = 90;

type Known = { readonly item: Item | undefined; readonly views: PricingViews };

/** Everything told about the item, as it was known at an instant: what was told later does not count. */
function knownAt(history: Readied, atMs: number): Known {
  const item = history.items.findLast(({ recordedMs }) => recordedMs <= atMs)?.value;
  const prices = lastOf(history.prices, atMs)
    .filter(({ value }) => value.withdrawn !== true)
    .map(({ id, value }) => readPrice(id, value))
    .sort(byPrecedence);
  const rules = lastOf(history.promotions, atMs).flatMap(({ value }) =>
    value !== null && item !== undefined && isFor(value, item) ? [value] : [],
  );
  const views: PricingViews = {
    items: new Map(item === undefined ? [] : [[item.sku, item]]),
    prices: new Map(item === undefined ? [] : [[item.sku, prices]]),
    promotions: {
      rules: new Map(),
      bySku: new Map(),
      byCategory: new Map(),
      everything: rules,
    },
    taxes: new Map(),
    countryOf: () => "",
  };
  return { item, views };
}

const isFor = ({ skus, categories }: PromotionRule, { sku, category }: Item): boolean =>
  skus.size + categories.size === 0 || skus.has(sku) || categories.has(category);

/** The last word on each id at an instant, sorted by id. */
function lastOf<T>(told: readonly Told<T>[], atMs: number): Told<T>[] {
  const last = new Map<string, Told<T>>();
  for (const one of told) if (one.recordedMs <= atMs) last.set(one.id, one);
  return [...last.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

type Readied = Omit<PriceHistory, "promotions"> & {
  readonly promotions: readonly Told<PromotionRule | null>[];
};

const ready = (history: PriceHistory): Readied => ({
  ...history,
  promotions: history.promotions.map((one) => ({
    ...one,
    value: one.value.withdrawn === true ? null : readPromotion(one.value),
  })),
});

/** Every instant at which a price may have changed. */
function instantsOf({ items, prices, promotions }: Readied): number[] {
  const told = [...items, ...prices, ...promotions].map(({ recordedMs }) => recordedMs);
  const windows = [
    ...prices.map(({ id, value }) => readPrice(id, value)),
    ...promotions.flatMap(({ value }) => value ?? []),
  ].flatMap(({ fromMs, untilMs }) => [fromMs, untilMs]);
  return [...new Set([...told, ...windows])].filter(Number.isFinite).sort((a, b) => a - b);
}

function priceAt(history: Readied, at: SoldAt, ask: { atMs: number; quantity: number }): number | null {
  const { item, views } = knownAt(history, ask.atMs);
  if (item === undefined) return null;
  const lines = [{ lineId: item.sku, sku: item.sku, quantity: ask.quantity }];
  const line = priceCart(views, { ...at, groups: [], atMs: ask.atMs, lines }).lines[0];
  return line === undefined ? null : line.grossMinor - line.discountMinor;
}

/**
 * What `quantity` of an item cost anybody, step by step from `fromMs` to `untilMs`, promotions that one purchase of
 * it meets included. A row counts from when it was told: dating it back changes no price that was asked. Cost: the
 * instants of the history times its length.
 */
export function priceSteps(
  told: PriceHistory,
  at: SoldAt,
  asked: { readonly quantity: number; readonly fromMs: number; readonly untilMs: number },
): PriceStep[] {
  const history = ready(told);
  const { quantity, fromMs, untilMs } = asked;
  const inside = instantsOf(history).filter((instant) => instant > fromMs && instant <= untilMs);
  const steps: PriceStep[] = [];
  for (const atMs of [fromMs, ...inside]) {
    const priceMinor = priceAt(history, at, { atMs, quantity });
    if (steps.length === 0 || steps.at(-1)!.priceMinor !== priceMinor)
      steps.push({ fromMs: atMs, priceMinor });
  }
  return steps;
}

export type PriorPrice = {
  readonly lowestMinor: number | null;
  /** The window looked at: the 30 days before the reduction, or before now when the price is not reduced. */
  readonly fromMs: number;
  readonly untilMs: number;
  readonly reducedSinceMs: number | null;
};

/**
 * The lowest price of the 30 days before the present reduction, which an announcement of a reduction must state; when
 * the price is not reduced, of the 30 days before now. Steps are those of at least 120 days.
 *
 * Source: Directive 98/6/EC, article 6a, put in by Directive (EU) 2019/2161.
 */
export function priorPrice(steps: readonly PriceStep[], nowMs: number): PriorPrice {
  const reducedSinceMs = reducedSince(steps, nowMs);
  const untilMs = reducedSinceMs ?? nowMs;
  const fromMs = untilMs - priorPriceDays * dayMs;
  let lowestMinor: number | null = null;
  for (const [i, { fromMs: beganMs, priceMinor }] of steps.entries()) {
    const endedMs = steps[i + 1]?.fromMs ?? Number.POSITIVE_INFINITY;
    const isInside = beganMs < untilMs && endedMs > fromMs;
    if (!isInside || priceMinor === null) continue;
    if (lowestMinor === null || priceMinor < lowestMinor) lowestMinor = priceMinor;
  }
  return { lowestMinor, fromMs, untilMs, reducedSinceMs };
}

/** When the present price began, if it began by going down; several reductions in a row are one, begun with the first. */
function reducedSince(steps: readonly PriceStep[], nowMs: number): number | null {
  let since: number | null = null;
  for (let i = steps.length - 1; i > 0; i--) {
    const [now, before] = [steps[i]!.priceMinor, steps[i - 1]!.priceMinor];
    if (now === null || before === null || before <= now) break;
    since = steps[i]!.fromMs;
  }
  return since !== null && since > nowMs - reductionDaysMax * dayMs ? since : null;
}

/** How far back steps must reach for `priorPrice` to be right. */
export const stepsFromMs = (nowMs: number): number => nowMs - (reductionDaysMax + priorPriceDays) * dayMs;

/** Of how much a price is the price: 1000 where the row in force says so, else 1. */
export function quantityPriced(views: PricingViews, sku: string, asked: PricedFor): number {
  const item = views.items.get(sku);
  const row = priceOf(views.prices.get(sku) ?? [], asked) ?? (item && itemPrice(item, asked.currency));
  return row?.perQuantity ?? 1;
}
