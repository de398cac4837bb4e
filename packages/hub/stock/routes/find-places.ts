import { limits } from "@trato/base";
import { findPlaces, ok, refuse } from "@trato/contract";
import { type Route, route } from "../../platform/index.ts";
import type { Stock } from "../stock.ts";

/** `GET /v1/stock/{sku}/places`. */
export const findPlacesRoute = (stock: Stock): Route =>
  route(findPlaces, async ({ params, query, nowMs }) => {
    const { quantity = 1, channel, latitude, longitude, limit = limits.pageRowsDefault } = query;
    if ((latitude === undefined) !== (longitude === undefined)) {
      const missing = latitude === undefined ? "latitude" : "longitude";
      const detail = { en: `add ${missing}`, es: `agregue ${missing}` };
      return refuse("request_invalid", { errors: [{ pointer: `/query/${missing}`, detail }] });
    }
    const near = latitude === undefined || longitude === undefined ? undefined : { latitude, longitude };
    const asked = { skus: [params.sku], ...(channel === undefined ? {} : { channel }) };
    const room = (await stock.available(stock.queries, asked, nowMs)).get(params.sku);
    const places = stock.placesFor({ channel, near }).flatMap(({ place: { placeId }, distanceM }) => {
      const available = room?.get(placeId) ?? 0;
      if (available < quantity) return [];
      const far = distanceM === undefined ? {} : { distanceM: Math.round(distanceM) };
      return [{ placeId, available, ...far }];
    });
    return ok({ places: places.slice(0, limit) });
  });
