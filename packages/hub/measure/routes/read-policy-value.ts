import { readPolicyValue } from "@trato/contract";
import { type Route, route } from "../../platform/index.ts";
import type { Measure } from "../measure.ts";

/** `GET /v1/report/policy`. */
export const readPolicyValueRoute = (policyValue: Measure["policyValue"]): Route =>
  route(readPolicyValue, async ({ query, nowMs }) => {
    const { exploring, placement, from, until } = query;
    return policyValue({ exploring, placement, fromMs: msOf(from), untilMs: msOf(until), nowMs });
  });

const msOf = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : Date.parse(text);
