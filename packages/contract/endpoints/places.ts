import { limits } from "@trato/base";
import { type Static, Type } from "typebox";
import { endpoint } from "../endpoint.ts";
import { batchOf, batchResult } from "./catalog.ts";
import { cursor, pageLimit } from "./shapes.ts";

/** Names of places and channels are the shop's own; what an event says as `store` is a place's name. */
export const placeId = Type.String({
  minLength: 1,
  maxLength: limits.storeCharsMax,
  pattern: "^(?!__proto__$)[^\\u0000-\\u001f\\u007f]+$",
});
export const channelName = Type.String({
  minLength: 1,
  maxLength: limits.channelCharsMax,
  pattern: "^[^\\u0000-\\u001f\\u007f]+$",
});

export const placeKinds = ["store", "warehouse", "supplier"] as const;
export type PlaceKind = (typeof placeKinds)[number];

/** Where goods are: a store, a warehouse, or a supplier who sends them for the shop. */
export const place = Type.Object({
  placeId,
  kind: Type.Enum([...placeKinds]),
  name: Type.String({ minLength: 1, maxLength: 200 }),
  country: Type.String({ pattern: "^[A-Z]{2}$", description: "ISO 3166-1, two letters." }),
  timezone: Type.String({ maxLength: 60, description: "IANA name, such as America/Guayaquil." }),
  latitude: Type.Optional(Type.Number({ minimum: -90, maximum: 90, description: "Degrees, WGS 84." })),
  longitude: Type.Optional(Type.Number({ minimum: -180, maximum: 180, description: "Degrees, WGS 84." })),
  channels: Type.Array(channelName, {
    maxItems: limits.channelsPerPlaceMax,
    uniqueItems: true,
    description: "The channels it can serve; none takes it out of sale, and keeps its stock.",
  }),
  priority: Type.Integer({
    minimum: 0,
    maximum: 1_000_000,
    description: "Who serves first where distance does not say; the lowest is first.",
  }),
});
export type Place = Readonly<Static<typeof place>>;

/** A place as it is sent; without a priority it comes after those that have one. */
export const placeInput = Type.Object(
  { ...place.properties, priority: Type.Optional(place.properties.priority) },
  { additionalProperties: false },
);
export type PlaceInput = Readonly<Static<typeof placeInput>>;

export const examplePlace: Place = {
  placeId: "GYE-01",
  kind: "store",
  name: "Guayaquil, Avenida 9 de Octubre",
  country: "EC",
  timezone: "America/Guayaquil",
  latitude: -2.1894,
  longitude: -79.8891,
  channels: ["pos", "web", "app"],
  priority: 10,
};

export const putPlaces = endpoint({
  name: "putPlaces",
  method: "PUT",
  path: "/v1/places",
  tag: "catalog",
  says: "Adds or replaces places, each row by itself.",
  more: "A row that is wrong is refused with the field that is wrong; the others are kept. The same row again changes nothing. A place that serves no channel any more is sent with `channels: []`.",
  needs: "catalog:write",
  body: Type.Object({ places: batchOf(placeInput) }),
  gives: batchResult,
  problems: ["request_invalid"],
  example: {
    body: { places: [examplePlace] },
    gives: {
      version: "3",
      created: 1,
      changed: 0,
      unchanged: 0,
      refused: 0,
      results: [{ id: "GYE-01", result: "created" }],
    },
  },
});

export const listPlaces = endpoint({
  name: "listPlaces",
  method: "GET",
  path: "/v1/places",
  tag: "catalog",
  says: "Lists places by name, a page at a time.",
  needs: "catalog:read",
  query: Type.Object({ after: Type.Optional(cursor), limit: Type.Optional(pageLimit) }),
  gives: Type.Object({ places: Type.Array(place), next: Type.Optional(Type.String()) }),
  problems: ["request_invalid"],
  example: { query: { limit: 1 }, gives: { places: [examplePlace], next: "GYE-01" } },
});
