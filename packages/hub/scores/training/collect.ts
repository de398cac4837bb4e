import { assert, limits } from "@trato/base";
import { doubles, fractions, numbering, wholeNumbers } from "./growing.ts";
import { nothingSaid, type Said } from "./said.ts";

/** One purchase as training reads it: one order of one person. */
export type Purchase = {
  readonly personId: string;
  readonly timeMs: number;
  readonly orderId: string;
  readonly lines: readonly {
    readonly sku: string;
    readonly quantity: number;
    readonly amountMinor?: number;
  }[];
  readonly channel?: string | null;
  readonly store?: string | null;
  readonly currency?: string;
  readonly totalMinor?: number;
};

/** What a person said of themselves, as far as a model's figures are told apart by it. */
export type PersonTraits = {
  readonly personId: string;
  readonly country: string | null;
  readonly birthday: string | null;
};

/**
 * All purchases as flat arrays in shared memory, one row per line: a worker thread reads them without a copy.
 * Persons, baskets and items are numbered from 0 as they appear; only the items keep their names. What a basket lacks
 * is -1.
 */
export type Collected = Said & {
  readonly personOf: Int32Array;
  readonly basketOf: Int32Array;
  readonly itemOf: Int32Array;
  readonly timeOf: Float64Array;
  readonly quantityOf: Float32Array;
  /** What the line cost in minor units of its basket's currency; NaN when it was not said. */
  readonly lineAmountOf: Float64Array;
  /** Per basket: what it cost in minor units of a currency (NaN when it was not said), where and how it was bought. */
  readonly amountOf: Float64Array;
  readonly currencyOf: Int32Array;
  readonly channelOf: Int32Array;
  readonly placeOf: Int32Array;
  readonly skus: readonly string[];
  readonly currencies: readonly string[];
  readonly channels: readonly string[];
  readonly places: readonly string[];
  /** The country of each place; null where nobody said. */
  readonly countryOfPlace: readonly (string | null)[];
  readonly personCount: number;
  readonly basketCount: number;
  readonly fromMs: number;
  readonly untilMs: number;
};

/** What is collected, and the numbers of the people it is of: the worker thread is not told their names. */
export type CollectedOrders = { readonly orders: Collected; readonly personIds: readonly string[] };

/**
 * Reads all pages of purchases, in any sequence. The same order of a person met twice (two systems said it) is one
 * basket, with the lines of both. What people said of themselves is not read here (`said.ts`). Throws above
 * `limits.trainingLinesMax` lines, or when `signal` says stop. Cost: 32 bytes a line, 20 a basket, and the names of
 * people, orders and items while it reads.
 */
export async function collect(
  pages: AsyncIterable<readonly Purchase[]>,
  signal?: AbortSignal,
): Promise<CollectedOrders> {
  const [persons, baskets, items] = [numbering(), numbering(), numbering()];
  const rows = {
    ...{ personOf: wholeNumbers(), basketOf: wholeNumbers(), itemOf: wholeNumbers() },
    ...{ timeOf: doubles(), quantityOf: fractions(), lineAmountOf: doubles() },
  };
  const heads = basketHeads();
  let fromMs = Number.POSITIVE_INFINITY;
  let untilMs = Number.NEGATIVE_INFINITY;
  for await (const page of pages) {
    signal?.throwIfAborted();
    for (const purchase of page) {
      const { personId, timeMs, orderId, lines } = purchase;
      if (lines.length === 0) continue;
      const person = persons.of(personId);
      const basket = baskets.of(`${personId}\n${orderId}`);
      heads.add(basket, purchase);
      fromMs = Math.min(fromMs, timeMs);
      untilMs = Math.max(untilMs, timeMs);
      for (const { sku, quantity, amountMinor } of lines) {
        rows.personOf.push(person);
        rows.basketOf.push(basket);
        rows.itemOf.push(items.of(sku));
        rows.timeOf.push(timeMs);
        rows.quantityOf.push(quantity);
        rows.lineAmountOf.push(amountMinor ?? Number.NaN);
      }
    }
    const { trainingLinesMax } = limits;
    assert(rows.itemOf.length() <= trainingLinesMax, `training reads at most ${trainingLinesMax} lines`);
  }
  const orders = {
    personOf: rows.personOf.finish(),
    basketOf: rows.basketOf.finish(),
    itemOf: rows.itemOf.finish(),
    timeOf: rows.timeOf.finish(),
    quantityOf: rows.quantityOf.finish(),
    lineAmountOf: rows.lineAmountOf.finish(),
    ...heads.finish(),
    ...nothingSaid(persons.size()),
    skus: items.names(),
    personCount: persons.size(),
    basketCount: baskets.size(),
    fromMs,
    untilMs,
  };
  return { orders, personIds: persons.names() };
}

/** What is said of a basket as a whole, once for each. */
function basketHeads() {
  const [currencies, channels, places] = [numbering(), numbering(), numbering()];
  const [amountOf, currencyOf, channelOf, placeOf] = [
    doubles(),
    wholeNumbers(),
    wholeNumbers(),
    wholeNumbers(),
  ];
  return {
    add(basket: number, { totalMinor, currency, channel, store }: Purchase): void {
      if (basket < amountOf.length()) return;
      amountOf.push(totalMinor ?? Number.NaN);
      currencyOf.push(currencies.of(currency));
      channelOf.push(channels.of(channel));
      placeOf.push(places.of(store));
    },
    finish: () => ({
      amountOf: amountOf.finish(),
      currencyOf: currencyOf.finish(),
      channelOf: channelOf.finish(),
      placeOf: placeOf.finish(),
      currencies: currencies.names(),
      channels: channels.names(),
      places: places.names(),
      countryOfPlace: places.names().map(() => null),
    }),
  };
}
