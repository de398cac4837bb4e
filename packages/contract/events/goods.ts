import { limits } from "@trato/base";
import { Type } from "typebox";
import { exampleItem, item } from "../endpoints/catalog.ts";
import { examplePlace, place, placeId } from "../endpoints/places.ts";
import { price, promotion, tax } from "../endpoints/pricing-shapes.ts";
import { sku } from "./event.ts";
import { family } from "./family.ts";

const units = Type.Integer({ minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER });
const buckets = { onHand: units, held: units, allocated: units, available: units };
const level = Type.Object({ sku, ...buckets, incoming: units, inTransit: units });

/** What is on the shelf, what it costs, and where; these happen to nobody. */
export const goods = family(
  { retention: "service", purpose: "operate", saidBy: "hub" },
  {
    "stock.changed": {
      says: "Levels of stock changed in a place, by a count, a hold, a sale or goods that came or went; each as it is now.",
      data: Type.Object({
        place: placeId,
        levels: Type.Array(level, { minItems: 1, maxItems: limits.levelsPerChangeMax }),
      }),
      example: {
        place: "GYE-01",
        levels: [
          {
            ...{ sku: "7861001200017", onHand: 12, held: 2, allocated: 1, available: 7 },
            ...{ incoming: 24, inTransit: 0 },
          },
        ],
      },
    },
    "price.changed": {
      says: "A price row was written or withdrawn; it may begin later.",
      data: price,
      example: { sku: "7861001200017", currency: "USD", priceMinor: 549, placeId: "GYE-01" },
    },
    "item.changed": {
      says: "An item came into the catalogue or is another one now, with its own price.",
      data: item,
      example: exampleItem,
    },
    "promotion.changed": {
      says: "A promotion was written or withdrawn; it may begin later.",
      data: promotion,
      example: {
        id: "coffee-week",
        title: { es: "10 % en café", en: "10 % off coffee" },
        effect: { kind: "percent", ratePpm: 100_000 },
      },
    },
    "tax.changed": {
      says: "A tax was written or withdrawn; it may begin later.",
      data: tax,
      example: {
        id: "iva-15",
        name: { es: "IVA 15 %", en: "VAT 15 %" },
        country: "EC",
        ratePpm: 150_000,
        mode: "included",
      },
    },
    "place.changed": {
      says: "A store, warehouse or supplier was added, or is another one now.",
      data: place,
      example: examplePlace,
    },
  },
);
