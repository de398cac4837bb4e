import { type Offer, offerKinds } from "@trato/contract";
import { microsPerMinor, type Stocked } from "./shelf.ts";

/** An offer made ready: its window in milliseconds, its lever in micros, and the item of its own that sells best. */
export type LiveOffer = {
  readonly offer: Offer;
  readonly key: string;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly leverMicros: number;
  readonly lead: Stocked | undefined;
  readonly hasItems: boolean;
  /** What counts as alike when the offer stands on no item: a number for each kind, apart from those of categories. */
  readonly alike: number;
};

/** The offers of one placement, the strongest lever first, and which of them (by place in that list) cover what. */
export type PlacementOffers = {
  readonly offers: readonly LiveOffer[];
  readonly bySku: ReadonlyMap<string, readonly number[]>;
  readonly byCategory: ReadonlyMap<string, readonly number[]>;
};

export function makeLive(
  offer: Offer,
  given: { readonly stock: ReadonlyMap<string, Stocked>; readonly worthMinorMax: number },
): LiveOffer {
  const { from, until } = offer.window ?? {};
  const items = (offer.skus ?? []).flatMap((sku) => given.stock.get(sku) ?? []);
  return {
    offer,
    key: `offer:${offer.id}`,
    fromMs: from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(from),
    untilMs: until === undefined ? Number.POSITIVE_INFINITY : Date.parse(until),
    leverMicros: Math.min(given.worthMinorMax, offer.leverMinor) * microsPerMinor,
    lead: leadOf(items),
    hasItems: (offer.skus?.length ?? 0) > 0,
    alike: -2 - offerKinds.indexOf(offer.kind),
  };
}

/** The item that sells best of those that can be sold; of none can, the first. */
function leadOf(items: readonly Stocked[]): Stocked | undefined {
  let lead = items[0];
  let best = -1;
  for (const one of items) {
    const value = one.item?.inStock === true && one.item.sellable ? one.popularMicros : -1;
    if (value > best) {
      lead = one;
      best = value;
    }
  }
  return lead;
}

export function strongestFirst(a: LiveOffer, b: LiveOffer): number {
  return b.leverMicros - a.leverMicros || (a.key < b.key ? -1 : 1);
}

/** `live` is sorted; the offers of the placement keep that order. */
export function placementOffers(live: readonly LiveOffer[], placement: string): PlacementOffers {
  const offers = live.filter((one) => one.offer.placements.includes(placement));
  const bySku = new Map<string, number[]>();
  const byCategory = new Map<string, number[]>();
  for (const [place, { offer }] of offers.entries()) {
    for (const sku of offer.skus ?? []) put(bySku, sku, place);
    for (const category of offer.categories ?? []) put(byCategory, category, place);
  }
  return { offers, bySku, byCategory };
}

function put(index: Map<string, number[]>, name: string, place: number): void {
  const there = index.get(name);
  if (there === undefined) index.set(name, [place]);
  else there.push(place);
}
