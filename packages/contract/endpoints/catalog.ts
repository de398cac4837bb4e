import { type Currency, currencyScale, limits } from "@trato/base";
import { type Static, type TSchema, Type } from "typebox";
import { endpoint } from "../endpoint.ts";
import { words } from "../words.ts";
import { cursor, pageLimit } from "./shapes.ts";

export const itemSku = Type.String({
  minLength: 1,
  maxLength: 100,
  pattern: "^(?!__proto__$)[^\\u0000-\\u001f\\u007f]+$",
});
const category = Type.String({ minLength: 1, maxLength: 100, pattern: "^[^\\u0000-\\u001f\\u007f]+$" });
const price = Type.Integer({
  minimum: 0,
  maximum: limits.priceMinorMax,
  description: "Whole minor units (ISO 4217).",
});
const currencyCode = Type.Enum(Object.keys(currencyScale) as Currency[]);
const itemKind = Type.Enum(["product", "service"]);
const lifeDays = Type.Integer({
  minimum: 1,
  maximum: 10_000,
  description:
    "How long a durable good lasts; it is not suggested again before. Left out for what is used up.",
});

const taxClass = Type.String({
  minLength: 1,
  maxLength: 100,
  pattern: "^[^\\u0000-\\u001f\\u007f]+$",
  description: "Which taxes it bears, such as standard, reduced or exempt; `standard` when left out.",
});
const parts = Type.Array(
  Type.Object(
    { sku: itemSku, quantity: Type.Integer({ minimum: 1, maximum: 10_000 }) },
    { additionalProperties: false },
  ),
  {
    minItems: 1,
    maxItems: limits.partsPerItemMax,
    description: "What a bundle is made of. It has no stock of its own: it is there when all its parts are.",
  },
);

/** A sellable thing as it is kept. */
export const item = Type.Object({
  sku: itemSku,
  title: words,
  category,
  priceMinor: price,
  marginMinor: Type.Optional(Type.Integer({ minimum: -limits.priceMinorMax, maximum: limits.priceMinorMax })),
  currency: currencyCode,
  kind: itemKind,
  inStock: Type.Boolean(),
  sellable: Type.Boolean(),
  lifeDays: Type.Optional(lifeDays),
  taxClass: Type.Optional(taxClass),
  parts: Type.Optional(parts),
});
export type Item = Readonly<Static<typeof item>>;

/** An item as it is sent: one title may stand for both languages; kind, stock and sale have their usual value. */
export const itemInput = Type.Object(
  {
    ...item.properties,
    title: Type.Union([words, words.properties.es]),
    kind: Type.Optional(itemKind),
    inStock: Type.Optional(Type.Boolean()),
    sellable: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);
export type ItemInput = Static<typeof itemInput>;

/** The fields of a row that are wrong, each with its remedy. */
export const rowErrors = Type.Array(Type.Object({ pointer: Type.String(), detail: Type.String() }));

/** What became of one row of a batch; a row that is refused does not hold up the others. */
export const rowResult = Type.Object({
  id: Type.String({ description: "The row's sku, id or name; empty when it could not be read." }),
  result: Type.Enum(["created", "changed", "unchanged", "refused"]),
  errors: Type.Optional(rowErrors),
});
export type RowResult = Static<typeof rowResult>;

/** What a batch of rows came to. `version` names the state of things after it. */
export const batchResult = Type.Object({
  version: Type.String(),
  created: Type.Integer(),
  changed: Type.Integer(),
  unchanged: Type.Integer(),
  refused: Type.Integer(),
  results: Type.Array(rowResult),
});
export type BatchResult = Static<typeof batchResult>;

/** A row is checked by itself, after the batch was read: the union shows its shape and lets every row in. */
export const batchOf = <Row extends TSchema>(row: Row) =>
  Type.Array(Type.Union([row, Type.Unknown()]), { minItems: 1, maxItems: limits.batchRowsMax });

export const exampleItem: Item = {
  sku: "CAF-500",
  title: { es: "Café molido 500 g", en: "Ground coffee 500 g" },
  category: "coffee",
  priceMinor: 599,
  marginMinor: 180,
  currency: "USD",
  kind: "product",
  inStock: true,
  sellable: true,
};

export const putItems = endpoint({
  name: "putItems",
  method: "PUT",
  path: "/v1/items",
  tag: "catalog",
  says: "Adds or replaces items, each row by itself.",
  more: "A row that is wrong is refused with the field that is wrong; the others are kept. The same row again changes nothing, so a batch can be sent again at will. An item that is no longer sold is sent with `sellable: false`; stock is the flag `inStock`.",
  needs: "catalog:write",
  body: Type.Object({ items: batchOf(itemInput) }),
  gives: batchResult,
  problems: ["request_invalid"],
  example: {
    body: { items: [exampleItem] },
    gives: {
      version: "42",
      created: 1,
      changed: 0,
      unchanged: 0,
      refused: 0,
      results: [{ id: "CAF-500", result: "created" }],
    },
  },
});

export const listItems = endpoint({
  name: "listItems",
  method: "GET",
  path: "/v1/items",
  tag: "catalog",
  says: "Lists items by sku, a page at a time.",
  needs: "catalog:read",
  query: Type.Object({
    after: Type.Optional(cursor),
    limit: Type.Optional(pageLimit),
    category: Type.Optional(category),
  }),
  gives: Type.Object({ items: Type.Array(item), next: Type.Optional(Type.String()) }),
  problems: ["request_invalid"],
  example: { query: { limit: 1 }, gives: { items: [exampleItem], next: "CAF-500" } },
});

export const readItem = endpoint({
  name: "readItem",
  method: "GET",
  path: "/v1/items/{sku}",
  tag: "catalog",
  says: "Reads one item.",
  needs: "catalog:read",
  params: Type.Object({ sku: itemSku }),
  gives: item,
  problems: ["item_unknown"],
  example: { params: { sku: "CAF-500" }, gives: exampleItem },
});
