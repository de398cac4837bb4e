import { Type } from "typebox";
import { id, name, text } from "./event.ts";
import { family } from "./family.ts";
import { note, when } from "./fields.ts";

const delivery = {
  deliveryId: id,
  orderId: Type.Optional(id),
  carrier: Type.Optional(name),
  tracking: Type.Optional(id),
};
const slot = { from: when, until: when };
const because = { reason: Type.Optional(text(500)) };
const ids = { deliveryId: "e-8", orderId: "web-1001" } as const;
const example = { ...ids, from: "2026-11-24T09:00:00-05:00", until: "2026-11-24T11:00:00-05:00" } as const;

/** Goods on their way to a door or a counter. Messages are sent, never delivered. */
export const deliveries = family(
  { retention: "service", purpose: "operate" },
  {
    "delivery.promised": {
      says: "The shop promised the goods for a time.",
      data: Type.Object({ ...delivery, ...slot }),
      example,
    },
    "delivery.slot_chosen": {
      says: "The buyer chose when to be at home, or to come by.",
      data: Type.Object({ ...delivery, ...slot, pickup: Type.Optional(Type.Boolean()) }),
      example: { ...example, pickup: false },
    },
    "delivery.dispatched": {
      says: "The goods left the store or warehouse.",
      data: Type.Object(delivery),
      example: { ...ids, carrier: "Servientrega", tracking: "SE-55" },
    },
    "delivery.near": {
      says: "The goods are about to arrive.",
      data: Type.Object({ ...delivery, expectedAt: Type.Optional(when) }),
      example: { ...ids, expectedAt: "2026-11-24T09:40:00-05:00" },
    },
    "delivery.delayed": {
      says: "The goods will come later than promised.",
      data: Type.Object({ ...delivery, ...slot, ...because }),
      example: { ...example, reason: "rain" },
    },
    "delivery.failed": {
      says: "The goods could not be handed over.",
      data: Type.Object({ ...delivery, ...because }),
      example: { ...ids, reason: "nobody at home" },
    },
    "delivery.completed": {
      says: "The goods reached the door.",
      data: Type.Object({ ...delivery, receivedBy: Type.Optional(name), comment: Type.Optional(note) }),
      personal: ["receivedBy", "comment"],
      example: { ...ids },
    },
    "delivery.pickup_ready": {
      says: "The goods wait at the counter.",
      data: Type.Object({ ...delivery, until: Type.Optional(when) }),
      example: { ...ids, until: "2026-11-30T20:00:00-05:00" },
    },
    "delivery.picked_up": {
      says: "The goods were taken from the counter.",
      data: Type.Object(delivery),
      example: { ...ids },
    },
    "delivery.sent_back": {
      says: "The goods came back to the shop without being handed over.",
      data: Type.Object({ ...delivery, ...because }),
      example: { ...ids, reason: "address unknown" },
    },
  },
);
