import { type Static, Type } from "typebox";
import { endpoint } from "../endpoint.ts";
import { words } from "../words.ts";
import { instantOrDay } from "./measure.ts";
import { instant } from "./shapes.ts";

const share = Type.Object({ value: Type.Number(), low: Type.Number(), high: Type.Number() });

/** The share of people, one decision each: as it was, and as three ways to weigh what was drawn say it would be. */
const figures = Type.Object({
  asItWas: share,
  ipw: share,
  snipw: share,
  dr: share,
});

export const policyValue = Type.Object({
  from: instant,
  until: instant,
  exploring: Type.Number(),
  people: Type.Integer({ minimum: 1 }),
  effectiveSize: Type.Number({
    description: "How many people of such a policy's own this evidence is worth.",
  }),
  meanWeight: Type.Number({ description: "1 but for chance." }),
  largestWeight: Type.Number(),
  level: Type.Literal(0.95),
  clicked: figures,
  bought: figures,
  says: words,
});
export type PolicyValue = Static<typeof policyValue>;

const exampleFigures = {
  asItWas: { value: 0.112, low: 0.106, high: 0.118 },
  ipw: { value: 0.113, low: 0.106, high: 0.12 },
  snipw: { value: 0.113, low: 0.107, high: 0.119 },
  dr: { value: 0.113, low: 0.107, high: 0.119 },
};

export const readPolicyValue = endpoint({
  name: "readPolicyValue",
  method: "GET",
  path: "/v1/report/policy",
  tag: "measure",
  says: "Says what exploring in another share of decisions would have brought, from decisions that were made.",
  more: "In a share of decisions the first place goes to any of the best few, each as likely, and the chance of what stood there is kept. So what followed can be weighed as if another share had been explored: 0 is always the best first, 1 is any of the best few, and the difference is what ranking them is worth. Each person counts once, with their first personal decision of the period. Three estimates are told: each outcome as often as it would have come about (`ipw`), the same per weight (`snipw`), and what others brought, corrected (`dr`). Too little evidence is refused.",
  needs: "measure:read",
  query: Type.Object({
    exploring: Type.Number({ minimum: 0, maximum: 1 }),
    placement: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
    from: Type.Optional(instantOrDay),
    until: Type.Optional(instantOrDay),
  }),
  gives: policyValue,
  problems: ["request_invalid", "evidence_too_small", "overloaded"],
  example: {
    query: { exploring: 0, from: "2026-10-01", until: "2026-11-01" },
    gives: {
      from: "2026-10-01T00:00:00.000Z",
      until: "2026-11-01T00:00:00.000Z",
      exploring: 0,
      people: 9_500,
      ...{ effectiveSize: 9_120, meanWeight: 1, largestWeight: 1.042, level: 0.95 },
      clicked: exampleFigures,
      bought: exampleFigures,
      says: {
        es: "Si el primer lugar se sorteara entre los mejores en el 0.00 % de las decisiones, habría comprado el 11.30 % de las personas (con 95 % de confianza, entre 10.70 % y 11.90 %); como se hizo, compró el 11.20 %.",
        en: "With the first place drawn among the best in 0.00 % of decisions, 11.30 % of people would have bought (with 95 % confidence, between 10.70 % and 11.90 %); as it was, 11.20 % did.",
      },
    },
  },
});
