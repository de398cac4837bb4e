import { ok, putPlacements } from "@trato/contract";
import { type Route, route } from "../../platform/index.ts";
import type { Offers } from "../offers.ts";

/** `PUT /v1/placements`. Sending the same batch again changes nothing, so it needs no Idempotency-Key. */
export const putPlacementsRoute = (offers: Offers): Route =>
  route(putPlacements, async ({ body, language }) =>
    ok(await offers.putPlacements(body.placements, language)),
  );
