import { Type } from "typebox";
import { currency, id, minor, name, sku, text } from "./event.ts";
import { family } from "./family.ts";
import { count, link, position, skus } from "./fields.ts";

const seen = {
  sku,
  title: Type.Optional(name),
  category: Type.Optional(name),
  brand: Type.Optional(name),
  variant: Type.Optional(name),
  priceMinor: Type.Optional(minor("The price that was shown.")),
  currency: Type.Optional(currency),
  list: Type.Optional(name),
  position: Type.Optional(position),
  url: Type.Optional(link),
};

/** Looking around: pages, items, lists, searches, wishes. */
export const browsing = family(
  { retention: "browsing", purpose: "personalise" },
  {
    "page.viewed": {
      says: "A page of the site was opened.",
      data: Type.Object({
        url: Type.Optional(link),
        path: Type.Optional(link),
        title: Type.Optional(text(500)),
        referrer: Type.Optional(link),
        search: Type.Optional(link),
        name: Type.Optional(name),
        category: Type.Optional(name),
      }),
      personal: ["url", "referrer", "search"],
      example: { url: "https://tienda.example/cafe", path: "/cafe", title: "Café" },
    },
    "screen.viewed": {
      says: "A screen of the app was opened.",
      data: Type.Object({ name, category: Type.Optional(name) }),
      example: { name: "Inicio" },
    },
    "item.viewed": {
      says: "The page or card of one item was looked at.",
      data: Type.Object(seen),
      example: { sku: "7861001200017", title: "Café molido 500 g", priceMinor: 645, currency: "USD" },
    },
    "item.clicked": {
      says: "An item was chosen from a list.",
      data: Type.Object(seen),
      example: { sku: "7861001200017", list: "Desayuno", position: 3 },
    },
    "item.shared": {
      says: "An item was passed on to somebody else.",
      data: Type.Object({ sku, via: Type.Optional(text(50)), url: Type.Optional(link) }),
      example: { sku: "7861001200017", via: "whatsapp" },
    },
    "item.compared": {
      says: "Items were put side by side.",
      data: Type.Object({ skus: Type.Array(sku, { minItems: 2, maxItems: 50 }) }),
      example: { skus: ["refri-300", "refri-420"] },
    },
    "item.alert_asked": {
      says: "Somebody asks to hear when an item is back, or costs less.",
      data: Type.Object({
        sku,
        about: Type.Union([Type.Literal("back_in_stock"), Type.Literal("price")]),
        belowMinor: Type.Optional(minor("Tell me when the price is below this.")),
        currency: Type.Optional(currency),
      }),
      purpose: "operate",
      example: { sku: "refri-420", about: "back_in_stock" },
    },
    "item.searched": {
      says: "Somebody searched for something.",
      data: Type.Object({
        query: text(500),
        results: Type.Optional(count),
        skus: Type.Optional(skus),
        filters: Type.Optional(Type.Array(text(200), { maxItems: 100 })),
      }),
      personal: ["query"],
      example: { query: "leche sin lactosa", results: 14 },
    },
    "list.viewed": {
      says: "A list of items was looked at: a category, a search result, a shelf on the screen.",
      data: Type.Object({
        list: Type.Optional(name),
        category: Type.Optional(name),
        skus: Type.Optional(skus),
        filters: Type.Optional(Type.Array(text(200), { maxItems: 100 })),
        sorts: Type.Optional(Type.Array(text(200), { maxItems: 20 })),
      }),
      example: { list: "Desayuno", category: "alimentos/cafe", skus: ["7861001200017"] },
    },
    "wishlist.item_added": {
      says: "An item was put on a wish list.",
      data: Type.Object({ ...seen, wishlistId: Type.Optional(id) }),
      example: { sku: "refri-420", wishlistId: "casa-nueva" },
    },
    "wishlist.item_removed": {
      says: "An item was taken off a wish list.",
      data: Type.Object({ sku, wishlistId: Type.Optional(id) }),
      example: { sku: "refri-420", wishlistId: "casa-nueva" },
    },
  },
);
