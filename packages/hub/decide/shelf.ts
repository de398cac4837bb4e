import type { Item, Placement } from "@trato/contract";
import {
  type LiveOffer,
  makeLive,
  type PlacementOffers,
  placementOffers,
  strongestFirst,
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
  /** What goes with an item, strongest first, at most `policy.neighboursPerSeed`; found once for each item asked for. */
  neighboursOf(sku: string): readonly StockedNeighbour[];
};

/** Cost: a pass over the items and a sort of them: about 10 ms for 10,000. */
export function prepareShelf(
  catalogue: CatalogueView,
  offers: OffersView,
  scores: ScoresView,
  policy: Policy,
): Shelf {
  const stock = new Map<string, Stocked>();
  const categories = new Map<string, number>();
  for (const item of catalogue.items.values()) {
    const alike = categories.get(item.category) ?? categories.size;
    categories.set(item.category, alike);
    stock.set(item.sku, stockItem(item.sku, item, { scores, policy, alike }));
  }
  const live = [...offers.offers.values()]
    .filter((offer) => offer.active !== false)
    .map((offer) => makeLive(offer, { stock, worthMinorMax: policy.worthMinorMax }))
    .sort(strongestFirst);
  const placements = new Map<string, PlacementShelf>();
  for (const placement of offers.placements.values()) {
    const allows = new Set<string>(placement.kinds);
    placements.set(placement.name, { placement, allows, ...placementOffers(live, placement.name) });
  }
  const find = (sku: string): Stocked =>
    stock.get(sku) ?? stockItem(sku, undefined, { scores, policy, alike: -1 });
  return {
    ...{ catalogue, offers, scores, policy, policyVersion: policyVersion(policy), stock, placements, find },
    popular: pickPopular(stock, policy),
    neighboursOf: rememberNeighbours(scores, policy.neighboursPerSeed, find),
  };
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
  { scores, policy, alike }: { readonly scores: ScoresView; readonly policy: Policy; readonly alike: number },
): Stocked {
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

function pickPopular(stock: ReadonlyMap<string, Stocked>, policy: Policy): Set<Stocked> {
  const ranked = [...stock.values()]
    .filter((one) => one.popularMicros > 0)
    .sort((a, b) => b.popularMicros - a.popularMicros || (a.sku < b.sku ? -1 : 1));
  const picked = new Set<Stocked>();
  let free = policy.gather.popular;
  let unavailable = policy.gather.popularUnavailable;
  for (const one of ranked) {
    if (free === 0) break;
    if (one.item?.inStock === true && one.item.sellable) free -= 1;
    else if (unavailable > 0) unavailable -= 1;
    else continue;
    picked.add(one);
  }
  return picked;
}

const shelvesKept = 4;

/** Remembers the last few shelves, so that one is prepared only when something it is made of changed. */
export function createShelves(): typeof prepareShelf {
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
    const shelf = prepareShelf(catalogue, offers, scores, policy);
    kept = [shelf, ...kept].slice(0, shelvesKept);
    return shelf;
  };
}

export type { LiveOffer };
