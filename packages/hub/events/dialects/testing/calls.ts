import assert from "node:assert/strict";
import type { JsonObject } from "@trato/base";
import { checkEvent } from "../../check/index.ts";
import { segment, type WireEvent } from "../index.ts";

export const nowMs = Date.UTC(2026, 10, 22, 15, 0, 0);
export const stamp = {
  messageId: "m1",
  timestamp: "2026-11-22T14:59:00.000Z",
  sentAt: "2026-11-22T14:59:59.900Z",
};

/** The one event that a body becomes. */
export function only(body: unknown, path: string, options = {}): WireEvent {
  const { events } = segment(body, path, nowMs, options);
  assert.equal(events.length, 1);
  return events[0] as WireEvent;
}

/** What a track call means. */
export function track(event: string, properties: JsonObject): { type: unknown; data: JsonObject } {
  const { type, data } = only({ ...stamp, userId: "u1", event, properties }, "/v1/track");
  return { type, data };
}

export const checked = (event: unknown) =>
  checkEvent(event, { source: "site", receivedAtMs: nowMs, trusted: true });
