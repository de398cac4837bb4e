import { limits, type PersonId } from "@trato/base";
import { listDecisions, ok } from "@trato/contract";
import { type Route, route } from "../../platform/index.ts";
import type { Decisions } from "../decisions.ts";

/** `GET /v1/decisions`, latest first. */
export const listDecisionsRoute = (decisions: Decisions): Route =>
  route(listDecisions, async ({ query }) => {
    const limit = query.limit ?? limits.pageRowsDefault;
    const found = await decisions.list({
      before: query.after ?? null,
      limit: limit + 1,
      personId: (query.personId as PersonId | undefined) ?? null,
      placement: query.placement ?? null,
    });
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return ok({
      decisions: page.map((record) => ({
        decisionId: record.decisionId,
        decidedAt: new Date(record.decidedAtMs).toISOString(),
        personId: record.personId,
        placement: record.request.placement,
        basis: record.basis,
        shown: record.shown.map((one) => one.key),
      })),
      ...(found.length > limit && last !== undefined ? { next: last.decisionId } : {}),
    });
  });
