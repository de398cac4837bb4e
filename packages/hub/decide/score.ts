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

/**
 * Gives every item and offer its expected value: for each thing that speaks for it, chance × worth; plus the lever of
 * the strongest offer that covers it; minus a share for each time it was seen. Only the sum is worked out here;
 * `partsOf` lists the addends of what is shown. Cost: a multiplication for each hint.
 */
export function score(given: Given, refusals: Refusals): Card[] {
  const { policy, here, atHand, items } = given;
  const cards: Card[] = [];
  const keep = (card: Card): void => {
    if (card.score > policy.valueFloor) cards.push(card);
    else refusals.add("below_floor", card.key);
  };
  const best = new Map<LiveOffer, { readonly candidate: Candidate; readonly value: number }>();
  for (const candidate of items.qualified) {
    const value = itemValue(candidate);
    let lifts: LiveOffer | undefined;
    forCovering(here, candidate.stocked, (place) => {
      if (atHand.flags[place] === 0) return;
      const offer = here.offers[place]!;
      // The list is sorted by lever, each index of it too: the strongest of both is the one with the lowest place.
      if (lifts === undefined || offer.leverMicros > lifts.leverMicros) lifts = offer;
      const before = best.get(offer);
      if (before === undefined || value > before.value) best.set(offer, { candidate, value });
    });
    keep(cardOf(given, { key: candidate.stocked.key, candidate, offer: lifts, isOffer: false, value }));
  }
  for (const offer of atHand.offers) {
    const subject = best.get(offer);
    if (subject === undefined && offer.hasItems) {
      refusals.add(offer.lead === undefined ? "unknown_item" : whyNot(items, offer.lead.sku), offer.key);
      continue;
    }
    const value = subject?.value ?? 0;
    keep(cardOf(given, { key: offer.key, candidate: subject?.candidate, offer, isOffer: true, value }));
  }
  return cards;
}

function whyNot(items: QualifiedItems, sku: string) {
  const reason = items.refused.get(sku);
  assert(reason !== undefined, "the leading item of an offer without a card was refused");
  return reason;
}

function itemValue({ stocked, hints }: Candidate): number {
  let value = stocked.popularMicros;
  for (const one of hints) value += microsOf(one.propensity, stocked.worthMinor);
  return value;
}

function forCovering(here: PlacementShelf, stocked: Stocked, each: (place: number) => void): void {
  const bySku = here.bySku.get(stocked.sku);
  if (bySku !== undefined) for (const place of bySku) each(place);
  const byCategory = here.byCategory.size === 0 ? undefined : here.byCategory.get(stocked.item!.category);
  if (byCategory !== undefined) for (const place of byCategory) each(place);
}

function cardOf(
  { facts, policy }: Given,
  of: {
    readonly key: string;
    readonly candidate: Candidate | undefined;
    readonly offer: LiveOffer | undefined;
    readonly isOffer: boolean;
    readonly value: number;
  },
): Card {
  const { key, candidate, offer, isOffer } = of;
  const seen = facts.sights.get(key) ?? 0;
  const value = of.value + (offer?.leverMicros ?? 0);
  return {
    key,
    stocked: candidate?.stocked,
    hints: candidate?.hints ?? noHints,
    offer,
    isOffer,
    alike: candidate?.stocked.alike ?? offer!.alike,
    seen,
    score: value - pressureOf(value, seen, policy),
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
