import assert from "node:assert/strict";
import { test } from "node:test";
import { dayMs } from "@trato/base";
import fc from "fast-check";
import { lastTimeMs } from "../arrays/baskets.ts";
import { anyBaskets, flatten, type PlainBasket, unflatten } from "../testing/arbitraries.ts";
import { everyAffinity } from "../testing/every-affinity.ts";
import { affinityFromBytes, fitAffinity } from "./affinity.ts";

for (const kind of ["with", "after"] as const) {
  everyAffinity(
    kind,
    (baskets) => {
      const model = fitAffinity(baskets);
      return { ...model[kind], toBytes: model.toBytes };
    },
    (bytes) => {
      const model = affinityFromBytes(bytes);
      return { ...model[kind], toBytes: model.toBytes };
    },
  );
}

/** One edge, counted basket by basket as the header says. */
function slowEdge(
  plain: readonly PlainBasket[],
  untilMs: number,
  kind: "with" | "after",
  from: number,
  to: number,
) {
  let [shared, fromWeight, toWeight] = [0, 0, 0];
  for (const [b, basket] of plain.entries()) {
    const next = plain[b + 1]?.person === basket.person ? plain[b + 1] : undefined;
    const target = kind === "with" ? basket : next;
    if (target === undefined) continue;
    const weight = target.items.length ** -0.5 * 2 ** ((target.timeMs - untilMs) / (180 * dayMs));
    if (basket.items.includes(from)) fromWeight += weight;
    if (target.items.includes(to)) toWeight += weight;
    if (basket.items.includes(from) && target.items.includes(to)) shared += weight;
  }
  return from === to ? 0 : shared / (Math.sqrt(fromWeight * toWeight) + 0.5);
}

test("every edge is what counting basket by basket gives", () => {
  fc.assert(
    fc.property(anyBaskets, fc.constantFrom("with", "after"), (baskets, kind) => {
      const model = fitAffinity(baskets);
      const plain = unflatten(baskets);
      const untilMs = plain.length === 0 ? 0 : lastTimeMs(baskets) + 1;
      for (let from = 0; from < baskets.itemCount; from++) {
        for (let to = 0; to < baskets.itemCount; to++) {
          assert.ok(Math.abs(model[kind].edge(from, to) - slowEdge(plain, untilMs, kind, from, to)) < 1e-6);
        }
      }
    }),
  );
});

test("pruning keeps the strongest edges, strongest first, equal ones by ascending number", () => {
  fc.assert(
    fc.property(anyBaskets, fc.integer({ min: 1, max: 4 }), (baskets, neighboursMax) => {
      const all = fitAffinity(baskets).with;
      const few = fitAffinity(baskets, { neighboursMax }).with;
      for (let item = 0; item < baskets.itemCount; item++) {
        const { items, weights } = all.of(item);
        const sorted = [...items.keys()].sort((a, b) => weights[b]! - weights[a]! || items[a]! - items[b]!);
        const best = sorted.slice(0, neighboursMax).map((i) => items[i]);
        assert.deepEqual([...few.of(item).items], best);
      }
    }),
  );
});

test("what comes after has a direction", () => {
  const visit = (person: number, day: number, item: number) => ({
    person,
    timeMs: day * dayMs,
    items: [item],
  });
  const model = fitAffinity(flatten([visit(0, 1, 0), visit(0, 5, 1), visit(1, 2, 0), visit(1, 9, 1)], 2, 2));
  assert.ok(model.after.edge(0, 1) > 0);
  assert.equal(model.after.edge(1, 0), 0);
  assert.equal(model.with.edge(0, 1), 0);
});

test("one basket in common proves less than many", () => {
  const once = [{ person: 0, timeMs: 0, items: [0, 1] }];
  const often = Array.from({ length: 20 }, (_, i) => ({ person: i, timeMs: 0, items: [2, 3] }));
  const model = fitAffinity(flatten([...once, ...often], 20, 4));
  assert.ok(model.with.edge(2, 3) > 1.5 * model.with.edge(0, 1));
});

test("baskets beyond the size limit and at or after the end are left out", () => {
  const large = { person: 0, timeMs: 1 * dayMs, items: [0, 1, 2] };
  const small = { person: 1, timeMs: 2 * dayMs, items: [3, 4] };
  const late = { person: 2, timeMs: 3 * dayMs, items: [5, 6] };
  const model = fitAffinity(flatten([large, small, late], 3, 7), { basketItemsMax: 2, untilMs: 3 * dayMs });
  assert.equal(model.with.edge(0, 1), 0);
  assert.ok(model.with.edge(3, 4) > 0);
  assert.equal(model.with.edge(5, 6), 0);
});

test("options out of range are refused", () => {
  assert.throws(() => fitAffinity(flatten([], 1, 1), { neighboursMax: 0 }), /neighboursMax/);
  assert.throws(() => fitAffinity(flatten([], 1, 1), { shrink: -1 }), /shrink/);
});
