import assert from "node:assert/strict";
import test from "node:test";
import { type JsonObject, limits } from "@trato/base";
import fc from "fast-check";
import type { KeptEvent } from "../events/index.ts";
import { type InterestState, interestSlice } from "./slice.ts";

function viewed(timeMs: number, data: JsonObject): KeptEvent {
  const about = { channel: null, store: null, session: null, identities: [] };
  return {
    id: `v-${timeMs}`,
    source: "shop",
    type: "item.viewed",
    timeMs,
    receivedAtMs: timeMs,
    ...about,
    data,
  };
}

test("the last items looked at are kept, each once, the latest last", () => {
  const state = interestSlice.start();
  for (const [i, sku] of ["coffee", "filter", "coffee", "milk"].entries())
    interestSlice.fold(state, viewed(i, { sku }));
  assert.deepEqual(state.views, [
    { sku: "filter", timeMs: 1 },
    { sku: "coffee", timeMs: 2 },
    { sku: "milk", timeMs: 3 },
  ]);
});

test("what was looked at is kept with the channel it was looked at in", () => {
  const state = interestSlice.start();
  interestSlice.fold(state, { ...viewed(1, { sku: "coffee" }), channel: "app" });
  assert.deepEqual(state.views, [{ sku: "coffee", timeMs: 1, channel: "app" }]);
});

test("somebody who looks at everything is remembered by the last items", () => {
  const state = interestSlice.start();
  for (let i = 0; i < 1_000; i++) interestSlice.fold(state, viewed(i, { sku: `item-${i}` }));
  assert.equal(state.views.length, limits.viewsKept);
  assert.equal(state.views.at(-1)?.sku, "item-999");
  assert.equal(state.views[0]?.sku, `item-${1_000 - limits.viewsKept}`);
});

test("whatever is looked at, a profile written to disk and read again goes on the same, bit for bit", () => {
  const data = fc.oneof(
    fc.record({ sku: fc.oneof(fc.string(), fc.constantFrom("a", "__proto__", "7")) }),
    fc.object(),
  );
  fc.assert(
    fc.property(fc.array(data, { maxLength: 80 }), (all) => {
      const state = interestSlice.start();
      let reread = interestSlice.start();
      for (const [i, one] of all.entries()) {
        const event = viewed(i, JSON.parse(JSON.stringify(one)));
        interestSlice.fold(state, event);
        reread = JSON.parse(JSON.stringify(reread)) as InterestState;
        interestSlice.fold(reread, event);
        assert.equal(JSON.stringify(reread), JSON.stringify(state));
        assert.deepEqual(JSON.parse(JSON.stringify(state)), state);
      }
    }),
  );
});
