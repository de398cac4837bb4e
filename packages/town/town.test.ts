import assert from "node:assert/strict";
import { test } from "node:test";
import { chance, dayMs } from "@trato/base";
import { eventTypes } from "@trato/contract";
import { Value } from "typebox/value";
import { needs } from "./goods/needs.ts";
import { findGood } from "./goods/shelf.ts";
import { brokenEvent, withMishaps } from "./mishaps.ts";
import { createTown, liveUntil, type Town } from "./town.ts";
import { beginVisit, nextVisitOf } from "./visits/begin.ts";
import { count, startTruth } from "./visits/effect.ts";
import { endVisit } from "./visits/end.ts";

const fromMs = Date.UTC(2026, 0, 5);

function livedTown(given: { seed: number; households: number; days: number }) {
  const town = createTown({ ...given, fromMs });
  const lived = town.lives.map((life) => ({ life, ...liveUntil(town, life, fromMs + given.days * dayMs) }));
  return { town, lived, events: lived.flatMap((one) => one.events) };
}

test("the same seed gives the same town with the same days, another seed another one", () => {
  const [one, again, other] = [7, 7, 8].map((seed) => livedTown({ seed, households: 15, days: 40 }));
  assert.deepEqual(one!.events, again!.events);
  assert.notDeepEqual(one!.events, other!.events);
  assert.ok(one!.events.length > 500);
});

test("a larger town begins with the smaller one", () => {
  const small = livedTown({ seed: 3, households: 5, days: 30 });
  const large = livedTown({ seed: 3, households: 20, days: 30 });
  for (const [place, { events }] of small.lived.entries())
    assert.deepEqual(events, large.lived[place]!.events);
});

test("living on in steps is the same as living at once", () => {
  const at = livedTown({ seed: 5, households: 4, days: 30 });
  const town = createTown({ seed: 5, households: 4, fromMs });
  const ids = new Set<string>();
  for (let day = 3; day <= 30; day += 3) {
    for (const life of town.lives) {
      for (const { id } of liveUntil(town, life, fromMs + day * dayMs).events) ids.add(id);
    }
  }
  assert.deepEqual([...ids].sort(), at.events.map((one) => one.id).sort());
});

test("every event fits its type of the catalogue, has an id of its own and lies in the time lived", () => {
  const days = 60;
  const { events } = livedTown({ seed: 1, households: 40, days });
  const edge = new Date(fromMs + days * dayMs + 3_600_000).toISOString();
  for (const event of events) {
    const type = eventTypes[event.type as keyof typeof eventTypes];
    assert.ok(Value.Check(type.data, event.data), `${event.type} ${JSON.stringify(event.data)}`);
    const utc = new Date(event.time).toISOString();
    assert.ok(utc >= new Date(fromMs).toISOString() && utc < edge, event.time);
  }
  assert.equal(new Set(events.map((one) => one.id)).size, events.length);
  for (const type of [
    "order.placed",
    "item.viewed",
    "cart.item_added",
    "account.signed_in",
    "consent.given",
  ]) {
    assert.ok(
      events.some((one) => one.type === type),
      type,
    );
  }
});

test("what a household buys here again shows how long it lasts there", () => {
  const { lived } = livedTown({ seed: 2, households: 120, days: 360 });
  const ratios = lived.flatMap(({ life, visits }) =>
    life.household.needs.flatMap((need) => {
      const times = visits
        .filter((one) => one.bought.some((line) => findGood(line.sku)?.need === need.name))
        .map((one) => one.visit.startMs);
      if (times.length < 8) return [];
      const gaps = times.slice(1).map((ms, i) => (ms - times[i]!) / dayMs);
      return [middle(gaps) / need.medianDays];
    }),
  );
  assert.ok(ratios.length > 500, `${ratios.length} rhythms`);
  const usual = middle(ratios);
  // A little longer than it lasts: now and then it is bought elsewhere, and nobody shops every day.
  assert.ok(usual > 0.9 && usual < 1.25, `${usual}`);
  const near = ratios.filter((one) => one > 0.7 && one < 1.8).length / ratios.length;
  assert.ok(near > 0.9, `${near}`);
});

test("households differ in what they need and how fast", () => {
  const town = createTown({ seed: 4, households: 200, fromMs });
  const milk = town.lives.flatMap(({ household }) => household.needs.filter((need) => need.name === "milk"));
  const days = milk.map((need) => need.medianDays).sort((a, b) => a - b);
  assert.ok(days.at(-1)! > 2 * days[0]!);
  assert.ok(Math.abs(middle(days) / needs.milk.days - 1) < 0.5);
  const wishes = Map.groupBy(
    town.lives.flatMap((life) => life.household.members),
    (member) => member.wish,
  );
  assert.equal(wishes.size, 4);
});

test("a life stays small however long it lasts", () => {
  const { town } = livedTown({ seed: 6, households: 15, days: 800 });
  for (const life of town.lives) {
    assert.ok(life.later.length <= 20);
    assert.ok(life.reminders.length <= 12);
    for (const { lines } of life.carts.values()) assert.ok(lines.length <= 40);
  }
});

/** Lives with a shop that knows everything and shows whoever `isTreated` just what is about to run out. */
function liveShown(town: Town, isTreated: (householdNumber: number) => boolean) {
  const truth = startTruth();
  for (const life of town.lives) {
    const basis = isTreated(life.household.number) ? "personal" : "holdout";
    while (nextVisitOf(life) <= fromMs + 150 * dayMs) {
      const visit = beginVisit(life, town.tag);
      const seen = visit.wanted.map(
        ({ sku }, place) =>
          ({
            decisionId: visit.scribe.idStart,
            placement: "web.home",
            basis,
            rank: place + 1,
            key: `item:${sku}`,
            sku,
          }) as const,
      );
      count(truth, endVisit(visit, { basis, seen: basis === "personal" ? seen : [] }).outcomes);
    }
  }
  return truth;
}

test("showing what is about to run out sells as much more as the town says it does", () => {
  const truth = liveShown(createTown({ seed: 9, households: 200, fromMs }), (number) => number % 2 === 0);
  const { shown } = truth.personal;
  const { unshown } = truth.holdout;
  assert.ok(shown.needs > 5_000 && unshown.needs > 5_000);
  const share = shown.bought / shown.needs - unshown.bought / unshown.needs;
  const added = shown.addedChance / shown.needs;
  assert.ok(added > 0.1 && Math.abs(share - added) < 0.04, `${share} for ${added}`);
  assert.ok(Math.abs(shown.boughtBecause - shown.addedChance) < 4 * Math.sqrt(shown.addedChance));
  assert.equal(truth.holdout.unshown.boughtBecause, 0);
});

test("mistakes of senders come on top: nothing that happened is lost or changed", () => {
  const { events } = livedTown({ seed: 1, households: 60, days: 90 });
  const sent = withMishaps(chance(1), events);
  assert.ok(sent.length > events.length);
  const ids = new Set(events.map((one) => one.id));
  assert.deepEqual([...new Set(sent.filter((one) => ids.has((one as { id: string }).id)))], events);
  const draw = chance(2);
  for (let i = 0; i < 20; i++) assert.ok(!ids.has((brokenEvent(draw, events[i]!) as { id: string }).id));
});

function middle(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]!;
}
