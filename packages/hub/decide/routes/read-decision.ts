import { readDecision } from "@trato/contract";
import { type Route, route } from "../../platform/index.ts";
import type { Decisions } from "../decisions.ts";

/** `GET /v1/decisions/{decisionId}`. */
export const readDecisionRoute = (decisions: Decisions): Route =>
  route(readDecision, ({ params }) => decisions.read(params.decisionId));
