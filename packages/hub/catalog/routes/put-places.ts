import { ok, putPlaces } from "@trato/contract";
import { type Route, route } from "../../platform/index.ts";
import type { Catalog } from "../catalog.ts";

/** `PUT /v1/places`. Sending the same batch again changes nothing, so it needs no Idempotency-Key. */
export const putPlacesRoute = (catalog: Catalog): Route =>
  route(putPlaces, async ({ body, language }) => ok(await catalog.putPlaces(body.places, language)));
