import { limits } from "@trato/base";
import { explainStock, ok, refuse } from "@trato/contract";
import { type Route, route } from "../../platform/index.ts";
import { levelAnswer, movementAnswer, movementCursor, readMovementCursor } from "../answers.ts";
import { atInstant } from "../reading.ts";
import type { Stock } from "../stock.ts";
import { listMovements, readLevels } from "../store.ts";

/** `GET /v1/stock/{sku}/why`. */
export const explainStockRoute = (stock: Stock): Route =>
  route(explainStock, async ({ params, query, nowMs }) => {
    const { placeId, after, limit = limits.pageRowsDefault } = query;
    const before = after === undefined ? undefined : readMovementCursor(after);
    if (after !== undefined && before === undefined) {
      const errors = [
        {
          pointer: "/query/after",
          detail: { en: "use the `next` of the page before", es: "use el `next` de la página anterior" },
        },
      ];
      return refuse("request_invalid", { errors });
    }
    const { queries } = stock;
    const [kept] = await readLevels(queries, [params.sku], [placeId]);
    const [level] = await atInstant(queries, kept === undefined ? [] : [kept], nowMs);
    if (level?.held !== kept?.held) await stock.settleExpired(params.sku, nowMs);
    if (level === undefined) return refuse("stock_unknown");
    const found = await listMovements(queries, level, { before, limit: limit + 1 });
    const movements = found.slice(0, limit);
    const last = movements.at(-1);
    return ok({
      level: levelAnswer(level, undefined),
      movements: movements.map(movementAnswer),
      ...(found.length > limit && last !== undefined ? { next: movementCursor(last) } : {}),
    });
  });
