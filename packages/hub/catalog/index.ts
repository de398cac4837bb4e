export { type Catalog, openCatalog } from "./catalog.ts";
export type { PlacesView } from "./place-store.ts";
export { listItemsRoute } from "./routes/list-items.ts";
export { listPlacesRoute } from "./routes/list-places.ts";
export { putItemsRoute } from "./routes/put-items.ts";
export { putPlacesRoute } from "./routes/put-places.ts";
export { readItemRoute } from "./routes/read-item.ts";
export { type Fate, fateOf, summarise } from "./rules.ts";
export type { CatalogueView } from "./store.ts";
