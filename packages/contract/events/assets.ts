import { Type } from "typebox";
import { currency, id, minor, name, sku, text } from "./event.ts";
import { family } from "./family.ts";
import { day, note, reading } from "./fields.ts";

const asset = { assetId: id, sku: Type.Optional(sku) };
const cost = {
  currency: Type.Optional(currency),
  costMinor: Type.Optional(minor("What the owner paid for it.")),
};
const serviced = {
  ...asset,
  ...cost,
  serviceId: Type.Optional(id),
  by: Type.Optional(name),
  comment: Type.Optional(note),
};

/** Things a person owns and uses: they age, need care, and are replaced. */
export const assets = family(
  { retention: "service", purpose: "personalise" },
  {
    "asset.registered": {
      says: "Somebody owns this thing.",
      data: Type.Object({
        ...asset,
        title: Type.Optional(name),
        category: Type.Optional(name),
        serial: Type.Optional(id),
        boughtOn: Type.Optional(day),
        warrantyUntil: Type.Optional(day),
        orderId: Type.Optional(id),
      }),
      personal: ["serial"],
      example: { assetId: "as-1", sku: "refri-420", boughtOn: "2025-12-20", warrantyUntil: "2026-12-20" },
    },
    "asset.read": {
      says: "The thing told how it is: a counter, a temperature, a fault code.",
      data: Type.Object({ ...asset, measure: name, value: reading, unit: Type.Optional(text(30)) }),
      purpose: "operate",
      example: { assetId: "as-1", measure: "filter_days", value: 170, unit: "d" },
    },
    "asset.service_asked": {
      says: "The owner asks for care or repair.",
      data: Type.Object({ ...asset, serviceId: Type.Optional(id), problem: Type.Optional(note) }),
      personal: ["problem"],
      purpose: "operate",
      example: { assetId: "as-1", problem: "No enfría." },
    },
    "asset.serviced": {
      says: "The thing was looked after.",
      data: Type.Object({ ...serviced, service: name }),
      example: { assetId: "as-1", service: "filter change", currency: "USD", costMinor: 3_500 },
    },
    "asset.repaired": {
      says: "The thing was broken and works again.",
      data: Type.Object({ ...serviced, fault: Type.Optional(name) }),
      example: { assetId: "as-1", fault: "compressor" },
    },
    "asset.warranty_extended": {
      says: "The thing is covered for longer.",
      data: Type.Object({ ...asset, ...cost, warrantyUntil: day }),
      example: { assetId: "as-1", warrantyUntil: "2028-12-20" },
    },
    "asset.warranty_claimed": {
      says: "The owner asks the warranty to pay.",
      data: Type.Object({ ...asset, claimId: id, fault: Type.Optional(name) }),
      purpose: "operate",
      example: { assetId: "as-1", claimId: "cl-1", fault: "compressor" },
    },
    "asset.retired": {
      says: "The thing is gone: sold, given away, thrown out, traded in.",
      data: Type.Object({ ...asset, reason: Type.Optional(name), replacedBy: Type.Optional(id) }),
      example: { assetId: "as-1", reason: "traded in" },
    },
  },
);
