import { Type } from "typebox";
import { text } from "./event.ts";
import { family } from "./family.ts";
import { language } from "./fields.ts";

/** What a person can agree to. A purpose that is not here cannot be consented to, and is not done. */
export const consentPurposes = ["personalise", "measure", "marketing"] as const;
export type ConsentPurpose = (typeof consentPurposes)[number];

/** Where a consent counts; "any" is every channel at once, and is meant when none is named. */
export const consentChannels = ["any", "web", "app", "pos", "email", "sms", "push", "whatsapp"] as const;
export type ConsentChannel = (typeof consentChannels)[number];

const purpose = Type.Enum([...consentPurposes]);
const channel = Type.Optional(Type.Enum([...consentChannels]));
const textVersion = text(100);
const evidence = Type.String({
  minLength: 1,
  maxLength: 2_000,
  description: "What the person did and where: the box, the page, the recording, the signature.",
});

/** A person's yes and no, with proof. Only ever added: the last one by time counts. */
export const consents = family(
  { retention: "proof", purpose: "operate" },
  {
    "consent.given": {
      says: "A person agreed to one purpose, on one channel or any.",
      data: Type.Object({ purpose, channel, textVersion, language, evidence }),
      personal: ["evidence"],
      example: {
        purpose: "marketing",
        channel: "email",
        textVersion: "2026-03",
        language: "es",
        evidence: "Box ticked on /registro, form of 2026-03.",
      },
    },
    "consent.withdrawn": {
      says: "A person said no. As easy as saying yes: only the purpose is needed.",
      data: Type.Object({
        purpose,
        channel,
        textVersion: Type.Optional(textVersion),
        language: Type.Optional(language),
        evidence: Type.Optional(evidence),
      }),
      personal: ["evidence"],
      example: { purpose: "marketing", channel: "email", evidence: "List-Unsubscribe of message m-1." },
    },
  },
);
