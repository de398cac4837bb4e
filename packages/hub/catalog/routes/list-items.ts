import { limits } from "@trato/base";
import { listItems, ok } from "@trato/contract";
import { type Route, route } from "../../platform/index.ts";
import type { Catalog } from "../catalog.ts";

/** `GET /v1/items`. A page ends with the sku the next one begins after. */
export const listItemsRoute = (catalog: Catalog): Route =>
  route(listItems, async ({ query }) => {
    const limit = query.limit ?? limits.pageRowsDefault;
    const found = await catalog.list({
      after: query.after ?? "",
      limit: limit + 1,
      category: query.category ?? null,
    });
    const items = found.slice(0, limit);
    const last = items.at(-1);
    return ok({ items, ...(found.length > limit && last !== undefined ? { next: last.sku } : {}) });
  });
