import { readReport } from "@trato/contract";
import { type Route, route } from "../../platform/index.ts";
import type { Measure } from "../measure.ts";

/** `GET /v1/report`. */
export const readReportRoute = (report: Measure["report"]): Route =>
  route(readReport, async ({ query, nowMs }) =>
    report({ fromMs: msOf(query.from), untilMs: msOf(query.until), currency: query.currency, nowMs }),
  );

const msOf = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : Date.parse(text);
