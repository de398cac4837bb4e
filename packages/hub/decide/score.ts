import { assert } from "@trato/base";
import type { ScorePart } from "@trato/contract";
import type { Facts } from "./facts.ts";
import type { Candidate, Hint } from "./gather.ts";
import type { Policy } from "./policy.ts";
import type { OffersAtHand, QualifiedItems } from "./qualify.ts";
import type { Refusals } from "./refusals.ts";
import { type LiveOffer, microsOf, type PlacementShelf, type Stocked } from "./shelf.ts";

/** One addend of a score, and what it rests on. */
export type Part = readonly [part: ScorePart, micros: number, evidence: string];

/** A card that could be shown: an item, or an offer standing on one of its items or on nothing but itself. */
export type Card = {
  readonly key: string;
  readonly stocked: Stocked | undefined;
  readonly hints: readonly Hint[];
  /** The offer whose card this is, or that lifts this item. */
  readonly offer: LiveOffer | undefined;
  readonly isOffer: boolean;
  /** Equal for what counts as alike: items of a category, offers of a kind. */
  readonly alike: number;
  /** How often the person saw it lately. */
  readonly seen: number;
  readonly score: number;
};

type Given = {
  readonly facts: Facts;
  readonly policy: Policy;
  readonly here: PlacementShelf;
  readonly atHand: OffersAtHand;
  readonly items: QualifiedItems;
};

const noHints: readonly Hint[] = [];

/** The best item an offer can stand on, and what it is worth. */
type Subject = { readonly candidate: Candidate; readonly value: number };

export type Scored = {
  readonly cards: Card[];
  /** How many offers were at hand but not among the best of them, and were not looked at further. */
  readonly leftOut: number;
};

/**
 * Gives every item and offer its expected value: for each thing that speaks for it, chance × worth; plus the lever of
 * the strongest offer that covers it; minus a share for each time it was seen. Only the sum is worked out here;
 * `partsOf` lists the addends of what is shown. Cost: a multiplication for each hint.
 */
export function score(given: Given, refusals: Refusals): Scored {
  const { policy, atHand, items } = given;
  const cards: Card[] = [];
  const keep = (card: Card): void => {
    if (card.score > policy.valueFloor) cards.push(card);
    else refusals.add("below_floor", card.key);
  };
  const subjects = new Map<LiveOffer, Subject>();
  for (const candidate of items.qualified) {
    const value = itemValue(candidate);
    const offer = strongestCover(given, { candidate, value }, subjects);
    keep(cardOf(given, candidate.stocked.key, candidate, offer, false, value));
  }
  const offers = offersToShow(atHand.best, subjects, policy.gather.offers);
  for (const offer of offers) {
    const subject = subjects.get(offer);
    if (subject === undefined && offer.hasItems) {
      refusals.add(offer.lead === undefined ? "unknown_item" : whyNot(items, offer.lead.sku), offer.key);
      continue;
    }
    const value = subject?.value ?? 0;
    keep(cardOf(given, offer.key, subject?.candidate, offer, true, value));
  }
  return { cards, leftOut: atHand.count - offers.size };
}

/** The offers that stand highest by themselves, and as many again of those that stand on this person's items. */
function offersToShow(
  best: readonly LiveOffer[],
  subjects: ReadonlyMap<LiveOffer, Subject>,
  most: number,
): ReadonlySet<LiveOffer> {
  const offers = new Set(best);
  const more = [...subjects].filter(([offer]) => !offers.has(offer));
  if (more.length > most) {
    const worth = ([offer, subject]: (typeof more)[number]) => offer.leverMicros + subject.value;
    more.sort((a, b) => worth(b) - worth(a) || (a[0].key < b[0].key ? -1 : 1)).length = most;
  }
  for (const [offer] of more) offers.add(offer);
  return offers;
}

function whyNot(items: QualifiedItems, sku: string) {
  const reason = items.refused.get(sku);
  assert(reason !== undefined, "the leading item of an offer without a card was refused");
  return reason;
}

const nothing: readonly number[] = [];

/** The strongest of the offers at hand that cover the item; each of them may stand on it if it finds no better one. */
function strongestCover(
  { here, atHand }: Given,
  subject: Subject,
  subjects: Map<LiveOffer, Subject>,
): LiveOffer | undefined {
  const { sku, alike, isCovered } = subject.candidate.stocked;
  if (!isCovered) return undefined;
  const bySku = here.bySku.get(sku);
  const byAlike = here.byAlike.get(alike);
  let strongest: LiveOffer | undefined;
  for (const places of [bySku ?? nothing, byAlike ?? nothing]) {
    for (const place of places) {
      if (atHand.flags[place] === 0) continue;
      const offer = here.offers[place]!;
      if (strongest === undefined || offer.leverMicros > strongest.leverMicros) strongest = offer;
      const before = subjects.get(offer);
      if (before === undefined || subject.value > before.value) subjects.set(offer, subject);
    }
  }
  return strongest;
}

function itemValue({ stocked, hints }: Candidate): number {
  let value = stocked.popularMicros;
  for (const one of hints) value += microsOf(one.propensity, stocked.worthMinor);
  return value;
}

/** `value` is what the item is worth by itself. */
function cardOf(
  { facts, policy }: Given,
  key: string,
  candidate: Candidate | undefined,
  offer: LiveOffer | undefined,
  isOffer: boolean,
  value: number,
): Card {
  const seen = facts.sights.size === 0 ? 0 : (facts.sights.get(key) ?? 0);
  const lifted = offer === undefined ? value : value + offer.leverMicros;
  return {
    key,
    stocked: candidate?.stocked,
    hints: candidate?.hints ?? noHints,
    offer,
    isOffer,
    alike: candidate?.stocked.alike ?? offer!.alike,
    seen,
    score: lifted - pressureOf(lifted, seen, policy),
  };
}

/** What having been seen takes from a value. */
function pressureOf(value: number, seen: number, policy: Policy): number {
  if (seen === 0 || value <= 0) return 0;
  return Math.round(value * Math.min(policy.pressure.shareMax, seen * policy.pressure.sharePerSight));
}

/** The addends of a card's score: they sum to it exactly, so taking one away lowers it by exactly that. */
export function partsOf(card: Card, policy: Policy): Part[] {
  const { stocked, offer, seen } = card;
  const parts: Part[] = [];
  const add = (part: ScorePart, micros: number, evidence: string) => {
    if (micros !== 0) parts.push([part, micros, evidence]);
  };
  if (stocked !== undefined) {
    for (const one of card.hints) add(one.part, microsOf(one.propensity, stocked.worthMinor), one.evidence);
    add("popularity", stocked.popularMicros, stocked.popularBy);
  }
  if (offer !== undefined) add("lever", offer.leverMicros, offer.key);
  add("pressure", -pressureOf(sumOf(parts), seen, policy), `seen:${seen}`);
  assert(sumOf(parts) === card.score, "the parts of a score add up to it");
  return parts;
}

export function sumOf(parts: readonly Part[]): number {
  let total = 0;
  for (const part of parts) total += part[1];
  return total;
}
