import { Type } from "typebox";
import { currency, id, minor, name, sku, text } from "./event.ts";
import { family } from "./family.ts";
import { position } from "./fields.ts";

const promotion = {
  promotionId: id,
  name: Type.Optional(name),
  creative: Type.Optional(name),
  position: Type.Optional(text(200)),
};

/** What was shown because somebody decided so, and what came of it. */
export const decisions = family(
  { retention: "browsing", purpose: "measure" },
  {
    "decision.exposed": {
      says: "The person saw one slot of a decision.",
      data: Type.Object({
        decisionId: id,
        placement: name,
        rank: position,
        key: id,
        sku: Type.Optional(sku),
        offer: Type.Optional(id),
      }),
      example: {
        decisionId: "0198c0de-0000-7000-8000-000000000001",
        placement: "web.home",
        rank: 1,
        key: "item:refri-420",
      },
    },
    "decision.outcome": {
      says: "What came of a decision: clicked, accepted, dismissed, bought, used.",
      data: Type.Object({
        decisionId: id,
        outcome: text(50),
        key: Type.Optional(id),
        amountMinor: Type.Optional(minor()),
        currency: Type.Optional(currency),
      }),
      example: {
        decisionId: "0198c0de-0000-7000-8000-000000000001",
        outcome: "clicked",
        key: "item:refri-420",
      },
    },
    "promotion.viewed": {
      says: "A promotion that was not decided here was shown: a banner, a leaflet, a shelf.",
      data: Type.Object(promotion),
      example: { promotionId: "black-friday", name: "Black Friday", position: "home_top" },
    },
    "promotion.clicked": {
      says: "Such a promotion was followed.",
      data: Type.Object(promotion),
      example: { promotionId: "black-friday", position: "home_top" },
    },
    "experiment.assigned": {
      says: "Another system put the person in a group of an experiment.",
      data: Type.Object({ experiment: id, variant: name }),
      example: { experiment: "checkout-2026", variant: "b" },
    },
  },
);
