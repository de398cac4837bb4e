import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type ClickRing, clickRing, clickRingFromBytes } from "./click-ring.ts";

const size = { itemCount: 4, capacity: 9, clicksMax: 3 };
const anyClicks = fc.array(fc.record({ session: fc.nat(3), item: fc.nat(size.itemCount - 1) }), {
  maxLength: 60,
});

type Click = { name: number; item: number };

/** The same by lists: all sessions ever, cut at `clicksMax`; kept are the last clicks, and sessions with their first. */
function plainRing(clicks: readonly { session: number; item: number }[]) {
  const named: Click[] = [];
  const going = new Map<number, { name: number; left: number; startedAt: number }>();
  for (const [at, { session, item }] of clicks.entries()) {
    const old = going.get(session);
    const isGoing = old !== undefined && old.left > 0 && at - old.startedAt < size.capacity;
    const now = isGoing ? old : { name: at, left: size.clicksMax, startedAt: at };
    // The first click of a session is overwritten by the very click that would go on with it.
    if (at - now.startedAt === size.capacity) throw new Error("unreachable");
    going.set(session, { ...now, left: now.left - 1 });
    named.push({ name: now.name, item });
  }
  const oldest = Math.max(0, clicks.length - size.capacity);
  const kept = named.map((click, at) => ({ ...click, at })).filter(({ at }) => at >= oldest);
  return { kept, sessions: new Set(kept.filter(({ name }) => name >= oldest).map(({ name }) => name)) };
}

/** The ages of an item's clicks, latest first, as the chain tells them. */
function chain(ring: ClickRing, item: number): number[] {
  const ages: number[] = [];
  for (let cell = ring.latestOf[item]!; cell !== -1; cell = ring.earlierOfItem[cell]!) {
    if (ages.length > 0 && ring.age(cell) <= ages.at(-1)!) break;
    ages.push(ring.age(cell));
  }
  return ages;
}

function sameAsPlain(ring: ClickRing, clicks: readonly { session: number; item: number }[]): void {
  const { kept, sessions } = plainRing(clicks);
  assert.equal(ring.sessions(), sessions.size);
  for (let item = 0; item < size.itemCount; item++) {
    const ages = kept.filter((click) => click.item === item).map(({ at }) => clicks.length - 1 - at);
    assert.deepEqual(chain(ring, item), ages.reverse());
    const saw = new Set(
      kept.filter((click) => click.item === item && sessions.has(click.name)).map((c) => c.name),
    );
    assert.equal(ring.sessionsOf[item], saw.size);
  }
  for (const name of sessions) {
    const first = ring.cellAt(clicks.length - 1 - name);
    const items: number[] = [];
    for (let cell = ring.lastOf[first]!; ; cell = ring.earlierInSession[cell]!) {
      items.unshift(ring.itemOf[cell]!);
      assert.equal(ring.firstOf[cell], first);
      if (cell === first) break;
    }
    assert.deepEqual(
      items,
      kept.filter((click) => click.name === name).map(({ item }) => item),
    );
  }
}

test("a ring that went round knows the latest clicks, and the sessions that began among them", () => {
  fc.assert(
    fc.property(anyClicks, (clicks) => {
      const ring = clickRing(size);
      for (const [at, { session, item }] of clicks.entries()) {
        ring.add(session, item);
        sameAsPlain(ring, clicks.slice(0, at + 1));
      }
    }),
    { numRuns: 200 },
  );
});

test("bytes give back a ring that goes on as the first would have", () => {
  fc.assert(
    fc.property(anyClicks, anyClicks, (before, after) => {
      const ring = clickRing(size);
      for (const { session, item } of before) ring.add(session, item);
      const same = clickRingFromBytes(ring.toBytes());
      for (const { session, item } of after) {
        ring.add(session, item);
        same.add(session, item);
      }
      assert.deepEqual(same.toBytes(), ring.toBytes());
      assert.deepEqual(same.sessionsOf, ring.sessionsOf);
    }),
  );
});

test("unknown items and sizes that are none are refused", () => {
  const ring = clickRing(size);
  assert.throws(() => ring.add(0, size.itemCount), /below 4/);
  assert.throws(() => ring.add(Number.NaN, 0), /a session/);
  assert.throws(() => clickRing({ ...size, capacity: 0 }), /above 0/);
  const bytes = ring.toBytes();
  assert.throws(() => clickRingFromBytes(bytes.slice(0, bytes.length - 8)), /end inside/);
});
