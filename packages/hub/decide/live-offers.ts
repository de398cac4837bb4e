import { type Offer, offerKinds } from "@trato/contract";
import { microsPerMinor, type Stocked } from "./shelf.ts";

/** An offer made ready: its window in milliseconds, its lever in micros, and the item of its own that sells best. */
export type LiveOffer = {
  readonly offer: Offer;
  readonly key: string;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly leverMicros: number;
  /** What it is worth to anybody: the lever, and the popularity of its best item. */
  readonly standMicros: number;
  readonly lead: Stocked | undefined;
  readonly hasItems: boolean;
  /** What counts as alike when the offer stands on no item: a number for each kind, apart from those of categories. */
  readonly alike: number;
};

/** The offers of one placement, those worth most to anybody first; and which, by place in that list, cover what. */
export type PlacementOffers = {
  readonly offers: readonly LiveOffer[];
  readonly bySku: ReadonlyMap<string, readonly number[]>;
  /** By the number of a category. */
  readonly byAlike: ReadonlyMap<number, readonly number[]>;
};

export function makeLive(
  offer: Offer,
  given: { readonly stock: ReadonlyMap<string, Stocked>; readonly worthMinorMax: number },
): LiveOffer {
  const { from, until } = offer.window ?? {};
  const items = (offer.skus ?? []).flatMap((sku) => given.stock.get(sku) ?? []);
  const lead = leadOf(items);
  const leverMicros = Math.min(given.worthMinorMax, offer.leverMinor) * microsPerMinor;
  return {
    offer,
    key: `offer:${offer.id}`,
    fromMs: from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(from),
    untilMs: until === undefined ? Number.POSITIVE_INFINITY : Date.parse(until),
    leverMicros,
    standMicros: leverMicros + (isAvailable(lead) ? lead!.popularMicros : 0),
    lead,
    hasItems: (offer.skus?.length ?? 0) > 0,
    alike: -2 - offerKinds.indexOf(offer.kind),
  };
}

/** The item that sells best of those that can be sold; of none can, the first. */
function leadOf(items: readonly Stocked[]): Stocked | undefined {
  let lead = items[0];
  let best = -1;
  for (const one of items) {
    const value = isAvailable(one) ? one.popularMicros : -1;
    if (value > best) {
      lead = one;
      best = value;
    }
  }
  return lead;
}

function isAvailable(one: Stocked | undefined): boolean {
  return one?.item?.inStock === true && one.item.sellable;
}

export function highestFirst(a: LiveOffer, b: LiveOffer): number {
  return b.standMicros - a.standMicros || (a.key < b.key ? -1 : 1);
}

/** `live` is sorted; the offers of the placement keep that order. `categories` numbers the categories. */
export function placementOffers(
  live: readonly LiveOffer[],
  placement: string,
  categories: ReadonlyMap<string, number>,
): PlacementOffers {
  const offers = live.filter((one) => one.offer.placements.includes(placement));
  const bySku = new Map<string, number[]>();
  const byAlike = new Map<number, number[]>();
  for (const [place, { offer }] of offers.entries()) {
    for (const sku of offer.skus ?? []) put(bySku, sku, place);
    for (const category of offer.categories ?? []) {
      const alike = categories.get(category);
      if (alike !== undefined) put(byAlike, alike, place);
    }
  }
  return { offers, bySku, byAlike };
}

function put<Name>(index: Map<Name, number[]>, name: Name, place: number): void {
  const there = index.get(name);
  if (there === undefined) index.set(name, [place]);
  else there.push(place);
}
