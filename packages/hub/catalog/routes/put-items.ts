import { ok, putItems } from "@trato/contract";
import { type Route, route } from "../../platform/index.ts";
import type { Catalog } from "../catalog.ts";

/** `PUT /v1/items`. Sending the same batch again changes nothing, so it needs no Idempotency-Key. */
export const putItemsRoute = (catalog: Catalog): Route =>
  route(putItems, async ({ body, language }) => ok(await catalog.put(body.items, language)));
