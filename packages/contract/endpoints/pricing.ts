import { Type } from "typebox";
import { endpoint } from "../endpoint.ts";
import { batchOf, batchResult } from "./catalog.ts";
import {
  type Price,
  type Promotion,
  price,
  pricedChannel,
  pricedCurrency,
  pricedGroup,
  pricedPlace,
  pricedSku,
  promotion,
  type Tax,
  tax,
} from "./pricing-shapes.ts";
import { pageLimit } from "./shapes.ts";

const after = Type.String({ maxLength: 2_000, description: "The `next` of the page before." });
const next = Type.Optional(Type.String());
const page = { after: Type.Optional(after), limit: Type.Optional(pageLimit) };
const oneCreated = (id: string) => ({
  ...{ version: "7", created: 1, changed: 0, unchanged: 0, refused: 0 },
  results: [{ id, result: "created" as const }],
});

const examplePrice: Price = {
  sku: "CAF-500",
  currency: "USD",
  priceMinor: 549,
  placeId: "GYE-01",
  validFrom: "2026-11-20T00:00:00-05:00",
};
const examplePriceId = "CAF-500?currency=USD&placeId=GYE-01&validFrom=2026-11-20T05%3A00%3A00.000Z";
const examplePromotion: Promotion = {
  id: "coffee-week",
  title: { es: "10 % en café", en: "10 % off coffee" },
  effect: { kind: "percent", ratePpm: 100_000 },
  categories: ["coffee"],
  from: "2026-11-20T00:00:00-05:00",
  until: "2026-11-27T00:00:00-05:00",
};
const exampleTax: Tax = {
  id: "iva-15",
  name: { es: "IVA 15 %", en: "VAT 15 %" },
  country: "EC",
  ratePpm: 150_000,
  mode: "included",
};

export const putPrices = endpoint({
  name: "putPrices",
  method: "PUT",
  path: "/v1/prices",
  tag: "pricing",
  says: "Adds or replaces prices of items, each row by itself.",
  more: "A row is named by its sku, currency, place, channel, group and start; the same row again changes nothing. The most specific row in force wins, even where a wider one is lower: group before place before channel before none; of rows that name the same, the one that began last; of several groups a person is in, the cheapest. Where no row is in force, the item's own price holds. `withdrawn: true` takes a row out.",
  needs: "catalog:write",
  body: Type.Object({ prices: batchOf(price) }),
  gives: batchResult,
  problems: ["request_invalid"],
  example: { body: { prices: [examplePrice] }, gives: oneCreated(examplePriceId) },
});

export const listPrices = endpoint({
  name: "listPrices",
  method: "GET",
  path: "/v1/prices",
  tag: "pricing",
  says: "Lists price rows, a page at a time; of one item when it is named.",
  needs: "catalog:read",
  query: Type.Object({ ...page, sku: Type.Optional(pricedSku) }),
  gives: Type.Object({ prices: Type.Array(price), next }),
  problems: ["request_invalid"],
  example: { query: { sku: "CAF-500" }, gives: { prices: [examplePrice] } },
});

export const putPromotions = endpoint({
  name: "putPromotions",
  method: "PUT",
  path: "/v1/promotions",
  tag: "pricing",
  says: "Adds or replaces promotions, each row by itself.",
  more: "What stacks all applies: on each line fixed prices, then shares, then amounts off each unit; then over lines goods given (of every `buy + get` units the `get` cheapest cost less), shares of the cart, amounts off it; each on what the one before left. A promotion that stands `alone` shares its lines with no other; the shopper gets the cheapest choice, of equal ones that with fewest promotions, then the first by id.",
  needs: "catalog:write",
  body: Type.Object({ promotions: batchOf(promotion) }),
  gives: batchResult,
  problems: ["request_invalid"],
  example: { body: { promotions: [examplePromotion] }, gives: oneCreated("coffee-week") },
});

export const listPromotions = endpoint({
  name: "listPromotions",
  method: "GET",
  path: "/v1/promotions",
  tag: "pricing",
  says: "Lists promotions by id, a page at a time.",
  needs: "catalog:read",
  query: Type.Object(page),
  gives: Type.Object({ promotions: Type.Array(promotion), next }),
  problems: ["request_invalid"],
  example: { query: { limit: 10 }, gives: { promotions: [examplePromotion] } },
});

