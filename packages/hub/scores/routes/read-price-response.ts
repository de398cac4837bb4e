import { ok, readPriceResponse, refuse } from "@trato/contract";
import { type Route, route } from "../../platform/index.ts";
import type { Scores } from "../view.ts";

const usualRatio = 0.9;

/** `GET /v1/items/{sku}/price-response`. A model in memory answers. */
export const readPriceResponseRoute = ({ scores }: { readonly scores: () => Scores }): Route =>
  route(readPriceResponse, async ({ params, query }) => {
    const { prices, version } = scores();
    if (prices === null) return refuse("model_unknown");
    const { sku } = params;
    const priceRatio = query.priceRatio ?? usualRatio;
    return ok({ sku, priceRatio, ...prices.of(sku, priceRatio), version });
  });
