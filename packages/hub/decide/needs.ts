import type { PersonId } from "@trato/base";
import type { Item, JsonObject, Offer, Placement } from "@trato/contract";
import type { ConsentState } from "../people/index.ts";

/** What a decision asks of the rest of the hub, in its own words; main.ts passes it in. */

/** How often a person bought one item: enough to know its rhythm. */
export type Bought = {
  readonly count: number;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly sumLogDays: number;
  readonly sumLogDays2: number;
};

/** An item that goes with another. `lift` is the chance of buying it within the horizon that the other one adds. */
export type Neighbour = { readonly sku: string; readonly lift: number };

/** What somebody may look at next, and what that adds to the chance of buying it within the horizon. */
export type Clicked = { readonly sku: string; readonly chance: number };

/** The models in charge, as one unchanging view. */
export type ScoresView = {
  readonly version: string;
  /** The chance that a customer of the shop buys the item within the horizon, by sku. */
  readonly popularity: ReadonlyMap<string, number>;
  /** What goes with an item, strongest first. */
  neighbours(sku: string): readonly Neighbour[];
  /** The chance that this person buys the item again within `horizonDays`. */
  rhythm(sku: string, bought: Bought, nowMs: number, horizonDays: number): { readonly propensity: number };
  /** The same of several things at once by a model of baskets; null without one. What it has not seen is missing. */
  again?(
    skus: readonly string[],
    past: { readonly bought: ReadonlyMap<string, Bought>; readonly lastOrder: readonly string[] },
    at: { readonly nowMs: number; readonly horizonDays: number },
  ): ReadonlyMap<string, number> | null;
};

export type CatalogueView = { readonly version: string; readonly items: ReadonlyMap<string, Item> };

export type OffersView = {
  readonly version: string;
  readonly offers: ReadonlyMap<string, Offer>;
  readonly placements: ReadonlyMap<string, Placement>;
};

export type OpenMoment = {
  readonly momentId: string;
  readonly kind: string;
  /** An item's sku, or "cart": then `evidence.lines` names the skus. */
  readonly subject: string;
  readonly windowStartMs: number;
  readonly windowEndMs: number;
  readonly confidence: number;
  readonly evidence: JsonObject;
};

export type Exposure = {
  readonly timeMs: number;
  readonly key: string;
  readonly placement: string;
  readonly channel: string;
};

/** The slices a decision reads; a person who never did a thing lacks its slice or has it empty. */
export type SeenSlices = {
  readonly orders?: {
    readonly cart: { readonly lines: readonly { readonly sku: string }[] } | null;
    readonly bought: readonly (Bought & { readonly sku: string })[];
    readonly lastOrder: { readonly skus: readonly string[]; readonly timeMs?: number } | null;
  };
  readonly interest?: { readonly views: readonly { readonly sku: string; readonly timeMs: number }[] };
  readonly moments?: { readonly open: readonly OpenMoment[] };
  readonly traits?: { readonly said: Readonly<Record<string, string>> };
  readonly consent?: ConsentState;
  readonly pressure?: {
    readonly exposures: readonly Exposure[];
    /** Per channel: the last day (UTC) on which a message left, and how many did. */
    readonly messages?: Readonly<Record<string, { readonly dayMs: number; readonly count: number }>>;
  };
};

/** A person as folded from the log up to `position`. */
export type SeenProfile = {
  readonly personId: PersonId;
  readonly members: readonly PersonId[];
  readonly position: string;
  readonly slices: SeenSlices;
};
