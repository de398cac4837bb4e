import { Type } from "typebox";
import { endpoint } from "../endpoint.ts";
import { instant } from "./shapes.ts";

const chance = Type.Number({ minimum: 0, maximum: 1 });

export const askIntent = endpoint({
  name: "askIntent",
  method: "POST",
  path: "/v1/intent",
  tag: "scores",
  says: "How likely a visit that looked at these things is to end with buying one of them.",
  more: "Asked while the visit lasts, of nobody in particular: help, a call or nothing at all may fit better than an offer. `usual` is how many visits do, one with another; `chance` is above or below it.",
  needs: "decisions:make",
  body: Type.Object(
    {
      viewed: Type.Array(Type.String({ minLength: 1, maxLength: 100 }), {
        minItems: 1,
        maxItems: 100,
        description: "What was looked at, oldest first.",
      }),
      startedAt: Type.Optional(instant),
    },
    { additionalProperties: false },
  ),
  gives: Type.Object({ chance, usual: chance, version: Type.String() }),
  problems: ["request_invalid", "model_unknown"],
  example: {
    body: { viewed: ["CAF-500", "FIL-100"], startedAt: "2026-11-22T15:04:05.000Z" },
    gives: { chance: 0.31, usual: 0.12, version: "3+7" },
  },
});
