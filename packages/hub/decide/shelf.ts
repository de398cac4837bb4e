import type { Item, Offer, Placement } from "@trato/contract";
import { keepBest } from "./best.ts";
import {
  highestFirst,
  type LiveOffer,
  makeLive,
  type PlacementOffers,
  placementOffers,
} from "./live-offers.ts";
import type { CatalogueView, OffersView, ScoresView } from "./needs.ts";
import { type Policy, policyVersion } from "./policy.ts";

/** Scores are whole millionths of a minor unit, so that parts add up without a rounding error. */
export const microsPerMinor = 1_000_000;

/** An item made ready to be shown to anybody: its worth, and what its popularity alone is worth. */
export type Stocked = {
  readonly sku: string;
  readonly key: string;
  readonly item: Item | undefined;
  /** What selling one piece is worth, in minor units: its margin, or a share of its price. */
  readonly worthMinor: number;
  readonly popularMicros: number;
  /** "sales" when it was bought at all, else "catalogue". */
  readonly popularBy: string;
  /** What counts as alike: a number for each category. */
  readonly alike: number;
  /** False when no offer of the shop covers it: most items, which need not be looked up in each placement. */
  readonly isCovered: boolean;
};

export type PlacementShelf = PlacementOffers & {
  readonly placement: Placement;
  readonly allows: ReadonlySet<string>;
};

/** An item that goes with another, found on the shelf. */
export type StockedNeighbour = { readonly stocked: Stocked; readonly lift: number };

/** What is the same for everybody, made ready once for each change of items, offers, models or policy. */
export type Shelf = {
  readonly catalogue: CatalogueView;
  readonly offers: OffersView;
  readonly scores: ScoresView;
  readonly policy: Policy;
  readonly policyVersion: string;
  readonly stock: ReadonlyMap<string, Stocked>;
  /** An item of the shelf; one that is not in the catalogue is made up, so that it can be refused. */
  find(sku: string): Stocked;
  /** The items worth most to show to anybody, best first, with some that would be but cannot be sold now. */
  readonly popular: ReadonlySet<Stocked>;
  readonly placements: ReadonlyMap<string, PlacementShelf>;
  /** What goes with an item, strongest first, at most `policy.neighboursPerSeed`. Found once for each item. */
  neighboursOf(sku: string): readonly StockedNeighbour[];
};

/**
 * Makes a shelf ready. Cost: a pass over the items, some milliseconds for 10,000; less when `before` is a shelf of the
 * same models and policy, whose items are used again where nothing changed.
 */
export function prepareShelf(
  catalogue: CatalogueView,
  offers: OffersView,
  scores: ScoresView,
  policy: Policy,
  before?: Shelf,
): Shelf {
  const active = [...offers.offers.values()].filter((offer) => offer.active !== false);
  const { stock, categories } = stockItems(catalogue, active, { scores, policy }, before);
  const live = active
    .map((offer) => makeLive(offer, { stock, worthMinorMax: policy.worthMinorMax }))
    .sort(highestFirst);
  const placements = new Map<string, PlacementShelf>();
  for (const placement of offers.placements.values()) {
    const allows = new Set<string>(placement.kinds);
    placements.set(placement.name, {
      placement,
      allows,
      ...placementOffers(live, placement.name, categories),
    });
  }
  const find = (sku: string): Stocked =>
    stock.get(sku) ?? stockItem(sku, undefined, { scores, policy, alike: -1, isCovered: false });
  return {
    ...{ catalogue, offers, scores, policy, policyVersion: policyVersion(policy), stock, placements, find },
    popular: pickPopular(stock, policy),
    neighboursOf: rememberNeighbours(scores, policy.neighboursPerSeed, find),
  };
}

type Judged = { readonly scores: ScoresView; readonly policy: Policy };

