import assert from "node:assert/strict";
import { test } from "node:test";
import { chance, pickInt } from "@trato/base";
import fc from "fast-check";
import { addTrails, partFiller, sessionParts } from "./blend-parts.ts";
import { decayKnnFromBytes, decayNumbers, fitDecayKnn } from "./decay-knn.ts";
import { addSessions, ringFor, type SessionModel } from "./model.ts";
import { fitSessionBlend, sessionBlendFromBytes, sessionWeights } from "./session-blend.ts";
import { type Sessions, sessionsFrom } from "./sessions.ts";
import { trailsOf } from "./trails.ts";
import { tuneSessionWeights } from "./tune.ts";
import { fitVmisKnn, vmisKnnFromBytes } from "./vmis-knn.ts";

const itemCount = 9;
const anyList = fc.array(fc.nat(itemCount - 1), { minLength: 1, maxLength: 7 });
const anyLists = fc.array(anyList, { maxLength: 25 });

type Fit = (sessions: Sessions) => SessionModel;
const models: Readonly<Record<string, { fit: Fit; fromBytes: (bytes: Uint8Array) => SessionModel }>> = {
  "VMIS-kNN": { fit: (sessions) => fitVmisKnn(sessions), fromBytes: vmisKnnFromBytes },
  "decay-kNN": { fit: (sessions) => fitDecayKnn(sessions), fromBytes: decayKnnFromBytes },
  "session blend": { fit: (sessions) => fitSessionBlend(sessions), fromBytes: sessionBlendFromBytes },
};

function top(model: SessionModel, recent: readonly number[], session?: number): number[] {
  const items = new Int32Array(model.itemCount);
  return [...items.subarray(0, model.predict(recent, items, session))];
}

/** The items of a ranking stand by falling score, and none that scores is missing. */
function ranksBy(items: readonly number[], scores: ReadonlyMap<number, number>): void {
  const scoreOf = (item: number) => scores.get(item) ?? 0;
  for (let rank = 1; rank < items.length; rank++) {
    assert.ok(scoreOf(items[rank]!) <= scoreOf(items[rank - 1]!) + 1e-9, `${items} by ${[...scores]}`);
  }
  const scored = [...scores].filter(([, score]) => score > 1e-12).map(([item]) => item);
  assert.deepEqual(new Set(items), new Set(scored));
}

const distinctLatestFirst = (recent: readonly number[]) => [...new Set([...recent].reverse())];
const stepsBack = (recent: readonly number[], item: number) => recent.length - 1 - recent.lastIndexOf(item);

/** Sessions that share an item with the last `itemsMax`, the latest `sessionsMax` of them, the likest of these. */
function plainNeighbours(
  lists: readonly number[][],
  recent: readonly number[],
  { itemsMax, sessionsMax, neighboursMax }: { itemsMax: number; sessionsMax: number; neighboursMax: number },
  weight: (steps: number) => number,
) {
  const asked = distinctLatestFirst(recent).slice(0, itemsMax);
  const found = lists.map((list, at) => {
    const shared = asked.filter((item) => list.includes(item));
    const similarity = shared.reduce((sum, item) => sum + weight(stepsBack(recent, item)), 0);
    return { list, at, similarity, latestShared: shared[0]! };
  });
  const sharing = found.filter(({ similarity }) => similarity > 0).sort((a, b) => b.at - a.at);
  const compared = sharing.slice(0, sessionsMax);
  return compared.sort((a, b) => b.similarity - a.similarity || b.at - a.at).slice(0, neighboursMax);
}

const rarity = (lists: readonly number[][], item: number) =>
  Math.log(lists.length / lists.filter((list) => list.includes(item)).length);

const anySizes = fc.record({
  itemsMax: fc.integer({ min: 1, max: 4 }),
  sessionsMax: fc.integer({ min: 1, max: 12 }),
  neighboursMax: fc.integer({ min: 1, max: 12 }),
});

test("VMIS-kNN is what its paper says, item by item", () => {
  fc.assert(
    fc.property(anyLists, anyList, anySizes, (lists, recent, sizes) => {
      const scores = new Map<number, number>();
      for (const { list, similarity, latestShared } of plainNeighbours(
        lists,
        recent,
        sizes,
        (steps) => recent.length - steps,
      )) {
        const weight = similarity * (1 - 0.1 * (stepsBack(recent, latestShared) + 1));
        for (const item of new Set(list)) {
          if (item !== recent.at(-1))
            scores.set(item, (scores.get(item) ?? 0) + weight * rarity(lists, item));
        }
      }
      const said = top(fitVmisKnn(sessionsFrom(lists, itemCount), sizes), recent);
      if ([...scores.values()].some((score) => score > 1e-12)) ranksBy(said, scores);
    }),
  );
});

