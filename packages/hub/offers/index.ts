export { heardTypes as offersHear, type Offers, openOffers } from "./offers.ts";
export { listOffersRoute } from "./routes/list-offers.ts";
export { listPlacementsRoute } from "./routes/list-placements.ts";
export { putOffersRoute } from "./routes/put-offers.ts";
export { putPlacementsRoute } from "./routes/put-placements.ts";
export type { OffersView } from "./store.ts";
