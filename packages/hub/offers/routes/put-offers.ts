import { ok, putOffers } from "@trato/contract";
import { type Route, route } from "../../platform/index.ts";
import type { Offers } from "../offers.ts";

/** `PUT /v1/offers`. Sending the same batch again changes nothing, so it needs no Idempotency-Key. */
export const putOffersRoute = (offers: Offers): Route =>
  route(putOffers, async ({ body, language }) => ok(await offers.putOffers(body.offers, language)));