test("decay-kNN is its three decays, item by item", () => {
  fc.assert(
    fc.property(anyLists, anyList, anySizes, (lists, recent, sizes) => {
      const scores = new Map<number, number>();
      for (const { list, similarity, latestShared } of plainNeighbours(lists, recent, sizes, (steps) =>
        Math.exp(-steps / 2),
      )) {
        const back = stepsBack(recent, latestShared);
        const weight = (similarity * Math.exp(-back / 4)) / Math.sqrt(list.length);
        const place = list.lastIndexOf(latestShared);
        for (const [at, item] of list.entries()) {
          const near = Math.exp(-Math.abs(at - place) / 3) * (1 + 0.5 * rarity(lists, item));
          scores.set(item, (scores.get(item) ?? 0) + weight * near);
        }
      }
      const options = { ...sizes, itemDecay: 2, matchDecay: 4, placeDecay: 3, rarity: 0.5, lastAgain: true };
      const said = top(fitDecayKnn(sessionsFrom(lists, itemCount), options), recent);
      if (scores.size > 0) ranksBy(said, scores);
    }),
  );
});

test("the blend ranks by the sum of its parts", () => {
  fc.assert(
    fc.property(anyLists, anyList, (lists, recent) => {
      const model = fitSessionBlend(sessionsFrom(lists, itemCount), { lastAgain: true });
      const parts = new Float64Array(sessionParts.length);
      const scores = new Map<number, number>();
      for (let item = 0; item < itemCount; item++) {
        model.parts(item, recent, parts);
        scores.set(
          item,
          parts.reduce((a, b) => a + b, 0),
        );
      }
      ranksBy(top(model, recent), scores);
    }),
    { numRuns: 50 },
  );
});

test("weights are chosen by what the last sessions clicked; by too few they stay as they were", () => {
  const draw = chance(4);
  const lists = Array.from({ length: 600 }, () => {
    const [a, b, c] = [pickInt(draw, 60), pickInt(draw, 60), pickInt(draw, 60)];
    return [a, b, a, c, b];
  });
  const sessions = sessionsFrom(lists.slice(100), 60);
  const ring = ringFor(sessions, {});
  const trails = { next: trailsOf(60, 8), near: trailsOf(60, 8) };
  addSessions(sessions, (session, item) => addTrails(ring, trails, ring.add(session, item)));
  const filler = partFiller(ring, trails, decayNumbers({}));
  const start = { ...sessionWeights, again: 0.01 };
  const chosen = (tail: Sessions) => tuneSessionWeights({ filler, tail, start, lastAgain: false });
  const { again, walk } = chosen(sessionsFrom(lists.slice(0, 100), 60));
  assert.ok(again / walk > start.again / start.walk);
  assert.deepEqual(chosen(sessionsFrom(lists.slice(0, 10), 60)), start);
});

for (const [name, { fit, fromBytes }] of Object.entries(models)) {
  test(`${name}: on a checkerboard, a colour is followed by itself`, () => {
    const draw = chance(7);
    const lists = Array.from({ length: 400 }, (_, s) =>
      Array.from({ length: 5 }, () => 2 * pickInt(draw, 8) + (s % 2)),
    );
    const model = fit(sessionsFrom(lists, 16));
    for (let item = 0; item < 16; item++) {
      const said = top(model, [item]);
      assert.equal(said.length, 7);
      assert.ok(
        said.every((other) => other % 2 === item % 2 && other !== item),
        `${item} → ${said}`,
      );
    }
  });

  test(`${name}: the very next prediction knows a click, and a session is no evidence for itself`, () => {
    const model = fit(sessionsFrom([[0, 1], [2, 3], [4], [5]], 7));
    model.add(0, 6);
    assert.notEqual(top(model, [6])[0], 4);
    model.add(0, 4);
    assert.equal(top(model, [6])[0], 4);
    const alone = fit(
      sessionsFrom(
        [
          [0, 1],
          [2, 3],
        ],
        7,
      ),
    );
    alone.add(5, 4);
    alone.add(5, 6);
    if (name !== "session blend") assert.equal(top(alone, [4, 6], 5)[0], 0);
  });

  test(`${name}: it stays as large as it is, however many clicks come`, () => {
    const model = fit(sessionsFrom([[0, 1]], 5));
    const bytes = model.toBytes().length;
    const draw = chance(1);
    for (let click = 0; click < 120_000; click++) model.add(click >> 2, pickInt(draw, 5));
    assert.equal(model.toBytes().length, bytes);
  });

  test(`${name}: its bytes give it back, ready to go on`, () => {
    fc.assert(
      fc.property(anyLists, anyList, anyList, (lists, later, recent) => {
        const model = fit(sessionsFrom(lists, itemCount));
        const same = fromBytes(model.toBytes());
        for (const item of later) {
          model.add(3, item);
          same.add(3, item);
        }
        assert.deepEqual(same.toBytes(), model.toBytes());
        assert.deepEqual(top(same, recent), top(model, recent));
      }),
      { numRuns: 15 },
    );
    assert.throws(() => fromBytes(new Uint8Array(64)), /Expected/);
  });

  test(`${name}: nothing clicked gives nothing, nothing known gives what most saw, what is unknown is refused`, () => {
    assert.deepEqual(top(fit(sessionsFrom([], 3)), [1]), []);
    const model = fit(sessionsFrom([[0, 1], [1, 2], [1], [2]], 4));
    assert.deepEqual(top(model, []), [1, 2, 0]);
    assert.throws(() => model.predict([4], new Int32Array(2)), /below 4/);
    assert.throws(
      () => fit({ itemCount: 2, sessionStart: Int32Array.of(0, 1), itemOf: Int32Array.of(2) }),
      /below 2/,
    );
  });
}
