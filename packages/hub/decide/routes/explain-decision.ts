import { explainDecision } from "@trato/contract";
import { type Route, route } from "../../platform/index.ts";
import type { Decisions } from "../decisions.ts";

/** `GET /v1/decisions/{decisionId}/why`. */
export const explainDecisionRoute = (decisions: Decisions): Route =>
  route(explainDecision, ({ params }) => decisions.why(params.decisionId));
