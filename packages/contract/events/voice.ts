import { Type } from "typebox";
import { id, name, sku, text } from "./event.ts";
import { family } from "./family.ts";
import { language, link, note } from "./fields.ts";

const about = { orderId: Type.Optional(id), sku: Type.Optional(sku), decisionId: Type.Optional(id) };
const says = { comment: Type.Optional(note), language: Type.Optional(language) };
const grade = Type.Number({ minimum: -100, maximum: 100 });

/** What people tell us in their own words and grades. */
export const voice = family(
  { retention: "service", purpose: "measure" },
  {
    "survey.answered": {
      says: "Somebody answered a survey. NPS is scored 0 to 10, satisfaction and effort 1 to 5 or 1 to 7.",
      data: Type.Object({
        score: grade,
        scale: Type.Optional(
          Type.Union([Type.Literal("nps"), Type.Literal("csat"), Type.Literal("ces"), Type.Literal("other")]),
        ),
        scoreMax: Type.Optional(grade),
        survey: Type.Optional(id),
        question: Type.Optional(text(500)),
        ...about,
        ...says,
      }),
      personal: ["comment"],
      example: { score: 9, scale: "nps", comment: "Me atendieron rápido.", orderId: "001-004-000012345" },
    },
    "item.reviewed": {
      says: "Somebody graded an item.",
      data: Type.Object({
        sku,
        rating: Type.Number({ minimum: 0, maximum: 100 }),
        ratingMax: Type.Optional(
          Type.Number({ exclusiveMinimum: 0, maximum: 100, description: "5 when absent." }),
        ),
        reviewId: Type.Optional(id),
        title: Type.Optional(text(500)),
        ...says,
      }),
      personal: ["title", "comment"],
      example: { sku: "7861001200017", rating: 5, comment: "Buen aroma." },
    },
    "question.asked": {
      says: "Somebody asked something.",
      data: Type.Object({
        question: note,
        topic: Type.Optional(name),
        ...about,
        language: Type.Optional(language),
      }),
      personal: ["question"],
      example: { question: "¿Viene con instalación?", sku: "refri-420" },
    },
    "complaint.made": {
      says: "Somebody is not content and says so.",
      data: Type.Object({ complaintId: id, topic: Type.Optional(name), ...about, ...says }),
      personal: ["comment"],
      purpose: "operate",
      example: { complaintId: "q-4", topic: "delivery", comment: "Llegó tarde." },
    },
    "complaint.settled": {
      says: "A complaint was answered.",
      data: Type.Object({ complaintId: id, outcome: Type.Optional(text(500)) }),
      purpose: "operate",
      example: { complaintId: "q-4", outcome: "refunded transport" },
    },
    "contact.made": {
      says: "Somebody called, wrote or chatted with us.",
      data: Type.Object({
        contactId: id,
        topic: Type.Optional(name),
        seconds: Type.Optional(Type.Number({ minimum: 0, maximum: 604_800 })),
        ...about,
        ...says,
      }),
      personal: ["comment"],
      purpose: "operate",
      example: { contactId: "ct-9", topic: "credit", seconds: 312 },
    },
    "social.mentioned": {
      says: "Somebody wrote about the shop in public.",
      data: Type.Object({
        network: name,
        postId: Type.Optional(id),
        url: Type.Optional(link),
        sentiment: Type.Optional(Type.Number({ minimum: -1, maximum: 1 })),
        ...says,
      }),
      personal: ["comment", "url"],
      example: { network: "instagram", sentiment: 0.8, comment: "¡Amé mi cocina nueva!" },
    },
  },
);
