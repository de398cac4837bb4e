import assert from "node:assert/strict";
import test from "node:test";
import { dayMs, type JsonObject, limits } from "@trato/base";
import fc from "fast-check";
import type { KeptEvent } from "../events/index.ts";
import { type MomentsState, momentsAt, momentsSlice, openMoments, type Seen } from "./slice.ts";

const day0 = Date.UTC(2026, 0, 1);

function event(type: string, timeMs: number, data: JsonObject): KeptEvent {
  const about = { channel: null, store: null, session: null, identities: [] };
  return { id: `${type}-${timeMs}`, source: "shop", type, timeMs, receivedAtMs: timeMs, ...about, data };
}

function found(
  kind: string,
  subject: string,
  days: readonly [number, number],
  evidence: JsonObject = {},
): JsonObject {
  const [windowStart, windowEnd] = days.map((day) => new Date(day0 + day * dayMs).toISOString());
  return {
    momentId: `${kind}/${subject}`,
    kind,
    subject,
    windowStart: windowStart!,
    windowEnd: windowEnd!,
    confidence: 0.7,
    evidence,
  };
}

const coffeeRunsOut = found("runs_out", "coffee", [2, 9]);
const soapRunsOut = found("runs_out", "soap", [0, 9]);
const cartLeft = found("cart_left", "cart", [0, 3], { lines: { milk: 2 } });

test("a moment stays open until its subject is bought, the person is back at the cart, or its window ends", () => {
  const cases: [what: string, then: KeptEvent, open: string[]][] = [
    [
      "nothing that matters",
      event("cart.opened", day0 + dayMs, {}),
      ["runs_out/coffee", "runs_out/soap", "cart_left/cart"],
    ],
    [
      "coffee is bought",
      event("order.placed", day0 + dayMs, { lines: [{ sku: "coffee" }] }),
      ["runs_out/soap", "cart_left/cart"],
    ],
    [
      "milk is bought",
      event("order.placed", day0 + dayMs, { lines: [{ sku: "milk" }] }),
      ["runs_out/coffee", "runs_out/soap"],
    ],
    [
      "back at the cart",
      event("cart.item_added", day0 + dayMs, { sku: "tea" }),
      ["runs_out/coffee", "runs_out/soap"],
    ],
    [
      "tea is bought on day 4",
      event("order.placed", day0 + 4 * dayMs, { lines: [{ sku: "tea" }] }),
      ["runs_out/coffee", "runs_out/soap"],
    ],
    ["tea is bought on day 10", event("order.placed", day0 + 10 * dayMs, { lines: [{ sku: "tea" }] }), []],
  ];
  for (const [what, then, open] of cases) {
    const state = momentsSlice.start();
    for (const data of [coffeeRunsOut, soapRunsOut, cartLeft])
      momentsSlice.fold(state, event("moment.found", day0, data));
    if (momentsSlice.hears(then.type)) momentsSlice.fold(state, then);
    assert.deepEqual(
      state.open.map((moment) => moment.momentId),
      open,
      what,
    );
  }
});

test("what is over is not open, and what is foreseen is not yet there to act on", () => {
  const state = momentsSlice.start();
  for (const data of [coffeeRunsOut, cartLeft]) momentsSlice.fold(state, event("moment.found", day0, data));
  const kinds = (moments: readonly { kind: string }[]) => moments.map((moment) => moment.kind);
  assert.deepEqual(kinds(momentsAt({ moments: state }, day0 + dayMs)), ["cart_left"]);
  assert.deepEqual(kinds(momentsAt({ moments: state }, day0 + 4 * dayMs)), ["runs_out"]);
  assert.deepEqual(kinds(openMoments({ moments: state }, day0 + dayMs)), ["runs_out", "cart_left"]);
  assert.deepEqual(kinds(openMoments({ moments: state }, day0 + 10 * dayMs)), []);
});

