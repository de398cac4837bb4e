import { ok, readItem, refuse } from "@trato/contract";
import { type Route, route } from "../../platform/index.ts";
import type { Catalog } from "../catalog.ts";

/** `GET /v1/items/{sku}`. */
export const readItemRoute = (catalog: Catalog): Route =>
  route(readItem, async ({ params }) => {
    const item = await catalog.find(params.sku);
    return item === undefined ? refuse("item_unknown") : ok(item);
  });
