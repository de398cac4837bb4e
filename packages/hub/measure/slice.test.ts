import assert from "node:assert/strict";
import { test } from "node:test";
import { dayMs, type JsonObject, limits } from "@trato/base";
import fc from "fast-check";
import type { KeptEvent } from "../events/index.ts";
import { type PressureState, pressureSlice } from "./slice.ts";

const day0 = Date.UTC(2026, 0, 1);

function event(type: string, timeMs: number, data: JsonObject, channel: string | null = null): KeptEvent {
  const about = { channel, store: null, session: null, identities: [] };
  return { id: `${type}-${timeMs}`, source: "shop", type, timeMs, receivedAtMs: timeMs, ...about, data };
}

const seen = (timeMs: number, key: string, placement: string, channel: string | null = null) =>
  event("decision.exposed", timeMs, { decisionId: "d", placement, rank: 1, key }, channel);
const sent = (timeMs: number, channel: string) =>
  event("message.sent", timeMs, { messageId: `m${timeMs}`, channel });

function folded(events: readonly KeptEvent[]): PressureState {
  const state = pressureSlice.start();
  for (const one of events) if (pressureSlice.hears(one.type)) pressureSlice.fold(state, one);
  return state;
}

test("what a person saw is kept with its place, and the channel is the sender's word or the placement's", () => {
  const state = folded([
    seen(day0, "item:COF", "web.home", "app"),
    seen(day0 + 1, "offer:milk", "email.slot"),
    seen(day0 + 2, "item:COF", "push"),
    event("decision.exposed", day0 + 3, { placement: "web.home" }),
    event("decision.outcome", day0 + 4, { decisionId: "d", outcome: "clicked" }),
  ]);
  assert.deepEqual(state.exposures, [
    { timeMs: day0, key: "item:COF", placement: "web.home", channel: "app" },
    { timeMs: day0 + 1, key: "offer:milk", placement: "email.slot", channel: "email" },
    { timeMs: day0 + 2, key: "item:COF", placement: "push", channel: "push" },
  ]);
});

test("the newest exposures are kept, so many and no more", () => {
  const many = Array.from({ length: limits.exposuresKept + 15 }, (_, i) =>
    seen(day0 + i, `item:${i}`, "web.home"),
  );
  const { exposures } = folded(many);
  assert.equal(exposures.length, limits.exposuresKept);
  assert.equal(exposures[0]!.key, "item:15");
});

test("messages are counted per channel and day, and a new day begins at one", () => {
  const state = folded([
    sent(day0 + 1, "email"),
    sent(day0 + 2, "email"),
    sent(day0 + 3, "sms"),
    sent(day0 + dayMs, "email"),
  ]);
  assert.deepEqual(state.messages, {
    email: { dayMs: day0 + dayMs, count: 1 },
    sms: { dayMs: day0, count: 1 },
  });
});

test("a sender who invents channels cannot make the profile grow: the quietest one is forgotten", () => {
  const state = folded([
    ...Array.from({ length: 40 }, (_, i) => sent(day0 + i * dayMs, `channel-${i}`)),
    sent(day0 + 40 * dayMs, "email"),
  ]);
  assert.equal(Object.keys(state.messages).length, limits.messageChannelsKept);
  assert.deepEqual(state.messages["email"], { dayMs: day0 + 40 * dayMs, count: 1 });
  assert.equal(state.messages["channel-3"], undefined);
});

const name = fc.constantFrom("item:COF", "offer:1", "web.home", "email", "7", "constructor", "__proto__", "");
const data = fc.oneof(
  fc.record({ key: name, placement: name }),
  fc.record({ messageId: name, channel: fc.oneof(name, fc.string({ maxLength: 4 })) }),
  fc.object(),
);
const history = fc
  .array(
    fc.tuple(fc.integer({ min: 0, max: 20 }), fc.constantFrom("decision.exposed", "message.sent"), data),
    { maxLength: 120 },
  )
  .map((all) => all.sort((a, b) => a[0] - b[0]));

test("pressure written to disk and read again at any time folds on to the same bytes, within its bounds", () => {
  fc.assert(
    fc.property(history, (all) => {
      const state = pressureSlice.start();
      let reread = pressureSlice.start();
      for (const [day, type, about] of all) {
        const one = event(type, day0 + day * dayMs, JSON.parse(JSON.stringify(about)) as JsonObject);
        pressureSlice.fold(state, one);
        reread = JSON.parse(JSON.stringify(reread)) as PressureState;
        pressureSlice.fold(reread, one);
        assert.equal(JSON.stringify(reread), JSON.stringify(state));
        assert.deepEqual(JSON.parse(JSON.stringify(state)), state);
      }
      assert.ok(state.exposures.length <= limits.exposuresKept);
      assert.ok(Object.keys(state.messages).length <= limits.messageChannelsKept);
    }),
    { numRuns: 300 },
  );
});
