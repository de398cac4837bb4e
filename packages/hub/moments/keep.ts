import { ownSource } from "../events/index.ts";
import type { Queries } from "../platform/index.ts";
import type { FoundEvent, MomentNeeds } from "./needs.ts";
import type { FoundMoment } from "./rules.ts";
import { insertMoments } from "./store.ts";

/**
 * Keeps moments in the caller's transaction: a row each, and a `moment.found` event each for those that were not
 * found before. Returns how many were new. The profiles are held by the caller.
 */
export async function keepMoments(
  needs: MomentNeeds,
  tx: Queries,
  found: readonly FoundMoment[],
  nowMs: number,
): Promise<number> {
  if (found.length === 0) return 0;
  const fresh = await insertMoments(tx, found, nowMs);
  const events = found.filter((one) => fresh.has(one.momentId)).map((one) => eventOf(one, nowMs));
  if (events.length > 0) await needs.record(tx, events);
  return events.length;
}

function eventOf(found: FoundMoment, nowMs: number): FoundEvent {
  const { momentId, personId, kind, subject, windowStartMs, windowEndMs, confidence, evidence } = found;
  const windowStart = new Date(windowStartMs).toISOString();
  const windowEnd = new Date(windowEndMs).toISOString();
  const about = { id: momentId, source: ownSource, type: "moment.found", timeMs: nowMs, receivedAtMs: nowMs };
  const where = { channel: null, store: null, session: null, identities: [] };
  const data = { momentId, kind, subject, windowStart, windowEnd, confidence, evidence };
  return { personId, event: { ...about, ...where, data } };
}
