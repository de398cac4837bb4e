import { dayMs } from "@trato/base";
import type { Collected } from "../training/collect.ts";

const weekMs = 7 * dayMs;

/** What was sold of an item at a place in a week, and what one of it cost on average; weeks without a sale are none. */
export type PricedWeek = {
  readonly series: number;
  readonly item: number;
  readonly place: number;
  readonly week: number;
  readonly lnUnits: number;
  readonly lnPrice: number;
};

/**
 * The weeks of every item and place before `untilMs`, the oldest first, in the currency in which most lines were sold:
 * prices of two currencies are not compared. Lines that do not say what they cost are left out. Cost: one pass.
 */
export function pricedWeeks(orders: Collected, untilMs: number): PricedWeek[] {
  const { itemOf, basketOf, placeOf, currencyOf, timeOf, quantityOf, lineAmountOf, places } = orders;
  const currency = usualCurrency(orders);
  const sums = new Map<string, { item: number; place: number; week: number; units: number; minor: number }>();
  for (let line = 0; line < itemOf.length; line++) {
    const [minor, units, basket] = [lineAmountOf[line]!, quantityOf[line]!, basketOf[line]!];
    if (!(minor > 0 && units > 0) || timeOf[line]! >= untilMs || currencyOf[basket] !== currency) continue;
    const [item, place] = [itemOf[line]!, placeOf[basket]!];
    const week = Math.floor(timeOf[line]! / weekMs);
    const key = `${item}/${place}/${week}`;
    const sum = sums.get(key) ?? { item, place, week, units: 0, minor: 0 };
    sums.set(key, sum);
    sum.units += units;
    sum.minor += minor;
  }
  return [...sums.values()]
    .map(({ item, place, week, units, minor }) => ({
      ...{ item, place, week, series: item * (places.length + 1) + place + 1 },
      ...{ lnUnits: Math.log(units), lnPrice: Math.log(minor / units) },
    }))
    .sort((a, b) => a.week - b.week || a.series - b.series);
}

function usualCurrency({ basketOf, currencyOf, currencies, lineAmountOf }: Collected): number {
  const lines = new Float64Array(currencies.length + 1);
  for (const [line, basket] of basketOf.entries()) {
    if (lineAmountOf[line]! > 0 && currencyOf[basket]! >= 0) lines[currencyOf[basket]!]! += 1;
  }
  return lines.indexOf(Math.max(...lines));
}

const usualWeeks = 8;
/** A price within two hundredths of the usual one is the usual one. */
const lnPriceMin = Math.log(1.02);

/** How a week at another price differed from the usual weeks of its item and place. */
export type PriceChange = {
  readonly item: number;
  readonly place: number;
  readonly lnPriceRatio: number;
  readonly lnUnitsRatio: number;
};

/** The weeks within [fromMs, untilMs) whose price differs from that of the eight weeks with sales before them. */
export function priceChanges(orders: Collected, fromMs: number, untilMs: number): PriceChange[] {
  const before = new Map<number, PricedWeek[]>();
  const changes: PriceChange[] = [];
  for (const one of pricedWeeks(orders, untilMs)) {
    const usual = before.get(one.series) ?? [];
    before.set(one.series, usual);
    if (one.week * weekMs >= fromMs && usual.length === usualWeeks) {
      const lnPriceRatio = one.lnPrice - median(usual.map(({ lnPrice }) => lnPrice));
      const lnUnitsRatio = one.lnUnits - median(usual.map(({ lnUnits }) => lnUnits));
      if (Math.abs(lnPriceRatio) >= lnPriceMin)
        changes.push({ item: one.item, place: one.place, lnPriceRatio, lnUnitsRatio });
    }
    usual.push(one);
    if (usual.length > usualWeeks) usual.shift();
  }
  return changes;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
