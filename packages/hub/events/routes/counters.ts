import { getCounters } from "@trato/contract";
import { type Queries, type Route, route } from "../../platform/index.ts";
import { countersOf } from "../counters.ts";

export const countersRoute = (queries: Queries): Route =>
  route(getCounters, async () => ({ ok: true, value: await countersOf(queries) }));
