import { dayMs } from "@trato/base";
import type { Database } from "../../platform/index.ts";
import { pruneFacts } from "../store.ts";

const keptDays = 400;
const atOnce = 5_000;

/** Deletes exposures, outcomes and orders older than 400 days, some thousands a statement. */
export async function pruneOldFacts(database: Database, nowMs: number): Promise<void> {
  let gone = atOnce;
  while (gone === atOnce) gone = await pruneFacts(database, nowMs - keptDays * dayMs, atOnce);
}
