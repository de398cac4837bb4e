import type { Currency } from "@trato/base";
import { explainPrice, ok, refuse } from "@trato/contract";
import { type Route, route } from "../../../platform/index.ts";
import { type PricedFor, rowsInForce } from "../price.ts";
import { priceCart } from "../price-cart.ts";
import type { Pricing } from "../pricing.ts";
import { priceSteps, priorPrice, quantityPriced, stepsFromMs } from "../prior-price.ts";

const textOf = (ms: number): string => new Date(ms).toISOString();

/** `GET /v1/prices/{sku}/why`. The channel is `web` and the currency the item's when the query names none. */
export const explainPriceRoute = (pricing: Pricing): Route =>
  route(explainPrice, async ({ params: { sku }, query, nowMs }) => {
    const views = pricing.views();
    const item = views.items.get(sku);
    if (item === undefined) return refuse("item_unknown");
    const at = {
      placeId: query.placeId ?? null,
      channel: query.channel ?? "web",
      currency: query.currency ?? (item.currency as Currency),
    };
    const asked: PricedFor = { ...at, groups: query.group === undefined ? [] : [query.group], atMs: nowMs };
    const quantity = quantityPriced(views, sku, asked);
    const line = priceCart(views, { ...asked, lines: [{ lineId: sku, sku, quantity }] }).lines[0];
    if (line === undefined) return refuse("price_unknown");
    const rows = rowsInForce(views.prices.get(sku) ?? [], asked).map(({ id }) => id);
    const fromMs = stepsFromMs(nowMs);
    const steps = priceSteps(await pricing.history(sku), at, { quantity, fromMs, untilMs: nowMs });
    const { lowestMinor, reducedSinceMs, ...window } = priorPrice(steps, nowMs);
    return ok({
      ...{ sku, currency: at.currency, at: textOf(nowMs), quantity },
      ...{ grossMinor: line.grossMinor, totalMinor: line.totalMinor },
      discounts: [...line.discounts],
      taxes: [...line.taxes],
      row: line.price?.id ?? null,
      passedOver: rows.filter((id) => id !== line.price?.id),
      lowest: {
        lowestMinor,
        from: textOf(window.fromMs),
        until: textOf(window.untilMs),
        reducedSince: reducedSinceMs === null ? null : textOf(reducedSinceMs),
      },
      history: steps.map((step) => ({ from: textOf(step.fromMs), priceMinor: step.priceMinor })),
    });
  });
