export { type Catalog, openCatalog } from "./catalog.ts";
export { listItemsRoute } from "./routes/list-items.ts";
export { putItemsRoute } from "./routes/put-items.ts";
export { readItemRoute } from "./routes/read-item.ts";
export { type Fate, fateOf, summarise } from "./rules.ts";
export type { CatalogueView } from "./store.ts";
