import { putItems, putOffers } from "@trato/contract";
import { itemOf } from "../goods/good.ts";
import { makeOffers } from "../goods/offers.ts";
import { goods } from "../goods/shelf.ts";
import type { Stage } from "./stage.ts";

/** Fills the shop: items and offers. Placements are the hub's own. Throws when the hub refuses one. */
export async function fillShop({ api, clock, ticker, words }: Stage): Promise<void> {
  const items = await api.call(putItems, { body: { items: goods.map(itemOf) } });
  const offers = makeOffers(clock.nowMs());
  const kept = await api.call(putOffers, { body: { offers: [...offers] } });
  for (const { id, result, errors } of [...items.results, ...kept.results]) {
    if (result === "refused")
      throw new Error(`The hub refuses ${id}: ${errors?.[0]?.pointer} ${errors?.[0]?.detail}`);
  }
  ticker.say(`${words.shop}: ${goods.length} ${words.items}, ${offers.length} ${words.offers}`);
}
