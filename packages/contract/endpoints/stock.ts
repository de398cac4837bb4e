import { limits } from "@trato/base";
import { type Static, Type } from "typebox";
import { endpoint } from "../endpoint.ts";
import { batchOf, itemSku, rowErrors } from "./catalog.ts";
import { channelName, placeId } from "./places.ts";
import { cursor, instant, pageLimit } from "./shapes.ts";

/** Whole units of the item: pieces, or grams of what is weighed. */
export const units = Type.Integer({ minimum: 0, maximum: limits.stockUnitsMax });
export const someUnits = Type.Integer({ minimum: 1, maximum: limits.stockUnitsMax });
const anyUnits = Type.Integer({ description: "Negative when more left than was ever counted." });
export const commandId = Type.String({
  minLength: 1,
  maxLength: 200,
  pattern: "^[^\\u0000-\\u001f\\u007f]+$",
  description: "Your name for it; the same one again moves nothing.",
});
const when = Type.String({
  format: "date-time",
  description: "RFC 3339, with an offset; now when left out.",
});
const buffers = Type.Record(channelName, units, {
  maxProperties: limits.channelsPerPlaceMax,
  additionalProperties: false,
});

/** One row of the feed: a count, a difference, or what is expected and kept back. */
export const stockInput = Type.Object(
  {
    placeId,
    sku: itemSku,
    onHand: Type.Optional(units),
    countedAt: Type.Optional(when),
    delta: Type.Optional(
      Type.Integer({
        minimum: -limits.stockUnitsMax,
        maximum: limits.stockUnitsMax,
        description: "So many came or went.",
      }),
    ),
    at: Type.Optional(when),
    commandId: Type.Optional(commandId),
    incoming: Type.Optional(units),
    safety: Type.Optional(units),
    channelBuffers: Type.Optional(buffers),
  },
  { additionalProperties: false },
);
export type StockInput = Readonly<Static<typeof stockInput>>;

export const stockFates = ["applied", "unchanged", "older", "repeat", "refused"] as const;
export type StockFate = (typeof stockFates)[number];

const stockRowResult = Type.Object({
  id: Type.String({ description: "`placeId/sku` of the row; of one that could not be read, its sku." }),
  result: Type.Enum([...stockFates]),
  errors: Type.Optional(rowErrors),
});
export type StockRowResult = Static<typeof stockRowResult>;

/** One item at one place, as it is. */
export const stockLevel = Type.Object({
  sku: itemSku,
  placeId,
  onHand: anyUnits,
  held: units,
  allocated: units,
  available: Type.Integer({
    minimum: 0,
    description: "What may be promised at this instant: on hand, not promised, above the buffer.",
  }),
  incoming: Type.Integer({ minimum: 0, description: "Expected from suppliers." }),
  inTransit: Type.Integer({ minimum: 0, description: "On the way from another place." }),
  safety: units,
  channelBuffers: Type.Optional(buffers),
  countedAt: Type.Optional(instant),
});
export type StockLevel = Static<typeof stockLevel>;

export const exampleLevel: StockLevel = {
  sku: "CAF-500",
  placeId: "GYE-01",
  onHand: 24,
  held: 2,
  allocated: 1,
  available: 19,
  incoming: 48,
  inTransit: 0,
  safety: 2,
  channelBuffers: { pos: 0 },
  countedAt: "2026-11-20T10:00:00.000Z",
};

export const putStock = endpoint({
  name: "putStock",
  method: "PUT",
  path: "/v1/stock",
  tag: "stock",
  says: "Feeds stock: counts, differences, what is expected and what is kept back; each row by itself.",
  more: "A count (`onHand`) says what was there at `countedAt`: an older one never overwrites a newer one, and what came or went after it still counts. A difference (`delta`) names itself by `commandId`, such as the ticket, and moves once for its item and place; one from before the last count is in that count already. Rows may come in any order and any number of times: the stock is the same. Of two counts of the same instant the lower one holds. `safety` is kept back from every channel, `channelBuffers` from one instead.",
  needs: "stock:write",
  body: Type.Object({ levels: batchOf(stockInput) }),
  gives: Type.Object({
    applied: Type.Integer(),
    unchanged: Type.Integer(),
    older: Type.Integer(),
    repeat: Type.Integer(),
    refused: Type.Integer(),
    results: Type.Array(stockRowResult),
  }),
  problems: ["request_invalid", "overloaded"],
  example: {
    body: {
      levels: [
        {
          placeId: "GYE-01",
          sku: "CAF-500",
          onHand: 24,
          countedAt: "2026-11-20T05:00:00-05:00",
          safety: 2,
          channelBuffers: { pos: 0 },
        },
        {
          placeId: "GYE-01",
          sku: "DET-3",
          delta: -1,
          at: "2026-11-20T05:10:00-05:00",
          commandId: "till-7/812",
        },
      ],
    },
    gives: {
      applied: 2,
      unchanged: 0,
      older: 0,
      repeat: 0,
      refused: 0,
      results: [
        { id: "GYE-01/CAF-500", result: "applied" },
        { id: "GYE-01/DET-3", result: "applied" },
      ],
    },
  },
});

