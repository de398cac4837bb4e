import type { Currency } from "@trato/base";
import type { Item, Price } from "@trato/contract";

/** For whom, where and when something is priced. */
export type PricedFor = {
  readonly placeId: string | null;
  readonly channel: string;
  readonly currency: Currency;
  readonly groups: readonly string[];
  readonly atMs: number;
};

/** A price row ready to be compared: times in ms, and its rank, which says how specific it is. */
export type PriceRow = {
  readonly id: string;
  readonly priceMinor: number;
  readonly perQuantity: number;
  readonly currency: Currency;
  readonly placeId: string | null;
  readonly channel: string | null;
  readonly group: string | null;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly rank: number;
};

/** The rows of each sku, each list in the order in which `priceOf` looks at it. */
export type PricesView = ReadonlyMap<string, readonly PriceRow[]>;

export const startMs = (instant: string | undefined): number =>
  instant === undefined ? Number.NEGATIVE_INFINITY : Date.parse(instant);
export const endMs = (instant: string | undefined): number =>
  instant === undefined ? Number.POSITIVE_INFINITY : Date.parse(instant);

/** What was agreed with a group of customers comes before what a place says, and that before what a channel says. */
const rankOf = ({ group, placeId, channel }: Price): number =>
  (group === undefined ? 0 : 4) + (placeId === undefined ? 0 : 2) + (channel === undefined ? 0 : 1);

export function readPrice(id: string, price: Price): PriceRow {
  return {
    id,
    priceMinor: price.priceMinor,
    perQuantity: price.perQuantity ?? 1,
    currency: price.currency,
    placeId: price.placeId ?? null,
    channel: price.channel ?? null,
    group: price.group ?? null,
    fromMs: startMs(price.validFrom),
    untilMs: endMs(price.validUntil),
    rank: rankOf(price),
  };
}

/** The order `priceOf` relies on: most specific first, then by group, and within a group the latest start first. */
export function byPrecedence(a: PriceRow, b: PriceRow): number {
  if (a.rank !== b.rank) return b.rank - a.rank;
  if (a.group !== b.group) return (a.group ?? "") < (b.group ?? "") ? -1 : 1;
  return b.fromMs > a.fromMs ? 1 : b.fromMs < a.fromMs ? -1 : 0;
}

const fits = (row: PriceRow, asked: PricedFor): boolean =>
  row.currency === asked.currency &&
  row.fromMs <= asked.atMs &&
  asked.atMs < row.untilMs &&
  (row.placeId === null || row.placeId === asked.placeId) &&
  (row.channel === null || row.channel === asked.channel) &&
  (row.group === null || asked.groups.includes(row.group));

/** All rows in force, most specific first. */
export const rowsInForce = (rows: readonly PriceRow[], asked: PricedFor): PriceRow[] =>
  rows.filter((row) => fits(row, asked));

const isCheaper = (a: PriceRow, b: PriceRow): boolean =>
  a.priceMinor * b.perQuantity < b.priceMinor * a.perQuantity;

/**
 * The price row in force. The most specific wins, even where a wider one is lower: group before place before channel
 * before none. Of rows that name the same, the one that began last; of several groups a person is in, the cheapest.
 * Cost: the rows of the sku, at most.
 */
export function priceOf(rows: readonly PriceRow[], asked: PricedFor): PriceRow | undefined {
  let best: PriceRow | undefined;
  let groupSeen: string | null | undefined;
  for (const row of rows) {
    if (best !== undefined && row.rank < best.rank) break;
    if (!fits(row, asked) || row.group === groupSeen) continue;
    groupSeen = row.group;
    if (best === undefined || isCheaper(row, best)) best = row;
  }
  return best;
}

/** The item's own price, which holds wherever no row does. */
export function itemPrice(item: Item, currency: Currency): PriceRow | undefined {
  if (item.currency !== currency) return undefined;
  return {
    id: item.sku,
    priceMinor: item.priceMinor,
    perQuantity: 1,
    currency,
    placeId: null,
    channel: null,
    group: null,
    fromMs: Number.NEGATIVE_INFINITY,
    untilMs: Number.POSITIVE_INFINITY,
    rank: -1,
  };
}
