import assert from "node:assert/strict";
import { test } from "node:test";
import { type Chance, chance } from "@trato/base";
import fc from "fast-check";
import { arbitrate } from "./arbitrate.ts";
import { makePolicy, type Policy } from "./policy.ts";
import { Refusals } from "./refusals.ts";
import type { Card } from "./score.ts";
import type { LiveOffer, Stocked } from "./shelf.ts";
import { items, offer, readTable } from "./testing/shop.ts";

const stock = Array.from({ length: 200 }, (_, i): Stocked => {
  const item = { ...items[0]!, sku: `s${i}`, category: `c${i % 7}` };
  return {
    sku: item.sku,
    key: `item:${item.sku}`,
    item,
    worthMinor: 1,
    popularMicros: 0,
    popularBy: "sales",
    alike: i % 7,
    isCovered: false,
  };
});

const live = (id: string, exclusiveGroup?: string): LiveOffer => ({
  offer: offer(id, exclusiveGroup === undefined ? {} : { exclusiveGroup }),
  key: `offer:${id}`,
  fromMs: 0,
  untilMs: 1,
  leverMicros: 0,
  standMicros: 0,
  lead: undefined,
  hasItems: false,
  alike: -2,
});
const red = [live("red-1", "red"), live("red-2", "red")];

/** A card whose whole score is popularity, so that its parts add up. */
function cardOf(score: number, on: number, offered?: LiveOffer): Card {
  const stocked = { ...stock[on]!, popularMicros: score };
  const subject = subjects.get(`${on}/${score}`) ?? stocked;
  subjects.set(`${on}/${score}`, subject);
  const key = offered === undefined ? `item:${on}/${score}` : `${offered.key}/${on}/${score}`;
  const alike = subject.alike;
  return {
    key,
    stocked: subject,
    hints: [],
    offer: offered,
    isOffer: offered !== undefined,
    alike,
    seen: 0,
    score,
  };
}
const subjects = new Map<string, Stocked>();

/** The same rules without any haste: every slot looks at every card that is left. */
function slowly(cards: readonly Card[], head: Card, slots: number, share: number): Card[] {
  const shown = [head];
  const clashes = (card: Card) =>
    shown.some((one) => {
      const group = one.offer?.offer.exclusiveGroup;
      const sameGroup =
        group !== undefined && group === card.offer?.offer.exclusiveGroup && one.offer !== card.offer;
      return one === card || one.stocked === card.stocked || sameGroup;
    });
  const value = (card: Card) => {
    const categories = shown.filter((one) => one.alike === card.alike).length;
    const offers = shown.filter((one) => one.offer !== undefined && one.offer === card.offer).length;
    return card.score - Math.round(card.score * Math.min(1, (categories + offers) * share));
  };
  while (shown.length < slots) {
    const left = inSequence(cards).filter((card) => !clashes(card));
    const best = left.reduce<Card | undefined>(
      (a, b) => (a === undefined || value(b) > value(a) ? b : a),
      undefined,
    );
    if (best === undefined) break;
    shown.push(best);
  }
  return shown;
}

function inSequence(cards: readonly Card[]): Card[] {
  return [...cards].sort(
    (a, b) => b.score - a.score || Number(b.isOffer) - Number(a.isOffer) || (a.key < b.key ? -1 : 1),
  );
}

const cards = fc.uniqueArray(
  fc
    .tuple(
      fc.integer({ min: 1, max: 60 }),
      fc.nat(199),
      fc.constantFrom(undefined, undefined, undefined, ...red),
    )
    .map(([score, on, offered]) => cardOf(score, on, offered)),
  { selector: (card) => card.key, maxLength: 150 },
);
const slots = fc.integer({ min: 1, max: 20 });

const arbitrateWith = (policy: Policy, draw: Chance, given: { cards: Card[]; slots: number }) => {
  const refusals = new Refusals();
  return { ...arbitrate({ ...given, policy, draw }, refusals), refusals };
};

test("the quick answer is the slow and obvious one", () => {
  const policy = makePolicy({ explorationShare: 0, varietyShare: 0.3 });
  fc.assert(
    fc.property(cards, slots, (all, most) => {
      const { placed, next, outranked, refusals } = arbitrateWith(policy, chance(1), {
        cards: all,
        slots: most,
      });
      if (all.length === 0) return assert.deepEqual(placed, []);
      const expected = slowly(all, inSequence(all)[0]!, most, 0.3);
      assert.deepEqual(
        placed.map((one) => one.card.key),
        expected.map((card) => card.key),
      );
      assert.equal(placed.length + refusals.total + outranked, all.length);
      assert.ok(next.length === Math.min(5, outranked));
    }),
    { numRuns: 300 },
  );
});

test("the propensity of every rank is the sum over the answers there could have been", () => {
  const policy = makePolicy({ explorationShare: 0.4, explorationAmong: 4, varietyShare: 0.5 });
  fc.assert(
    fc.property(
      cards.filter((all) => all.length > 0),
      slots,
      fc.nat(1_000),
      (all, most, seed) => {
        const { placed } = arbitrateWith(policy, chance(seed), { cards: all, slots: most });
        const heads = inSequence(all).slice(0, 4);
        const answers = heads.map((head) => slowly(all, head, most, 0.5));
        for (const [rank, one] of placed.entries()) {
          const chances = answers.map((answer, i) =>
            answer[rank] === one.card ? 0.4 / heads.length + (i === 0 ? 0.6 : 0) : 0,
          );
          const expected = chances.reduce((sum, each) => sum + each, 0);
          assert.ok(
            Math.abs(one.propensity - expected) < 1e-8,
            `rank ${rank}: ${one.propensity}, not ${expected}`,
          );
        }
      },
    ),
    { numRuns: 300 },
  );
});

test("an answer varies: what is like what stands above must be worth that much more", () => {
  const table = `
    worth of a coffee, another coffee, a soap   share   shown
    100, 90, 80                                 0.3     coffee, soap, another coffee
    100, 90, 60                                 0.3     coffee, another coffee, soap
    100, 90, 80                                 0       coffee, another coffee, soap
    100, 90, 1                                  1       coffee, soap, another coffee
  `;
  for (const row of readTable(table)) {
    const [coffee, another, soap] = row["worth of a coffee, another coffee, a soap"]!.split(", ").map(Number);
    const all = [cardOf(coffee!, 0), cardOf(another!, 7), cardOf(soap!, 1)];
    const names = new Map(all.map((card, i) => [card, ["coffee", "another coffee", "soap"][i]]));
    const policy = makePolicy({ explorationShare: 0, varietyShare: Number(row["share"]) });
    const { placed } = arbitrateWith(policy, chance(1), { cards: all, slots: 3 });
    assert.equal(placed.map((one) => names.get(one.card)).join(", "), row["shown"]);
  }
});
