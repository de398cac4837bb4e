import type { Identity, JsonObject } from "@trato/contract";

/** A fact that happened, checked and normalised. `source` is the key's source; (source, id) names it for ever. */
export type KeptEvent = {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly timeMs: number;
  readonly receivedAtMs: number;
  readonly channel: string | null;
  readonly store: string | null;
  readonly session: string | null;
  readonly identities: readonly Identity[];
  readonly data: JsonObject;
};

/** The source of the events that the hub itself says. */
export const ownSource = "trato";

/** The one order in which events are folded: by time, then id, then source. */
export function byTime(a: KeptEvent, b: KeptEvent): number {
  if (a.timeMs !== b.timeMs) return a.timeMs - b.timeMs;
  if (a.id !== b.id) return a.id < b.id ? -1 : 1;
  if (a.source !== b.source) return a.source < b.source ? -1 : 1;
  return 0;
}
