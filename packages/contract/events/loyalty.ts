import { Type } from "typebox";
import { id, name, text } from "./event.ts";
import { family } from "./family.ts";
import { day, points } from "./fields.ts";

const programme = { programme: Type.Optional(name) };
const because = { reason: Type.Optional(text(500)), orderId: Type.Optional(id) };
const moved = { movementId: Type.Optional(id), points, ...programme, ...because };

/** Points, tiers and rewards. Points are never money. */
export const loyalty = family(
  { retention: "purchase", purpose: "personalise" },
  {
    "loyalty.joined": {
      says: "Somebody joined the programme.",
      data: Type.Object({ ...programme, tier: Type.Optional(name) }),
      example: { programme: "Amigos", tier: "base" },
    },
    "loyalty.left": {
      says: "Somebody left the programme.",
      data: Type.Object({ ...programme, reason: Type.Optional(text(500)) }),
      example: { programme: "Amigos" },
    },
    "loyalty.earned": {
      says: "Points were given.",
      data: Type.Object({ ...moved, expiresOn: Type.Optional(day) }),
      example: { points: 120, orderId: "001-004-000012345" },
    },
    "loyalty.redeemed": {
      says: "Points were spent.",
      data: Type.Object({ ...moved, reward: Type.Optional(name) }),
      example: { points: 500, reward: "Clase de cocina" },
    },
    "loyalty.expired": {
      says: "Points were lost to time.",
      data: Type.Object(moved),
      example: { points: 80 },
    },
    "loyalty.adjusted": {
      says: "Points were corrected by hand, up or down.",
      data: Type.Object({
        ...moved,
        points: Type.Integer({ minimum: -1_000_000_000_000, maximum: 1_000_000_000_000 }),
      }),
      example: { points: -20, reason: "counted twice" },
    },
    "loyalty.tier_changed": {
      says: "Somebody is in another tier.",
      data: Type.Object({ ...programme, from: Type.Optional(name), to: name, until: Type.Optional(day) }),
      example: { from: "base", to: "oro", until: "2027-12-31" },
    },
    "loyalty.reward_claimed": {
      says: "A reward or experience was chosen.",
      data: Type.Object({
        rewardId: id,
        reward: Type.Optional(name),
        points: Type.Optional(points),
        ...programme,
      }),
      example: { rewardId: "cocina-dic", reward: "Clase de cocina", points: 500 },
    },
    "loyalty.reward_used": {
      says: "A reward or experience was enjoyed.",
      data: Type.Object({ rewardId: id, reward: Type.Optional(name), orderId: Type.Optional(id) }),
      example: { rewardId: "cocina-dic" },
    },
  },
);
