import { Type } from "typebox";
import { id, name, text } from "./event.ts";
import { family } from "./family.ts";
import { channel, link, note } from "./fields.ts";

const message = {
  messageId: id,
  channel,
  offer: Type.Optional(id),
  campaign: Type.Optional(id),
  decisionId: Type.Optional(id),
  template: Type.Optional(name),
};
const because = { reason: Type.Optional(text(500)) };
const example = { messageId: "m-1", channel: "email", offer: "desayuno" } as const;

/** Messages out, and what came back. Each names the message it is about. */
export const messages = family(
  { retention: "browsing", purpose: "measure" },
  {
    "message.sent": { says: "A message left for one person.", data: Type.Object(message), example },
    "message.arrived": {
      says: "The provider says that the message reached the device or the mailbox.",
      data: Type.Object(message),
      example,
    },
    "message.opened": { says: "The message was opened.", data: Type.Object(message), example },
    "message.clicked": {
      says: "A link in the message was followed.",
      data: Type.Object({ ...message, url: Type.Optional(link) }),
      personal: ["url"],
      example: { ...example, url: "https://tienda.example/desayuno" },
    },
    "message.replied": {
      says: "Somebody answered the message.",
      data: Type.Object({ ...message, text: Type.Optional(note) }),
      personal: ["text"],
      example: { ...example, channel: "whatsapp", text: "¿Hasta cuándo?" },
    },
    "message.bounced": {
      says: "The message could not reach the address.",
      data: Type.Object({ ...message, permanent: Type.Optional(Type.Boolean()), ...because }),
      example: { ...example, permanent: true, reason: "mailbox unknown" },
    },
    "message.complained": {
      says: "Somebody marked the message as unwanted.",
      data: Type.Object({ ...message, ...because }),
      example,
    },
    "message.unsubscribed": {
      says: "Somebody left the list by the message's own link. `consent.withdrawn` says what no longer may be done.",
      data: Type.Object({ ...message, ...because }),
      retention: "proof",
      example,
    },
    "message.held": {
      says: "A message was not sent: a cap, quiet hours, no consent.",
      data: Type.Object({ ...message, ...because }),
      example: { ...example, reason: "quiet_hours" },
    },
  },
);
