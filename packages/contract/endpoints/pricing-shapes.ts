import { type Currency, currencyScale, limits } from "@trato/base";
import { type Static, Type } from "typebox";
import { words } from "../words.ts";

/** Shapes of what makes a price: price rows, promotions and taxes. */
const key = (description: string) =>
  Type.String({ minLength: 1, maxLength: 100, pattern: "^[^\\u0000-\\u001f\\u007f]+$", description });
const keys = (description: string) =>
  Type.Array(key("A name."), { minItems: 1, maxItems: 1_000, uniqueItems: true, description });
const ruleId = Type.String({ minLength: 1, maxLength: 100, pattern: "^[A-Za-z0-9][A-Za-z0-9._-]*$" });
const instant = Type.String({ format: "date-time", description: "RFC 3339, with an offset." });
const amount = (minimum: number) => Type.Integer({ minimum, maximum: limits.priceMinorMax });
export const pricedCurrency = Type.Enum(Object.keys(currencyScale) as Currency[]);
export const pricedSku = Type.String({
  minLength: 1,
  maxLength: 100,
  pattern: "^(?!__proto__$)[^\\u0000-\\u001f\\u007f]+$",
});
export const pricedPlace = key("The id of a place.");
export const pricedChannel = key("A channel, such as web, app or pos.");
export const pricedGroup = key("A group of customers, such as staff or wholesale.");
/** Parts per million hold every rate that laws print: 15 % is 150000, 8.875 % is 88750. */
const ratePpm = (maximum: number) =>
  Type.Integer({ minimum: 1, maximum, description: "Parts per million: 150000 is 15 %." });
const withdrawn = Type.Optional(
  Type.Literal(true, { description: "Takes the rule out; its history stays." }),
);
const closed = { additionalProperties: false };

/** A price of an item, for whoever the row names; what it leaves out it does not ask for. */
export const price = Type.Object(
  {
    sku: pricedSku,
    currency: pricedCurrency,
    priceMinor: amount(0),
    perQuantity: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1_000_000,
        description:
          "The price is for so many: 1000 for a kilogram of what is counted in grams. 1 by default.",
      }),
    ),
    placeId: Type.Optional(pricedPlace),
    channel: Type.Optional(pricedChannel),
    group: Type.Optional(pricedGroup),
    validFrom: Type.Optional(instant),
    validUntil: Type.Optional(instant),
    withdrawn,
  },
  closed,
);
export type Price = Readonly<Static<typeof price>>;

const off = { amountMinor: amount(1), currency: pricedCurrency };
export const promotionEffect = Type.Union([
  Type.Object({ kind: Type.Literal("percent"), ratePpm: ratePpm(1_000_000) }, closed),
  Type.Object({ kind: Type.Literal("amount"), ...off }, closed),
  Type.Object({ kind: Type.Literal("price"), priceMinor: amount(0), currency: pricedCurrency }, closed),
  Type.Object(
    {
      kind: Type.Literal("buy_get"),
      buy: Type.Integer({ minimum: 1, maximum: 1_000 }),
      get: Type.Integer({ minimum: 1, maximum: 1_000 }),
      ratePpm: ratePpm(1_000_000),
    },
    closed,
  ),
  Type.Object({ kind: Type.Literal("cart_percent"), ratePpm: ratePpm(1_000_000) }, closed),
  Type.Object({ kind: Type.Literal("cart_amount"), ...off }, closed),
]);
export type PromotionEffect = Readonly<Static<typeof promotionEffect>>;

/** A rule that takes something off, for the items, shoppers, places and times it names. */
export const promotion = Type.Object(
  {
    id: ruleId,
    title: words,
    effect: promotionEffect,
    skus: Type.Optional(keys("Only these items, or those of `categories`.")),
    categories: Type.Optional(keys("Only items of these categories, or those of `skus`.")),
    placeIds: Type.Optional(keys("Only at these places.")),
    channels: Type.Optional(keys("Only in these channels.")),
    groups: Type.Optional(keys("Only for people of one of these groups.")),
    from: Type.Optional(instant),
    until: Type.Optional(instant),
    minimum: Type.Optional(
      Type.Object(off, {
        ...closed,
        description: "Cart promotions only: what the lines it is for must cost at least, before promotions.",
      }),
    ),
    combines: Type.Optional(
      Type.Enum(["stacks", "alone"], {
        description: "alone: on a line that it touches there is no other promotion. stacks when left out.",
      }),
    ),
    withdrawn,
  },
  closed,
);
export type Promotion = Readonly<Static<typeof promotion>>;

/** A tax on a class of items in a country, or at one place of it. */
export const tax = Type.Object(
  {
    id: ruleId,
    name: words,
    taxClass: Type.Optional(key("Items name their class; `standard` when left out.")),
    country: Type.String({ pattern: "^[A-Z]{2}$", description: "ISO 3166-1 alpha-2." }),
    placeId: Type.Optional(pricedPlace),
    ratePpm: Type.Integer({
      minimum: 0,
      maximum: 2_000_000,
      description: "Parts per million: 150000 is 15 %.",
    }),
    mode: Type.Enum(["included", "added"], {
      description: "Whether prices have the tax in them, or it is put on top.",
    }),
    from: Type.Optional(instant),
    until: Type.Optional(instant),
    withdrawn,
  },
  closed,
);
export type Tax = Readonly<Static<typeof tax>>;
