import type { Static } from "typebox";
import { assets } from "./assets.ts";
import { browsing } from "./browsing.ts";
import { cartAndCheckout } from "./cart.ts";
import { consents } from "./consent.ts";
import { credit } from "./credit.ts";
import { decisions } from "./decisions.ts";
import { deliveries } from "./delivery.ts";
import type { EventType } from "./event.ts";
import { goods } from "./goods.ts";
import { loyalty } from "./loyalty.ts";
import { messages } from "./messages.ts";
import { moments } from "./moments.ts";
import { orders } from "./orders.ts";
import { payments } from "./payments.ts";
import { people } from "./people.ts";
import { visits } from "./visits.ts";
import { voice } from "./voice.ts";

export { type ConsentChannel, type ConsentPurpose, consentChannels, consentPurposes } from "./consent.ts";
export type { EventType, Purpose, RetentionClass } from "./event.ts";
export { type QuarantineReason, quarantineReasons } from "./quarantine-reasons.ts";

/** Every fact of retail that the hub knows by name. Other names are kept as custom events, unchecked. */
export const eventTypes = {
  ...browsing,
  ...cartAndCheckout,
  ...orders,
  ...payments,
  ...loyalty,
  ...credit,
  ...deliveries,
  ...visits,
  ...goods,
  ...assets,
  ...messages,
  ...decisions,
  ...voice,
  ...consents,
  ...people,
  ...moments,
} as const;

export type EventTypeName = keyof typeof eventTypes;

/** What `data` of one type of event holds: `EventData<"order.placed">`. */
export type EventData<Name extends EventTypeName> = Static<(typeof eventTypes)[Name]["data"]>;

/** Finds a type by its name; undefined for a custom event. */
export const catalogue: ReadonlyMap<string, EventType> = new Map<string, EventType>(
  Object.entries(eventTypes),
);
