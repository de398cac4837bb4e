import { limits } from "@trato/base";
import type { Queries } from "../platform/index.ts";
import { pruneDeliveries } from "./delivery-store.ts";

/** Forgets deliveries, and their attempts, that are older than `limits.sendKeptMs`. */
export async function pruneOldDeliveries(queries: Queries, nowMs: number): Promise<void> {
  const page = { madeMs: nowMs - limits.sendKeptMs, limit: limits.outboxPruneRows };
  while ((await pruneDeliveries(queries, page)) === page.limit);
}
