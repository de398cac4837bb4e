import {
  ok,
  putStock,
  type StockFate,
  type StockInput,
  type StockRowResult,
  stockFates,
  stockInput,
} from "@trato/contract";
import { type Route, route, rowChecker } from "../../platform/index.ts";
import { feedErrors, readRow } from "../feed-rules.ts";
import type { Stock, StockNeeds } from "../stock.ts";

/** `PUT /v1/stock`. Rows say when they were true, so sending a batch again or late changes nothing. */
export const putStockRoute = (stock: Stock, needs: Pick<StockNeeds, "places" | "clock" | "items">): Route => {
  const check = rowChecker<StockInput>({
    schema: stockInput,
    under: "levels",
    idField: "sku",
    nameOf: ({ placeId, sku }) => `${placeId}/${sku}`,
    mayRepeat: true,
    more: (row) =>
      feedErrors(row, { places: needs.places(), items: needs.items(), nowMs: needs.clock.nowMs() }),
  });
  return route(putStock, async ({ body, key, language, nowMs }) => {
    const checked = check(body.levels, language);
    const rows = checked.flatMap((one) =>
      "row" in one ? [readRow(one.row, { source: key.source, nowMs })] : [],
    );
    const fates = rows.length === 0 ? [] : await stock.feed(rows);
    let next = 0;
    const results = checked.map((one): StockRowResult => {
      if ("errors" in one) return { id: one.id, result: "refused", errors: [...one.errors] };
      return { id: one.id, result: fates[next++]! };
    });
    return ok({ ...countOf(results), results });
  });
};

function countOf(results: readonly StockRowResult[]): Record<StockFate, number> {
  const counts = Object.fromEntries(stockFates.map((fate) => [fate, 0])) as Record<StockFate, number>;
  for (const { result } of results) counts[result] += 1;
  return counts;
}