test("a purchase or a change of the cart that is told of late makes untrue what was found meanwhile", () => {
  const cases: [what: string, moment: JsonObject, orders: Seen["orders"], open: boolean][] = [
    [
      "nothing since",
      { ...coffeeRunsOut, evidence: { lastMs: 5 } },
      { cart: null, bought: [{ sku: "coffee", lastMs: 5 }] },
      true,
    ],
    [
      "bought since",
      { ...coffeeRunsOut, evidence: { lastMs: 5 } },
      { cart: null, bought: [{ sku: "coffee", lastMs: 6 }] },
      false,
    ],
    ["forgotten since", { ...coffeeRunsOut, evidence: { lastMs: 5 } }, { cart: null, bought: [] }, true],
    [
      "the same cart",
      { ...cartLeft, evidence: { changedMs: 5 } },
      { cart: { lines: [], changedMs: 5 }, bought: [] },
      true,
    ],
    [
      "another cart",
      { ...cartLeft, evidence: { changedMs: 5 } },
      { cart: { lines: [], changedMs: 6 }, bought: [] },
      false,
    ],
    ["no cart", { ...cartLeft, evidence: { changedMs: 5 } }, { cart: null, bought: [] }, false],
  ];
  for (const [what, data, orders, open] of cases) {
    const moments = momentsSlice.start();
    momentsSlice.fold(moments, event("moment.found", day0, data));
    assert.equal(
      openMoments(orders === undefined ? { moments } : { moments, orders }, day0).length,
      open ? 1 : 0,
      what,
    );
  }
});

test("the same subject found again replaces what was said of it, and what cannot be read is left out", () => {
  const state = momentsSlice.start();
  momentsSlice.fold(state, event("moment.found", day0, coffeeRunsOut));
  momentsSlice.fold(state, event("moment.found", day0 + 1, { ...coffeeRunsOut, momentId: "later" }));
  for (const wrong of [
    { confidence: 2 },
    { windowEnd: "soon" },
    { subject: "" },
    { kind: 7 },
    { windowStart: null },
  ]) {
    momentsSlice.fold(state, event("moment.found", day0 + 2, { ...soapRunsOut, ...wrong }));
  }
  assert.deepEqual(
    state.open.map((moment) => moment.momentId),
    ["later"],
  );
});

test("a profile holds so many moments, those that end last, and no long evidence", () => {
  const state = momentsSlice.start();
  for (let i = 0; i < 100; i++) {
    const data = found("runs_out", `item-${i}`, [0, 1 + (i % 50)], {
      text: "x".repeat(i === 99 ? 10_000 : 10),
    });
    momentsSlice.fold(state, event("moment.found", day0 + i, data));
  }
  assert.equal(state.open.length, limits.openMomentsKept);
  assert.deepEqual(state.open.find((moment) => moment.subject === "item-99")?.evidence, {});
  assert.ok(state.open.every((moment) => moment.windowEndMs > day0 + 30 * dayMs));
});

const day = fc.integer({ min: -5, max: 20 });
const sku = fc.constantFrom("coffee", "milk", "__proto__", "constructor", "7");
const sensible = fc
  .tuple(
    fc.constantFrom("runs_out", "cart_left"),
    sku,
    day,
    day,
    fc.dictionary(sku, fc.object({ maxDepth: 1 })),
  )
  .map(([kind, subject, a, b, lines]) => found(kind, subject, [a, b], { lines } as unknown as JsonObject));
const bought = fc.array(sku, { maxLength: 3 }).map((skus) => ({ lines: skus.map((one) => ({ sku: one })) }));
const types = [
  "moment.found",
  "moment.found",
  "order.placed",
  "cart.updated",
  "checkout.started",
  "cart.item_removed",
];
const history = fc
  .array(fc.tuple(fc.constantFrom(...types), day, fc.oneof(sensible, bought, fc.object())), { maxLength: 30 })
  .map((all) => all.sort((a, b) => a[1] - b[1]));

test("whatever happens, a profile written to disk and read again goes on the same, bit for bit", () => {
  fc.assert(
    fc.property(history, (all) => {
      const state = momentsSlice.start();
      let reread = momentsSlice.start();
      for (const [type, at, data] of all) {
        const one = event(type, day0 + at * dayMs, JSON.parse(JSON.stringify(data)));
        momentsSlice.fold(state, one);
        reread = JSON.parse(JSON.stringify(reread)) as MomentsState;
        momentsSlice.fold(reread, one);
        assert.equal(JSON.stringify(reread), JSON.stringify(state));
        assert.deepEqual(JSON.parse(JSON.stringify(state)), state);
      }
    }),
    { numRuns: 300 },
  );
});