export const putTaxes = endpoint({
  name: "putTaxes",
  method: "PUT",
  path: "/v1/taxes",
  tag: "pricing",
  says: "Adds or replaces taxes, each row by itself.",
  more: "A tax is on a class of items in a country; a place with rates of its own for a class has those instead. It is computed on what the lines of the class come to together, rounded half up once, and shared out by the largest remainder. A change of rate is a new row with `from`, and `until` on the old one.",
  needs: "catalog:write",
  body: Type.Object({ taxes: batchOf(tax) }),
  gives: batchResult,
  problems: ["request_invalid"],
  example: { body: { taxes: [exampleTax] }, gives: oneCreated("iva-15") },
});

export const listTaxes = endpoint({
  name: "listTaxes",
  method: "GET",
  path: "/v1/taxes",
  tag: "pricing",
  says: "Lists taxes by id, a page at a time.",
  needs: "catalog:read",
  query: Type.Object(page),
  gives: Type.Object({ taxes: Type.Array(tax), next }),
  problems: ["request_invalid"],
  example: { query: { limit: 10 }, gives: { taxes: [exampleTax] } },
});

const minor = Type.Integer({ description: "Whole minor units (ISO 4217)." });
const instant = Type.String({ description: "RFC 3339, in UTC." });
const orNull = <Schema extends Parameters<typeof Type.Union>[0][number]>(schema: Schema) =>
  Type.Union([schema, Type.Null()]);

export const explainPrice = endpoint({
  name: "explainPrice",
  method: "GET",
  path: "/v1/prices/{sku}/why",
  tag: "pricing",
  says: "Says what an item costs somebody now, which rules made it so, and what it cost before.",
  more: "`lowest` is what an announcement of a reduction must state in the European Union (directive 98/6/EC, article 6a): the lowest price that anybody paid in the 30 days before the present reduction, promotions included; when the price is not reduced, in the 30 days before now. A row counts from when it was told, so that dating one back changes nothing.",
  needs: "catalog:read",
  params: Type.Object({ sku: pricedSku }),
  query: Type.Object({
    placeId: Type.Optional(pricedPlace),
    channel: Type.Optional(pricedChannel),
    currency: Type.Optional(pricedCurrency),
    group: Type.Optional(pricedGroup),
  }),
  gives: Type.Object({
    sku: pricedSku,
    currency: pricedCurrency,
    at: instant,
    quantity: Type.Integer({ description: "All amounts are for so many." }),
    grossMinor: minor,
    discounts: Type.Array(Type.Object({ promotionId: Type.String(), amountMinor: minor })),
    taxes: Type.Array(
      Type.Object({
        taxId: Type.String(),
        ratePpm: Type.Integer(),
        mode: Type.Enum(["included", "added"]),
        amountMinor: minor,
      }),
    ),
    totalMinor: minor,
    row: orNull(Type.String({ description: "The price row in force; null is the item's own price." })),
    passedOver: Type.Array(Type.String({ description: "Rows in force that are less specific." })),
    lowest: Type.Object({
      lowestMinor: orNull(minor),
      from: instant,
      until: instant,
      reducedSince: orNull(instant),
    }),
    history: Type.Array(
      Type.Object({
        from: instant,
        priceMinor: orNull(Type.Integer({ description: "null: not for sale." })),
      }),
      { description: "What anybody paid at this place in this channel, step by step, without added taxes." },
    ),
  }),
  problems: ["request_invalid", "item_unknown", "price_unknown"],
  example: {
    params: { sku: "CAF-500" },
    query: { placeId: "GYE-01", channel: "web", currency: "USD" },
    gives: {
      ...{ sku: "CAF-500", currency: "USD", at: "2026-11-22T15:00:00.000Z", quantity: 1, grossMinor: 549 },
      discounts: [{ promotionId: "coffee-week", amountMinor: 55 }],
      taxes: [{ taxId: "iva-15", ratePpm: 150_000, mode: "included", amountMinor: 64 }],
      totalMinor: 494,
      row: examplePriceId,
      passedOver: [],
      lowest: {
        lowestMinor: 599,
        from: "2026-10-21T05:00:00.000Z",
        until: "2026-11-20T05:00:00.000Z",
        reducedSince: "2026-11-20T05:00:00.000Z",
      },
      history: [
        { from: "2026-07-25T15:00:00.000Z", priceMinor: 599 },
        { from: "2026-11-20T05:00:00.000Z", priceMinor: 494 },
      ],
    },
  },
});