export const listStock = endpoint({
  name: "listStock",
  method: "GET",
  path: "/v1/stock",
  tag: "stock",
  says: "Lists stock by item and place, of one item, one place or all, a page at a time.",
  more: "Holds that are over count for nothing, whether or not they were tidied away yet. With `channel`, `available` is what that channel may promise.",
  needs: "stock:read",
  query: Type.Object({
    sku: Type.Optional(itemSku),
    placeId: Type.Optional(placeId),
    channel: Type.Optional(channelName),
    after: Type.Optional(cursor),
    limit: Type.Optional(pageLimit),
  }),
  gives: Type.Object({ levels: Type.Array(stockLevel), next: Type.Optional(Type.String()) }),
  problems: ["request_invalid"],
  example: { query: { sku: "CAF-500", limit: 10 }, gives: { levels: [exampleLevel] } },
});

const movement = Type.Object({
  movementId: Type.String(),
  at: instant,
  recordedAt: instant,
  from: Type.String({ description: "outside, free, held, allocated, short, incoming or transit." }),
  to: Type.String(),
  quantity: someUnits,
  reason: Type.String(),
  ref: Type.Optional(Type.String({ description: "The hold, order or transfer it was for." })),
  commandId: Type.Optional(Type.String()),
});
export type StockMovement = Static<typeof movement>;

export const explainStock = endpoint({
  name: "explainStock",
  method: "GET",
  path: "/v1/stock/{sku}/why",
  tag: "stock",
  says: "The movements that made a balance, the latest first, a page at a time.",
  more: "`short` is a debt: so many units were promised and then not found. On hand is free + held + allocated − short.",
  needs: "stock:read",
  params: Type.Object({ sku: itemSku }),
  query: Type.Object({ placeId, after: Type.Optional(cursor), limit: Type.Optional(pageLimit) }),
  gives: Type.Object({
    level: stockLevel,
    movements: Type.Array(movement),
    next: Type.Optional(Type.String()),
  }),
  problems: ["request_invalid", "stock_unknown"],
  example: {
    params: { sku: "CAF-500" },
    query: { placeId: "GYE-01" },
    gives: {
      level: exampleLevel,
      movements: [
        {
          movementId: "7",
          at: "2026-11-20T10:00:00.000Z",
          recordedAt: "2026-11-20T10:00:00.210Z",
          from: "outside",
          to: "free",
          quantity: 24,
          reason: "count",
        },
      ],
    },
  },
});

export const findPlaces = endpoint({
  name: "findPlaces",
  method: "GET",
  path: "/v1/stock/{sku}/places",
  tag: "stock",
  says: "The places that can serve so many of an item at this instant, the nearest first.",
  more: "Without coordinates, or among places that have none, the lowest `priority` is first. A bundle is served by a place that has all its parts.",
  needs: "stock:read",
  params: Type.Object({ sku: itemSku }),
  query: Type.Object({
    quantity: Type.Optional(someUnits),
    channel: Type.Optional(channelName),
    latitude: Type.Optional(Type.Number({ minimum: -90, maximum: 90 })),
    longitude: Type.Optional(Type.Number({ minimum: -180, maximum: 180 })),
    limit: Type.Optional(pageLimit),
  }),
  gives: Type.Object({
    places: Type.Array(
      Type.Object({
        placeId,
        available: units,
        distanceM: Type.Optional(Type.Integer({ description: "Metres, as the crow flies." })),
      }),
    ),
  }),
  problems: ["request_invalid"],
  example: {
    params: { sku: "CAF-500" },
    query: { quantity: 2, channel: "web", latitude: -2.17, longitude: -79.92 },
    gives: { places: [{ placeId: "GYE-01", available: 19, distanceM: 4_060 }] },
  },
});
