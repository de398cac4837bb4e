import { Type } from "typebox";
import { id, name, quantity, sku, text } from "./event.ts";
import { family } from "./family.ts";
import { count, reading, when } from "./fields.ts";

const seconds = Type.Number({ minimum: 0, maximum: 604_800 });
const appointment = {
  appointmentId: id,
  kind: Type.Optional(name),
  at: Type.Optional(when),
  until: Type.Optional(when),
  seller: Type.Optional(id),
};
const example = { appointmentId: "ap-1", kind: "measuring", at: "2026-11-28T10:00:00-05:00" } as const;

/** What happens in a store. The event's own `store` says where. */
export const visits = family(
  { retention: "browsing", purpose: "personalise" },
  {
    "store.entered": {
      says: "Somebody came in: by the app, the Wi-Fi or a card shown at the door.",
      data: Type.Object({ by: Type.Optional(name), door: Type.Optional(name) }),
      example: { by: "app" },
    },
    "store.left": {
      says: "Somebody went out.",
      data: Type.Object({ seconds: Type.Optional(seconds), door: Type.Optional(name) }),
      example: { seconds: 1_260 },
    },
    "store.zone_entered": {
      says: "Somebody walked into a part of the store.",
      data: Type.Object({ zone: name }),
      example: { zone: "refrigeradoras" },
    },
    "store.zone_left": {
      says: "Somebody walked out of a part of the store.",
      data: Type.Object({ zone: name, seconds: Type.Optional(seconds) }),
      example: { zone: "refrigeradoras", seconds: 340 },
    },
    "store.queued": {
      says: "Somebody waited in line.",
      data: Type.Object({ seconds, till: Type.Optional(id) }),
      example: { seconds: 210, till: "4" },
    },
    "store.counted": {
      says: "So many people came in or went out; nobody in particular.",
      data: Type.Object({
        entered: count,
        left: Type.Optional(count),
        from: Type.Optional(when),
        until: Type.Optional(when),
      }),
      purpose: "measure",
      example: { entered: 41, left: 38 },
    },
    "store.assisted": {
      says: "A seller helped somebody.",
      data: Type.Object({
        seller: Type.Optional(id),
        about: Type.Optional(text(500)),
        skus: Type.Optional(Type.Array(sku, { maxItems: 100 })),
      }),
      example: { seller: "v-12", skus: ["refri-420"] },
    },
    "item.scanned": {
      says: "Somebody scanned an item with the app or a reader.",
      data: Type.Object({ sku, quantity: Type.Optional(quantity) }),
      example: { sku: "7861001200017" },
    },
    "item.tried": {
      says: "Somebody tried an item: wore it, tasted it, switched it on.",
      data: Type.Object({ sku, seconds: Type.Optional(seconds) }),
      example: { sku: "cama-queen" },
    },
    "appointment.booked": {
      says: "Somebody will come by, or a technician will.",
      data: Type.Object(appointment),
      retention: "service",
      purpose: "operate",
      example,
    },
    "appointment.kept": {
      says: "The appointment took place.",
      data: Type.Object(appointment),
      retention: "service",
      purpose: "operate",
      example,
    },
    "appointment.missed": {
      says: "Nobody came.",
      data: Type.Object(appointment),
      retention: "service",
      purpose: "operate",
      example,
    },
    "appointment.cancelled": {
      says: "The appointment is off.",
      data: Type.Object({ ...appointment, reason: Type.Optional(text(500)) }),
      retention: "service",
      purpose: "operate",
      example: { ...example, reason: "rain" },
    },
    "sensor.reading": {
      says: "A sensor measured something: a door, a cold room, a shelf.",
      data: Type.Object({
        sensor: id,
        measure: name,
        value: reading,
        unit: Type.Optional(text(30)),
        zone: Type.Optional(name),
      }),
      purpose: "operate",
      example: { sensor: "cold-room-2", measure: "temperature", value: 3.6, unit: "C" },
    },
  },
);
