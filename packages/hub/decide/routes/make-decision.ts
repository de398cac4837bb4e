import type { PersonId } from "@trato/base";
import { makeDecision } from "@trato/contract";
import { type Route, route } from "../../platform/index.ts";
import type { Decisions, Named } from "../decisions.ts";

/** `POST /v1/decisions`. */
export const makeDecisionRoute = (decisions: Decisions): Route =>
  route(makeDecision, ({ body, nowMs }) => {
    const { placement, limit, context, hold } = body;
    return decisions.make({ placement, limit, context, hold, named: namedBy(body) }, nowMs);
  });

/** A person's id counts before identities; neither means nobody. */
function namedBy(body: { personId?: string | undefined; identities?: object | undefined }): Named | null {
  if (body.personId !== undefined) return { personId: body.personId as PersonId };
  if (body.identities === undefined || Object.keys(body.identities).length === 0) return null;
  return { identities: body.identities };
}
