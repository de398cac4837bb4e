import { type Chance, pickInt } from "@trato/base";
import { keepBest } from "./best.ts";
import type { Policy } from "./policy.ts";
import type { Refusals } from "./refusals.ts";
import { type Card, type Part, partsOf } from "./score.ts";

/** A card in its place. `propensity` is the chance, before the draw, that it would stand at this rank. */
export type Placed = {
  readonly card: Card;
  readonly parts: readonly Part[];
  readonly score: number;
  readonly propensity: number;
};

export type Slate = {
  readonly placed: readonly Placed[];
  readonly explored: boolean;
  /** How many the first slot was drawn from when exploring. */
  readonly among: number;
  /** The best of those that were not shown though nothing speaks against them. */
  readonly next: readonly Card[];
  readonly outranked: number;
};

/**
 * Fills the slots: the best first, each further one the best of what is left after a discount for being like those
 * above it; no item twice, no two offers of one exclusive group. With a small chance the first slot goes to any of the
 * best few, each as likely; because that is the only draw, the chance of every card at every rank is known exactly.
 *
 * Cost: a sort of the best cards, and one filling for each that could stand first.
 */
export function arbitrate(
  given: { cards: readonly Card[]; slots: number; policy: Policy; draw: Chance },
  refusals: Refusals,
): Slate {
  const { cards, slots, policy, draw } = given;
  if (slots <= 0 || cards.length === 0) {
    const { next, outranked } = settleRest(bestOf(cards, cards.length), [], refusals);
    return { placed: [], explored: false, among: 0, next, outranked };
  }
  const among = policy.explorationShare > 0 ? Math.min(policy.explorationAmong, cards.length) : 1;
  const explored = draw() < policy.explorationShare;
  const first = explored ? pickInt(draw, among) : 0;
  const heads = Array.from({ length: among }, (_, head) => head);
  const fillAll = (ranked: Ranked) => heads.map((head) => fill(ranked, head, slots, policy.varietyShare));
  let ranked = bestOf(cards, slots + among + sortedMore);
  let fillings = fillAll(ranked);
  if (fillings.includes(undefined)) {
    ranked = bestOf(cards, cards.length);
    fillings = fillAll(ranked);
  }
  const share = (head: number) =>
    policy.explorationShare / among + (head === 0 ? 1 - policy.explorationShare : 0);
  const chosen = fillings[first]!;
  const placed = chosen.map(({ card, variety }, rank): Placed => {
    let propensity = 0;
    for (const [head, filling] of fillings.entries()) {
      if (filling![rank]?.card === card) propensity += share(head);
    }
    const parts = partsOf(card, policy);
    if (variety !== 0) {
      parts.push(["variety", variety, card.stocked?.item?.category ?? card.offer!.offer.kind]);
    }
    return { card, parts, score: card.score + variety, propensity: Math.round(propensity * 1e9) / 1e9 };
  });
  return { placed, explored, among, ...settleRest(ranked, chosen, refusals) };
}

const nextKept = 5;

/** So many more cards than slots are sorted; the rest is sorted too when a filling gets that far. */
const sortedMore = 16;

/** The best cards, sorted, and the rest, which all come after them. */
type Ranked = { readonly sorted: readonly Card[]; readonly rest: readonly Card[] };

function bestOf(cards: readonly Card[], most: number): Ranked {
  if (cards.length <= most) return { sorted: [...cards].sort(bestFirst), rest: [] };
  const sorted: Card[] = [];
  const rest: Card[] = [];
  for (const card of cards) {
    const fallen = keepBest(sorted, card, most, comesBefore);
    if (fallen !== undefined) rest.push(fallen);
  }
  return { sorted, rest };
}

const comesBefore = (a: Card, b: Card): boolean => bestFirst(a, b) < 0;

/** Sorted by value; on a tie an offer stands before its item, and then the key decides. */
function bestFirst(a: Card, b: Card): number {
  if (a.score !== b.score) return b.score - a.score;
  if (a.isOffer !== b.isOffer) return a.isOffer ? -1 : 1;
  return a.key < b.key ? -1 : 1;
}

type Filled = { readonly card: Card; readonly variety: number };

/** One way to fill the slots, after the card that stands first; undefined when the rest might have had a better one. */
function fill(
  { sorted, rest }: Ranked,
  head: number,
  slots: number,
  varietyShare: number,
): Filled[] | undefined {
  const filled: Filled[] = [{ card: sorted[head]!, variety: 0 }];
  // Who conflicts once conflicts for good: what stands only grows.
  const out = new Uint8Array(sorted.length);
  while (filled.length < slots) {
    let best: Card | undefined;
    let bestValue = Number.NEGATIVE_INFINITY;
    let bestVariety = 0;
    let at = 0;
    // A discount never adds: nothing further down can beat what was found.
    for (; at < sorted.length && sorted[at]!.score > bestValue; at++) {
      const card = sorted[at]!;
      if (out[at] === 1) continue;
      if (conflict(card, filled) !== undefined) {
        out[at] = 1;
        continue;
      }
      const variety = discount(card, filled, varietyShare);
      if (card.score + variety > bestValue) {
        best = card;
        bestValue = card.score + variety;
        bestVariety = variety;
      }
    }
    if (at === sorted.length && rest.length > 0) return undefined;
    if (best === undefined) break;
    filled.push({ card: best, variety: bestVariety });
  }
  return filled;
}

type Conflict = "duplicate_subject" | "exclusive_group";

/** Why a card may not stand beside those that stand; the slots are so few that looking at each is the quickest. */
function conflict(card: Card, filled: readonly Filled[]): Conflict | undefined {
  const group = card.offer?.offer.exclusiveGroup;
  let found: Conflict | undefined;
  for (const { card: other } of filled) {
    if (card === other || (card.stocked !== undefined && card.stocked === other.stocked))
      return "duplicate_subject";
    const clash =
      group !== undefined && group === other.offer?.offer.exclusiveGroup && card.offer !== other.offer;
    if (clash) found = "exclusive_group";
  }
  return found;
}

/** What being like those above takes from a card's value. */
function discount(card: Card, filled: readonly Filled[], varietyShare: number): number {
  let repeats = 0;
  for (const { card: other } of filled) {
    if (other.alike === card.alike) repeats += 1;
    if (card.offer !== undefined && other.offer === card.offer) repeats += 1;
  }
  return repeats === 0 ? 0 : -Math.round(card.score * Math.min(1, repeats * varietyShare));
}

/** Tells those that conflict with what is shown from those that were only outranked. */
function settleRest({ sorted, rest }: Ranked, filled: readonly Filled[], refusals: Refusals) {
  const shown = new Set(filled.map((one) => one.card));
  const next: Card[] = [];
  let outranked = 0;
  const settle = (card: Card): void => {
    if (shown.has(card)) return;
    const reason = conflict(card, filled);
    if (reason !== undefined) refusals.add(reason, card.key);
    else {
      outranked += 1;
      if (next.length < nextKept) next.push(card);
    }
  };
  sorted.forEach(settle);
  for (const card of next.length < nextKept ? [...rest].sort(bestFirst) : rest) settle(card);
  return { next, outranked };
}
