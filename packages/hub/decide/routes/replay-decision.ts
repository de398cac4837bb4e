import { replayDecision } from "@trato/contract";
import { type Route, route } from "../../platform/index.ts";
import type { Decisions } from "../decisions.ts";

/** `POST /v1/decisions/{decisionId}/replay`. It reads and compares; it changes nothing. */
export const replayDecisionRoute = (decisions: Decisions): Route =>
  route(replayDecision, ({ params }) => decisions.replay(params.decisionId));
