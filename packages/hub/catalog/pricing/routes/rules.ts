import { limits } from "@trato/base";
import {
  listPrices,
  listPromotions,
  listTaxes,
  ok,
  type Price,
  type Promotion,
  putPrices,
  putPromotions,
  putTaxes,
  type Tax,
} from "@trato/contract";
import { type Route, route } from "../../../platform/index.ts";
import type { Pricing } from "../pricing.ts";
import type { Rule, RuleKind } from "../store.ts";

type Asked = { readonly after?: string; readonly limit?: number; readonly sku?: string };

/** Reads one row more than asked for, so that the last page knows that it is the last. */
async function pageOf<Row extends Rule>(pricing: Pricing, kind: RuleKind, asked: Asked) {
  const limit = asked.limit ?? limits.pageRowsDefault;
  const page = { after: asked.after ?? "", limit: limit + 1, sku: asked.sku ?? null };
  const found = await pricing.list(kind, page);
  const last = found.length > limit ? found[limit - 1] : undefined;
  const rows = found.slice(0, limit).map(({ rule }) => rule as Row);
  return { rows, next: last === undefined ? {} : { next: last.id } };
}

/** `PUT` and `GET` of prices, promotions and taxes. The same rows again change nothing. */
export const ruleRoutes = (pricing: Pricing): Route[] => [
  route(putPrices, async ({ body, language }) => ok(await pricing.put("price", body.prices, language))),
  route(putPromotions, async ({ body, language }) =>
    ok(await pricing.put("promotion", body.promotions, language)),
  ),
  route(putTaxes, async ({ body, language }) => ok(await pricing.put("tax", body.taxes, language))),
  route(listPrices, async ({ query }) => {
    const { rows, next } = await pageOf<Price>(pricing, "price", query);
    return ok({ prices: rows, ...next });
  }),
  route(listPromotions, async ({ query }) => {
    const { rows, next } = await pageOf<Promotion>(pricing, "promotion", query);
    return ok({ promotions: rows, ...next });
  }),
  route(listTaxes, async ({ query }) => {
    const { rows, next } = await pageOf<Tax>(pricing, "tax", query);
    return ok({ taxes: rows, ...next });
  }),
];
