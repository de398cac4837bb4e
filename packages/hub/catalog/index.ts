export { type Catalog, openCatalog } from "./catalog.ts";
export type { PlacesView } from "./place-store.ts";
export type { PricedFor } from "./pricing/price.ts";
export {
  type CartLine,
  type CartToPrice,
  type PricedCart,
  type PricedLine,
  type PricingViews,
  priceCart,
  type Unpriced,
} from "./pricing/price-cart.ts";
export { openPricing, type Pricing } from "./pricing/pricing.ts";
export { explainPriceRoute } from "./pricing/routes/explain-price.ts";
export { ruleRoutes } from "./pricing/routes/rules.ts";
export { listItemsRoute } from "./routes/list-items.ts";
export { listPlacesRoute } from "./routes/list-places.ts";
export { putItemsRoute } from "./routes/put-items.ts";
export { putPlacesRoute } from "./routes/put-places.ts";
export { readItemRoute } from "./routes/read-item.ts";
export { type Fate, fateOf, summarise } from "./rules.ts";
export type { CatalogueView } from "./store.ts";
