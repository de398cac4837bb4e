import { limits } from "@trato/base";
import { listPlaces, ok } from "@trato/contract";
import { type Route, route } from "../../platform/index.ts";
import type { Catalog } from "../catalog.ts";

/** `GET /v1/places`. A page ends with the place the next one begins after. */
export const listPlacesRoute = (catalog: Catalog): Route =>
  route(listPlaces, async ({ query }) => {
    const limit = query.limit ?? limits.pageRowsDefault;
    const found = catalog.listPlaces({ after: query.after ?? "", limit: limit + 1 });
    const places = found.slice(0, limit);
    const last = places.at(-1);
    return ok({ places, ...(found.length > limit && last !== undefined ? { next: last.placeId } : {}) });
  });
