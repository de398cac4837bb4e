import { listPlacements, ok } from "@trato/contract";
import { type Route, route } from "../../platform/index.ts";
import type { Offers } from "../offers.ts";

/** `GET /v1/placements`, sorted by name. */
export const listPlacementsRoute = (offers: Offers): Route =>
  route(listPlacements, async () => {
    const placements = [...offers.now().placements.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    return ok({ placements });
  });
