import { dayMs } from "@trato/base";
import type { Database } from "../../platform/index.ts";
import { pruneDecisions } from "../store.ts";

const keptDays = 400;
const atOnce = 5_000;

/** Deletes decisions older than 400 days, some thousands a statement; returns how many went. */
export async function pruneOldDecisions(database: Database, nowMs: number): Promise<number> {
  let total = 0;
  for (let gone = atOnce; gone === atOnce; total += gone) {
    gone = await pruneDecisions(database, nowMs - keptDays * dayMs, atOnce);
  }
  return total;
}
