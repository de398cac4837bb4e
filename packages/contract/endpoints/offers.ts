import { limits } from "@trato/base";
import { type Static, Type } from "typebox";
import { endpoint } from "../endpoint.ts";
import { words } from "../words.ts";
import { batchOf, batchResult } from "./catalog.ts";
import { cursor, pageLimit } from "./shapes.ts";

const name = Type.String({ minLength: 1, maxLength: 100, pattern: "^[a-z0-9][a-z0-9._-]*$" });
const offerId = Type.String({ minLength: 1, maxLength: 100, pattern: "^[A-Za-z0-9][A-Za-z0-9._-]*$" });
const shortText = Type.String({ minLength: 1, maxLength: 100 });
const instant = Type.String({ format: "date-time", description: "RFC 3339, with an offset." });

export const offerKinds = [
  "product",
  "content",
  "service",
  "experience",
  "discount",
  "credit",
  "delivery",
] as const;
export type OfferKind = (typeof offerKinds)[number];
const offerKind = Type.Enum([...offerKinds]);

/** What a condition may look at. All but `cartHasSku` look at the person. */
export const conditionFacts = [
  "country",
  "language",
  "ownsCategory",
  "boughtSku",
  "cartHasSku",
  "momentKind",
] as const;
export type ConditionFact = (typeof conditionFacts)[number];
const condition = Type.Object(
  { fact: Type.Enum([...conditionFacts]), is: shortText },
  { additionalProperties: false },
);
export type Condition = Static<typeof condition>;
const conditions = Type.Array(condition, { maxItems: 20 });

/** What the shop can do for somebody, and for whom. */
export const offer = Type.Object(
  {
    id: offerId,
    kind: offerKind,
    text: words,
    placements: Type.Array(name, { minItems: 1, maxItems: 50, uniqueItems: true }),
    skus: Type.Optional(Type.Array(shortText, { maxItems: 200, uniqueItems: true })),
    categories: Type.Optional(Type.Array(shortText, { maxItems: 50, uniqueItems: true })),
    leverMinor: Type.Integer({
      minimum: 0,
      maximum: limits.priceMinorMax,
      description: "What one showing is worth beyond what the items earn, in minor units.",
    }),
    window: Type.Optional(
      Type.Object(
        { from: Type.Optional(instant), until: Type.Optional(instant) },
        { additionalProperties: false },
      ),
    ),
    eligibility: Type.Optional(
      Type.Object(
        { allOf: Type.Optional(conditions), anyOf: Type.Optional(conditions) },
        { additionalProperties: false },
      ),
    ),
    capPerPersonPerDay: Type.Optional(Type.Integer({ minimum: 1, maximum: limits.exposuresKept })),
    budgetUnits: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000_000 })),
    exclusiveGroup: Type.Optional(shortText),
    active: Type.Optional(Type.Boolean({ description: "false takes the offer out; true when left out." })),
  },
  { additionalProperties: false },
);
export type Offer = Readonly<Static<typeof offer>>;

export const placementChannels = ["web", "app", "pos", "email", "sms", "push", "whatsapp"] as const;
export type PlacementChannel = (typeof placementChannels)[number];

/** Where a decision is asked for. On channels that go out to the person, marketing consent is needed. */
export const placement = Type.Object(
  {
    name,
    channel: Type.Enum([...placementChannels]),
    slotsMax: Type.Integer({ minimum: 1, maximum: limits.decisionSlotsMax }),
    kinds: Type.Array(offerKind, { minItems: 1, uniqueItems: true }),
    exposuresPerPersonPerDayMax: Type.Optional(Type.Integer({ minimum: 1, maximum: limits.exposuresKept })),
    minGapMs: Type.Optional(Type.Integer({ minimum: 0, maximum: 30 * 24 * 3_600_000 })),
  },
  { additionalProperties: false },
);
export type Placement = Readonly<Static<typeof placement>>;

const filters: Offer = {
  id: "filters-3x2",
  kind: "discount",
  text: { es: "3 filtros por el precio de 2", en: "3 filters for the price of 2" },
  placements: ["web.home", "email.slot"],
  skus: ["FIL-4"],
  leverMinor: 25,
  window: { from: "2026-11-01T00:00:00-05:00", until: "2026-12-01T00:00:00-05:00" },
  eligibility: { allOf: [{ fact: "ownsCategory", is: "coffee-machines" }] },
  capPerPersonPerDay: 2,
  exclusiveGroup: "coffee",
};

const home: Placement = {
  name: "web.home",
  channel: "web",
  slotsMax: 8,
  kinds: ["product", "content", "service", "experience", "discount", "credit", "delivery"],
};

export const putOffers = endpoint({
  name: "putOffers",
  method: "PUT",
  path: "/v1/offers",
  tag: "offers",
  says: "Adds or replaces offers, each row by itself.",
  more: "The same row again changes nothing. An offer is taken out with `active: false`. Its placements must exist.",
  needs: "offers:write",
  body: Type.Object({ offers: batchOf(offer) }),
  gives: batchResult,
  problems: ["request_invalid"],
  example: {
    body: { offers: [filters] },
    gives: {
      version: "7",
      created: 1,
      changed: 0,
      unchanged: 0,
      refused: 0,
      results: [{ id: "filters-3x2", result: "created" }],
    },
  },
});

export const listOffers = endpoint({
  name: "listOffers",
  method: "GET",
  path: "/v1/offers",
  tag: "offers",
  says: "Lists offers by id, a page at a time, with what is used of their budget.",
  needs: "offers:read",
  query: Type.Object({
    after: Type.Optional(cursor),
    limit: Type.Optional(pageLimit),
  }),
  gives: Type.Object({
    offers: Type.Array(Type.Object({ ...offer.properties, usedUnits: Type.Integer() })),
    next: Type.Optional(Type.String()),
  }),
  problems: ["request_invalid"],
  example: { gives: { offers: [{ ...filters, usedUnits: 0 }] } },
});

export const putPlacements = endpoint({
  name: "putPlacements",
  method: "PUT",
  path: "/v1/placements",
  tag: "offers",
  says: "Adds or replaces placements, each row by itself.",
  needs: "offers:write",
  body: Type.Object({ placements: batchOf(placement) }),
  gives: batchResult,
  problems: ["request_invalid"],
  example: {
    body: { placements: [home] },
    gives: {
      version: "8",
      created: 0,
      changed: 0,
      unchanged: 1,
      refused: 0,
      results: [{ id: "web.home", result: "unchanged" }],
    },
  },
});

export const listPlacements = endpoint({
  name: "listPlacements",
  method: "GET",
  path: "/v1/placements",
  tag: "offers",
  says: "Lists every placement.",
  needs: "offers:read",
  gives: Type.Object({ placements: Type.Array(placement) }),
  problems: [],
  example: { gives: { placements: [home] } },
});
