import { limits } from "@trato/base";
import { listStock, ok } from "@trato/contract";
import { type Route, route } from "../../platform/index.ts";
import { levelAnswer, levelCursor, readLevelCursor } from "../answers.ts";
import { atInstant } from "../reading.ts";
import type { Stock, StockNeeds } from "../stock.ts";
import { listLevels } from "../store.ts";

/** `GET /v1/stock`. */
export const listStockRoute = ({ queries }: Stock, { places }: Pick<StockNeeds, "places">): Route =>
  route(listStock, async ({ query, nowMs }) => {
    const { sku, placeId, channel, limit = limits.pageRowsDefault } = query;
    const after = readLevelCursor(query.after);
    const found = await listLevels(queries, { sku, placeId, after, limit: limit + 1 });
    const levels = await atInstant(queries, found.slice(0, limit), nowMs);
    const last = levels.at(-1);
    return ok({
      levels: levels.map((level) => levelAnswer(level, channel, places().get(level.placeId))),
      ...(found.length > limit && last !== undefined ? { next: levelCursor(last) } : {}),
    });
  });
