import { limits } from "@trato/base";
import { Type } from "typebox";
import { bases, type RefusalReason, refusalReasons, scoreParts } from "../decisions.ts";
import { endpoint } from "../endpoint.ts";
import {
  type DecidedItem,
  type DecisionAnswer,
  decisionAnswer,
  decisionBasis,
  decisionContext,
  decisionVersions,
  decisionWhy,
  namedIdentities,
} from "./decision-shapes.ts";
import { instant, pageLimit, uuid } from "./shapes.ts";

const text = (max: number) => Type.String({ minLength: 1, maxLength: max });
const params = Type.Object({ decisionId: uuid });

const decisionId = "0198c0de-0000-7000-8000-000000000001";
const personId = "0198c0de-0000-7000-8000-0000000000aa";
const shown: DecidedItem = {
  rank: 1,
  key: "item:CAF-500",
  kind: "product",
  sku: "CAF-500",
  title: { es: "Café molido 500 g", en: "Ground coffee 500 g" },
  priceMinor: 599,
  currency: "USD",
  reason: {
    es: "Suele comprarlo cada 3 semanas; ya casi le toca",
    en: "You buy it every 3 weeks; it is nearly time",
  },
  personalised: true,
  score: 61_200_000,
  propensity: 0.96,
};
const answer: DecisionAnswer = {
  decisionId,
  decidedAt: "2026-11-20T15:00:00.000Z",
  expiresAt: "2026-11-20T15:15:00.000Z",
  personId,
  placement: "web.home",
  basis: "personal",
  personalised: true,
  holdout: false,
  aiInvolved: true,
  disclosure: bases.personal,
  items: [shown],
  refusedCount: 1,
};

export const makeDecision = endpoint({
  name: "makeDecision",
  method: "POST",
  path: "/v1/decisions",
  tag: "decisions",
  says: "Decides what to show one person, or nobody in particular, at a placement.",
  more: "Name the person by `personId` or by `identities`; an identity nobody has yet, or none, means nobody, and the answer is the best for everybody. The answer is recorded before it is sent. Where stock is kept, an item is shown only if a unit of it can be promised at this instant at a place that serves the placement's channel, or at `context.store` for a till; `hold` promises it. Report what was really shown with `decision.exposed`: only that counts towards the limits on how often a person is shown something.",
  needs: "decisions:make",
  body: Type.Object(
    {
      placement: text(100),
      personId: Type.Optional(uuid),
      identities: Type.Optional(namedIdentities),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: limits.decisionSlotsMax })),
      context: Type.Optional(decisionContext),
      hold: Type.Optional(
        Type.Boolean({
          description: "Hold a unit of each item shown, for as long as the decision is fresh.",
        }),
      ),
    },
    { additionalProperties: false },
  ),
  gives: decisionAnswer,
  problems: ["request_invalid", "placement_unknown", "person_unknown", "person_erased", "overloaded"],
  example: {
    body: { placement: "web.home", identities: { email: "ana@example.com" }, context: { sku: "FIL-4" } },
    gives: answer,
  },
});

export const readDecision = endpoint({
  name: "readDecision",
  method: "GET",
  path: "/v1/decisions/{decisionId}",
  tag: "decisions",
  says: "Reads a decision as it was answered.",
  needs: "decisions:read",
  params,
  gives: decisionAnswer,
  problems: ["decision_unknown"],
  example: { params: { decisionId }, gives: answer },
});

export const listDecisions = endpoint({
  name: "listDecisions",
  method: "GET",
  path: "/v1/decisions",
  tag: "decisions",
  says: "Lists decisions, latest first, a page at a time.",
  needs: "decisions:read",
  query: Type.Object({
    personId: Type.Optional(uuid),
    placement: Type.Optional(text(100)),
    after: Type.Optional(uuid),
    limit: Type.Optional(pageLimit),
  }),
  gives: Type.Object({
    decisions: Type.Array(
      Type.Object({
        decisionId: uuid,
        decidedAt: instant,
        personId: Type.Union([uuid, Type.Null()]),
        placement: Type.String(),
        basis: decisionBasis,
        shown: Type.Array(Type.String({ description: "Keys, by rank." })),
      }),
    ),
    next: Type.Optional(uuid),
  }),
  problems: ["request_invalid"],
  example: {
    query: { placement: "web.home", limit: 1 },
    gives: {
      decisions: [
        {
          decisionId,
          decidedAt: answer.decidedAt,
          personId,
          placement: "web.home",
          basis: "personal",
          shown: ["item:CAF-500"],
        },
      ],
      next: decisionId,
    },
  },
});

const notInCart: RefusalReason = "already_in_cart";

export const explainDecision = endpoint({
  name: "explainDecision",
  method: "GET",
  path: "/v1/decisions/{decisionId}/why",
  tag: "decisions",
  says: "Explains a decision: the parts of every score, who was refused and why, and what it rested on.",
  more: "The parts of a score add up to it exactly: taking one away lowers the score by that part and nothing else.",
  needs: "decisions:read",
  params,
  gives: decisionWhy,
  problems: ["decision_unknown"],
  example: {
    params: { decisionId },
    gives: {
      decisionId,
      decidedAt: answer.decidedAt,
      personId,
      placement: "web.home",
      basis: "personal",
      disclosure: bases.personal,
      aiInvolved: true,
      consent: { personalise: "given", marketing: "unasked" },
      shown: [
        {
          ...shown,
          parts: [
            {
              part: "rhythm",
              value: 61_200_000,
              personal: true,
              says: { es: scoreParts.rhythm.es, en: scoreParts.rhythm.en },
              evidence: "gap:21",
              scoreWithout: 0,
            },
          ],
          counterfactuals: [
            {
              es: "Sin «cada cuánto lo compra la persona», su valor sería 0 en vez de 61200000.",
              en: 'Without "how often the person buys it", its value would be 0 instead of 61200000.',
            },
          ],
        },
      ],
      refused: [{ reason: notInCart, says: refusalReasons[notInCart], count: 1, keys: ["item:FIL-4"] }],
      outranked: { count: 12, next: [{ key: "item:AZU-1", score: 9_000_000 }] },
      exploration: { share: 0.05, among: 5, explored: false },
      position: "981",
      seed: 2_718_281_828,
      versions: {
        code: "1",
        policy: "4b1c0e9f22d1",
        fold: "consent:1,orders:1",
        scores: "3",
        catalogue: "42",
        offers: "7",
      },
    },
  },
});

export const replayDecision = endpoint({
  name: "replayDecision",
  method: "POST",
  path: "/v1/decisions/{decisionId}/replay",
  tag: "decisions",
  says: "Decides again from the log as it was, and compares the two records letter by letter.",
  needs: "decisions:read",
  params,
  gives: Type.Object({
    decisionId: uuid,
    matches: Type.Boolean(),
    differences: Type.Array(
      Type.Object({ pointer: Type.String(), recorded: Type.Unknown(), replayed: Type.Unknown() }),
    ),
    versions: decisionVersions,
  }),
  problems: ["decision_unknown", "replay_code_changed", "model_unknown"],
  example: {
    params: { decisionId },
    gives: {
      decisionId,
      matches: true,
      differences: [],
      versions: {
        code: "1",
        policy: "4b1c0e9f22d1",
        fold: "consent:1,orders:1",
        scores: "3",
        catalogue: "42",
        offers: "7",
      },
    },
  },
});
