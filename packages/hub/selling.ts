import { type Catalog, type Pricing, priceCart } from "./catalog/index.ts";
import { type Events, type Expected, ownSource, recordOfNobody } from "./events/index.ts";
import { type OpenOrdersNeeds, servingPlaces, type ToldEvent } from "./orders/index.ts";
import type { Payments } from "./payments/index.ts";
import type { People } from "./people/index.ts";
import type { Queries } from "./platform/index.ts";
import type { RoomNeeds } from "./rooms.ts";
import type { Stock } from "./stock/index.ts";

/** What carts and orders ask of the rooms beside them. */
export function ordersNeeds(
  { config, database, clock, log }: RoomNeeds,
  rooms: {
    people: People;
    events: Events;
    catalog: Catalog;
    pricing: Pricing;
    stock: Stock;
    payments: Payments;
  },
): OpenOrdersNeeds {
  const { people, events, catalog, pricing, stock, payments } = rooms;
  return {
    ...{ database, clock, log, country: config.country },
    price: (cart) => priceCart(pricing.views(), cart),
    placesFor: servingPlaces(() => catalog.places().places, stock.placesFor),
    isStocked: (sku) => catalog.now().items.get(sku)?.kind !== "service",
    mayBePlace: catalog.mayBePlace,
    isPlace: (placeId) => catalog.places().places.has(placeId),
    stock,
    payments,
    find: people.find,
    take: events.intake.take,
    record: (tx, told, expected) => recordAll(events, tx, told, expected),
    expect: events.intake.expect,
  };
}

/** Events of people go to them, those of nobody into the log alone. */
async function recordAll(
  events: Events,
  tx: Queries,
  told: readonly ToldEvent[],
  expected?: Expected,
): Promise<void> {
  const own = told.flatMap(({ personId, event }) => (personId === null ? [] : [{ personId, event }]));
  const others = told.flatMap(({ personId, event }) => (personId === null ? [event] : []));
  if (own.length > 0) await events.intake.recordFor(tx, ownSource, own, expected);
  await recordOfNobody(tx, others);
}