function stockItems(
  catalogue: CatalogueView,
  active: readonly Offer[],
  judged: Judged,
  before: Shelf | undefined,
): { readonly stock: Map<string, Stocked>; readonly categories: ReadonlyMap<string, number> } {
  const old = before?.scores === judged.scores && before.policy === judged.policy ? before.stock : undefined;
  const skus = new Set(active.flatMap((offer) => offer.skus ?? []));
  const covered = new Set(active.flatMap((offer) => offer.categories ?? []));
  const categories = new Map<string, number>();
  const stock = new Map<string, Stocked>();
  for (const item of catalogue.items.values()) {
    const alike = categories.get(item.category) ?? categories.size;
    categories.set(item.category, alike);
    const isCovered = skus.has(item.sku) || covered.has(item.category);
    const there = old?.get(item.sku);
    const isSame = there?.item === item && there.alike === alike && there.isCovered === isCovered;
    stock.set(item.sku, isSame ? there : stockItem(item.sku, item, { ...judged, alike, isCovered }));
  }
  return { stock, categories };
}

function rememberNeighbours(
  scores: ScoresView,
  most: number,
  find: (sku: string) => Stocked,
): Shelf["neighboursOf"] {
  const known = new Map<string, readonly StockedNeighbour[]>();
  return (sku) => {
    let found = known.get(sku);
    if (found === undefined) {
      const near = scores.neighbours(sku).filter((one) => one.lift > 0 && one.sku !== sku);
      found = near.slice(0, most).map((one) => ({ stocked: find(one.sku), lift: one.lift }));
      // Only items with neighbours are remembered: there are no more of those than the models know.
      if (found.length > 0) known.set(sku, found);
    }
    return found;
  };
}

/** Makes an item ready; one that is not in the catalogue is worth nothing. */
function stockItem(
  sku: string,
  item: Item | undefined,
  given: { scores: ScoresView; policy: Policy; alike: number; isCovered: boolean },
): Stocked {
  const { scores, policy, alike, isCovered } = given;
  const worthMinor = item === undefined ? 0 : worthOf(item, policy);
  const known = scores.popularity.get(sku);
  const chance = Math.max(policy.popularityMin, known ?? 0);
  return {
    sku,
    key: `item:${sku}`,
    item,
    worthMinor,
    popularMicros: microsOf(chance, worthMinor),
    popularBy: known === undefined ? "catalogue" : "sales",
    alike,
    isCovered,
  };
}

/** Chance × worth, in whole micros. A chance above 1 counts as 1. */
export function microsOf(chance: number, worthMinor: number): number {
  return Math.round(Math.min(1, chance) * worthMinor * microsPerMinor);
}

function worthOf(item: Item, policy: Policy): number {
  const worth = item.marginMinor ?? Math.round(item.priceMinor * policy.marginShare);
  return Math.max(-policy.worthMinorMax, Math.min(policy.worthMinorMax, worth));
}

/** The best of what can be sold, and the best of what cannot that would stand among them; in one pass. */
function pickPopular(stock: ReadonlyMap<string, Stocked>, { gather }: Policy): Set<Stocked> {
  const free: Stocked[] = [];
  const unavailable: Stocked[] = [];
  for (const one of stock.values()) {
    if (one.popularMicros <= 0) continue;
    const canBeSold = one.item?.inStock === true && one.item.sellable;
    if (canBeSold) keepBest(free, one, gather.popular, morePopular);
    else keepBest(unavailable, one, gather.popularUnavailable, morePopular);
  }
  const last = free.length < gather.popular ? undefined : free.at(-1);
  const among = unavailable.filter((one) => last === undefined || morePopular(one, last));
  return new Set([...free, ...among].sort((a, b) => (morePopular(a, b) ? -1 : 1)));
}

function morePopular(a: Stocked, b: Stocked): boolean {
  return a.popularMicros > b.popularMicros || (a.popularMicros === b.popularMicros && a.sku < b.sku);
}

const shelvesKept = 4;

export type Shelves = (
  catalogue: CatalogueView,
  offers: OffersView,
  scores: ScoresView,
  policy: Policy,
) => Shelf;

/** Remembers the last few shelves, so that one is prepared only when something it is made of changed. */
export function createShelves(): Shelves {
  let kept: readonly Shelf[] = [];
  return (catalogue, offers, scores, policy) => {
    const found = kept.find(
      (one) =>
        one.catalogue === catalogue &&
        one.offers === offers &&
        one.scores === scores &&
        one.policy === policy,
    );
    if (found !== undefined) return found;
    const shelf = prepareShelf(catalogue, offers, scores, policy, kept[0]);
    kept = [shelf, ...kept].slice(0, shelvesKept);
    return shelf;
  };
}

export type { LiveOffer };
