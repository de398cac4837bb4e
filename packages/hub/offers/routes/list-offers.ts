import { limits } from "@trato/base";
import { listOffers, ok } from "@trato/contract";
import { type Route, route } from "../../platform/index.ts";
import type { Offers } from "../offers.ts";

/** `GET /v1/offers`. A page ends with the id the next one begins after. */
export const listOffersRoute = (offers: Offers): Route =>
  route(listOffers, async ({ query }) => {
    const limit = query.limit ?? limits.pageRowsDefault;
    const found = await offers.list({ after: query.after ?? "", limit: limit + 1 });
    const page = found.slice(0, limit).map(({ offer, used }) => ({ ...offer, usedUnits: used }));
    const last = page.at(-1);
    return ok({ offers: page, ...(found.length > limit && last !== undefined ? { next: last.id } : {}) });
  });
